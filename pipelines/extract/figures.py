"""Figures of one document: every quantity in it, with value, unit, bound, direction and what it is about.

Amounts are recognised on characters (``amounts``); the dependency tree tells what is counted, drops years, names and
idioms, and finds the referent (``referents``). The design follows CQE (Almasian et al., EMNLP 2023); units are
ISO 4217, UCUM-style symbols, or the counted noun's lemma.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from spacy.tokens import Doc, Token

from pipelines.extract.amounts import Amount, amounts_in
from pipelines.extract.bounds import bound_after, bound_before, change_of
from pipelines.extract.number_traps import Traps, is_year, looks_like_year, names_something
from pipelines.extract.referents import moved, noun_phrase, referent_of
from pipelines.identity import span_id
from pipelines.ingest.document import Row
from pipelines.language.parsed import Parsed
from pipelines.lexicon import entries


class _Reader:
    """One document's figures in the making: its text, tokens and the amounts found so far."""

    def __init__(self, parsed: Parsed, dates: Sequence[Row]) -> None:
        self.parsed, self.doc, self.text = parsed, parsed.doc, parsed.document.text
        self.has_tree = self.doc.has_annotation("DEP") and self.doc.has_annotation("TAG")
        self.dates = sorted((row["start_char"], row["end_char"]) for row in dates if row["type"] in ("DATE", "TIME"))
        self._date_starts = [start for start, _ in self.dates]
        self.starts: list[int] = []
        self.found: list[_Figure] = []
        self.owners: dict[int, _Figure] = {}

    def tokens(self, start: int, end: int) -> tuple[int, int]:
        """Token indices ``[first, last)`` that touch ``[start, end)``."""
        if not self.starts:
            self.starts = [token.idx for token in self.doc]
        return max(0, bisect_right(self.starts, start) - 1), bisect_left(self.starts, end)

    def in_date(self, start: int, end: int) -> bool:
        i = bisect_right(self._date_starts, end - 1) - 1
        return i >= 0 and self.dates[i][1] > start


class _Figure:
    """An amount with its place in the tree. ``noun`` is the counted noun's token, ``head`` the figure's head token."""

    def __init__(self, amount: Amount, tokens: tuple[int, int], head: Token) -> None:
        self.amount, self.tokens, self.head = amount, tokens, head
        self.noun: Token | None = None
        self.end = amount.end
        self.referent: tuple[int, int] | None = None
        self.modifier: str | None = amount.modifier
        self.change: str | None = None


def figures_in(parsed: Parsed, dates: Sequence[Row]) -> list[Row]:
    """The figures of one document, in order: one row per quantity.

    ``start_char`` and ``end_char`` are code points; the span holds the number, its unit, and a counted noun that
    directly follows. ``value`` (with ``value_max``, the upper end of a range) is the number in the unit as written,
    ``$16 billion`` is 16000000000 with unit ``USD``. ``unit`` is null where the text names none. ``modifier`` and
    ``change`` are null where nothing bounds the number or moves it; ``referent`` is null where the sentence names
    nothing. ``claim_id`` and ``quantity_id`` are null: later steps know them. ``dates`` are the document's rows of
    the dates table; a number inside a DATE or TIME is no figure, a DURATION is both.
    """
    if not parsed.sentences:
        return []
    reader = _Reader(parsed, dates)
    amounts = amounts_in(reader.text, Traps(reader.text))
    for position, amount in enumerate(amounts):
        figure = _placed(reader, amount)
        if figure is None:
            continue
        if _counts(reader, figure, amounts[position + 1] if position + 1 < len(amounts) else None):
            reader.found.append(figure)
    reader.found.extend(_vague_shares(reader))
    reader.found.sort(key=lambda figure: (figure.amount.start, figure.amount.end))
    for position, figure in enumerate(reader.found):
        _share_unit(
            reader, figure, reader.found[max(0, position - 4) : position], reader.found[position + 1 : position + 3]
        )
    for figure in reader.found:
        last = (
            figure.noun.i + 1
            if figure.noun is not None and figure.tokens[1] <= figure.noun.i < figure.tokens[1] + 6
            else figure.tokens[1]
        )
        reader.owners.update(dict.fromkeys(range(figure.tokens[0], last), figure))
    for position, figure in enumerate(reader.found):
        _describe(reader, figure, reader.found[max(0, position - 4) : position])
    return [_row(reader, figure) for figure in reader.found]


