"""What a document's names are: each mention speaks for a label of its name, and so do the lists; the most votes win."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import NamedTuple

from pipelines.extract.naming.edges import ACRONYM, Span
from pipelines.extract.naming.gazetteer import (
    head_kind,
    known_type,
    place_kind,
    surely_place,
    title_kind,
    type_of_words,
    types_beside,
)
from pipelines.ingest.datelines import dateline_of
from pipelines.language.parsed import Parsed
from pipelines.lexicon.given_names import is_given_name
from pipelines.lexicon.legal_forms import legal_end
from pipelines.lexicon.plain import plain

ARTICLE = re.compile(r"^(?:[Aa]l|[Ee]l|[Aa]s|[Aa]r|[Aa]sh|[Aa]n)[-‑](?=[A-Z])")
OFFICE_HERE = re.compile(
    r" (?:(?:[Dd]eputy |[Cc]ounty |[Ss]tate )?(?:[Gg]overnor|[Mm]ayor|[Ss]enator|[Cc]ouncillor)|MP|MCA|MLA"
    r"|[Mm]ember of (?:the )?(?:[Pp]arliament|[Cc]ongress)|(?:[Aa]rch)?[Bb]ishop|[Pp]olice [Cc]hief|[Cc]ounty [Ss]heriff) "
)
"""Offices that are named after the place where they are held. Matches `` deputy mayor ``, not `` lamp ``."""
HOUSES = frozenset(("house", "center", "centre", "mall", "hotel", "camp"))
"""Words for buildings that as often name the body in them (Random House, Hurricane Center): they speak for no type."""


class Chosen(NamedTuple):
    """What a document's names were found to be; ``labels`` has the empty text where as much speaks for two labels."""

    labels: dict[str, str]
    surnames: set[str]
    given: set[str]


@dataclass(frozen=True, slots=True)
class _Mention:
    """One mention, which speaks for the label of its name; in a heading it has less to say (``weight``).

    ``before`` and ``after`` are up to thirty characters of its sentence beside it, ``following`` is the next mention.
    """

    text: str
    span: Span
    words: str
    before: str
    after: str
    weight: float
    following: Span | None


Vote = tuple[str, str, float]
"""A name, a label, and how much speaks for it."""


def _found(one: _Mention) -> Iterator[Vote]:
    """The label that it was found with."""
    yield one.words, one.span.label, one.weight


def _behind_title(one: _Mention) -> Iterator[Vote]:
    """A person behind a title: ``President Novak``."""
    if one.span.label == "PERSON" and _titled(one.text, one.span.start):
        yield one.words, "PERSON", 1.5 * one.weight


def _beside_words(one: _Mention) -> Iterator[Vote]:
    """What the words beside it tell: ``the city of Zubrin``."""
    for label, voices in types_beside(one.before, one.after):
        yield one.words, label, voices * one.weight


def _in_quotes(one: _Mention) -> Iterator[Vote]:
    """One word between quotation marks is a body's name: ``the party "Lewica"``."""
    if " " not in one.words and one.before.endswith(('"', "“", "«")) and one.after.startswith(('"', "”", "»")):
        yield one.words, "ORG", 1.5 * one.weight


def _in_dateline(one: _Mention) -> Iterator[Vote]:
    """A name in capitals that opens a report: ``ZUBRIN (Reuters) - The march ...``."""
    if one.words.isupper() and heads_dateline(one.text, one.span):
        yield one.words, "LOC", 3


def _acronym(one: _Mention) -> Iterator[Vote]:
    """An acronym of three to six letters in running text, and no place's: ``ZNPA``."""
    words = one.words
    if ACRONYM.match(words) and words.isupper() and 2 < len(words) < 7 and one.weight == 1.0 and not place_kind(words):
        yield words, "ORG", 1.2 if one.span.label == "PERSON" else 0.8


def _short_of_company(one: _Mention) -> Iterator[Vote]:
    """A company's name without its legal form: ``Zubrin`` of ``Zubrin Ltd``."""
    if one.span.label == "ORG" and legal_end().search(one.words):
        yield legal_end().sub("", one.words).rstrip(" ,"), "ORG", 1.5 * one.weight


def _place_of_office(one: _Mention) -> Iterator[Vote]:
    """A place before an office and the one who holds it, taken for a person: ``Zubrin South MP Anna Novak``."""
    following = one.following
    if one.span.label == "PERSON" and following is not None and _holds_office_in(one.text, one.span, following):
        yield one.words, "LOC", 1.5


def _last_word_of_body(one: _Mention) -> Iterator[Vote]:
    """The last word of a body's name that is no word for a body: ``Lewica`` of ``Nowa Lewica``."""
    parts = one.words.split()
    if one.span.label == "ORG" and len(parts) > 1 and parts[-1].istitle() and not head_kind(parts[-1]):
        yield parts[-1], "ORG", 0.8 * one.weight


