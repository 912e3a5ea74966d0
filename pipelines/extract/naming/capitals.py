"""Names by their capitals: what is left of name finding where there is no language model."""

import re

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Sentence

from pipelines.extract.naming.edges import ACRONYM, Span
from pipelines.extract.naming.gazetteer import (
    calendar_words,
    head_kind,
    is_demonym,
    particles,
    place_kind,
    title_kind,
    type_of_words,
)
from pipelines.lexicon.given_names import is_given_name
from pipelines.lexicon.plain import plain

JOINERS = frozenset(("of", "for", "on", "the"))
SURNAME = re.compile(
    r"(?:[oe]v|[oe]va|[iy]n|ina|sk[iy]y?|ska|enk[oa]|[vw]i[ct]z?h?|son|sen|berg|man+|stein|shvili|dze|yan|uk|chuk)$"
)
"""Matches ``Ivanova``, not ``Lamp``."""
CONFIDENCE = 0.5
"""Of a name that capitals alone tell: half, as nothing else speaks for it."""


def from_capitals(doc: Doc) -> list[Span]:
    """Runs of capitalised words, with small joiners inside bodies' names, labelled by lists.

    A sentence's first word counts only when the same word stands capitalised inside a sentence too, or when a list knows
    it. A sentence in capitals or in Title Case gives nothing but what the lists know.
    """
    inside = {token.text for sentence in doc.sents for token in list(sentence)[1:] if token.text[:1].isupper()}
    return [span for sentence in doc.sents for span in _in_sentence(sentence, inside)]


def _in_sentence(sentence: Sentence, inside: set[str]) -> list[Span]:
    words = [token for token in sentence if not token.is_space]
    letters = [token for token in words if token.is_alpha]
    shouting = len(letters) > 2 and sum(token.text[:1].isupper() for token in letters) > 0.7 * len(letters)
    spans: list[Span] = []
    run: list[Token] = []
    for at, token in enumerate(words):
        follows = words[at + 1].text[:1].isupper() if at + 1 < len(words) else False
        if _starts_name(token, at == 0, inside) or _joins(token, run, follows):
            run.append(token)
            continue
        spans += _labelled(run, words, shouting)
        run = []
    return spans + _labelled(run, words, shouting)


def _starts_name(token: Token, first: bool, inside: set[str]) -> bool:
    word = token.text
    if not word[:1].isupper() or token.is_punct or word == "I" or plain(word) in calendar_words():
        return False
    if not first:
        return True
    known = place_kind(word) or title_kind(word) or is_given_name(word) or head_kind(word) or word in inside
    return bool(known or (len(word) > 1 and ACRONYM.match(word))) and word not in ("The", "In", "A", "On", "At", "It")


def _joins(token: Token, run: list[Token], capital_follows: bool) -> bool:
    """Whether a small word goes on with a name: ``of`` in a body's name, a particle in a person's."""
    if not run:
        return False
    if token.text in JOINERS:
        return (capital_follows or token.text != "the") and any(head_kind(word.text) for word in run)
    return token.text in particles() and capital_follows


def _labelled(run: list[Token], words: list[Token], shouting: bool) -> list[Span]:
    while run and (run[-1].text in JOINERS or run[-1].text in particles()):
        run = run[:-1]
    if not run:
        return []
    at = words.index(run[0])
    label = _label([token.text for token in run], words[at - 1].text if at else "", shouting)
    return [Span(run[0].idx, run[-1].idx + len(run[-1]), label, CONFIDENCE)] if label else []


def _label(words: list[str], before: str, shouting: bool) -> str | None:
    text = " ".join(words)
    if place_kind(text):
        return "LOC"
    if shouting or all(is_demonym(word) for word in words):
        return None
    while len(words) > 1 and (title_kind(words[0]) or is_demonym(words[0])) and head_kind(words[-1]) is None:
        words, before = words[1:], words[0]
    kind = type_of_words(words)
    if kind:
        return "LOC" if kind in ("GPE", "FAC", "LOC") else "ORG"
    if len(words) == 1 and ACRONYM.match(words[0]):
        return "ORG"
    if title_kind(before) or is_given_name(words[0]) or len(words) in (2, 3):
        return "PERSON"
    return "PERSON" if SURNAME.search(words[-1]) else "ORG"