def _placed(reader: _Reader, amount: Amount) -> _Figure | None:
    first, last = reader.tokens(amount.start, amount.end)
    number_first, number_last = reader.tokens(amount.number_start, amount.number_end)
    del number_first
    tokens = [reader.doc[i] for i in range(first, last) if not reader.doc[i].is_space]
    if not tokens:
        return None
    head = _head(tokens, first, last)
    figure = _Figure(amount, (first, last), head)
    if amount.unit is None and reader.has_tree:
        figure.noun = _counted_noun(reader, figure, reader.doc[number_last - 1])
    if figure.noun is None and amount.unit is None and not reader.has_tree:
        figure.noun = _next_plural(reader, last)
    return figure


def _head(tokens: list[Token], first: int, last: int) -> Token:
    for token in tokens:
        if not first <= token.head.i < last or token.head.i == token.i:
            if token.dep_ not in ("punct", "case", "advmod", "cc") or len(tokens) == 1:
                return token
    return tokens[-1]


_NOUN_RELATIONS = frozenset(
    {"nummod", "compound", "amod", "det", "nmod", "nmod:unmarked", "advmod", "dep", "nmod:poss", "obl:unmarked", "flat"}
)


_OF_NEXT = re.compile(r"(?:\s+or\s+(?:so|more))?\s+of\s")


def _counted_noun(reader: _Reader, figure: _Figure, last_number: Token) -> Token | None:
    """The noun that the bare number counts: right of it in the same phrase, or behind "of"."""
    doc, (first, last) = reader.doc, figure.tokens
    amount = figure.amount
    counted_of = _OF_NEXT.match(reader.text, amount.end) is not None
    if (
        amount.form == "vague"
        or amount.form == "fraction"
        or (counted_of and amount.form in ("digits", "words"))
        or amount.number_end > amount.number_start
        and reader.text[amount.number_end - 3 : amount.number_end] == " of"
    ):
        noun = _behind_of(reader, figure)
        if noun is not None or amount.form == "fraction" and amount.kind != "fraction":
            return noun
    for token in (figure.head, last_number):
        governor = token.head
        while first <= governor.i < last and governor.head.i != governor.i:
            governor = governor.head
        if (
            governor.i >= last
            and governor.i - last <= 7
            and token.dep_ in _NOUN_RELATIONS
            and (governor.pos_ in ("NOUN", "PROPN") or governor.tag_ in ("NNS", "NNPS"))
        ):
            if _reaches(doc, last, governor):
                return governor
    following = doc[last] if last < len(doc) else None
    if (
        following is not None
        and following.pos_ in ("ADJ", "PROPN")
        and following.tag_ not in ("NNPS",)
        and last + 1 < len(doc)
        and doc[last + 1].tag_ in ("NNS", "NNPS")
    ):
        following = (
            doc[last + 1] if reader.text[amount.end : following.idx] == " " and doc[last].whitespace_ else following
        )
        if following.i > last:
            return following
    if (
        following is not None
        and following.pos_ in ("NOUN", "PROPN")
        and following.tag_ in ("NNS", "NNPS")
        and reader.text[amount.end : following.idx] in (" ", "-")
    ):
        return following
    return None


def _possessor(doc: Doc, start: int, noun: Token) -> Token | None:
    """The counted noun of "two countries' ministers": the owner, when its sign stands before the phrase's head."""
    for i in range(start + 1, min(noun.i, start + 4)):
        if doc[i].tag_ == "POS" and doc[i - 1].tag_ in ("NNS", "NNPS", "NN"):
            return doc[i - 1]
    return None


def _reaches(doc: Doc, start: int, noun: Token) -> bool:
    """Whether only the noun's own modifiers stand between the number and the noun."""
    for i in range(start, noun.i):
        token = doc[i]
        if (
            token.pos_ in ("VERB", "AUX")
            and token.tag_ not in ("VBN", "VBG")
            and token.dep_ != "amod"
            or token.pos_ in ("ADP", "PRON", "SCONJ")
            and token.tag_ != "PRP$"
            or token.text in "();:—–"
        ):
            return token.lower_ == "of" and i == start
        if token.text == "," and i == start:
            return False
    return True