def _full_name(one: _Mention) -> Iterator[Vote]:
    """The surname of somebody named in full, and the given name where lists know it: ``Anna`` and ``Novak``."""
    parts = _full(one.words, one.span.label)
    if parts:
        for last in _surnames(parts):
            yield last, "PERSON", 1.5 * one.weight
        if is_given_name(parts[0]):
            yield parts[0], "PERSON", 0.5 * one.weight


WITNESSES: tuple[Callable[[_Mention], Iterator[Vote]], ...] = (
    _found,
    _behind_title,
    _beside_words,
    _in_quotes,
    _in_dateline,
    _acronym,
    _short_of_company,
    _place_of_office,
    _last_word_of_body,
    _full_name,
)
"""What speaks for a name's label, mention by mention; the votes are added up, so that their order matters to nothing."""


def elected(parsed: Parsed, spans: list[Span], shouted: frozenset[str]) -> Chosen:
    """The label of each name among the spans (in order), and the surnames and given names of people named in full.

    ``shouted`` are the ids of the sentences that say less of a name: headings, and what stands in capitals throughout.
    """
    text = parsed.document.text
    votes: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in _mentions(parsed, spans, shouted):
        for witness in WITNESSES:
            for words, label, voices in witness(one):
                votes[plain(words)][label] += voices
    full = [parts for span in spans if (parts := _full(text[span.start : span.end], span.label))]
    surnames = {plain(last) for parts in full for last in _surnames(parts)}
    known = {plain(words) for span in spans if known_type(words := text[span.start : span.end])}
    short = {plain(text[b.start : b.end]) for a, b in pairwise(spans) if _abbreviates_place(text, a, b)}
    for name, labels in votes.items():
        _lists_vote(name, labels, is_surname=name in surnames, is_known=name in known, is_short=name in short)
    return Chosen({name: _winner(labels) for name, labels in votes.items()}, surnames, {parts[0] for parts in full})


def _mentions(parsed: Parsed, spans: list[Span], shouted: frozenset[str]) -> Iterator[_Mention]:
    text = parsed.document.text
    for span, following in zip_longest(spans, spans[1:]):
        sentence = parsed.sentence_at(span.start)
        before = text[max(sentence.start_char, span.start - 30) : span.start]
        after = text[span.end : min(sentence.end_char, span.end + 30)]
        weight = 0.3 if sentence.sentence_id in shouted else 1.0
        yield _Mention(text, span, text[span.start : span.end], before, after, weight, following)


def _lists_vote(
    name: str, labels: defaultdict[str, float], *, is_surname: bool, is_known: bool, is_short: bool
) -> None:
    """Adds what the lists say of a name; more than all else when they know it by itself or it is short for a place."""
    if surely_place(name.title()) and not is_surname:
        labels["LOC"] += 1.5
    if type_of_words(name.title().split()) in ("FAC", "LOC") and not HOUSES & set(name.split()):
        labels["LOC"] += 1.5
    if is_short:
        labels["LOC"] += 2 * sum(labels.values())
    elif is_known and not is_surname:
        labels["ORG"] += 2 * sum(labels.values())


def _winner(labels: dict[str, float]) -> str:
    """The label with the most votes; the empty text where another has as many."""
    top = max(labels.values())
    best = [label for label, voices in labels.items() if voices == top]
    return best[0] if len(best) == 1 else ""


def _full(words: str, label: str) -> list[str]:
    """The words of a person's full name, two to four; none for any other name."""
    parts = words.split()
    return parts if label == "PERSON" and 1 < len(parts) < 5 else []


def _surnames(parts: list[str]) -> set[str]:
    """The last word of a full name, and the same without its article: ``al-Novak``, ``Novak``."""
    return {parts[-1], ARTICLE.sub("", parts[-1])}


def _titled(text: str, start: int) -> bool:
    match = re.search(r"(?P<word>[\w.-]+)\s$", text[max(0, start - 25) : start])
    return bool(match) and (title_kind(match["word"]) or "role-part") != "role-part"  # type: ignore[index]


def _abbreviates_place(text: str, before: Span, span: Span) -> bool:
    """Whether an acronym in brackets is short for the place before it: ``Republika Srpska (RS)``."""
    if not ACRONYM.match(text[span.start : span.end]):
        return False
    place = before.label == "LOC" or place_kind(text[before.start : before.end]) is not None
    return place and text[before.end : span.start] == " (" and text[span.end : span.end + 1] == ")"


def _holds_office_in(text: str, span: Span, following: Span) -> bool:
    """Whether a name stands before an office and the one who holds it, as a place does: ``Zubrin South MP Anna Novak``."""
    return following.label == "PERSON" and OFFICE_HERE.fullmatch(text, span.end, following.start) is not None


def heads_dateline(text: str, span: Span) -> bool:
    """Whether a name in capitals opens a paragraph as the place of a dateline: ``ZUBRIN (Reuters) - The march ...``."""
    if text[span.start - 1 : span.start] not in ("", "\n"):
        return False
    found = dateline_of(text, span.start)
    return found is not None and found.agency is not None and span.end <= found.place_end
