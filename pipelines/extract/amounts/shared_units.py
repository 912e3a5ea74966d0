"""Units that a number does not carry itself: "seven or eight hours", "four withdrew" of 12 candidates, "Ivanova, 44"."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.extract.amounts.figure import Figure, FiguresOfText, lemma_of, noun_unit
from pipelines.lexicon.entries import either

_CLAUSE = re.compile(r"\s*(?:[,.;:)]|\Z|\n)|\s(?:and|or|were|was|are|who|had|have|in|at|from|on|to|died|will)\b")
"""Matches ``, then``, not `` lamps``."""
_GAPPED = re.compile(r"(?:,|;|,? and|, while) (?:the )?(?:[A-Z][\w.'’-]* ){1,4}(?:about |around |some |just |only )?")
"""Matches ``, and Norlift about ``, not ``and lamps about ``."""


def share_unit(reader: FiguresOfText, figure: Figure, before: list[Figure], after: list[Figure]) -> None:
    """Gives a bare number the unit it shares: "seven or eight hours", "four withdrew" of 12 candidates, "against 55"."""
    amount = figure.amount
    _of_ones(figure, before)
    _of_next_compound(reader, figure, after)
    if figure.noun is not None or amount.unit is not None:
        return
    _age(reader, figure)
    _of_them(reader, figure)
    if figure.amount.unit is not None:
        return
    sentence = reader.parsed.sentence_at(figure.amount.start)
    same = [other for other in before if other.amount.start >= sentence.start_char]
    bare = _Bare(reader, figure, before, after, same)
    lender = next((other for rule in _LENDERS if (other := rule(bare)) is not None), None)
    if lender is not None:
        _copy_unit(figure, lender)


def _of_ones(figure: Figure, before: list[Figure]) -> None:
    """As in "4,000 construction jobs and 900 permanent ones"."""
    if figure.noun is not None and figure.noun.lower_ == "ones" and before and before[-1].noun is not None:
        figure.amount.unit = lemma_of(before[-1].noun)


def _of_next_compound(reader: FiguresOfText, figure: Figure, after: list[Figure]) -> None:
    """As in "a 5- or 6-year deal": the noun behind belongs to the next number."""
    if figure.noun is None or not after or not after[0].amount.start <= figure.noun.idx < after[0].amount.end:
        return
    figure.noun = None
    gap = reader.text[figure.amount.end : after[0].amount.start]
    if after[0].amount.unit is not None and re.fullmatch(r"-? (?:or|and|to) ", gap):
        _copy_unit(figure, after[0])


@dataclass(frozen=True, slots=True)
class _Bare:
    """A number without a unit among the figures around it; ``same`` are those before it in its sentence."""

    reader: FiguresOfText
    figure: Figure
    before: list[Figure]
    after: list[Figure]
    same: list[Figure]

    @property
    def lead(self) -> str:
        """The characters right before the number."""
        return self.reader.text[max(0, self.figure.amount.start - 28) : self.figure.amount.start]

    def gap(self, other: Figure) -> str:
        """The text between an earlier figure and the number."""
        return self.reader.text[other.end : self.figure.amount.start]


_NEXT = re.compile(r"\s+(?:or|and|to)\s+|,\s+(?:or\s+|and\s+)?")


def _next_one(bare: _Bare) -> Figure | None:
    """As in "seven or eight hours", "7, 8 and 9 tonnes"; with "and" both are written alike."""
    other, amount = next(iter(bare.after), None), bare.figure.amount
    if other is None or (other.noun is None and other.amount.unit is None):
        return None
    gap = bare.reader.text[amount.end : other.amount.start]
    is_alike = "or" in gap or other.amount.form == amount.form
    return other if is_alike and _NEXT.fullmatch(gap) else None


def _counted_before(bare: _Bare) -> Figure | None:
    """As in "50 bags of rice and 38 of sugar"."""
    return _alike(bare.reader, bare.figure, bare.before)


def _age_before(bare: _Bare) -> Figure | None:
    """As in "two teenagers aged 15 and 16 were held"."""
    amount, last = bare.figure.amount, next(reversed(bare.same), None)
    if last is None or last.amount.kind != "age" or not amount.plain or not 0 < amount.value < 115:
        return None
    is_listed = bare.gap(last) in (" and ", " or ", ", ") and _CLAUSE.match(bare.reader.text, amount.end)
    return last if is_listed else None


def _millions_before(bare: _Bare) -> Figure | None:
    """As in "tin fell to $32 million, lead to 21 million"."""
    return _money_before(bare.reader, bare.figure, bare.same) if bare.figure.amount.scale > 1 else None


def _gapped(bare: _Bare) -> Figure | None:
    """As in "France exported 6.9 million tons, Germany 3.3 million"."""
    amount, last = bare.figure.amount, next(reversed(bare.same), None)
    if last is None or not 1 < amount.scale == last.amount.scale:
        return None
    return last if _GAPPED.fullmatch(bare.reader.text, last.end, amount.start) else None


_AGAINST = re.compile(
    r"\b(?:against|versus|vs\.?|compared (?:with|to)|while the \w+ is|up from|down from)\s(?:just |about |only )?$"
)
"""Words that compare a number with the one before; no "from" alone, which may begin a range. Matches ``up from ``, not ``from ``."""


def _compared(bare: _Bare) -> Figure | None:
    """As in "61% against 55"; a length of time is compared with one of its size, no year ("3 days, up from 2019")."""
    last = next(reversed(bare.same), None)
    if last is None or last.amount.kind not in ("percent", "money", "duration") or not _AGAINST.search(bare.lead):
        return None
    is_near = last.amount.kind != "duration" or bare.figure.amount.value < 20 * last.amount.value
    return last if is_near else None


def _in_sentence(bare: _Bare) -> Figure | None:
    """The nearest figure before in the sentence whose unit one of the rules for that lends."""
    return next((other for other in reversed(bare.same) if any(lends(bare, other) for lends in _LENDING)), None)


def _lends_money(bare: _Bare, other: Figure) -> bool:
    """As in "$2 million or 3 million"."""
    is_or = re.search(r"\bor\s$", bare.lead) is not None and len(bare.gap(other)) < 8
    return is_or and other.amount.kind == "money" and bare.figure.amount.scale > 1


def _counts_several(bare: _Bare, other: Figure) -> bool:
    """Whether the other counts things of which the number, whole and without a sign, may be some."""
    is_counted = other.noun is not None and other.noun.tag_ in ("NNS", "NNPS") and other.amount.kind == "count"
    return is_counted and bare.figure.amount.value.denominator == 1 and bare.figure.amount.sign == ""


def _lends_to_subject(bare: _Bare, other: Figure) -> bool:
    """As in "of 12 candidates, four withdrew" and "12 candidates came and four left": some of those counted."""
    if other.noun is None or not _counts_several(bare, other):
        return False
    head = bare.figure.head
    is_conjunct = head.dep_ == "conj" and head.head.i in (other.noun.i, other.head.i, other.head.head.i)
    return (head.dep_ in ("nsubj", "nsubj:pass") or is_conjunct) and not _something_counted(bare.reader, bare.figure)


def _lends_before_verb(bare: _Bare, other: Figure) -> bool:
    """As in "12 candidates came; four were late", where the tree does not say that the number is the subject."""
    doc, (first, end) = bare.reader.doc, bare.figure.tokens
    if not _counts_several(bare, other) or end >= len(doc) or doc[end].tag_ not in ("VBD", "VBP", "MD"):
        return False
    return doc[first - 1].tag_ != "IN" and bare.reader.text[bare.figure.amount.end : doc[end].idx] == " "


def _lends_from_to(bare: _Bare, other: Figure) -> bool:
    """As in "from 12 metres to 15"; "from 12% to 15" may be to a number of another kind."""
    if bare.gap(other) != " to " or other.amount.unit is None or other.amount.kind == "percent":
        return False
    before = bare.reader.text[max(0, other.amount.start - 12) : other.amount.start]
    return re.search(r"\bfrom\s(?:about )?$", before) is not None


_LENDING: tuple[Callable[[_Bare, Figure], bool], ...] = (
    _lends_money,
    _lends_to_subject,
    _lends_before_verb,
    _lends_from_to,
)

_LENDERS: tuple[Callable[[_Bare], Figure | None], ...] = (
    _next_one,
    _counted_before,
    _age_before,
    _millions_before,
    _gapped,
    _compared,
    _in_sentence,
)


_LEAD = re.compile(r"\b(?P<word>to|by|of|from|at)\s(?:about |around |nearly |almost |some )?$")
"""Matches ``rose to about ``, not ``rose about ``."""


def _money_before(reader: FiguresOfText, figure: Figure, same: list[Figure]) -> Figure | None:
    """The money that a bare number of millions goes on from: "tin fell to $32 million, lead to 21 million"."""
    text, amount = reader.text, figure.amount
    lead = _LEAD.search(text, max(0, amount.start - 16), amount.start)
    if lead is None or not _CLAUSE.match(text, amount.end):
        return None
    for other in reversed(same):
        if other.amount.kind == "money" and other.amount.scale > 1:
            before = _LEAD.search(text, max(0, other.amount.start - 16), other.amount.start)
            return other if before is not None and before["word"] == lead["word"] else None
    return None


_SUBSET = re.compile(r",? (?:including|among them)(?: at least| about| some| around| nearly)? ")
"""Matches ``, including at least ``, not ``, excluding ``."""
_AND_MORE = re.compile(r" (?:with|in|from|on|at|of|near) [^,.;:()]{2,40},? (?:and|or) ")
"""Matches `` in the north and ``, not `` and ``."""
_IN_BRACKETS = re.compile(r" \(\d[\d.,]*\s?(?:%|per ?cent)\)")


def _alike(reader: FiguresOfText, figure: Figure, before: list[Figure]) -> Figure | None:
    """The counted figure that this bare number goes on with.

    "589 shells, including 13 with gas and two with smoke", "50 bags of rice and 38 of sugar", and the shape of abstracts:
    "610 patients (74.7%) agreed, 85 (17.7%) did not".
    """
    amount, text = figure.amount, reader.text
    counted = [other for other in before if other.amount.kind in ("count", "vague_count")]
    if not counted or amount.value.denominator != 1 or amount.upper is not None:
        return None
    other, last = counted[-1], figure.tokens[1]
    if other.noun is None or other.noun.tag_ not in ("NNS", "NNPS"):
        return None
    if _IN_BRACKETS.match(text, amount.end):
        behind = max(other.amount.end, other.noun.idx + len(other.noun))
        return other if _IN_BRACKETS.match(text, behind) or _IN_BRACKETS.match(text, other.amount.end) else None
    if last >= len(reader.doc) or reader.doc[last].tag_ != "IN":
        return None
    behind = max(other.amount.end, other.noun.idx + len(other.noun) if other.noun.i < figure.tokens[0] else 0)
    is_part = any(_SUBSET.fullmatch(text, m, amount.start) for m in _ends(text, behind, amount.start))
    return other if is_part or _AND_MORE.fullmatch(text, behind, amount.start) else None


def _ends(text: str, start: int, stop: int) -> list[int]:
    """Where "including" may begin between two figures: at ``start`` or behind a phrase without a stop."""
    at = text.find(", including ", start, stop)
    if at < 0:
        at = text.find(" including ", start, stop)
    return [] if at < 0 or any(c in ".;:" for c in text[start:at]) else [at]


def _something_counted(reader: FiguresOfText, figure: Figure) -> bool:
    """Whether a noun phrase of its own follows the number, which only the tree has lost."""
    doc, last = reader.doc, figure.tokens[1]
    if last >= len(doc) or reader.text[figure.amount.end] != " ":
        return False
    return doc[last].tag_ in ("NN", "NNP") or (
        doc[last].tag_ == "JJ" and doc[last + 1 : last + 2].text.isalpha() and doc[last + 1].pos_ == "NOUN"
    )


def _copy_unit(figure: Figure, other: Figure) -> None:
    if other.noun is not None:
        figure.noun = other.noun
        figure.amount.unit = other.amount.unit or noun_unit(other)
    else:
        figure.amount.unit, figure.amount.kind = other.amount.unit, other.amount.kind
        if figure.amount.form == "fraction":
            figure.amount.kind = "fraction"


_OF_THE = re.compile(
    r"\bOf (?:the|these|those|its|their|his|her|all) (?:[a-z-]+ )?(?P<noun>[a-z]+s),? (?:about |some |only |at least |around |nearly )?$"
)
"""Matches ``Of the new lamps, about ``, not ``of the lamps ``."""


def _of_them(reader: FiguresOfText, figure: Figure) -> None:
    """As in "Six of them women": the noun behind the pronoun. "His soldiers, at least 30,000": the noun in front."""
    doc, (first, last) = reader.doc, figure.tokens
    if (m := _OF_THE.search(reader.text, max(0, figure.amount.start - 48), figure.amount.start)) is not None:
        named = doc[reader.tokens(m.start("noun"), m.end("noun"))[0]]
        if named.tag_ in ("NNS", "NNPS"):
            figure.noun, figure.amount.unit = named, lemma_of(named)
            return
    if last + 2 < len(doc) and doc[last].lower_ == "of" and doc[last + 1].lower_ in ("them", "whom", "these", "those"):
        noun = doc[last + 2]
        if noun.tag_ in ("NNS", "NNPS"):
            figure.noun = noun
            figure.amount.unit = lemma_of(noun)
        return
    governor = figure.head.head
    if (
        figure.head.dep_ in ("appos", "parataxis", "dep", "nmod:unmarked", "nummod", "nmod", "list")
        and governor.i < first
        and governor.tag_ in ("NNS", "NNPS")
        and first - governor.i <= 6
    ):
        between = reader.text[governor.idx + len(governor) : figure.amount.start]
        if last < len(doc) and doc[last].pos_ == "ADP" and doc[last].lower_ != "of":
            return  # "went to nearby countries: 2 million to Poland"
        if between.startswith((",", " (", " –", " -", " —")) and figure.amount.value.denominator == 1:
            figure.noun = governor
            figure.amount.unit = lemma_of(governor)


_OF_AGE = re.compile(
    rf"\b(?:turn(?:s|ed|ing)?(?: a)?|an? (?:[a-z]+ )?(?:{either('figure_words', 'of_age')}) of"
    r"|(?:dies|died|dead|dying) (?:[a-z]+ )?at)\s$",
    re.IGNORECASE,
)
"""Matches ``turned ``, not ``a lamp of ``."""


def _age(reader: FiguresOfText, figure: Figure) -> None:
    """As in "Maria Ivanova, 44, and", "her daughter, who was 10": a bare number that is somebody's age."""
    amount, text = figure.amount, reader.text
    may_be = amount.plain or (amount.form == "words" and amount.scale == 1)
    if not may_be or not 0 < amount.value < 115 or amount.upper is not None:
        return
    if _OF_AGE.search(text, max(0, amount.start - 24), amount.start) and not text.startswith(" of ", amount.end):
        is_age = True
    elif _is_aside(reader, figure):
        is_age = _names_person(reader, figure)
    else:
        is_age = _is_said_of_person(reader, figure)
    if is_age:
        amount.unit, amount.kind = "year of age", "age"