def _behind_of(reader: _Reader, figure: _Figure) -> Token | None:
    """The noun of "dozens of flats", "half the budget", "two-fifths of the 1,450 flats", "a couple of aides"."""
    doc, at = reader.doc, figure.tokens[1]
    while at + 1 < len(doc) and (doc[at].lower_, doc[at + 1].lower_) in (("or", "so"), ("or", "more")):
        at += 2
    saw_of = doc[at - 1].lower_ == "of"
    if at < len(doc) and doc[at].lower_ == "of":  # trust the tree where it says what stands behind "of"
        for child in doc[at - 1 if at == figure.tokens[1] else figure.tokens[1] - 1].rights:
            if (
                child.dep_ == "nmod"
                and child.i > at
                and child.i - at <= 8
                and child.pos_ in ("NOUN", "PROPN")
                and any(c.i == at for c in child.lefts)
            ):
                return child
    if at < len(doc) and doc[at].lower_ == "of":
        at, saw_of = at + 1, True
    limit = min(len(doc), at + 9)
    noun = None
    for i in range(at, limit):
        token = doc[i]
        if token.pos_ in ("NOUN", "PROPN") and not token.like_num:
            noun = token
            if not (
                token.dep_ in ("compound", "nmod:poss", "amod", "conj")
                and i + 1 < limit
                and (
                    doc[i + 1].pos_ in ("NOUN", "PROPN", "CCONJ", "PART")
                    or doc[i + 1].tag_ in ("POS", "HYPH")
                    or token.head.i > i
                )
            ):
                break
        elif token.pos_ in ("DET", "ADJ", "NUM", "CCONJ", "PART", "ADV", "SYM") or token.tag_ in (
            "PRP$",
            "VBN",
            "VBG",
            "HYPH",
            "POS",
            "WDT",
        ):
            if noun is not None and not token.tag_ == "POS" and token.pos_ != "CCONJ":
                break
            continue
        else:
            if token.pos_ == "PRON" and saw_of:
                return None
            break
    if noun is None or (figure.amount.form == "vague" and not saw_of and noun.i != at):
        return noun if figure.amount.form == "fraction" and noun is not None else (noun if saw_of else None)
    return noun


def _next_plural(reader: _Reader, at: int) -> Token | None:
    token = reader.doc[at] if at < len(reader.doc) else None
    if token is not None and token.is_alpha and token.lower_.endswith("s") and len(token) > 3:
        return token
    return None


@cache
def _idioms() -> frozenset[str]:
    return frozenset(row["form"].split(" ", 1)[1] for row in entries("numeral_idioms") if row["value"] == "one")


def _bracketed_age(reader: _Reader, figure: _Figure) -> bool:
    """ "Olga Petrova (44)": the one reading that saves a small number in brackets."""
    amount, text, first = figure.amount, reader.text, figure.tokens[0]
    if (
        text[amount.start - 1 : amount.start] != "("
        or text[amount.end : amount.end + 1] != ")"
        or first < 2
        or not 14 < amount.value < 115
    ):
        return False
    if reader.doc[first - 2].ent_type_ != "PERSON" or not amount.plain:
        return False
    amount.unit, amount.kind, figure.noun = "year of age", "age", None
    return True


_SCORE = re.compile(r"(?<![\d.,])\d{1,3}[-–‑:]\d{1,3}(?![\d.,]*[\d%])")
_MERIDIAN = re.compile(r"\s?[ap]\.m", re.IGNORECASE)
_AGE_BEFORE = re.compile(
    r"\b(?:aged|ages|age|age of|aged between|ages of"
    r"|(?:people|adults?|children|kids|men|women|those|anyone|everyone|voters|workers|persons|patients|boys|girls|residents|citizens|players"
    r"|drivers|pensioners|youths?|students|males|females|americans|britons) (?:aged )?(?:under|over|above|below))\s$",
    re.IGNORECASE,
)


def _counts(reader: _Reader, figure: _Figure, following: Amount | None) -> bool:
    """Whether the amount is a figure at all, and no year, name, label, score, pronoun or idiom."""
    amount, text, doc = figure.amount, reader.text, reader.doc
    if amount.trapped:
        return _bracketed_age(reader, figure)
    if (
        reader.dates
        and amount.kind not in ("money", "percent", "duration")
        and reader.in_date(amount.start, amount.end)
    ):
        return False
    if (
        _AGE_BEFORE.search(text[max(0, amount.start - 30) : amount.start])
        and amount.unit in (None, "year")
        and amount.value < 130
        and amount.value.denominator == 1
    ):
        amount.unit, amount.kind, figure.noun = "year of age", "age", None
        return True
    if amount.unit is not None:
        return _measures(text, amount)
    if amount.form == "fraction":
        return _is_share(reader, figure)
    if amount.form == "one":
        return _one_counts(reader, figure)
    if amount.form == "vague":
        return True
    noun = figure.noun
    if amount.form != "digits":
        return _word_counts(reader, figure)
    if (
        _SCORE.match(text, amount.number_start)
        and amount.upper is None
        or re.search(r"\d[-–‑:/]$", text[max(0, amount.start - 2) : amount.start])
    ):
        return False
    plural = (
        noun is not None
        and noun.tag_ in ("NNS", "NNPS")
        and noun.i - figure.tokens[1] <= 3
        and not noun.text[:1].isupper()
    )
    if amount.plain and amount.upper is None and is_year(text, amount.number_start, amount.number_end, plural):
        return False
    if (
        amount.upper is not None
        and amount.value.denominator == 1
        and looks_like_year(str(amount.value))
        and looks_like_year(str(amount.upper))
        and "," not in text[amount.start : amount.end]
    ):
        if not (plural and noun is not None and noun.i == figure.tokens[1]):
            return False
    if text[amount.end : amount.end + 1] in "-‐‑" and text[amount.end + 1 : amount.end + 2].isalpha():
        return bound_after(text, amount.end) is not None
    if (
        amount.plain
        and noun is None
        and (
            amount.end - amount.start >= 8
            or re.search(r"(?<![.!?])\s[‘“\"']?The\s$", text[max(0, amount.start - 6) : amount.start])
        )
    ):
        return False
    if amount.plain or (amount.value.denominator != 1 and amount.scale == 1):
        if names_something(text, amount.start):
            return False
        if amount.plain and _is_named(reader, figure):
            return False
        if amount.plain and noun is not None and noun.tag_ == "NNP" and noun.i == figure.tokens[1] and amount.value > 1:
            return False  # "the 787 Dreamliner'
    return True


