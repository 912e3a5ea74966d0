"""Quotation marks of every tradition, also mixed, unbalanced, nested and reopened at each paragraph.

A reader that never fails: a mark that has no partner is closed at the end of its paragraph, and a paragraph is the most
that one mark can hold unless the next paragraph opens with a mark again (the Chicago Manual of Style, 13.32).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.language.parsed import Parsed

LONGEST = 2500
"""Characters that an unclosed mark may hold: longer than any quoted paragraph seen, shorter than a page."""

MOST_OPEN = 8
"""Quotations open at once, at most: an endless row of opening marks quotes nothing."""

_MARK = re.compile(r"``|''|[\"“”„‟«»‘’‚‹›'″]")
_OPENERS = frozenset('“„‟«»"”``')
_LETTER_BEFORE = re.compile(r"[\w%)\]]")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Text between quotation marks, ``[start, end)`` with its marks; ``inner`` is the same without them.

    ``closed`` is false when the end is only the paragraph's; ``continues`` is true when the paragraph before left its
    mark open and this one opens again. ``depth`` is 0 for an outermost quotation.
    """

    start: int
    end: int
    inner: tuple[int, int]
    closed: bool = True
    continues: bool = False
    depth: int = 0
    single: bool = False


def blocks_in(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Blocks inside ``[start, end)``: split at blank lines, after a line's full stop, and before a line's own mark."""
    at, seen, before = start, start, ""
    for gap in re.compile(r"\n[ \t]*(?:\n\s*)*").finditer(text, start, end):
        before, after = text[seen : gap.start()].rstrip()[-1:] or before, text[gap.end() : gap.end() + 1]
        blank, seen = gap[0].count("\n") > 1, gap.end()
        if not before:
            continue
        replied = text[at : at + 1] == ">" and after != ">"
        if blank or replied or before in '.!?…”"»:' or after in '“„«"»”—–-―>•*':
            yield at, gap.start()
            at, before = gap.end(), ""
    if text[at:end].strip():
        yield at, end


def reading_blocks(parsed: Parsed) -> tuple[list[tuple[int, int]], set[int]]:
    """The paragraphs of a document without its chrome, and the starts of those that are titles or headings.

    Where the layout knows no title, the first paragraph may be one.
    """
    text = parsed.document.text
    blocks: list[tuple[int, int]] = []
    titles: set[int] = set()
    for segment in parsed.segments:
        if segment.kind == "chrome":
            continue
        for block in blocks_in(text, segment.start_char, segment.end_char):
            if segment.kind in ("title", "heading") or not blocks:
                titles.add(block[0])
            blocks.append(block)
    return blocks, titles


def quotations(text: str, blocks: list[tuple[int, int]]) -> list[Quotation]:
    """The quotations of these paragraphs in text order, an outer one before what is nested in it."""
    found: list[Quotation] = []
    left_open = False
    for start, end in blocks:
        inside = sorted(_in_block(text, start, end), key=lambda one: (one.start, -one.end))
        if inside and left_open and not text[start : inside[0].start].strip():
            first = inside[0]
            inside[0] = Quotation(first.start, first.end, first.inner, first.closed, True, first.depth, first.single)
        found += inside
        outer = [one for one in inside if one.depth == 0]
        left_open = bool(outer) and not outer[-1].closed
    found.sort(key=lambda one: (one.start, -one.end))
    return found


def _in_block(text: str, start: int, end: int) -> Iterator[Quotation]:
    """The quotations of one paragraph."""
    stack: list[tuple[str, int, int]] = []  # mark, where it starts, where the quoted text starts
    for mark in _MARK.finditer(text, start, end):
        kind = _role(text, mark, start, end, [one[0] for one in stack])
        if kind == "open":
            stack.append((mark[0], mark.start(), mark.end()))
            del stack[:-MOST_OPEN]
        elif kind == "close":
            while stack and _is_single(stack[-1][0]) and not _is_single(mark[0]):
                stack.pop()  # a single mark left open inside double ones was an apostrophe
            if not stack:
                continue
            opener, at, inner = stack.pop()
            yield Quotation(at, mark.end(), (inner, mark.start()), depth=len(stack), single=_is_single(opener))
    stack = [one for one in stack if not _is_single(one[0])]
    if stack:
        _, at, inner = stack[0]
        last = at + len(text[at:end].rstrip())
        final = max(text.rfind(mark, inner, last) for mark in '”»"')
        if final > inner and last - final < 80:
            last = final + 1  # its partner was taken for a nested mark's
        if last - at > LONGEST:
            stop = re.compile(r"[.!?](?=\s)").search(text, inner, last)
            last = stop.end() if stop else min(last, at + LONGEST)
        if last > inner:
            yield Quotation(at, last, (inner, last), closed=False)


def _is_single(mark: str) -> bool:
    return mark in ("‘", "’", "‚", "‹", "›", "'")


def _role(text: str, mark: re.Match[str], start: int, end: int, stack: list[str]) -> str | None:
    """Whether a mark opens, closes or is none (an apostrophe, inches), from its neighbours and what is open."""
    char, at, after = mark[0], mark.start(), mark.end()
    before_char = text[at - 1] if at > start else " "
    after_char = text[after] if after < end else " "
    at_word_start = not _LETTER_BEFORE.match(before_char) and not after_char.isspace() and before_char not in ".,!?;…"
    if _is_single(char):
        return _single_role(text, mark, end, stack, before_char, after_char)
    doubles = [one for one in stack if not _is_single(one)]
    if not doubles:
        return _role_outside(char, at_word_start, before_char, after_char)
    may_nest = len(doubles) == 1 and at_word_start
    if char != '"':
        return _role_inside(char, doubles[-1], may_nest, at_word_start, after_char)
    if doubles[-1] in "“«„" and may_nest and _closes_later(text, after, end):
        return "open"
    if doubles[-1] == '"' and at_word_start and before_char.isspace() and after_char.isalnum():
        return None  # a mark that opens while one is open: a new sentence of the same speaker
    return "close"


def _role_outside(char: str, at_word_start: bool, before_char: str, after_char: str) -> str | None:
    """The role of a double mark where none is open: it opens a word, unless it stands for inches (5") or loose (a » b)."""
    if char in ("″", '"') and before_char.isdigit():
        return None
    if char in "“„‟«" or char == "``":
        return "open"
    if char == "»" and after_char == before_char == " ":
        return None
    return "open" if at_word_start else None


def _role_inside(char: str, opener: str, may_nest: bool, at_word_start: bool, after_char: str) -> str | None:
    """The role of a double mark other than the straight one where ``opener`` is open: it closes that, or opens one inside.

    The same mark opens in one language and closes in another: “English”, „deutsch“, «français», »Dansk«.
    """
    if char in ("„", "‟"):
        return "open" if may_nest and opener != char else None
    if char == "“":
        if (opener in "„‟“" and not at_word_start) or (opener in "„‟" and not after_char.isalnum()):
            return "close"
        return "open" if may_nest and opener in '«»"' else None
    if char == "«":
        if opener == "»":
            return "close"
        return "open" if may_nest and opener != "«" else None
    return "close"


def _closes_later(text: str, at: int, end: int) -> bool:
    """Whether a straight mark follows that closes a quotation begun at ``at`` before the outer one closes."""
    later = re.compile(r"[\"”»]").search(text, at, min(end, at + 300))
    return later is not None and later[0] == '"'


def _single_role(
    text: str, mark: re.Match[str], end: int, stack: list[str], before_char: str, after_char: str
) -> str | None:
    """The role of a single mark; an apostrophe is none, and an opening needs its partner in the paragraph."""
    char = mark[0]
    if char == "‹":
        return "open"
    if char == "›":
        return "close" if stack else None
    is_open = bool(stack) and _is_single(stack[-1])
    if is_open and not after_char.isalnum() and (before_char.isalnum() or before_char in ".,!?…)]"):
        later = char != stack[-1] or char == "'"
        return "close" if later or stack[-1] == "’" else None
    if is_open or before_char.isalnum() or not (after_char.isalnum() or after_char in '[(…“"'):
        return None
    if char in "‘‚'" or (char == "’" and before_char.isspace()):
        partner = re.compile(r"(?<=[\w.,!?…)\]])['’](?!\w)").search(text, mark.end(), min(end, mark.end() + 400))
        if partner and not re.match(r"\d0s\b", text[mark.end() : mark.end() + 4]):
            return "open"
    return None
