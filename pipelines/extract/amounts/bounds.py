"""What the words around a figure say of it: a bound or an approximation, and whether it is a rise or a fall."""

import re
from functools import cache

from spacy.tokens import Token

from pipelines.lexicon.entries import alternation, entries, group

_FILLERS = r"(?:(?:the\s+)?(?:another|an additional|additional|a further|further|a total of|a combined|a record|an average of|the equivalent of|(?:the )?ages? of)\s+)?"
_NUMBER_FOLLOWS = r"(?!\s*[,(]?\s*(?:[\d$€£]|than\b|of\b|(?:one|two|three|four|five|six|seven|eight|nine|ten|a hundred|a thousand|a million)\b))"


@cache
def _before() -> tuple[re.Pattern[str], dict[str, str]]:
    forms = {row["form"]: row["value"] for row in entries("bounds") if row["position"] == "before"}
    options = alternation(forms)
    article = r"(?P<article>(?<=[a-z])\san?(?=\s$))?"
    return re.compile(rf"(?:(?<![\w-])|(?=[~<>≥≤≈∼]))(?P<form>{options}){article}\s?{_FILLERS}$", re.IGNORECASE), forms


@cache
def _after() -> tuple[re.Pattern[str], dict[str, str]]:
    forms = {row["form"]: row["value"] for row in entries("bounds") if row["position"] == "after"}
    options = alternation(forms)
    return re.compile(rf"(?:\s|,\s)?(?P<form>{options})(?![\w])(?P<rest>{_NUMBER_FOLLOWS})", re.IGNORECASE), forms


def bound_before(text: str, start: int) -> tuple[str, int] | None:
    """The modifier that ends where the figure begins ("no fewer than", "~"), and where its words begin; or null."""
    floor = max(0, start - 44)
    window = text[floor:start].replace("\n", " ")
    pattern, forms = _before()
    tail = window[-1:]
    if not tail or not (tail.isspace() or tail in "~<>=≥≤≈∼-"):
        return None
    m = pattern.search(window)
    if m is None:
        return None
    form = m["form"].lower()
    if m["article"] is not None and form not in _BEFORE_ARTICLE:
        return None
    if form == "over" and _HANDED.search(window, 0, m.start("form")) is not None:
        return None
    if form in ("c.", "ca.") and m.start() and window[m.start() - 1] not in " (":
        return None
    if form.startswith("exceed") and (denied := _DENIED.search(window, 0, m.start("form"))) is not None:
        return "at_most", floor + denied.start()  # "does not exceed 3.4 %"
    if form in _TURNED and _FORBIDDEN.search(window, 0, m.start("form")) is not None:
        return _TURNED[form], floor + m.start()  # "should not amount to more than 28 %"
    return forms[form], floor + m.start()