def _measures(text: str, amount: Amount) -> bool:
    """Whether a number with a unit is one: "3-time winner" and "1080p" are not."""
    if amount.unit == "times" and amount.unit_text == "time":
        return False
    if (
        amount.unit == "penny"
        and amount.unit_text == "p"
        and amount.value in (360, 480, 720, 1080, 1440, 2160)
        and text[amount.end - 2].isdigit()
    ):
        return False
    if amount.form == "one" and amount.kind == "duration" and text[amount.end - 1] != "s":
        before = text[max(0, amount.start - 12) : amount.start].lower()
        follows = text[amount.end : amount.end + 2]
        return not (
            amount.unit in ("day", "night")
            and not re.search(r"\b(?:than|least|about|in|for|within|after|only|just|over|every)\s$", before)
        ) or follows.startswith("-")
    if amount.unit == "BRL" or (amount.unit_text or "").lower() == "won":
        return amount.scale > 1 or amount.value >= 1000
    return True


def _is_share(reader: _Reader, figure: _Figure) -> bool:
    """Whether "half", "a third" is a share of something ("half the budget"), not "the first half", "half-time"."""
    amount, text = figure.amount, reader.text
    before = text[max(0, amount.start - 24) : amount.start].lower()
    after = text[amount.end : amount.end + 14].lower()
    amount.kind = "fraction"
    word = text[amount.number_start : amount.number_end].lower()
    if word not in ("half", "a half", "quarter", "one half"):
        return not re.search(r"\b(?:last|past|first|next|previous|latest)\s$", before)
    if re.search(
        r"\b(?:first|second|last|latter|other|next|this|that|each|every|the|one|opening|final|by|in|better|back|top|bottom|northern|southern)\s$",
        before,
    ) and not (
        re.search(r"\b(?:next|this|that|each|every|the|one|by|in|other) $", before)
        and re.match(r"\s+(?:the|a|an|his|her|its|their|all|our)\b", after)
    ):
        return False
    if re.match(r"[-‐‑]", after):
        return False
    if re.match(r"\s+(?:of|the|a|an|his|her|its|their|all|our|my|your|those|these|that|as)\b", after):
        return not re.match(r"\s+the time\b", after)
    if bound_before(text, amount.start) is not None or word == "a half":
        return True
    return (
        bool(re.search(r"(?:^|[.,;:\n]\s?|\bto |\band )$", before))
        and re.match(r"\s?(?:[.,;]|$)", after) is not None
        and len(before.strip()) > 0
    )


def _one_counts(reader: _Reader, figure: _Figure) -> bool:
    """Whether "one" is the number ("one count of fraud") and no pronoun, "one day", "one of", "no one", "this one"."""
    amount, text = figure.amount, reader.text
    token = reader.doc[figure.tokens[0]]
    before = text[max(0, amount.start - 12) : amount.start].lower()
    if re.search(
        r"\b(?:no|any|every|each|some|this|that|which|the|another|day|number|page|phase|square|category|level|tier|act|part|chapter)\s$",
        before,
    ):
        return False
    noun = figure.noun
    if noun is None or noun.pos_ != "NOUN" or noun.tag_ == "NNS" or token.tag_ != "CD":
        return False
    if text[amount.end : amount.end + 1] != " " or noun.lemma_.lower() in _idioms() or noun.lower_ in _idioms():
        return False
    return noun.i - figure.tokens[1] <= 3


