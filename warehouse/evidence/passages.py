"""Text shown to people: made harmless, cut to what is needed, its spans marked.

Texts come from anywhere. What a terminal or a reader's eye would obey instead of show (control characters, escape
sequences, marks that turn the direction of writing) is put in visible form here, for every way of showing.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

KEPT = "\n\u00ad\u200c\u200d"
"""Line end, soft hyphen and the two joiners: invisible, needed by some scripts, and no harm to anyone."""
MAX_SPAN = 4000
"""Characters of one span that are shown whole; of a longer one, its beginning and its end."""
CONTEXT = 240
"""Characters before and after a span's sentence that are at most added to a passage."""


@dataclass(frozen=True)
class Mark:
    """Characters ``[start, end)`` of a text, and what they are: ``this`` (what is asked for), ``source``, ``cue``."""

    start: int
    end: int
    role: str


@dataclass(frozen=True)
class Piece:
    """A stretch of a passage, harmless, and the role of the mark it stands under (null: context)."""

    text: str
    role: str | None


def visible(char: str) -> str:
    """A character that must not act, in a form that can be seen: its code point in brackets."""
    return f"<U+{ord(char):04X}>"


def acts(char: str) -> bool:
    """Whether a character would be obeyed instead of shown: controls, formats such as bidi marks, odd line ends."""
    return char not in KEPT and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def harmless(text: str) -> str:
    """The same text with everything that acts made visible; tabs and carriage returns are spaces."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", " ").replace("\t", " ")
    return "".join(visible(char) if acts(char) else char for char in text)


def one_line(text: str, limit: int = 0) -> str:
    """The same text on one harmless line, cut to ``limit`` characters (0: whole)."""
    line = " ".join(harmless(text).split())
    return line if not limit or len(line) <= limit else line[: limit - 1].rstrip() + "…"


def window(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """Where a passage for ``[start, end)`` begins and ends: its sentences ``[first, last)`` and a little around them.

    A sentence that is itself endless is cut to the context; the passage ends at white space where there is some.
    """
    low = max(min(first, start), start - MAX_SPAN, 0)
    high = min(max(last, end), end + MAX_SPAN, len(text))
    before = text.rfind("\n", max(low - CONTEXT, 0), low)
    low = before + 1 if before >= 0 else _at_space(text, max(low - CONTEXT, 0), low)
    after = text.find("\n", high, min(high + CONTEXT, len(text)))
    high = after if after >= 0 else _back_to_space(text, high, min(high + CONTEXT, len(text)))
    return low, high


def _at_space(text: str, low: int, high: int) -> int:
    """The first beginning of a word in ``[low, high]``."""
    if low == 0:
        return 0
    for at in range(low, high):
        if text[at].isspace():
            return at + 1
    return high


def _back_to_space(text: str, low: int, high: int) -> int:
    """The last end of a word in ``[low, high]``."""
    if high == len(text):
        return high
    for at in range(high, low, -1):
        if text[at - 1].isspace():
            return at - 1
    return low


def pieces(text: str, low: int, high: int, marks: Sequence[Mark]) -> Iterator[Piece]:
    """The stretch ``[low, high)`` of a text, cut where marks begin and end; where two overlap the first listed counts."""
    edges = {low, high}
    for mark in marks:
        edges |= {edge for edge in (mark.start, mark.end) if low < edge < high}
    cuts = sorted(edges)
    role: str | None = None
    held = ""
    for start, end in pairwise(cuts):
        now = next((mark.role for mark in marks if mark.start <= start and end <= mark.end), None)
        if now != role and held:
            yield Piece(harmless(shortened(held)), role)
            held = ""
        role = now
        held += text[start:end]
    if held:
        yield Piece(harmless(shortened(held)), role)


def shortened(text: str) -> str:
    """The text, or its beginning and end with a note of what is left out between them when it is very long."""
    if len(text) <= MAX_SPAN:
        return text
    half = MAX_SPAN // 2
    return f"{text[:half]} […{len(text) - 2 * half:,} characters left out…] {text[-half:]}"


def line_number(text: str, at: int) -> int:
    """The line, from 1, on which a character stands."""
    return text.count("\n", 0, at) + 1


def wrapped(found: Iterable[Piece], width: int) -> Iterator[list[Piece]]:
    """Pieces as lines of at most ``width`` characters, broken at spaces and line ends; words are never cut."""
    line: list[Piece] = []
    used = 0
    for word, gap, role in _words(found):
        if gap == "\n" or (gap and used + len(word) + 1 > width):
            if line:
                yield line
            line, used = [], 0
            gap = ""
        if gap and line:
            before = line[-1].role
            line.append(Piece(" ", role if before == role else None))
            used += 1
        if word:
            line.append(Piece(word, role))
            used += len(word)
    if line:
        yield line


def _words(found: Iterable[Piece]) -> Iterator[tuple[str, str, str | None]]:
    """Every word with the gap before it (none, a space, a line end) and its role."""
    gap = "\n"
    for piece in found:
        word = ""
        for char in piece.text:
            if char.isspace():
                if word:
                    yield word, gap, piece.role
                    word, gap = "", ""
                gap = "\n" if char == "\n" or gap == "\n" else " "
            else:
                word += char
        if word:
            yield word, gap, piece.role
            gap = ""


def joined(line: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one role as one piece."""
    held: Piece | None = None
    for piece in line:
        if held is not None and held.role == piece.role:
            held = Piece(held.text + piece.text, held.role)
        else:
            if held is not None:
                yield held
            held = piece
    if held is not None:
        yield held
