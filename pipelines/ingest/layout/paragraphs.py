"""A text to its paragraphs: by blank lines, by line ends, or by both, as the text itself is written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
MARKER = re.compile(r"(?P<marker>\(?(?P<number>\d{1,2})[.)])(?=\s|$)")
TERMINAL = re.compile(r"[.!?…:;。！？][\"'”’»“)\]\s]*$")
NARROW, WIDE = 40, 110
"""Between which widths a text counts as wrapped: narrower is verse or a table, wider is one paragraph a line."""


@dataclass(frozen=True, slots=True)
class Span:
    """``[start, end)`` in code points, without white space at its ends; ``gap`` tells whether a blank line stands before it."""

    start: int
    end: int
    gap: bool = True


def paragraphs(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The paragraphs of a text or of a part of it, in order; together they hold everything but white space.

    A line is a paragraph, unless the text is wrapped at a fixed width (every line is as full as its next word allows):
    then lines are joined up to one that had room left.
    """
    lines = list(_lines(text, start, len(text) if end is None else end))
    width = _width(text, lines)
    found: list[Span] = []
    for at, line in enumerate(lines):
        if found and not line.gap and _goes_on(text, lines[at - 1], line, width):
            found[-1] = Span(found[-1].start, line.end, found[-1].gap)
        else:
            found.append(line)
    return found


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    last = start
    for m in LINE.finditer(text, start, end):
        content = m[0].strip()
        if not content:
            continue
        first = m.start() + len(m[0]) - len(m[0].lstrip())
        breaks = text[last : m.start()].replace("\r\n", "\n")
        yield Span(first, first + len(content), sum(c in "\n\r\v\f\x85\u2028\u2029" for c in breaks) != 1)
        last = m.end()


def _width(text: str, lines: list[Span]) -> int | None:
    """The width that the text is wrapped at, null when it is not wrapped."""
    if len(lines) < 3:
        return None
    lengths = sorted(line.end - line.start for line in lines)
    width = lengths[int(len(lengths) * 0.98)] if len(lengths) > 50 else lengths[-1]
    if not NARROW <= width <= WIDE:
        return None
    pairs = [(a, b) for a, b in pairwise(lines) if not b.gap]
    if len(pairs) < 2:
        return None
    full = sum(not _had_room(text, a, b, width) for a, b in pairs)
    open_ended = sum(not TERMINAL.search(text, a.start, a.end) for a, _ in pairs)
    return width if full >= 0.6 * len(pairs) and open_ended >= 0.4 * len(pairs) else None


def _had_room(text: str, a: Span, b: Span, width: int) -> bool:
    """Whether the first word of line ``b`` would have fitted at the end of line ``a``."""
    word = text[b.start : b.end].split(None, 1)[0]
    return a.end - a.start + 1 + len(word) <= width


def _goes_on(text: str, a: Span, b: Span, width: int | None) -> bool:
    if text[a.start] == ">" or text[b.start] == ">":
        return text[a.start] == text[b.start]
    if width is None or text[b.start] in "•*|" or MARKER.match(text, b.start, b.end):
        return False
    if not _had_room(text, a, b, width):
        return True
    return text[b.start].islower() and not TERMINAL.search(text, a.start, a.end)