def _word_counts(reader: _Reader, figure: _Figure) -> bool:
    amount, text = figure.amount, reader.text
    if text[amount.end : amount.end + 1] in "-‐‑" and text[amount.end + 1 : amount.end + 2].isalpha():
        return bound_after(text, amount.end) is not None
    if names_something(text, amount.start) and amount.scale == 1:
        return False
    token = reader.doc[figure.tokens[0]]
    if (
        token.tag_ in ("NNP", "NNPS")
        and amount.scale == 1
        and token.i > 0
        and not token.is_sent_start
        and (figure.noun is None or token.nbor(-1).text[:1].isupper())
    ):
        return False
    if (
        figure.noun is None
        and amount.value <= 5
        and text[amount.end : amount.end + 1] in ",:"
        and re.search(r"(?:,|\band|;)\s$", text[max(0, amount.start - 5) : amount.start])
    ):
        return False  # "one, his temper, and two, his words"
    if (
        figure.noun is None
        and amount.scale == 1
        and re.search(
            r"\b(?:top|bottom|last|final|first|these|those|the other|big)\s$",
            text[max(0, amount.start - 11) : amount.start],
            re.IGNORECASE,
        )
    ):
        return False
    if amount.value == 0 and figure.noun is None:
        return text[amount.start : amount.end].lower() in ("nought", "naught") or reader.has_tree and token.tag_ == "CD"
    return True


_PLACE_AFTER = re.compile(r"\s+(?:[A-Z][a-z]+\s){1,2}(?:Street|Avenue|Road|Lane)\b")


def _is_named(reader: _Reader, figure: _Figure) -> bool:
    """Whether a capitalised word makes the bare number part of its name ("Boeing 787", "Visegrad 4", "Russia 1")."""
    doc, (first, _), amount = reader.doc, figure.tokens, figure.amount
    if first == 0 or amount.sign:
        return False
    before = doc[first - 1]
    if before.is_space or reader.text[before.idx + len(before) : amount.start] not in (" ", ""):
        return False
    word = before.text
    if (
        not word[:1].isupper()
        or before.pos_ not in ("PROPN", "NOUN", "X", "ADJ")
        or before.ent_type_ == "PERSON"
        and figure.noun is not None
    ):
        return False
    head = figure.head
    if (
        figure.noun is not None
        and figure.noun.tag_ in ("NNS", "NNPS")
        and not figure.noun.text[:1].isupper()
        and head.dep_ == "nummod"
    ):
        return before.head.i in (figure.noun.i,) and before.dep_ == "compound"
    if (
        head.dep_ in ("obl:unmarked", "obj", "obl")
        and head.head.pos_ == "VERB"
        and head.head.i < before.i
        and before.dep_ != "compound"
    ):
        return before.head.i == head.i
    return True


# --- units that the number does not carry itself -----------------------------------------------------------------------


def _share_unit(reader: _Reader, figure: _Figure, before: list[_Figure], after: list[_Figure]) -> None:
    """Gives a bare number the unit it shares: "seven or eight hours", "four withdrew" of 12 candidates, "against 55"."""
    amount, text = figure.amount, reader.text
    if figure.noun is not None or amount.unit is not None:
        return
    _age(reader, figure)
    _of_them(reader, figure)
    if amount.unit is not None:
        return
    for other in after[:1]:
        gap = text[amount.end : other.amount.start]
        if re.fullmatch(r"\s+(?:or|and|to)\s+|,\s+(?:or\s+|and\s+)?", gap) and (
            other.noun is not None or other.amount.unit is not None
        ):
            if "or" in gap or other.amount.form == amount.form:
                _copy_unit(figure, other)
                return
    sentence = reader.parsed.sentence_at(amount.start)
    same = [other for other in before if other.amount.start >= sentence.start_char]
    lead = text[max(0, amount.start - 28) : amount.start]
    for other in reversed(same):
        gap = text[other.end : amount.start]
        if re.search(
            r"\b(?:against|versus|vs\.?|compared (?:with|to)|while the \w+ is|up from|down from)\s(?:just |about |only )?$",
            lead,
        ) and other.amount.kind in ("percent", "money", "duration"):
            _copy_unit(figure, other)
            return
        if re.search(r"\b(?:or)\s$", lead) and other.amount.kind == "money" and amount.scale > 1 and len(gap) < 8:
            _copy_unit(figure, other)
            return
        if (
            other.noun is not None
            and other.amount.kind == "count"
            and other.noun.tag_ in ("NNS", "NNPS")
            and amount.value.denominator == 1
            and amount.sign == ""
        ):
            if figure.head.dep_ in ("nsubj", "nsubj:pass", "conj") and (
                figure.head.dep_ != "conj" or figure.head.head.i in (other.noun.i, other.head.i, other.head.head.i)
            ):
                _copy_unit(figure, other)
                return
            following = reader.doc[figure.tokens[1]] if figure.tokens[1] < len(reader.doc) else None
            if (
                following is not None
                and following.tag_ in ("VBD", "VBP", "MD")
                and reader.text[amount.end : following.idx] == " "
            ):
                _copy_unit(figure, other)
                return
        if (
            gap == " to "
            and other.amount.unit is not None
            and other.amount.kind != "percent"
            and re.search(r"\bfrom\s(?:about )?$", text[max(0, other.amount.start - 12) : other.amount.start])
        ):
            _copy_unit(figure, other)
            return


