"""Cuts a text into words and gives each the kinds of temporal word it may be, as one character per word.

The string of those characters is what the grammar's one compiled finder runs over, so a text without temporal words
costs little more than its cutting (compare SynTime's time tokens, Zhong et al. 2017).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipelines.lexicon.calendar_names import month_pattern, short_names
from pipelines.lexicon.entries import entries

OTHER = "\x01"
"""The character of a word that no pattern mentions."""

_LEXICONS = {
    "months": "month",
    "weekdays": "weekday",
    "seasons": "season",
    "dayparts": "daypart",
    "date_steps": "step",
    "date_words": "timeword",
    "date_modifiers": "modifier",
    "frequencies": "frequency",
    "time_zones": "zone",
    "holidays": "holiday",
    "eras": "era",
    "time_units": "unit",
    "date_numbers": "number",
}
_PHRASES = ("date_modifiers", "holidays", "time_zones", "eras")
_UNIT = r"(?:h|hrs?|hours?|mins?|minutes?|secs?|seconds?|days?|weeks?|wks?|months?|mths?|yrs?|years?|decades?)"
_MONTH = month_pattern()
_TOKEN = re.compile(
    rf"""
      (?P<ampm>(?<![^\W\d_])[ap]\.\s?m\.|(?<![^\W\d_])[ap]\.?m(?![^\W_]))
    | (?P<oclock>o\s?['’]\s?clock(?!\w))
    | (?P<month>{_MONTH}(?=\d))
    | (?P<code>(?:q[1-4]|h[12]|[fc]y\s?'?\d\d(?:\d\d)?)(?![^\W_]))
    | (?P<word>[^\W\d_]+(?:[\d_]\w*)?)
    | (?P<iso>\d{{4}}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-]))
    | (?P<fulldate>\d{{1,4}}(?P<mark>[/.-])\d{{1,2}}(?P=mark)(?:\d{{4}}|\d\d)(?![\w/]|[.,-]\d))
    | (?P<clock>\d{{1,2}}:\d\d(?::\d\d(?:\.\d+)?)?(?![\d:])|\d{{1,2}}\.\d\d(?=\s?(?:[ap]\.?m|GMT|UTC|BST|CES?T|EES?T|MSK)\b)|\d{{3,4}}(?=\s?[ap]\.?m\b)|\d{{1,2}}h\d\d(?!\w)|\d{{4}}(?=\s?(?:hrs|hours|h)\b))
    | (?P<decade>(?:(?<=the\s)|(?<=early\s)|(?<=late\s)|(?<=mid-))\d\d\d0['’]s(?!\w)|['’‘]?\d\d\d0s(?!\w)|['’‘]\d0['’]?s(?!\w)|\d\d\d0\ s(?!\w)|[1-9]?[1-9]0['’]?s(?!\w))
    | (?P<ordinal>\d{{1,2}}(?:st|nd|rd|th)(?!\w))
    | (?P<shortyear>['’‘`]\d\d(?![\w'’]))
    | (?P<big>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?)
    | (?P<decimal>\d+\.\d+(?![\w]|\.\d)|\d+\.\d+(?={_UNIT}\b))
    | (?P<number>\d+(?!\w)|\d{{4}}(?=(?-i:[A-Z][a-z]))|\d+(?=(?:{_UNIT}|{_MONTH}|[ap]\.?m)\b))
    | (?P<mixed>\d\w*)
    | (?P<poss>['’]s(?!\w))
    | (?P<gap>\n\s*\n\s*|\n(?=\s*[-*•]))
    | (?P<mark1>[,./():~@'’–—-]|--)
    | (?P<symbol>[^\s\w])
    """,
    re.VERBOSE | re.IGNORECASE,
)
r"""Matches ``10:30``, not ``\n``."""
_MARKS = {"’": "'", "–": "-", "—": "-", "--": "-"}


@dataclass(slots=True)
class Words:
    """A text cut up: parallel lists of offsets and lower-case forms, and ``kinds``, one character per word."""

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    kinds: str = ""


def kinds_of_number(digits: str) -> frozenset[str]:
    """What a run of digits may be: a number, an hour, a day of the month, a month, a year, a clock without its colon."""
    if len(digits) > 4:
        return frozenset({"#long"})
    value, found = int(digits), {"int"}
    if len(digits) <= 2:
        found |= {"short"} if len(digits) == 2 else set()
        found |= {"hour"} if value <= 24 else set()
        found |= {"day"} if 1 <= value <= 31 else set()
        found |= {"monthnumber"} if 1 <= value <= 12 else set()
    elif len(digits) == 3:
        found |= {"year3"}
    else:
        found |= {"year"} if 1000 <= value <= 2199 else set()
        found |= {"military"} if value < 2400 and value % 100 < 60 else set()
    return frozenset(found)


class Lexicon:
    """All temporal words with what each may be, and the alphabet in which the finder's patterns are written."""

    def __init__(self, literals: Iterable[str]) -> None:
        """``literals`` are the plain words that the grammar's patterns name."""
        self.rows: dict[str, dict[str, Mapping[str, str]]] = {kind: {} for kind in _LEXICONS.values()}
        sets: dict[str, set[str]] = {word: {"=" + word} for word in literals}
        self.phrases: dict[str, list[tuple[re.Pattern[str], str]]] = {}
        for name, kind in _LEXICONS.items():
            for row in entries(name):
                form = row["form"]
                self.rows[kind][form] = row
                kinds = {kind, *_finer(name, row)}
                sets.setdefault(form, set()).update(kinds)
                if name in _PHRASES and re.search(r"\W", form):
                    self._add_phrase(form)
        self._letters: dict[frozenset[str], str] = {}
        self.words = {form: self.letter(frozenset(kinds)) for form, kinds in sets.items()}
        for sample in (
            "5",
            "12",
            "17",
            "24",
            "30",
            "55",
            "05",
            "00",
            "900",
            "1999",
            "1130",
            "1990",
            "2500",
            "9999",
            "2199",
            "2360",
            "12345",
            "2101",
            "1060",
            "0735",
        ):
            self.letter(kinds_of_number(sample))
        for n in range(100):
            self.letter(kinds_of_number(f"{n:02}"))
            self.letter(kinds_of_number(str(n)))
        for kind in (
            "ampm",
            "code",
            "iso",
            "fulldate",
            "clock",
            "decade",
            "ordinal",
            "shortyear",
            "big",
            "decimal",
            "poss",
            "gap",
        ):
            self.letter(frozenset({"#" + kind}))
        for mark in ",./():~@'-":
            self.letter(frozenset({mark}))

    def _add_phrase(self, form: str) -> None:
        parts = [re.escape(part).replace("'", "['’]") for part in form.split(" ")]
        pattern = re.compile(r"\s+".join(parts).replace(r"\-", r"[-\s]") + r"(?!\w)", re.IGNORECASE)
        first = re.match(r"[^\W\d_]+|\d+(?:st|nd|rd|th)?|[ap]\.", form)
        key = first.group() if first else form
        self.phrases.setdefault(key, []).append((pattern, form))
        self.phrases[key].sort(key=lambda item: -len(item[1]))

    def known(self, form: str, kind: str) -> Mapping[str, str] | None:
        """The lexicon's row for a form of that kind; null when it has none."""
        return self.rows[kind].get(form)

    def letter(self, kinds: frozenset[str]) -> str:
        """The character that stands for a word of exactly these kinds."""
        if kinds not in self._letters:
            self._letters[kinds] = chr(2 + len(self._letters))
        return self._letters[kinds]

    def letters(self, kind: str) -> str:
        """All characters of words that may be of this kind.

        Raises:
            KeyError: no word is of that kind.
        """
        found = "".join(letter for kinds, letter in self._letters.items() if kind in kinds)
        if not found:
            raise KeyError(kind)
        return found

    def cut(self, text: str) -> Words:
        """The text's words; marks and phrases of the lexicon are words of their own."""
        words, kinds = Words(text), []
        starts, ends, forms = words.starts, words.ends, words.forms
        known, phrases, skip = self.words, self.phrases, 0
        for token in _TOKEN.finditer(text):
            start, end = token.span()
            if start < skip:
                continue
            name = token.lastgroup
            form = token.group().lower()
            letter = known.get(form, OTHER)
            if name != "word":
                form, letter = self._other(name or "", form)
            if form in phrases:
                for pattern, phrase in phrases[form]:
                    if (whole := pattern.match(text, start)) and not (phrase in _STEPS and self._counts(forms)):
                        end, form, letter, skip = whole.end(), phrase, known[phrase], whole.end()
                        break
            if (
                letter != OTHER
                and name in ("word", "month")
                and end < len(text)
                and text[end] == "."
                and form in _DOTTED
            ):
                end += 1
                skip = end
            starts.append(start)
            ends.append(end)
            forms.append(form)
            kinds.append(letter)
        words.kinds = "".join(kinds)
        return words

    def _counts(self, forms: list[str]) -> bool:
        """Whether the last word is a unit, whose step "later" takes: "two days later in Oslo" is not "later in" a time."""
        if len(forms) < 2 or forms[-1] not in self.rows["unit"]:
            return False
        return forms[-2] in ("a", "an", "another") or forms[-2].isdigit() or forms[-2] in self.rows["number"]

    def _other(self, name: str, form: str) -> tuple[str, str]:
        if name == "month":
            return form, self.words.get(form, OTHER)
        if name == "number":
            return form, self._letters.get(kinds_of_number(form), OTHER)
        if name == "mark1":
            form = _MARKS.get(form, form)
            return form, self._letters[frozenset({form})]
        if name == "oclock":
            return "oclock", self.words.get("oclock", OTHER)
        if name == "poss":
            return "'s", self._letters[frozenset({"#poss"})]
        if name in ("mixed", "symbol"):
            return form, self.words.get(form, OTHER)
        return form, self._letters.get(frozenset({"#" + name}), OTHER)


_STEPS = frozenset(["earlier in", "later in"])
_DOTTED = short_names() | {"hr", "hrs", "min", "mins", "sec", "secs", "yr", "yrs", "wk", "wks", "mth", "mths"}
"""What may carry a full stop."""


def _finer(name: str, row: Mapping[str, str]) -> Iterable[str]:
    """Further kinds of a lexicon row that the patterns tell apart."""
    if name == "time_units":
        plural = "units" if row["number"] == "plural" else "unit1"
        yield plural
        yield "clockunit" if row["value"] in ("second", "minute", "hour") else "dateunit"
    elif name == "date_numbers" or name == "date_modifiers":
        yield row["kind"]
    elif name == "weekdays":
        yield "weekdays" if row["number"] == "plural" else "weekday1"
    elif name == "dayparts":
        yield "hourname" if ":" in row["value"] else "dayhalf"
    elif name == "date_words" and re.match(r"day|NI", row["value"]):
        yield "dayword"
