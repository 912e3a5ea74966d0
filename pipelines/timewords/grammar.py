"""Patterns over kinds of words, compiled into one finder; each pattern names what it says and carries its example.

In a pattern ``<month>`` is a word of that kind, ``<m:month>`` the same with a name, ``of`` the word itself, ``','`` a
mark; ``( ) | ? *`` are as in regular expressions, ``{name: ...}`` names a part, and CAPITALS are parts defined below.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.timewords.meaning import Meaning
from pipelines.timewords.words import Lexicon, Words

PARTS = {
    "SPELLED": "(<cardinal>|<tens>|<scale>) ('-'? (<cardinal>|<tens>|<scale>) | and (<cardinal>|<tens>))*",
    "NUM": "((<int>|<#decimal>) <scale>|<int>|<#decimal>|<#big>|SPELLED)",
    "FRACTION": "((and)? a half | and half | <int> '/' <int>)",
    "ORD": "(<#ordinal>|<tens> '-'? <ordinal>|<ordinal>)",
    "DAY": "(<day>|<#ordinal>|<tens> '-'? <ordinal>|<ordinal>|<tens> '-'? <cardinal>)",
    "YEAR": "(<year>|<cardinal> '-'? (<tens> ('-'? <cardinal>)?|<cardinal>)|two thousand (and)? (<cardinal>|<tens> ('-'? <cardinal>)?)?|<cardinal> hundred (and)? (<tens> ('-'? <cardinal>)?|<cardinal>)|twenty '-'? (<cardinal>|<tens> ('-'? <cardinal>)?))",
    "GRAIN": "(day|week|weekend|fortnight|month|quarter|year|decade|century|millennium|night)",
    "VAGUE": "(a few|a couple of|a couple|couple of|a number of|several|many|few|some|numerous|multiple|countless|hundreds of|thousands of|dozens of|tens of|a dozen|half a dozen|a handful of)",
    "COUNT": "(NUM FRACTION?|a <scale> ((and)? (<cardinal>|<tens>))*|VAGUE (<scale>)? (more)?|a|an|another|half (a|an))",
    "UNIT": "<unit>",
}
_REPEATED = "{0,8}"
"""How often ``*`` may repeat: no spelled number is longer, and a text of nothing but numbers stays cheap."""

_ITEM = re.compile(
    r"<(?:(?P<name>\w+):)?(?P<kind>[#\w]+)>|(?P<part>[A-Z]+)|(?P<word>[a-z]+)|'(?P<mark>.)'|\{(?P<open>\w+):|(?P<close>\})|(?P<operator>[()|?*+])|(?P<space>\s+)"
)
"""Matches ``<m:month>``, not ``=``."""


def expanded(pattern: str) -> str:
    """The pattern with its CAPITALS replaced by what they stand for."""
    while part := re.search(r"[A-Z]{2,}", pattern):
        pattern = pattern[: part.start()] + "(" + PARTS[part.group()] + ")" + pattern[part.end() :]
    return pattern


def literals(pattern: str) -> set[str]:
    """The plain words that a pattern names."""
    return {item["word"] for item in _ITEM.finditer(expanded(pattern)) if item["word"]}


def compiled(pattern: str, lexicon: Lexicon, *, named: bool = True) -> str:
    """The regular expression over kinds that a pattern stands for; without its names when it is one of many.

    Raises:
        ValueError: the pattern cannot be read.
        KeyError: it names a kind that no word has.
    """
    text, out, at = expanded(pattern), [], 0
    while at < len(text):
        item = _ITEM.match(text, at)
        if item is None:
            raise ValueError(f"cannot read the pattern at {text[at:]!r}")
        at = item.end()
        if item["kind"]:
            letters = f"[{re.escape(lexicon.letters(item['kind']))}]"
            out.append(f"(?P<{item['name']}>{letters})" if item["name"] and named else letters)
        elif item["word"]:
            out.append(f"[{re.escape(lexicon.letters('=' + item['word']))}]")
        elif item["mark"]:
            out.append(f"[{re.escape(lexicon.letters(item['mark']))}]")
        elif item["open"]:
            out.append(f"(?P<{item['open']}>" if named else "(?:")
        elif item["close"]:
            out.append(")")
        elif item["operator"]:
            out.append({"(": "(?:", "*": _REPEATED}.get(item["operator"], item["operator"]))
    return "".join(out)


@dataclass(frozen=True, slots=True)
class Found:
    """One match of a pattern: words ``[first, last)`` and the named parts in it."""

    words: Words
    lexicon: Lexicon
    match: re.Match[str]

    @property
    def first(self) -> int:
        """Index of the first word."""
        return self.match.start()

    @property
    def last(self) -> int:
        """Index after the last word."""
        return self.match.end()

    def has(self, name: str) -> bool:
        """Whether the named part is there."""
        return name in self.match.re.groupindex and self.match[name] is not None

    def forms(self, name: str | int = 0) -> list[str]:
        """The lower-case words of a named part, or of the whole; empty when it is not there."""
        if isinstance(name, str) and not self.has(name):
            return []
        start, end = self.match.span(name)
        return self.words.forms[start:end]

    def form(self, name: str | int = 0) -> str:
        """The named part's words, joined by one space."""
        return " ".join(self.forms(name))

    def raw(self, name: str | int = 0) -> str:
        """The named part as it stands in the text."""
        start, end = self.match.span(name)
        return self.words.text[self.words.starts[start] : self.words.ends[end - 1]] if 0 <= start < end else ""

    def entry(self, name: str, kind: str, column: str = "value") -> str:
        """What the lexicon of that kind says of the named part."""
        return self.lexicon.rows[kind][self.form(name)][column]

    def followed_by_word(self) -> bool:
        """Whether the next thing is a word, not a mark or the end."""
        forms = self.words.forms
        return self.last < len(forms) and forms[self.last][0].isalnum()

    def before(self) -> str:
        """The word before the match; empty at the beginning of the text."""
        return self.words.forms[self.first - 1] if self.first else ""

    def after_currency(self) -> bool:
        """Whether a sign of money stands before the match."""
        return self.before() in ("$", "£", "€", "¥", "₽")

    def tight(self, index: int) -> bool:
        """Whether the word stands right after the one before, with nothing between."""
        return self.words.ends[index - 1] == self.words.starts[index]


