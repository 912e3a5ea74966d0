"""Names as spans, and the names that stand inside GUM's nested entities."""

import re
from collections.abc import Iterable, Sequence

Span = tuple[int, int, str]
"""Words ``[start, end)`` and the type."""

_GUM_TYPES = {"person": "PERSON", "organization": "ORG", "place": "LOC"}
_INSIDE_NAME = {"flat", "goeswith", "compound", "nmod:desc", "amod", "nummod"}
_TITLES = frozenset(
    "mr mrs ms miss dr prof professor president senator sen rep representative governor gov sir lord lady king queen "  # noqa: SIM905
    "prince princess captain capt colonel col general gen lieutenant lt sergeant sgt minister chancellor pope saint st "
    "judge justice secretary congressman congresswoman mayor madam reverend rev father brother sister aunt uncle "
    "ambassador admiral major bishop archbishop emperor empress count duke baron speaker".split()
)


def spans_of(tags: Sequence[str]) -> list[Span]:
    """The spans of BIO tags."""
    spans: list[Span] = []
    start = -1
    for at, tag in enumerate([*tags, "O"]):
        if start >= 0 and not (tag[0] == "I" and tag[2:] == tags[start][2:]):
            spans.append((start, at, tags[start][2:]))
            start = -1
        if tag[0] == "B":
            start = at
    return spans


def span_tags(spans: Iterable[Span], length: int) -> tuple[str, ...]:
    """BIO tags of spans, the longer one where two overlap."""
    tags = ["O"] * length
    for start, end, kind in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if all(tag == "O" for tag in tags[start:end]):
            tags[start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
    return tuple(tags)


def entity_names(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """BIO names out of GUM's entities: persons, organisations and places headed by a proper noun.

    GUM marks every mention with all that depends on it ("the tall President Obama, who ..."); a name is its head with
    the proper words that belong to it, without article and title.
    """
    spans = [
        name
        for start, end, kind in _mentions(rows)
        if kind in _GUM_TYPES and (name := _name(rows, start, end, kind)) is not None
    ]
    return span_tags(spans, len(rows))


def _mentions(rows: Sequence[Sequence[str]]) -> list[Span]:
    """The bracketed entities of the MISC column (``Entity=(8-organization-new(9-place``, ``Entity=9)8)``)."""
    open_: list[tuple[str, str, int]] = []
    found: list[Span] = []
    for at, row in enumerate(rows):
        cell = next((part[7:] for part in row[9].split("|") if part.startswith("Entity=")), "")
        for bracket in re.findall(r"\([^()]+\)?|[^()]+\)", cell):
            group, _, rest = bracket.strip("()").partition("-")
            kind = rest.partition("-")[0]
            if not bracket.startswith("("):
                match = next((i for i in range(len(open_) - 1, -1, -1) if open_[i][0] == group), None)
                if match is not None:
                    _, kind, start = open_.pop(match)
                    found.append((start, at + 1, kind))
            elif bracket.endswith(")"):
                found.append((at, at + 1, kind))
            else:
                open_.append((group, kind, at))
    return found


def _name(rows: Sequence[Sequence[str]], start: int, end: int, kind: str) -> Span | None:
    inside = range(start, end)
    heads = {at: int(rows[at][6]) - 1 for at in inside}
    head = next((at for at in inside if heads[at] not in inside), None)
    if head is None or not _proper(rows[head]) or (kind == "person" and rows[head][4] == "NNPS"):
        return None
    kept = {head}
    while True:
        more = {
            at for at in inside if at not in kept and heads[at] in kept and _belongs(rows, at, kind, heads[at] == head)
        }
        if not more:
            break
        kept |= more
    first, last = min(kept), max(kept)
    while first < last and (rows[first][3] in ("DET", "PUNCT") or (kind == "person" and _is_title(rows[first][1]))):
        first += 1
    if kind == "person" and _is_title(rows[first][1]):
        return None
    return first, last + 1, _GUM_TYPES[kind]


def _belongs(rows: Sequence[Sequence[str]], at: int, kind: str, of_head: bool) -> bool:
    """Whether a dependent is part of the name: "[New] York", "University of [Durham]", "University [of] Durham"."""
    row = rows[at]
    label = row[7]
    if label in ("flat", "goeswith"):
        return True
    if label in _INSIDE_NAME:
        return _proper(row) or (label in ("amod", "nummod") and row[1][:1].isupper())
    if label == "nmod" and kind != "person" and _proper(row):
        marker = next((other for other in rows if other[6] == row[0] and other[7] == "case"), None)
        return marker is not None and marker[1].lower() in ("of", "for")
    return label in ("case", "det") and not of_head


def _proper(row: Sequence[str]) -> bool:
    return row[3] == "PROPN" or row[4] in ("NNP", "NNPS")


def _is_title(word: str) -> bool:
    return word.lower().rstrip(".") in _TITLES
