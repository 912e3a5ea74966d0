"""Whether four bare digits are a year or count something: the one judge, whom dates and figures both ask.

In news nearly all are years: of 936 such numbers in the annotated texts two count. So a number counts only where something
beside it says so: a plural noun that is counted, an amount's words before it, a verb that agrees with a crowd.
"""

import re
from functools import cache

from spacy.tokens import Token

from pipelines.lexicon.entries import alternation, either, entries

SHAPE = re.compile(r"1\d{3}|2[01]\d\d")
"""Digits that may be a year: 1000 to 2199."""
FIRST, LAST = 1900, 2060
"""Years that news names without more; others before a counted noun are counts: "the 1500 workers"."""
OLDEST_EVENT = 1700
"""The first year by which an event is called with an article: "the 1789 revolts"."""
_BEFORE_CHARS = 24
"""Characters before a number that are looked at: the longest phrase of ``year_words`` has 14, and white space."""


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(row["form"] for row in entries("year_words") if row["kind"] == kind)


@cache
def _count_before() -> re.Pattern[str]:
    """Words after which digits count, at the end of what stands before them: "a total of ", "at least "."""
    return re.compile(rf"\b(?:{alternation(_words('count'))})\s$", re.IGNORECASE)


_BLURRED = re.compile(
    r"\b(?:about|around|roughly|approximately|nearly|almost|some|over|only|just|exactly|another)\s$", re.IGNORECASE
)
"""Before a counted noun these count; before digits alone they may blur a year ("around 2015"). Matches ``about ``, not ``in ``."""
_COMPARED = re.compile(
    r"\b(?:over|above|below|under|beyond|nearly|almost|exceed(?:s|ed|ing)?|(?:up|down) from|(?:figure|number|toll|total|count) (?:at|of))\s$",
    re.IGNORECASE,
)
"""Before digits alone these compare an amount, "rose above 1793", but for a year of today that is not round: "above 2019".
Matches ``a total of ``, not ``a bowl of ``."""
PLAIN_FROM = 1950
"""From this year on a number after "above" is rather a year than an amount, were it not round; chosen, not measured."""
_IN_TIME = re.compile(
    rf"\b(?:{either('time_contexts', 'in_time')})[\s-]$",
    re.IGNORECASE,
)
_UNTIL_BOUND = re.compile(
    r"\b(?:until|till|by|through|to|in|for|since|from)\s(?:at (?:least|most)|up to|more than)\s$", re.IGNORECASE
)
"""A bound on a time: "until at least 2030". Matches ``until at least ``, not ``at least ``."""
_ARTICLE = re.compile(
    r"(?:\b(?:the|this|that|its|his|her|their|our|my|your|last|those|these)|['’]s|s['’])\s$", re.IGNORECASE
)
"""Matches ``the company's ``, not ``company ``."""
_OF = re.compile(r"\b(?:of|for)\s$", re.IGNORECASE)
_LISTED = re.compile(r"(?:\b(?:1[4-9]|20)\d\d(?:,\s|,?\s(?:and|or|to)\s))+$")
"""Other years before it in a list: "the 2011 and 2017 censuses"."""
_PARTITIVE = re.compile(r"(?:^|[.;:,]\s|\n)Of the\s$")
"""A whole of which a part follows: "Of the 1876 passengers 1790 were rescued"."""
_OF_CROWD = re.compile(r"\s+(?:of\s+(?:them|us|these|those|whom|which)|were|are|have)\b", re.IGNORECASE)
"""Behind digits that count: "2100 of them", "1790 were rescued"; a year takes no plural verb. Matches `` were rescued``, not `` lamps``."""
_THROUGH = re.compile(r"\s?[-–]\s?(?:1\d|20|21)\d\d\b")
"""Behind the first of two years: "2000 - 2050"."""
_PLURAL_VERBS = frozenset(["were", "are", "have", "do"])


def counts(token: Token, text: str) -> bool:
    """Whether these four digits, a token of a parsed text, count something and are no year.

    ``text`` is the document's. A token of another shape ("2006/07", "1865Guerrilla") does not.
    """
    if not SHAPE.fullmatch(token.text):
        return False
    start, end = token.idx, token.idx + len(token)
    before = text[max(0, start - _BEFORE_CHARS) : start]
    if _THROUGH.match(text, end):
        return False
    if _OF_CROWD.match(text, end) and not _IN_TIME.search(before):
        return True
    if _count_before().search(before) and not _UNTIL_BOUND.search(before):
        return True
    noun = _counted_noun(token)
    if noun is not None:
        return _noun_is_counted(token, noun, before)
    if _COMPARED.search(before) and not (PLAIN_FROM <= int(token.text) <= LAST and int(token.text) % 10):
        return True
    return _verb_is_of_a_crowd(token)


def _counted_noun(token: Token) -> Token | None:
    """The plural noun behind the digits that they may count, at most three words off: "2020 new lamps"; null for none."""
    doc = token.doc
    if token.i + 1 < len(doc) and doc[token.i + 1].tag_ in ("NNS", "NNPS"):
        return doc[token.i + 1] if not token.nbor(1).is_sent_start else None
    head = token.head
    if head.tag_ in ("NNS", "NNPS") and 0 < head.i - token.i <= 3 and token.dep_ in ("nummod", "compound"):
        return head
    return None


def _noun_is_counted(token: Token, noun: Token, before: str) -> bool:
    year = int(token.text)
    is_recent = FIRST <= year <= LAST
    before = _LISTED.sub("", before)
    if _BLURRED.search(before):
        return True
    is_told_apart = token.i > 0 and token.nbor(-1).tag_ == "CD" and token.nbor(-1).text.isalpha()  # "five 1976 fights"
    if is_told_apart or noun.text[:1].isupper() or noun.lower_ in _words("yearly"):
        return not OLDEST_EVENT <= year <= LAST
    if _PARTITIVE.search(before):
        return True
    if _ARTICLE.search(before):
        return not OLDEST_EVENT <= year <= LAST or (year % 100 == 0 and year not in (1900, 2000))
    if _IN_TIME.search(before):
        own_clause = noun.dep_.startswith("nsubj") and noun.head.i > noun.i
        return not own_clause and not is_recent
    if _OF.search(before):
        return not is_recent or year % 10 == 0
    return True


def _verb_is_of_a_crowd(token: Token) -> bool:
    """Digits without a noun that are what a plural verb, or a verb of capacity, speaks of: "1900 were rebuilt", "seats 1945"."""
    verb = token.head
    if token.dep_.startswith("nsubj") and verb.i != token.i:
        agreeing = [verb, *(child for child in verb.children if child.dep_.startswith(("aux", "cop")))]
        forms = {word.lower_ for word in agreeing}
        if forms & _PLURAL_VERBS:
            return True
        is_year = bool(forms & _words("singular")) or FIRST <= int(token.text) <= LAST
        return not is_year and verb.tag_ in ("VBD", "VBN", "VBP")
    return token.dep_ == "obj" and verb.lemma_.lower() in _words("capacity")
