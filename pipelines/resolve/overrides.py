"""What people decided about names, read from ``overrides.csv`` in the warehouse: it always wins, and removing a line undoes it.

The columns are ``action,name,other`` and, where wanted, ``type`` and ``reason``. One decision a line: ``same`` (name and
other are one entity), ``different`` (they are two), ``rename`` (the entity of name is shown as other), ``type`` (the entity
of name is of the type in other), ``wikidata`` (the entity of name is the item in other, such as Q42). Lines that begin
with ``#`` are comments.
"""

import csv
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pipelines.resolve.alike.romanise import fold

FILE = "overrides.csv"
ACTIONS = ("different", "rename", "same", "type", "wikidata")
NEEDED = ("action", "name", "other")
COLUMNS = (*NEEDED, "type", "reason")
LONGEST = 10_000
"""Characters of a cell: a longer one is a quotation mark that is not closed, or no decision about a name."""
ITEM = re.compile(r"Q[1-9][0-9]*")


class Mistake(ValueError):  # noqa: N818 - it is what the user is told
    """A line that cannot be followed; the message is one sentence that says which line and column, and what is wanted."""


@dataclass(frozen=True, slots=True)
class Override:
    """One line: ``action`` on the entity of ``name``; ``other`` is the second name, the new name, type or Wikidata item.

    ``type`` limits the line to entities of that type (null: any); ``reason`` is the person's note.
    """

    action: str
    name: str
    other: str
    type: str | None = None
    reason: str = ""

    @property
    def key(self) -> str:
        """The folded name."""
        return fold(self.name)

    @property
    def other_key(self) -> str:
        """The folded second name."""
        return fold(self.other)


def decisions(*files: Path, types: Sequence[str]) -> list[Override]:
    """All that people decided, file by file and line by line; a file that is not there decides nothing.

    ``types`` are the types that an entity may have.

    Raises:
        Mistake: a line cannot be followed.
        OSError: a file may not be read.
    """
    return [override for path in files if _is_there(path) for override in _decisions(path, types)]


def _is_there(path: Path) -> bool:
    if not os.path.lexists(path):
        return False
    if path.is_file():
        return True
    if path.is_symlink() and not path.exists():
        raise Mistake(f"{path} is a link to a file that is not there: mend the link, or remove it.")
    raise Mistake(f"{path} is no file: remove it, or put a file of that name in its place.")


def _decisions(path: Path, types: Sequence[str]) -> list[Override]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Mistake(f"{path}, line {line}: its bytes are no UTF-8: save the file again as UTF-8.") from None
    rows = _rows(path, text)
    if not rows:
        return []
    (number, header), *lines = rows
    columns = [name.strip().lower() for name in header]
    for at, name in enumerate(columns, 1):
        if name not in COLUMNS:
            raise Mistake(
                f"{path}, line {number}, column {at}: {_not_one_of(name, COLUMNS)}: the first line that is no comment names the "
                "columns, with commas between them."
            )
    missing = [name for name in NEEDED if name not in columns]
    if missing or len(set(columns)) < len(columns):
        raise Mistake(f"{path}, line {number}: the first line must name each column once: {','.join(COLUMNS)}.")
    found: list[Override] = []
    said: dict[tuple[str, ...], tuple[str, int]] = {}
    for number, cells in lines:
        if len(cells) > len(columns):
            raise Mistake(
                f"{path}, line {number}, column {len(columns) + 1}: there are {len(cells)} cells and {len(columns)} columns: "
                "put quotation marks around a cell that holds a comma."
            )
        row = dict(zip(columns, cells, strict=False))
        found.append(_override(row, f"{path}, line {number}", types))
        _must_agree(found[-1], said, number, f"{path}, line {number}")
    return found


def _must_agree(line: Override, said: dict[tuple[str, ...], tuple[str, int]], number: int, where: str) -> None:
    """See to it that no earlier line says something else of the same names.

    Raises:
        Mistake: one does, or the line speaks of one name twice.
    """
    is_pair = line.action in ("same", "different")
    if is_pair and line.key == line.other_key:
        raise Mistake(f"{where}, column other: {line.action} needs two names, and both are {line.name!r}.")
    pair = tuple(sorted((line.key, line.other_key)))
    key = ("pair", *pair, line.type or "") if is_pair else (line.action, line.key, line.type or "")
    answer = line.action if is_pair else line.other
    before, at = said.setdefault(key, (answer, number))
    if before != answer:
        column = "action" if is_pair else "other"
        raise Mistake(f"{where}, column {column}: line {at} says {before!r} of the same: keep one of the two.")


def _rows(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The rows that are no comments, each with the number of its first line."""
    found: list[tuple[int, list[str]]] = []
    blanked = [("" if line.startswith("#") else line) for line in re.split(r"\r\n|\n|\r", text)]
    reader = csv.reader((line + "\n" for line in blanked), strict=True)
    number = 1
    try:
        for cells in reader:
            if any(len(cell) > LONGEST for cell in cells):
                raise csv.Error("field limit")
            if any(cell.strip() for cell in cells):
                found.append((number, cells))
            number = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise Mistake(f"{path}, line {number}: it has a cell of more than {LONGEST:,} characters.") from None
        raise Mistake(
            f"{path}, line {number}: its quotation marks do not come in pairs ({error}): close them, or double those inside "
            "a cell."
        ) from None
    return found


def _override(row: Mapping[str, str], where: str, types: Sequence[str] = ()) -> Override:
    action, name, other, kind = (str(row.get(column) or "").strip() for column in ("action", "name", "other", "type"))
    action, kind = action.lower(), kind.upper()
    other = other.upper() if action == "type" else other
    if action not in ACTIONS:
        raise Mistake(f"{where}, column action: {_not_one_of(action, ACTIONS)}.")
    if not fold(name):
        raise Mistake(f"{where}, column name: the name that is decided about is missing.")
    wanted = {"same": "a second name", "different": "a second name", "rename": "the new name"}.get(
        action, f"the {action}"
    )
    if not other or (action in ("same", "different") and not fold(other)):
        raise Mistake(f"{where}, column other: {action} needs {wanted} here.")
    if action == "type" and types and other not in types:
        raise Mistake(f"{where}, column other: {_not_one_of(other, types)}.")
    if action == "wikidata" and not ITEM.fullmatch(other):
        raise Mistake(f"{where}, column other: {other!r} is no Wikidata item: write it as in Q42.")
    if kind and types and kind not in types:
        raise Mistake(f"{where}, column type: {_not_one_of(kind, types)}.")
    return Override(action, name, other, kind or None, str(row.get("reason") or "").strip())


def _not_one_of(given: str, allowed: Sequence[str]) -> str:
    """What is wrong with a word, and which was likely meant."""
    near = get_close_matches(given.lower(), [word.lower() for word in allowed], 1)
    meant = next((word for word in allowed if near and word.lower() == near[0]), None)
    return f"{given[:60]!r} is none of {', '.join(allowed)}" + (f" (is {meant} meant?)" if meant else "")


def read(rows: Iterable[Override | Mapping[str, str]]) -> list[Override]:
    """The lines as overrides, in order; what is one already stays.

    Raises:
        Mistake: a line cannot be followed; says which line.
    """
    return [
        row if isinstance(row, Override) else _override(row, f"overrides, line {number}")
        for number, row in enumerate(rows, 1)
    ]
