"""A number in its place in the text: the tokens it covers, its head, and the noun that it counts."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction

from spacy.tokens import Doc, Token

from pipelines.extract.amounts.amount import SHARE_OF, Amount
from pipelines.extract.amounts.bounds import measure_nouns
from pipelines.ingest.document import Row
from pipelines.language.parsed import Parsed
from pipelines.lexicon.entries import either, group


class FiguresOfText:
    """One document's figures in the making: its text, tokens and the amounts found so far."""

    def __init__(self, parsed: Parsed, dates: Sequence[Row]) -> None:
        self.parsed, self.doc, self.text = parsed, parsed.doc, parsed.document.text
        self.has_tree = self.doc.has_annotation("DEP") and self.doc.has_annotation("TAG")
        self.dates = sorted((row["start_char"], row["end_char"]) for row in dates if row["type"] in ("DATE", "TIME"))
        self._date_starts = [start for start, _ in self.dates]
        self.starts: list[int] = []
        self.found: list[Figure] = []
        self.owners: dict[int, Figure] = {}

    def tokens(self, start: int, end: int) -> tuple[int, int]:
        """Token indices ``[first, last)`` that touch ``[start, end)``."""
        if not self.starts:
            self.starts = [token.idx for token in self.doc]
        return max(0, bisect_right(self.starts, start) - 1), bisect_left(self.starts, end)

    def in_date(self, start: int, end: int) -> bool:
        """Whether a date or time covers some of ``[start, end)`` and more: a bare year is for ``bare_years`` to judge."""
        i = bisect_right(self._date_starts, end - 1) - 1
        return i >= 0 and self.dates[i][1] > start and self.dates[i] != (start, end)

    def in_time(self, at: int) -> bool:
        """Whether the character at ``at`` belongs to a date or time."""
        i = bisect_right(self._date_starts, at) - 1
        return i >= 0 and self.dates[i][1] > at


class Figure:
    """An amount with its place in the tree. ``noun`` is the counted noun's token, ``head`` the figure's head token.

    ``rule`` is the test that admitted it; ``unit_from`` tells whether its unit is that of a ``noun`` or ``shared``, null for its own.
    """

    def __init__(self, amount: Amount, tokens: tuple[int, int], head: Token) -> None:
        self.amount, self.tokens, self.head = amount, tokens, head
        self.noun: Token | None = None
        self.end = amount.end
        self.referent: tuple[int, int] | None = None
        self.modifier: str | None = amount.modifier
        self.rule = amount.form
        self.unit_from: str | None = None
        self.change: str | None = None


def placed(reader: FiguresOfText, amount: Amount) -> Figure | None:
    first, last = reader.tokens(amount.start, amount.end)
    number_first, number_last = reader.tokens(amount.number_start, amount.number_end)
    del number_first
    tokens = [reader.doc[i] for i in range(first, last) if not reader.doc[i].is_space]
    if not tokens:
        return None
    head = _head(tokens, first, last)
    figure = Figure(amount, (first, last), head)
    if amount.unit is None and reader.has_tree:
        figure.noun = _counted_noun(reader, figure, reader.doc[number_last - 1])
    if figure.noun is None and amount.unit is None and not reader.has_tree:
        figure.noun = _next_plural(reader, last)
    return figure


def _head(tokens: list[Token], first: int, last: int) -> Token:
    for token in tokens:
        leads_out = not first <= token.head.i < last or token.head.i == token.i
        if leads_out and (token.dep_ not in ("punct", "case", "advmod", "cc") or len(tokens) == 1):
            return token
    return tokens[-1]


_NOUN_RELATIONS = frozenset(
    {"nummod", "compound", "amod", "det", "nmod", "nmod:unmarked", "advmod", "dep", "nmod:poss", "obl:unmarked", "flat"}
)


_OF_NEXT = re.compile(r"(?:\s+or\s+(?:so|more))?\s+of\s")


def _counted_noun(reader: FiguresOfText, figure: Figure, last_number: Token) -> Token | None:
    """The noun that the bare number counts: right of it in the same phrase, or behind "of"."""
    amount = figure.amount
    if _may_count_behind_of(reader, figure):
        noun = _behind_of(reader, figure)
        if noun is not None or (amount.form == "fraction" and amount.kind != "fraction"):
            return noun
    for token in (figure.head, last_number):
        noun = _noun_above(reader, figure, token)
        if noun is not None:
            return noun
    return _noun_following(reader, figure)