def _is_aside(reader: FiguresOfText, figure: Figure) -> bool:
    """As in "Maria Ivanova, 44, and": digits between commas."""
    amount, text = figure.amount, reader.text
    if text[max(0, amount.start - 2) : amount.start] != ", " or not amount.plain or figure.tokens[0] < 2:
        return False
    return re.match(r"[,.;)]|\s?[—–―]|$", text[amount.end : amount.end + 2]) is not None


def _names_person(reader: FiguresOfText, figure: Figure) -> bool:
    """Whether the word before the comma may end a person's name, and no place or firm; and no list of numbers follows."""
    doc, (first, last) = reader.doc, figure.tokens
    name = doc[first - 2]
    is_name = name.text[:1].isupper() and name.pos_ in ("PROPN", "X", "NOUN")
    if name.ent_type_ != "PERSON":
        is_acronym = name.text.isupper() and name.text not in ("II", "III", "IV")
        is_name = is_name and not is_acronym and name.ent_type_ not in ("LOC", "ORG")
    return is_name and not (last < len(doc) - 1 and doc[last + 1].like_num)


def _is_said_of_person(reader: FiguresOfText, figure: Figure) -> bool:
    """As in "her daughter, who was 10"; not "who was 10 in the race"."""
    head, (first, last) = figure.head, figure.tokens
    if not reader.has_tree or head.i < first or not any(child.dep_ == "cop" for child in head.lefts):
        return False
    subject = next((child for child in head.lefts if child.dep_ == "nsubj"), None)
    if subject is None or any(c.dep_ in ("nmod", "obl") for c in head.rights if c.i < last + 3):
        return False
    return subject.lower_ in ("he", "she", "who", "i", "you") or subject.ent_type_ == "PERSON"
