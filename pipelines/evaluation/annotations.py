"""The format of ``tests/gold/guidelines.md``: texts with marks for claims, quantities and names, one document a file.

A mark is ``{s1|…}`` (the source of claim 1), ``{c1|…}`` (its cue), ``{x1|…}`` (its content), ``{q1|…}`` (a quantity), ``{r1|…}``
(its referent) or ``{n:PERSON|…}`` (a name); marks nest, and one may carry several (``{s1,s2|…}``). A line ``#x1 …`` or
``#q1 …`` says what the mark is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

KINDS = ("direct", "mixed", "indirect", "assertion")
ACTS = ("speech", "thought", "attitude")
STATUSES = ("said", "denied", "possible", "future", "hypothetical")
STANCES = ("denies", "doubts", "asks", "promises", "hedges")
TYPES = ("PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "PRODUCT", "WORK")
MODIFIERS = ("approx", "at_least", "at_most", "more_than", "less_than")
CHANGES = ("up", "down")

# {s1|  {s1,s2|  {n:PERSON|: the label of a mark, behind its brace.
LABEL = re.compile(r"(?P<label>n:[A-Z]+|[scxqr]\d+(?:,[scxqr]\d+)*)\|")
ABOUT = re.compile(r"#(?P<key>[xq]\d+) (?P<rest>.*)")
OPTION = re.compile(r'(?P<name>\w+)=(?P<value>"[^"]*"|\S+)')


class BadAnnotation(ValueError):  # noqa: N818 - it says what is wrong
    """An annotated file that does not follow the guidelines: one line a fault, each with file and line."""


class Span(NamedTuple):
    """Characters of the text, the end exclusive."""

    start: int
    end: int


class GoldClaim(NamedTuple):
    """One attribution, or an assertion of the author's own (no source, no cue). ``stance`` is null for a plain assertion.

    ``speaker`` is the full name of who said it where the document tells it; null where the line gives none.
    """

    kind: str
    act: str
    status: str
    stance: str | None
    speaker: str | None
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


class GoldFigure(NamedTuple):
    """One quantity. ``value`` is null for a vague amount, ``unit`` for a bare number, ``value_max`` where there is no range."""

    span: Span
    value: float | None
    value_max: float | None
    unit: str | None
    modifier: str | None
    change: str | None
    referent: tuple[Span, ...]


class GoldName(NamedTuple):
    """One mention of a name, without article, title or possessive."""

    span: Span
    type: str


@dataclass(frozen=True)
class GoldDocument:
    """One annotated text; ``published_on`` is null where it is meant to have none."""

    id: str
    genre: str
    published_on: date | None
    text: str
    claims: tuple[GoldClaim, ...]
    figures: tuple[GoldFigure, ...]
    names: tuple[GoldName, ...]


@dataclass
class _Marks:
    """The text without its marks, the spans by label, and the lines about them with the number of each line in its file."""

    text: str = ""
    spans: dict[str, list[Span]] = field(default_factory=dict)
    names: list[GoldName] = field(default_factory=list)
    about: dict[str, tuple[int, str]] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)

    def of(self, label: str) -> tuple[Span, ...]:
        """The spans that carry this label, in order."""
        return tuple(sorted(self.spans.get(label, ())))


def read(path: Path) -> GoldDocument:
    """The document of an annotated file.

    Raises:
        BadAnnotation: it does not follow the guidelines.
    """
    return parsed(path.read_text("utf-8"), path.name)


def parsed(source: str, name: str) -> GoldDocument:
    """The document that ``source`` annotates; ``name`` stands in messages.

    Raises:
        BadAnnotation: it does not follow the guidelines.
    """
    head, _, body = source.partition("\n\n")
    about = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())}
    marks = _marks(body, first_line=head.count("\n") + 3)
    faults = marks.faults
    if not about.get("id"):
        faults.append((1, "the header wants an id"))
    if not re.fullmatch("[a-z_]+", about.get("genre", "")):
        faults.append((1, "the header wants a genre, such as news or forum_post"))
    claims = [claim for key in marks.about if key[0] == "x" for claim in _claim(key, marks)]
    figures = [figure for key in marks.about if key[0] == "q" for figure in _figure(key, marks)]
    for label in marks.spans:
        key = {"s": "x", "c": "x", "r": "q"}.get(label[0], label[0]) + label[1:]
        if key not in marks.about:
            faults.append((1, f"{label} is marked, and no line #{key} says what it is"))
    published_on = _day(about.get("published_on"), faults)
    if faults:
        raise BadAnnotation("\n".join(f"{name}, line {line}: {what}." for line, what in sorted(faults)))
    names = sorted(marks.names)
    return GoldDocument(
        about["id"], about["genre"], published_on, marks.text, tuple(claims), tuple(figures), tuple(names)
    )


def _day(given: str | None, faults: list[tuple[int, str]]) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        faults.append((1, f"published_on is {given}, and wants a day as 2021-04-17"))
        return None


def _marks(body: str, first_line: int) -> _Marks:
    """The marks of a body; lines of the file are counted from ``first_line``."""
    marks = _Marks()
    kept: list[tuple[int, str]] = []
    for number, line in enumerate(body.split("\n"), first_line):
        if m := ABOUT.fullmatch(line.rstrip()):
            if m["key"] in marks.about:
                marks.faults.append((number, f"#{m['key']} stands twice"))
            marks.about[m["key"]] = number, m["rest"]
        elif line.strip() or (kept and kept[-1][1].strip()):
            kept.append((number, line))
    while kept and not kept[-1][1].strip():
        kept.pop()
    pieces: list[str] = []
    opened: list[tuple[str, int, int]] = []
    length = 0
    for number, char, label in _steps(kept):
        if label is not None:
            opened.append((label, length, number))
        elif char == "}" and opened:
            label, start, _ = opened.pop()
            _close(marks, label, "".join(pieces), start, number)
        elif char in ("{", "}"):
            marks.faults.append((number, f"a brace that {'opens' if char == '{' else 'closes'} no mark"))
        else:
            pieces.append(char.removeprefix("\\"))
            length += 1
    marks.faults += [(number, f"the mark {label} is never closed") for label, _, number in opened]
    marks.text = "".join(pieces)
    return marks


def _steps(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str, str | None]]:
    """Line number, character (a literal brace or bar with its backslash), and the label where a mark opens."""
    for number, line in lines:
        at, line = 0, line + "\n"
        while at < len(line):
            if line[at] == "\\" and line[at + 1] in "{}|\\":
                yield number, line[at : at + 2], None
                at += 2
            elif line[at] == "{" and (m := LABEL.match(line, at + 1)):
                yield number, "{", m["label"]
                at = m.end()
            else:
                yield number, line[at], None
                at += 1


def _close(marks: _Marks, label: str, text: str, start: int, number: int) -> None:
    """Notes a mark that closes at the end of ``text``; white space at its edges is outside."""
    inside = text[start:]
    span = Span(start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip()))
    if span.start >= span.end:
        marks.faults.append((number, f"the mark {label} holds nothing"))
    elif not label.startswith("n:"):
        for one in label.split(","):
            marks.spans.setdefault(one, []).append(span)
    elif label[2:] in TYPES:
        marks.names.append(GoldName(span, label[2:]))
    else:
        marks.faults.append((number, f"{label[2:]} is no type of name; there are {', '.join(TYPES)}"))


def _claim(key: str, marks: _Marks) -> Iterator[GoldClaim]:
    number, rest = marks.about[key]
    options = {m["name"]: m["value"].strip('"') for m in OPTION.finditer(rest)}
    words = OPTION.sub("", rest).split()
    content = marks.of(key)
    stance = options.get("stance")
    if len(words) != 3 or words[0] not in KINDS or words[1] not in ACTS or words[2] not in STATUSES:
        marks.faults.append((number, f"#{key} {rest}: wants kind, act and status"))
    elif stance is not None and stance not in STANCES:
        marks.faults.append((number, f"#{key}: {stance} is no stance; there are {', '.join(STANCES)}"))
    elif not content:
        marks.faults.append((number, f"#{key} has no content: nothing is marked {key}"))
    else:
        source, cue = marks.of(f"s{key[1:]}"), marks.of(f"c{key[1:]}")
        yield GoldClaim(words[0], words[1], words[2], stance, options.get("speaker") or None, source, cue, content)


def _figure(key: str, marks: _Marks) -> Iterator[GoldFigure]:
    number, rest = marks.about[key]
    value, unit, *others = [*rest.split(), "", ""][: max(2, len(rest.split()))]
    odd = [word for word in others if word not in (*MODIFIERS, *CHANGES)]
    spans = marks.of(key)
    low, _, high = value.partition("..")
    try:
        least, most = (None if low == "vague" else float(low)), (float(high) if high else None)
    except ValueError:
        odd.append(value)
        least = most = None
    if odd or not unit:
        marks.faults.append((number, f"#{key} {rest}: wants value, unit, and perhaps a modifier and a change"))
    elif not spans:
        marks.faults.append((number, f"#{key} stands nowhere: nothing is marked {key}"))
    else:
        modifier = next((word for word in others if word in MODIFIERS), None)
        change = next((word for word in others if word in CHANGES), None)
        referent = marks.of(f"r{key[1:]}")
        yield GoldFigure(spans[0], least, most, None if unit == "1" else unit, modifier, change, referent)