def _may_count_behind_of(reader: FiguresOfText, figure: Figure) -> bool:
    """As in "dozens of flats", "half the budget", "12 of the aides", "a couple of aides"."""
    amount, text = figure.amount, reader.text
    if amount.form in ("vague", "fraction"):
        return True
    if amount.form in ("digits", "words") and _OF_NEXT.match(text, amount.end):
        return True
    return amount.number_end > amount.number_start and text[amount.number_end - 3 : amount.number_end] == " of"


def _noun_above(reader: FiguresOfText, figure: Figure, token: Token) -> Token | None:
    """As in "12 new boats": the noun that governs the number in the tree, or who it belongs to ("12 of the fleet's boats")."""
    doc, (first, last) = reader.doc, figure.tokens
    governor = token.head
    while first <= governor.i < last and governor.head.i != governor.i:
        governor = governor.head
    possessor = _possessor(doc, last, governor)
    if possessor is not None:
        return possessor
    if governor.tag_ == "NN" and governor.lemma_.lower() in measure_nouns() and figure.amount.form == "digits":
        return None  # "the 32,000 gain" counts no gain
    is_noun = governor.pos_ in ("NOUN", "PROPN") or governor.tag_ in ("NNS", "NNPS")
    is_near = 0 <= governor.i - last <= 7
    if not (is_noun and is_near and token.dep_ in _NOUN_RELATIONS and _reaches(doc, last, governor)):
        return None
    behind = doc[governor.i + 1] if governor.i + 1 < len(doc) else governor
    is_first = (
        governor.tag_ == "NN" and governor.whitespace_ and behind.tag_ == "NNS" and doc[governor.i - 1].text != "-"
    )
    return behind if is_first else governor  # "570 school children"


def _noun_following(reader: FiguresOfText, figure: Figure) -> Token | None:
    """As in "30-odd moderators", "12 new boats" without a tree that says so: the plural right behind, or behind one adjective."""
    doc, last, amount = reader.doc, figure.tokens[1], figure.amount
    while last + 1 < len(doc) and doc[last].lower_ in ("-", "odd", "plus", "+") and reader.text[amount.end] in "-+":
        last += 1
    if amount.form == "digits" and (listed := _plural_ahead(reader, last)) is not None:
        return listed
    if last >= len(doc):
        return None
    following = doc[last]
    gap = reader.text[amount.end : following.idx]
    behind = doc[last + 1] if last + 1 < len(doc) else None
    is_adjective = following.pos_ in ("ADJ", "PROPN") and following.tag_ != "NNPS"
    is_apart = gap.endswith(" ") and following.whitespace_
    if is_adjective and is_apart and behind is not None and behind.tag_ in ("NNS", "NNPS"):
        return behind
    is_plural = following.tag_ in ("NNS", "NNPS") or (following.tag_ == "VBZ" and _ends_clause(doc, last + 1))
    is_right_behind = gap in (" ", "-") or (last > figure.tokens[1] and gap.endswith(" "))
    return following if is_plural and is_right_behind else None


_IN_FRONT_OF_PLURAL = frozenset({"JJ", "NN", "VBN", "VBG", "HYPH", "NNP"})


def _plural_ahead(reader: FiguresOfText, start: int) -> Token | None:
    """The plural behind a run of adjectives and nouns, where the tree has lost it: "40 supply-carrying light trucks"."""
    doc = reader.doc
    for i in range(start, min(len(doc), start + 7)):
        if doc[i].tag_ in ("NNS", "NNPS"):
            ends = i + 1 >= len(doc) or doc[i + 1].tag_ not in ("NN", "NNS", "NNP", "HYPH", "POS")
            return doc[i] if ends and i > start else None
        if (doc[i].text == "-" and not doc[i].whitespace_) or (doc[i - 1].text == "-" and i > start):
            continue  # "2 million ready-to-eat meals"
        if doc[i + 1 : i + 2].text == "-" and not doc[i].whitespace_:
            continue
        if doc[i].tag_ not in _IN_FRONT_OF_PLURAL or (
            doc[i].tag_ != "HYPH" and doc[i].dep_ in ("ROOT", "nsubj", "obj")
        ):
            return None
    return None