_TURNED = {"more than": "at_most", "over": "at_most", "less than": "at_least", "fewer than": "at_least"}
_FORBIDDEN = re.compile(
    r"\b(?:should|must|do|does|did|can|could|will|would|may|shall)(?: not|n['’]t) (?:[a-z]+ ){0,3}$|\bnever (?:[a-z]+ ){0,2}$",
    re.IGNORECASE,
)
"""Matches ``must not ever cost ``, not ``must cost ``."""
_BEFORE_ARTICLE = group("figure_words", "before_article")
"""Bounds that may have an article between them and the number: "about a 10% rise", but not "over a 12-month period"."""
_HANDED = re.compile(r"\b(?:hand|turn|sign|roll|flip|tick)(?:s|ed|ing)?\s$", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:(?:do|does|did|must|may|should|will|would|could|can)\s*)?(?:not|n['’]t|never)\s+$|\bnever\s+$", re.IGNORECASE
)
"""Matches ``does not ``, not ``nothing ``."""


_ENDS = re.compile(r"\s*(?:[,.;)]|\Z|\n)")


def bound_after(text: str, end: int) -> str | None:
    """The modifier that begins where the figure ends ("or so", ", give or take", "-odd", "+"), or null."""
    pattern, forms = _after()
    m = pattern.match(text, end, end + 40)
    if m is None:
        return None
    form = m["form"].lower()
    if form == "+" and m.start("form") != end:
        return None
    if form == "plus" and not text[end - 1].isdigit() and not _ENDS.match(text, m.end()):
        return None  # "1,200 euros a month plus lodging"
    if form in ("odd", "plus", "minimum", "maximum", "approximately", "roughly") and form not in ("odd", "plus"):
        return forms[form] if re.match(r"\s*(?:[,.;)]|$)", text[m.end() : m.end() + 3]) else None
    return forms[form]


@cache
def _changes(kind: str) -> dict[str, str]:
    return {row["form"]: row["value"] for row in entries("changes") if row["kind"] == kind}


@cache
def measure_nouns() -> frozenset[str]:
    """Lemmas of nouns that a number tells the size of and does not count: "the 32,000 gain", "the 500 limit"."""
    return frozenset(_changes("noun")) | frozenset(_changes("measure"))


@cache
def change_nouns() -> frozenset[str]:
    """Lemmas of nouns of rise and fall: "increase", "drop"."""
    return frozenset(_changes("noun"))


@cache
def change_verbs() -> frozenset[str]:
    """Lemmas of verbs of rise and fall."""
    return frozenset(_changes("verb"))


_OBJECT_LIKE = frozenset(
    {
        "obj",
        "obl",
        "obl:agent",
        "obl:unmarked",
        "nmod:unmarked",
        "advmod",
        "dep",
        "obl:npmod",
        "obl:tmod",
        "ccomp",
        "xcomp",
        "iobj",
        "nummod",
        "nmod",
        "advcl",
        "conj",
    }
)


def change_of(head: Token, before: Token | None, after: Token | None, unit_kind: str) -> str | None:
    """``up`` or ``down`` when the figure is by how much something rose or fell ("rose 3%", "down 18 pence"), else null.

    ``head`` is the figure's head token, ``before`` the token before the figure and its bound words. "To 7,031" and
    "from 12" are where it came to or came from, and no change.
    """
    behind = after.lower_ if after is not None else ""
    if behind in ("lower", "higher") and unit_kind in ("percent", "money"):
        return "up" if behind == "higher" else "down"
    if unit_kind in ("age", "duration") and (before is None or before.lower_ != "by"):
        return None
    if before is not None:
        if _is_level(before, behind, unit_kind):
            return None
        if (direction := _by_adverb(before)) is not None:
            return direction
        direction = _changes("verb").get(before.lemma_.lower())
        if direction is not None and before.pos_ in ("VERB", "AUX", "ADV"):
            return None if _is_pay(before, unit_kind) or _is_done_to(before, head, unit_kind) else direction
    return _by_governor(head, unit_kind)


def _is_level(before: Token, behind: str, unit_kind: str) -> bool:
    """As in "to 7,031", "made up 6 %", "gained 19 % of the vote": where it came to, or what share it is."""
    if before.lower_ in ("to", "at", "from", "in") or (before.lemma_ == "gain" and behind == "of"):
        return True
    if before.dep_ != "compound:prt" or before.lower_ not in _changes("adverb"):
        return False
    return unit_kind in ("count", "vague_count") or before.head.lemma_.lower() in _changes("phrasal")


def _by_adverb(before: Token) -> str | None:
    """As in "up 3%", "down by 3%"."""
    if before.lower_ == "by" and before.i > 0:
        direction = _changes("adverb").get(before.nbor(-1).lower_)
        if direction is not None:
            return direction
    return _changes("adverb").get(before.lower_) if before.tag_ != "NN" else None


def _by_governor(head: Token, unit_kind: str) -> str | None:
    """As in "fell by a record 3%": the verb or adverb that the tree puts above the figure, two steps up at most."""
    if any(child.dep_ == "cop" for child in head.lefts):  # "have lost five and are three points above them"
        return None
    governor = head
    for _ in range(2):
        case = next((child.lower_ for child in governor.lefts if child.dep_ in ("case", "mark")), None)
        if governor.dep_ not in _OBJECT_LIKE or case not in (None, "by"):
            return None
        if governor.dep_ == "conj" and governor.head.pos_ == "VERB":
            return None
        governor = governor.head
        if governor.pos_ in ("VERB", "ADV", "AUX", "ADP") or governor.tag_.startswith("VB"):
            break
    is_verb = governor.pos_ == "VERB"
    direction = _changes("verb").get(governor.lemma_.lower()) if is_verb else _changes("adverb").get(governor.lower_)
    if direction is None or _is_pay(governor, unit_kind) or governor.i > head.i:
        return None
    return None if _is_done_to(governor, head, unit_kind) else direction


STEPS = group("figure_words", "step")


def _is_done_to(verb: Token, head: Token, unit_kind: str) -> bool:
    """As in "dropped 300 bombs", "sank three ships", "sank the knife four inches": what was done, and nothing fell."""
    if verb.lemma_.lower() not in _changes("done_to") or any(c.dep_ == "case" for c in head.lefts):
        return False
    if unit_kind in ("count", "vague_count"):
        return head.dep_ == "obj" and head.lemma_.lower() not in STEPS
    return unit_kind == "distance" and any(c.dep_ == "obj" and c.i != head.i for c in verb.rights)


def _is_pay(verb: Token, unit_kind: str) -> bool:
    """As in "Raised $5m" and "added 3 players" are what was got, not by how much a thing rose."""
    if verb.lemma_ == "lose" and unit_kind == "money":
        return any(
            child.dep_ == "nsubj" and child.lower_ in ("he", "she", "i", "we", "they", "you") for child in verb.children
        )
    by_how_much = any(
        c.dep_.startswith("obl") and any(g.lower_ == "by" for g in c.lefts) and c.text in "$£€" for c in verb.rights
    )
    return verb.lemma_ in ("raise", "add", "improve", "lift") and unit_kind in ("money", "count") and not by_how_much
