"""Names that only their last word gives away and the model left out or broke: ``Munich Security Conference``, ``Federal Chancellery``."""

import re
from bisect import bisect_left, bisect_right
from functools import cache

from spacy.tokens import Doc

from pipelines.extract.naming.edges import Span, touching
from pipelines.extract.naming.gazetteer import calendar_words, head_kind, is_demonym, place_kind, title_kind
from pipelines.lexicon.entries import entries, group
from pipelines.lexicon.given_names import is_given_name
from pipelines.lexicon.plain import plain

PROPER = frozenset(("NNP", "NNPS", "JJ"))
SMALL = group("name_words", "opening")


@cache
def _headed() -> re.Pattern[str]:
    """Capitalised words up to one that tells a body or an event."""
    heads = sorted(row["form"] for row in entries("organisation_words") if row["sure"])
    return re.compile(
        rf"(?<![\w.'’-])(?:[A-Z][\w’'-]*[ ]){{1,5}}(?:{'|'.join(map(re.escape, heads))})(?![\w’'-]| of\b| for\b| on\b| [A-Z])"
    )


def called(text: str, doc: Doc, spans: list[Span], shouted: list[tuple[int, int]]) -> list[Span]:
    """The spans (in order) with the full names that the model left out: a known given name and one more proper noun, outside headlines."""
    found = list(spans)
    starts: list[int] = doc.to_array("IDX").tolist()
    loud = [begin for begin, _ in shouted]
    for match in _full_names().finditer(text):
        start, end = match.span()
        given, last = match["given"], match["last"]
        if not is_given_name(given) or touching(found, start, end) or _holds(shouted, loud, start):
            continue
        if is_given_name(last) or place_kind(last) or head_kind(last) or title_kind(last) or title_kind(given):
            continue
        if plain(last) in calendar_words() or plain(given) in calendar_words() or is_demonym(last) or is_demonym(given):
            continue
        first, stop = bisect_left(starts, start), bisect_left(starts, end)
        are_words = (
            starts[first : first + 1] == [start] and first < stop and starts[stop - 1] + len(doc[stop - 1]) == end
        )
        if not are_words or any(token.tag_ != "NNP" for token in doc[first:stop]):
            continue
        before = doc[first - 1] if first else None
        if before is not None and before.tag_ == "NNP" and not (title_kind(before.text) or is_demonym(before.text)):
            continue
        at = bisect_right(found, start, key=lambda span: span.end)
        found.insert(at, Span(start, end, "PERSON", 0.6))
    return found


def _holds(stretches: list[tuple[int, int]], starts: list[int], at: int) -> bool:
    """Whether one of the stretches (in order, none overlapping another) with these starts holds an offset."""
    before = bisect_right(starts, at)
    return before > 0 and at < stretches[before - 1][1]


@cache
def _full_names() -> re.Pattern[str]:
    return re.compile(
        r"(?<![\w.'’&-])(?P<given>[A-Z][a-zà-ÿ]{2,})[ ](?P<last>[A-Z][a-zà-ÿA-Z’'-]*[a-zà-ÿ]{2})(?![\w-]|[ ][A-Z]|[ ](?:of|and [A-Z])\b)"
    )


def headed(text: str, doc: Doc, starts: list[int], spans: list[Span], shouted: list[tuple[int, int]]) -> list[Span]:
    """The spans (in order) with the names told by their last word, which take in the places that lie in them.

    A person's or a body's name is never taken in, nor is a place with nothing but the word (``Iraq War``): it is named there too.
    """
    found = list(spans)
    loud = [begin for begin, _ in shouted]
    for match in _headed().finditer(text):
        start, end = match.span()
        words = match[0].split()
        while words and (words[0] in SMALL or title_kind(words[0]) or plain(words[0]) in calendar_words()):
            start += len(words[0]) + 1
            words = words[1:]
        kind = head_kind(words[-1]) if len(words) > 1 else None
        held = touching(found, start, end)
        place_only = len(words) == 2 and bool(held)
        if kind is None or place_only or any(s.label != "LOC" or s.start < start or s.end >= end for s in held):
            continue
        tokens = doc[bisect_left(starts, start) : bisect_left(starts, end)]
        if any(token.tag_ not in PROPER for token in tokens) or tokens[-1].tag_ not in ("NNP", "NNPS"):
            continue
        if _holds(shouted, loud, start):
            continue
        at = bisect_right(found, start, key=lambda span: span.end)
        found[at : at + len(held)] = [Span(start, end, "EVENT" if kind == "EVENT" else "ORG", 0.6)]
    return found