def _ends_clause(doc: Doc, at: int) -> bool:
    """Whether nothing follows that a verb could govern: "1,118,400 likes." counts likes."""
    return at >= len(doc) or doc[at].text in ".;,)!?" or doc[at].is_space


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
            (token.pos_ in ("VERB", "AUX") and token.tag_ not in ("VBN", "VBG") and token.dep_ != "amod")
            or (token.pos_ in ("ADP", "PRON", "SCONJ") and token.tag_ != "PRP$" and doc[i + 1].text != "-")
            or token.text in "();:—–"
            or (token.text == "-" and i > 0 and doc[i - 1].whitespace_ and token.whitespace_)
        ):
            return token.lower_ == "of" and i == start
        if token.text == "," and i == start:
            return False
        if token.lower_ in ("a", "an", "every", "per") and token.pos_ in ("DET", "ADP"):
            return False  # "from 0.21 to 0.34 a kWh" counts no kWh
    return True


def _behind_of(reader: FiguresOfText, figure: Figure) -> Token | None:
    """The noun of "dozens of flats", "half the budget", "two-fifths of the 1,450 flats", "a couple of aides"."""
    doc, at = reader.doc, figure.tokens[1]
    while at + 1 < len(doc) and (doc[at].lower_, doc[at + 1].lower_) in (("or", "so"), ("or", "more")):
        at += 2
    is_of = at < len(doc) and doc[at].lower_ == "of"
    if figure.amount.form == "digits" and is_of and at + 1 < len(doc) and doc[at + 1].tag_ == "NN":
        return None  # "50 bags of rice and 38 of sugar" counts no sugar
    saw_of = is_of or doc[at - 1].lower_ == "of"
    if is_of:  # trust the tree where it says what stands behind "of"
        hangs_on = doc[at - 1 if at == figure.tokens[1] else figure.tokens[1] - 1]
        told = next((child for child in hangs_on.rights if _stands_behind(child, at)), None)
        if told is not None:
            return told
        at += 1
    noun = _noun_of_phrase(doc, at, saw_of)
    if noun is None or saw_of:
        return noun
    return noun if figure.amount.form == "fraction" else None


def _stands_behind(noun: Token, of: int) -> bool:
    """Whether the tree says that a noun stands behind this "of"; "career" of "of his career-high 41" does not."""
    doc = noun.doc
    if noun.dep_ != "nmod" or not 0 < noun.i - of <= 8 or noun.pos_ not in ("NOUN", "PROPN"):
        return False
    return any(child.i == of for child in noun.lefts) and not _is_before_hyphen(doc, noun.i)


def _is_before_hyphen(doc: Doc, at: int) -> bool:
    return at + 1 < len(doc) and doc[at + 1].text == "-" and not doc[at].whitespace_


_BEFORE_NOUN = ("DET", "ADJ", "NUM", "CCONJ", "PART", "ADV", "SYM")
_BEFORE_NOUN_TAGS = ("PRP$", "VBN", "VBG", "HYPH", "POS", "WDT")
"""What stands between "of" and the noun, by part of speech and by tag."""


def _noun_of_phrase(doc: Doc, at: int, saw_of: bool) -> Token | None:
    """The head of the noun phrase that begins at a token, at most nine long; null for a pronoun behind "of", "half of them"."""
    limit = min(len(doc), at + 9)
    noun = None
    for i in range(at, limit):
        token = doc[i]
        is_noun = token.pos_ in ("NOUN", "PROPN")
        if is_noun and i + 1 < limit and _is_before_hyphen(doc, i):
            continue  # "19 of his career-high 41 shots"
        if is_noun and not token.like_num:
            noun = token
            if not (i + 1 < limit and _modifies_next(token)):
                break
        elif token.pos_ in _BEFORE_NOUN or token.tag_ in _BEFORE_NOUN_TAGS:
            if noun is not None and token.tag_ != "POS" and token.pos_ != "CCONJ":
                break
        else:
            if token.pos_ == "PRON" and saw_of:
                return None
            break
    return noun


def _modifies_next(token: Token) -> bool:
    """As in "apartment blocks", "the city's flats": a noun with a greater one behind it."""
    behind = token.nbor(1)
    if token.dep_ not in ("compound", "nmod:poss", "amod", "conj"):
        return False
    return behind.pos_ in ("NOUN", "PROPN", "CCONJ", "PART") or behind.tag_ in ("POS", "HYPH") or token.head.i > token.i