def _copy_unit(figure: _Figure, other: _Figure) -> None:
    if other.noun is not None:
        figure.noun = other.noun
        figure.amount.unit = _noun_unit(other)
    else:
        figure.amount.unit, figure.amount.kind = other.amount.unit, other.amount.kind
        if figure.amount.form == "fraction":
            figure.amount.kind = "fraction"


def _of_them(reader: _Reader, figure: _Figure) -> None:
    """ "Six of them women": the noun behind the pronoun. "His soldiers, at least 30,000": the noun in front."""
    doc, (first, last) = reader.doc, figure.tokens
    if last + 2 < len(doc) and doc[last].lower_ == "of" and doc[last + 1].lower_ in ("them", "whom", "these", "those"):
        noun = doc[last + 2]
        if noun.tag_ in ("NNS", "NNPS"):
            figure.noun = noun
            figure.amount.unit = _lemma(noun)
        return
    governor = figure.head.head
    if (
        figure.head.dep_ in ("appos", "parataxis", "dep", "nmod:unmarked", "nummod", "nmod", "list")
        and governor.i < first
        and governor.tag_ in ("NNS", "NNPS")
        and first - governor.i <= 6
    ):
        between = reader.text[governor.idx + len(governor) : figure.amount.start]
        if between.startswith((",", " (", " –", " -", " —")) and figure.amount.value.denominator == 1:
            figure.noun = governor
            figure.amount.unit = _lemma(governor)


def _age(reader: _Reader, figure: _Figure) -> None:
    """ "Maria Ivanova, 44, and", "her daughter, who was 10": a bare number that is somebody's age."""
    amount, text, doc = figure.amount, reader.text, reader.doc
    if (
        not (amount.plain or amount.form == "words" and amount.scale == 1)
        or not 0 < amount.value < 115
        or amount.upper is not None
    ):
        return
    first, last = figure.tokens
    before = text[max(0, amount.start - 2) : amount.start]
    if (
        before == ", "
        and re.match(r"[,.;)]|\s?[—–―]|$", text[amount.end : amount.end + 2])
        and amount.plain
        and first >= 2
    ):
        name = doc[first - 2]
        if (
            name.text[:1].isupper()
            and name.pos_ in ("PROPN", "X", "NOUN")
            and not name.text.isupper()
            and (name.ent_type_ == "PERSON" or name.ent_type_ not in ("LOC", "ORG"))
            and not (last < len(doc) - 1 and doc[last + 1].like_num)
        ):
            amount.unit, amount.kind = "year of age", "age"
        return
    head = figure.head
    if reader.has_tree and head.i >= first and any(child.dep_ == "cop" for child in head.lefts):
        subject = next((child for child in head.lefts if child.dep_ == "nsubj"), None)
        if (
            subject is not None
            and (subject.lower_ in ("he", "she", "who", "i") or subject.ent_type_ == "PERSON")
            and not any(c.dep_ in ("nmod", "obl") for c in head.rights if c.i < last + 3)
        ):
            amount.unit, amount.kind = "year of age", "age"


_VAGUE_SHARE = re.compile(
    r"\b(?:(?:the|an?)\s+)?(?:(?:vast|overwhelming|great|large|clear|slim|narrow|absolute|huge|small|tiny|silent|sizeable|sizable)\s+)?"
    r"(?:majority|minority)(?=\s+of\s)|\bmost(?=\s+of\s+(?:the|its|their|his|her|our|these|those)\s)",
    re.IGNORECASE,
)


def _vague_shares(reader: _Reader) -> list[_Figure]:
    """ "The vast majority of citizens": a share of a named group without a number (value null)."""
    if not reader.has_tree:
        return []
    shares = []
    for m in _VAGUE_SHARE.finditer(reader.text):
        first, last = reader.tokens(m.start(), m.end())
        amount = Amount(m.start(), m.end(), m.start(), m.end(), Fraction(0), None, "share", 1, False, kind="vague_count")
        figure = _Figure(amount, (first, last), reader.doc[last - 1])
        noun = _behind_of(reader, figure)
        if noun is not None and (noun.tag_ in ("NNS", "NNPS") or noun.lower_ in ("population", "public", "electorate", "people", "country", "nation")):
            figure.noun = noun
            shares.append(figure)
    return shares


_UNCOUNTED_LEMMAS = {"persons": "person", "media": "media", "data": "data"}