Build = Callable[[Found], Meaning | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, what it means (null where a closer look says it is no time), a sentence in which it matches, and its name."""

    pattern: str
    build: Build
    example: str
    name: str


class Rulebook:
    """Rules in the order in which they were added; of two matches of one length the earlier rule wins."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def add(self, pattern: str, example: str) -> Callable[[Build], Build]:
        """Register the decorated function as what the pattern means."""

        def register(build: Build) -> Build:
            self.rules.append(Rule(pattern, build, example, build.__name__))
            return build

        return register


class Finder:
    """All rules in one regular expression, which says where; there each rule is tried, and the longest match counts."""

    def __init__(self, rules: Sequence[Rule], lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._rules = [(re.compile(compiled(rule.pattern, lexicon)), rule) for rule in rules]
        self._any = re.compile("|".join(f"(?:{compiled(rule.pattern, lexicon, named=False)})" for rule in rules))

    def __call__(self, words: Words) -> Iterator[tuple[int, int, Meaning, str]]:
        """First word, word after the last, meaning and rule of every match, left to right, the longest at each place."""
        kinds, at = words.kinds, 0
        while place := self._any.search(kinds, at):
            at = place.start()
            matches = [(match, rule) for pattern, rule in self._rules if (match := pattern.match(kinds, at))]
            matches.sort(key=lambda pair: -pair[0].end())
            for match, rule in matches:
                meaning = rule.build(Found(words, self.lexicon, match))
                if meaning is not None:
                    yield at, match.end(), meaning, rule.name
                    at = match.end()
                    break
            else:
                at += 1
