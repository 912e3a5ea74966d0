"""What kind of source it is: an outlet, somebody who does not want to be named."""

import re
from functools import cache

from pipelines.extract.attribution.cue.subjects import noun_class
from pipelines.extract.attribution.tree import Span, Tree
from pipelines.lexicon.entries import entries, group
from pipelines.lexicon.person_words import person_words

_UNNAMED = re.compile(
    r"not to be (?:named|identified|quoted)|anonym|unnamed|unidentified|declined to be (?:named|identified)"
)
"""Matches ``asked not to be named``, not ``asked not to be late``."""
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
PEOPLE = (
    "ist",
    "ists",
    "er",
    "ers",
    "or",
    "ors",
    "people",
    "men",
    "women",
    "man",
    "woman",
    "ian",
    "ians",
    "ents",
    "ant",
)
"""Endings of nouns for people."""
_SOME = group("claim_words", "some")


def is_anonymous(tree: Tree, head: int, span: Span) -> bool:
    """Whether the source is a person who stays without a name: sources, an official, somebody who asked not to be named."""
    text = tree.parsed.document.text[span[0] : span[1] + 90].split("\n")[0].lower()
    if _UNNAMED.search(text):
        return True
    if tree.lemma[head] in group_words():
        return False
    if noun_class(tree, head) == "source":
        return True
    return tree.tag[head] == "NN" and any(tree.lower[i] in _SOME for i in tree.children[head])


@cache
def group_words() -> frozenset[str]:
    """Words for many people at once: personnel, majority, most."""
    return frozenset(row["form"] for row in entries("group_words"))


def is_group(tree: Tree, head: int) -> bool:
    """Whether a source is many people: a plural, a collective noun, a share of people, several joined by "and"."""
    if tree.tag[head] in ("NNS", "NNPS") or tree.lower[head] in THEY:
        return True
    return tree.lower[head] in group_words() or tree.lemma[head] in group_words() or bool(tree.kids(head, "conj"))


def is_somebody(tree: Tree, head: int) -> bool:
    """Whether a noun is for a person, as far as the lexicon or its ending tells."""
    noun = tree.lemma[head]
    if noun in person_words() or noun_class(tree, head) in ("source", "leader"):
        return True
    return tree.pos[head] in ("NOUN", "PROPN") and noun.endswith(PEOPLE)