def _lemma(noun: Token) -> str:
    if noun.lower_ in _UNCOUNTED_LEMMAS:
        return _UNCOUNTED_LEMMAS[noun.lower_]
    word = noun.lemma_ if noun.pos_ == "NOUN" else noun.text
    if noun.pos_ in ("NOUN", "PROPN") and word == noun.text and noun.text[:1].isupper():
        for ending, instead in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("s", "")):
            if word.endswith(ending) and not word.endswith(("ss", "us")) and len(word) > 3:
                word = word[: len(word) - len(ending)] + instead
                break
    return word.lower() if noun.pos_ == "NOUN" else word


def _noun_unit(figure: _Figure) -> str | None:
    """The counted noun's lemma, with the common nouns compounded to it ("job cut")."""
    noun = figure.noun
    if noun is not None and noun.lower_ == "others":
        return None
    if noun is None:
        return figure.amount.unit
    parts = [
        c.lower_ if c.is_title else c.text
        for c in noun.lefts
        if c.dep_ == "compound"
        and c.pos_ == "NOUN"
        and c.i >= figure.tokens[1]
        and c.i == noun.i - 1
        and noun.doc[c.i - 1].text != "-"
    ]
    return " ".join([*parts, _lemma(noun)])


def _with_cost(doc: Doc, phrase: tuple[int, int], about: Token, head: Token, span: tuple[int, int]) -> tuple[int, int]:
    """ "Sanctions cost the country $16 billion" is about what the sanctions cost: the phrase with verb and bearer."""
    verb = about.head
    if verb.lemma_ != "cost" or verb.pos_ != "VERB" or not about.i < verb.i < span[0] or about.dep_ != "nsubj":
        return phrase
    bearer = next(
        (c for c in verb.rights if c.dep_ in ("iobj", "obj") and c.i < span[0] and c.pos_ in ("NOUN", "PROPN")), None
    )
    while head.dep_ == "conj":
        head = head.head
    if bearer is None or head.head.i != verb.i or span[0] - bearer.i > 6:
        return phrase
    end = noun_phrase(doc, bearer, span)
    return (phrase[0], end[1]) if end is not None else phrase


# --- describing ----------------------------------------------------------------------------------------------------------


def _describe(reader: _Reader, figure: _Figure, before: list[_Figure]) -> None:
    amount, doc, text = figure.amount, reader.doc, reader.text
    own_noun = figure.noun if figure.noun is not None and figure.noun.i >= figure.tokens[1] else None
    if figure.noun is not None and amount.unit is None:
        amount.unit = _noun_unit(figure)
    if own_noun is not None:
        figure.end = _through_noun(reader, figure, own_noun)
    if amount.kind == "count" and amount.form == "vague":
        amount.kind = "vague_count"
    figure.modifier = _modifier(reader, figure)
    if not reader.has_tree:
        return
    head = (
        own_noun
        if own_noun is not None and amount.kind != "fraction" and own_noun.head.i != figure.head.i
        else figure.head
    )
    span = (
        figure.tokens[0],
        max(figure.tokens[1], own_noun.i + 1 if own_noun is not None and figure.end > amount.end else 0),
    )
    found = bound_before(text, amount.start)
    first = reader.tokens(found[1] if found is not None else amount.start, amount.end)[0]
    previous = doc[first - 1] if first > 0 and not doc[first].is_sent_start else None
    if amount.sign and amount.kind in ("percent", "money") or amount.sign == "+" and amount.kind != "temperature":
        figure.change = "down" if amount.sign == "-" else "up"
    elif text[amount.number_start : amount.number_end].lower().endswith("fold"):
        figure.change = "up" if previous is not None and previous.pos_ == "VERB" else None
    elif amount.form != "fraction":
        figure.change = change_of(head, previous, amount.kind)
    restated = before[-1] if before else None
    if (
        restated is not None
        and text[restated.end : amount.start] in (" (", " / ", " or ", ", or ")
        and amount.kind not in ("count", "age", "fraction")
    ):
        if (
            restated.amount.kind == amount.kind
            or "(" in text[restated.end : amount.start]
            or restated.amount.kind in ("percent", "count")
        ):
            figure.modifier = figure.modifier or restated.modifier
            figure.change = figure.change or restated.change
    figure.referent = _referent(reader, figure, head, span, own_noun is not None)