def _next_plural(reader: FiguresOfText, at: int) -> Token | None:
    token = reader.doc[at] if at < len(reader.doc) else None
    if token is not None and token.is_alpha and token.lower_.endswith("s") and len(token) > 3:
        return token
    return None


_IN = re.compile(r" in (?:every )?", re.IGNORECASE)


def one_in(reader: FiguresOfText, a: Figure, b: Figure) -> Figure | None:
    """As in "more than one Austrian in three": the fraction that two numbers make with a noun between them, or null."""
    share, whole = a.amount, b.amount
    if a.tokens[1] >= len(reader.doc):  # "30~120" at a text's end: one token, two numbers
        return None
    noun = a.noun or reader.doc[a.tokens[1]]
    if (
        noun.i != a.tokens[1]
        or not noun.is_alpha
        or b.tokens[0] - noun.i not in (2, 3)
        or b.noun is not None
        or whole.value not in SHARE_OF
        or not 0 < share.value < whole.value
        or share.value.denominator != 1
        or share.form not in ("one", "words", "digits")
        or whole.form not in ("words", "digits")
        or share.unit is not None
        or whole.unit is not None
        or not _IN.fullmatch(reader.text, noun.idx + len(noun), whole.start)
    ):
        return None
    share.value, share.form, share.kind, share.end = share.value / whole.value, "fraction", "fraction", whole.end
    share.unit, share.unit_text = lemma_of(noun), noun.text
    figure = Figure(share, (a.tokens[0], b.tokens[1]), noun)
    figure.noun = noun
    return figure


_VAGUE_SHARE = re.compile(
    rf"\b(?:(?:the|an?)\s+)?(?:(?:{either('figure_words', 'of_a_share')})\s+)?"
    r"(?:majority|minority)(?=\s+of\s)|\bmost(?=\s+of\s+(?:the|its|their|his|her|our|these|those)\s)",
    re.IGNORECASE,
)
"""Matches ``the vast majority of people``, not ``most people``."""


def vague_shares(reader: FiguresOfText) -> list[Figure]:
    """As in "The vast majority of citizens": a share of a named group without a number (value null)."""
    if not reader.has_tree:
        return []
    shares = []
    for m in _VAGUE_SHARE.finditer(reader.text):
        first, last = reader.tokens(m.start(), m.end())
        amount = Amount(
            m.start(), m.end(), m.start(), m.end(), Fraction(0), None, "share", 1, False, kind="vague_count"
        )
        figure = Figure(amount, (first, last), reader.doc[last - 1])
        noun = _behind_of(reader, figure)
        if noun is not None and (
            noun.tag_ in ("NNS", "NNPS")
            or noun.lower_ in ("population", "public", "electorate", "people", "country", "nation")
        ):
            figure.noun = noun
            shares.append(figure)
    return shares


_UNCOUNTED_LEMMAS = {"persons": "person", "media": "media", "data": "data"}


_ALWAYS_PLURAL = group("figure_words", "ends_in_s")


def lemma_of(noun: Token) -> str:
    if noun.lower_ in _UNCOUNTED_LEMMAS:
        return _UNCOUNTED_LEMMAS[noun.lower_]
    word = noun.text if noun.pos_ == "PROPN" else noun.lemma_ or noun.text
    if (
        noun.tag_ == "NNS"
        and word == noun.lower_
        and word.endswith("s")
        and word not in _ALWAYS_PLURAL
        and len(word) > 4
    ):
        word = word[:-1]
    if noun.pos_ in ("NOUN", "PROPN") and word == noun.text and noun.text[:1].isupper():
        for ending, instead in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("s", "")):
            if word.endswith(ending) and not word.endswith(("ss", "us")) and len(word) > 3:
                word = word[: len(word) - len(ending)] + instead
                break
    return word.lower() if noun.pos_ == "NOUN" else word


def noun_unit(figure: Figure) -> str | None:
    """The counted noun's lemma, with the common nouns compounded to it ("job cut")."""
    noun = figure.noun
    if noun is not None and noun.lower_ in ("others", "ones"):
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
    if noun.i - 2 >= figure.tokens[1] and noun.nbor(-1).text == "-" and not noun.nbor(-1).whitespace_:
        before = noun.nbor(-2)  # "two by-elections"
        return f"{before.text if before.pos_ == 'PROPN' else before.lower_}-{lemma_of(noun)}"
    return " ".join([*parts, lemma_of(noun)])
