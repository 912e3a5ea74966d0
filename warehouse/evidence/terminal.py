"""The evidence for a row on a terminal or in a pipe: see ``facts`` for what is told, this for how it is laid out."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from warehouse.calling import UNBROKEN, ask, warehouse_of
from warehouse.evidence.lookups import Unknown
from warehouse.evidence.passages import Piece, joined, one_line, wrapped
from warehouse.evidence.row_facts import Block, Fact, Head, Links, Passage, facts

__all__ = ["Unknown", "evidence"]

WIDTH = 96
"""Columns of what goes to a pipe, and the most of what goes to a terminal."""
LABEL = 11
STYLES = {"this": "1;7", "source": "1;36", "cue": "1;35", "head": "1", "dim": "2", "id": "33"}
"""Terminal styles; what is asked for is reversed, so that it stands out for everyone and on every ground."""
BRACKETS = {"this": ("[[", "]]"), "source": ("{", "}"), "cue": ("<", ">")}
MEANINGS = {"this": "what is said", "source": "who says it", "cue": "the words that attribute it"}


def evidence(database: duckdb.DuckDBPyConnection, ident: str, *, colour: bool) -> Iterator[str]:
    """The lines that show a row of any table, found by its id (or a record by its source_id).

    Raises:
        Unknown: no row has this id.
    """
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns) if colour else WIDTH
    yield from Layout(colour, max(width, 40), warehouse_of(database)).lines(facts(database, ident))


class Layout:
    """How blocks become lines: with colour or with brackets, and how wide."""

    def __init__(self, colour: bool, width: int, warehouse: Path | None = None) -> None:
        """Lines of at most ``width`` columns (longer only for a word that is); commands in them name the warehouse."""
        self.colour = colour
        self.width = width
        self.warehouse = warehouse

    def lines(self, blocks: Sequence[Block]) -> Iterator[str]:
        """All lines; blocks of different kinds stand apart."""
        before: Block | None = None
        for block in blocks:
            if before is not None and self._stand_apart(before, block):
                yield ""
            yield from self._laid(block)
            before = block

    @staticmethod
    def _stand_apart(before: Block, block: Block) -> bool:
        if isinstance(before, Head):
            return not isinstance(block, Fact)
        if isinstance(before, Links) and not before.label:
            return not isinstance(block, Passage)
        return type(block) is not type(before) or isinstance(block, Links)

    def _laid(self, block: Block) -> Iterator[str]:
        match block:
            case Head(kind, ident, words):
                yield f"{self._paint(kind, 'head')}  {self._paint(one_line(ident), 'id')}"
                yield from self._fact("", words)
            case Fact(label, words):
                yield from self._fact(label, words)
            case Passage():
                yield from self._passage(block)
            case Links():
                yield from self._links(block)

    def _paint(self, text: str, style: str) -> str:
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.colour and text else text

    def _fact(self, label: str, words: str) -> Iterator[str]:
        indent = " " * LABEL if label else "  "
        first = self._paint(label.ljust(LABEL), "dim") if label else indent
        for number, line in enumerate(folded(one_line(words), self.width - len(indent))):
            yield (indent if number else first) + line.replace(UNBROKEN, " ")

    def _passage(self, passage: Passage) -> Iterator[str]:
        lines = [list(joined(line)) for line in wrapped(passage.pieces, self.width - 4)]
        if passage.is_cut_before:
            yield "  " + self._paint("…", "dim")
        for number, line in enumerate(lines):
            before = lines[number - 1][-1].role if number else None
            after = lines[number + 1][0].role if number + 1 < len(lines) else None
            yield "  " + "".join(self._marked(line, before, after))
        if passage.is_cut_after:
            yield "  " + self._paint("…", "dim")
        roles = list(dict.fromkeys(piece.role for piece in passage.pieces if piece.role))
        if len(roles) > 1:
            signs = "  ".join(self._sign(role) for role in roles)
            yield "  " + self._paint("marks: ", "dim") + signs
        if passage.place:
            yield "  " + self._paint(f"in {one_line(passage.place)}", "dim")

    def _marked(self, line: Sequence[Piece], before: str | None, after: str | None) -> Iterator[str]:
        """A line's pieces in their styles; in plain text brackets stand where a mark begins and ends, over lines too."""
        roles = [before, *(piece.role for piece in line), after]
        for piece, previous, following in zip(line, roles, roles[2:], strict=False):
            if piece.role is None:
                yield piece.text
            elif self.colour:
                yield self._paint(piece.text, piece.role)
            else:
                opening, closing = BRACKETS[piece.role]
                yield (opening if previous != piece.role else "") + piece.text
                yield closing if following != piece.role else ""

    def _sign(self, role: str) -> str:
        name = MEANINGS[role]
        return self._paint(name, role) if self.colour else name.join(BRACKETS[role])

    def _links(self, links: Links) -> Iterator[str]:
        if links.label:
            counted = f"{links.label} ({links.total:,})" if links.is_counted and links.total > 1 else links.label
            yield self._paint(counted, "head")
        for ident, words in links.items:
            lines = list(folded(one_line(words, 3 * self.width), self.width - 22))
            yield f"  {self._paint(one_line(ident).ljust(16), 'id')}    {lines[0] if lines else ''}".rstrip()
            yield from (" " * 22 + line for line in lines[1:3])
        if links.total > len(links.items):
            more = f"  and {links.total - len(links.items):,} more"
            yield self._paint(more + (f": {ask(links.query, self.warehouse)}" if links.query else ""), "dim")


def folded(line: str, width: int) -> Iterator[str]:
    """One line as several of at most ``width`` characters, broken at spaces."""
    held = ""
    for word in line.split(" "):
        if held and len(held) + 1 + len(word) > width:
            yield held
            held = word
        else:
            held = f"{held} {word}" if held else word
    if held:
        yield held