def _referent(
    reader: _Reader, figure: _Figure, head: Token, span: tuple[int, int], is_counted: bool
) -> tuple[int, int] | None:
    """What the figure is about; where that is another figure, what that one is about ("fell 2.7% to 7,031")."""
    doc, kind, amount = reader.doc, figure.amount.kind, figure.amount
    if (
        amount.sign
        and span[0] > 0
        and (named := doc[span[0] - 1]).text[:1].isalpha()
        and named.pos_ not in ("ADP", "VERB", "CCONJ", "AUX", "ADV")
        and kind == "percent"
    ):
        return noun_phrase(doc, named, span)
    if re.match(r"\s(?:each|apiece)\b", reader.text[amount.end : amount.end + 8]) and amount.kind == "money":
        counted = next((o for o in reversed(reader.found) if o.amount.end <= amount.start and o.noun is not None), None)
        if counted is not None and counted.noun is not None and counted.noun.sent == doc[span[0]].sent:
            return noun_phrase(doc, counted.noun, counted.tokens)
    if (
        figure.noun is not None
        and not is_counted
        and (listed := reader.owners.get(figure.noun.i)) is not None
        and listed is not figure
    ):
        return listed.referent
    if figure.noun is not None and not is_counted and figure.noun.i < span[0] and figure.head.head.i == figure.noun.i:
        return noun_phrase(doc, figure.noun, span)
    about = moved(doc, span[0], reader.owners) or referent_of(doc, head, span, is_counted, kind)
    if about is None:
        return None
    other = reader.owners.get(about.i)
    if other is None:
        phrase = noun_phrase(doc, about, span)
        return phrase if phrase is None else _with_cost(doc, phrase, about, head, span)
    if other is figure or other.amount.start > figure.amount.start:
        return None
    joined = (
        {head.dep_, figure.head.dep_} & {"conj", "appos", "parataxis", "list"}
        or head.dep_ == "nmod"
        and head.head.i == about.i
    )
    if is_counted and joined:
        return None
    if is_counted and kind in ("count", "vague_count"):
        return (
            noun_phrase(doc, about, other.tokens)
            if not joined and other.noun is not None and other.noun.i == about.i and other.amount.kind == "count"
            else None
        )
    if other.amount.kind == "fraction" and other.noun is not None:
        return noun_phrase(doc, other.noun, other.tokens)
    return other.referent or (
        noun_phrase(doc, about, other.tokens)
        if not joined and other.noun is not None and other.noun.i == about.i
        else None
    )


def _through_noun(reader: _Reader, figure: _Figure, noun: Token) -> int:
    """Where the span ends when the counted noun directly follows: "33 alleged mercenaries", "dozens of flats"."""
    text, amount = reader.text, figure.amount
    between = text[amount.end : noun.idx]
    if noun.i - figure.tokens[1] > 5 or any(c in between for c in ",;()") or any(c.isdigit() for c in between):
        return amount.end
    if amount.form == "fraction" and re.search(r"\bof\s+(?:the|those|these|all|its|their)\b", between) and False:
        return amount.end
    return noun.idx + len(noun)


def _modifier(reader: _Reader, figure: _Figure) -> str | None:
    amount, text = figure.amount, reader.text
    found = bound_before(text, amount.start)
    if found is not None:
        token = reader.doc[reader.tokens(found[1], found[1] + 1)[0]]
        if not (token.tag_ == "RP" and token.dep_ == "compound:prt"):
            return found[0]
    return (
        bound_after(text, amount.number_end)
        or bound_after(text, figure.end)
        or (bound_after(text, amount.end) if amount.end != figure.end else None)
    )


def _row(reader: _Reader, figure: _Figure) -> Row:
    amount, text, document = figure.amount, reader.text, reader.parsed.document
    start, end = amount.start, figure.end
    referent = figure.referent
    about: tuple[int, int] | None = None
    if referent is not None:
        tokens = [t for t in reader.doc[referent[0] : referent[1]] if not t.is_space]
        if tokens:
            about = (tokens[0].idx, tokens[-1].idx + len(tokens[-1]))
    unit_text = amount.unit_text
    if unit_text is None and figure.noun is not None and figure.noun.i >= figure.tokens[1]:
        unit_text = figure.noun.text
    return {
        "figure_id": span_id(document.document_id, "figures", start, end),
        "document_id": document.document_id,
        "sentence_id": reader.parsed.sentence_at(start).sentence_id,
        "start_char": start,
        "end_char": end,
        "text": text[start:end],
        "value": None if amount.form == "share" else float(amount.value),
        "value_max": None if amount.upper is None else float(amount.upper),
        "unit": amount.unit,
        "unit_text": unit_text,
        "kind": amount.kind,
        "modifier": figure.modifier,
        "change": figure.change,
        "referent": text[about[0] : about[1]] if about else None,
        "referent_start_char": about[0] if about else None,
        "referent_end_char": about[1] if about else None,
        "claim_id": None,
        "quantity_id": None,
        "is_chrome": reader.parsed.kind_at(start) == "chrome",
    }
