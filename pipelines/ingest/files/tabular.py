"""CSV to records, a row at a time."""

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, NamedTuple

from pipelines.ingest.files import reading
from pipelines.ingest.files.decoding import decoded, guessed, wide_encoding
from pipelines.ingest.files.faults import one_record
from pipelines.ingest.files.reading import Line
from pipelines.ingest.files.record import Intake, Record, Rejected, Unusable, sha256

DELIMITERS = (",", ";", "\t", "|")
N_RESCUED = 100
"""How many rows of one CSV file with an unclosed quotation mark are passed over before the rest is given up."""


def csv_rows(intake: Intake) -> Iterator[Record | Rejected]:
    """The rows of a CSV file, quoted as RFC 4180 says; the header shows whether a comma, semicolon, tab or bar parts them.

    Raises:
        Unusable: there is no header, or no column named text.
    """
    csv.field_size_limit(max(csv.field_size_limit(), intake.limits.max_record_bytes + 2))
    with reading.opened(intake.file.path, intake.name, intake.limits) as compressed:
        opened = text_stream(compressed, intake.name)
        rows = _Rows(opened.stream, intake)
        header, delimiter = _header(rows, intake, opened.encoding)
        n_found = 0
        for row in rows:
            n_found += 1
            make = partial(_csv_record, row, header, delimiter, opened, rows, intake)
            yield one_record(intake, row.number, row.raw, make)
    if not n_found:
        raise Unusable(f"{intake.name} has a header and no rows: fill it or take it out.")


class Opened(NamedTuple):
    """The bytes of a file of lines, the encoding that its first bytes show (null for UTF-8), and notes for each of its records."""

    stream: BinaryIO
    encoding: str | None = None
    notes: tuple[str, ...] = ()

    def notes_with(self, note: str | None) -> tuple[str, ...]:
        """The notes for a record with that on its own bytes."""
        return (*self.notes, note) if note else self.notes


def text_stream(compressed: BinaryIO, name: str) -> Opened:
    """The file with what its first bytes show of its encoding, for its lines may be too short to show it.

    UTF-16 and UTF-32 come out as UTF-8, with a mark and without one.
    """
    stream = reading.as_utf8(compressed)
    head = stream.peek(reading.CHUNK)[: reading.CHUNK] if hasattr(stream, "peek") else b""
    if wide := wide_encoding(head):
        pieces = codecs.iterdecode(iter(lambda: stream.read(reading.CHUNK), b""), wide, errors="replace")
        return Opened(reading.buffered(piece.encode("utf-8") for piece in pieces), None, (guessed(wide),))
    try:
        found = decoded(head[: head.rfind(b"\n") + 1] or head, name).encoding
    except Unusable:
        return Opened(stream)
    return Opened(stream) if found == "utf-8" else Opened(stream, found, (guessed(found),))


@dataclass(frozen=True, slots=True)
class _Row:
    """The physical lines of one row, and why they make none (else null)."""

    lines: tuple[Line, ...]
    problem: str | None = None

    @property
    def number(self) -> int:
        return self.lines[0].number

    @property
    def data(self) -> bytes:
        return b"".join((line.data or b"") + line.end for line in self.lines)

    @property
    def raw(self) -> tuple[int, str]:
        if len(self.lines) == 1:
            return self.lines[0].raw
        data = self.data
        return len(data), sha256(data)


class _Rows:
    """The rows of a CSV file: physical lines are put together until their quotation marks are even in number.

    A mark that is never closed would swallow every row after it: its line is given up, and reading begins again at the next.
    """

    def __init__(self, stream: BinaryIO, intake: Intake) -> None:
        self._source = reading.lines(stream, intake.limits)
        self._again: deque[Line] = deque()
        self._intake = intake
        self._n_broken = 0

    def __iter__(self) -> Iterator[_Row]:
        while (row := self.next()) is not None:
            yield row

    def next(self) -> _Row | None:
        """The next row that is not blank; null at the end."""
        held: list[Line] = []
        size = n_quotes = 0
        while True:
            line = self._again.popleft() if self._again else next(self._source, None)
            most = self._intake.limits.max_record_bytes
            if line is None or line.data is None or size + line.n_bytes > most:
                if held:
                    self._again.extendleft([line] if line is not None else [])
                    where = self._intake.where(held[0].number)
                    return self.give_up(
                        held,
                        f"{where} opens a quotation mark that is not closed: close it, or double the marks inside.",
                    )
                return (
                    None
                    if line is None
                    else _Row(
                        (line,), reading.too_long(self._intake.where(line.number), line.n_bytes, self._intake.limits)
                    )
                )
            if not held and not line.data.strip():
                continue
            held.append(line)
            size += line.n_bytes
            n_quotes += line.data.count(b'"')
            if n_quotes % 2 == 0:
                return _Row(tuple(held))

    def give_up(self, held: "list[Line] | tuple[Line, ...]", problem: str) -> _Row:
        """A row of the first line alone, with its problem; the lines after it are read again."""
        self._n_broken += 1
        if self._n_broken > N_RESCUED:
            raise Unusable(
                f"{self._intake.name} has more than {N_RESCUED} rows with broken quotation marks: write it again as CSV."
            )
        self._again.extendleft(reversed(held[1:]))
        return _Row((held[0],), problem)


def _header(rows: _Rows, intake: Intake, encoding: str | None) -> tuple[list[str], str]:
    row = rows.next()
    if row is None:
        raise Unusable(f"{intake.name} is empty: fill it or take it out.")
    if row.problem:
        raise Unusable(row.problem)
    try:
        found = [(_cells(row, delimiter, encoding, intake)[0], delimiter) for delimiter in DELIMITERS]
    except csv.Error as error:
        raise Unusable(f"{intake.name} has a header that is no CSV ({error}): write the file again as CSV.") from None
    for header, delimiter in found:
        if any(name.strip().lower() == "text" for name in header):
            return header, delimiter
    names = max(found, key=lambda pair: len(pair[0]))[0]
    raise Unusable(no_text_column(intake.name, names))


def no_text_column(name: str, columns: list[str]) -> str:
    """The message about a table of which no column is the text."""
    shown = ", ".join(repr(column[:40]) for column in columns[:12]) + (", ..." if len(columns) > 12 else "")
    return f"{name} has no column named text (its columns: {shown}): give the column with the texts that name."


def _cells(row: _Row, delimiter: str, encoding: str | None, intake: Intake) -> tuple[list[str], str | None]:
    """The values of a row, and a note about its bytes (null when all could be read).

    Raises:
        Unusable: the bytes are no text.
        csv.Error: its quotation marks stand where none may.
    """
    text, _, note = decoded(row.data, intake.where(row.number), encoding)
    return next(csv.reader(iter([text]), delimiter=delimiter, strict=len(row.lines) > 1), []), note


def _csv_record(
    row: _Row, header: list[str], delimiter: str, opened: Opened, rows: _Rows, intake: Intake
) -> Record | Rejected:
    where = intake.where(row.number)
    problem, note = row.problem, None
    values: list[str] = []
    if problem is None:
        try:
            values, note = _cells(row, delimiter, opened.encoding, intake)
        except Unusable as error:
            problem = str(error)
        except csv.Error as error:
            row = rows.give_up(
                row.lines, f"{where} has misplaced quotation marks ({error}): double the marks inside a value."
            )
            problem = row.problem
    if problem is None and any(value.strip() for value in values[len(header) :]):
        problem = f"{where} has {len(values)} values where the header has {len(header)}: put quotation marks around values that hold {delimiter!r}."
    if problem is not None:
        return intake.rejected(problem, row.number, row.raw)
    fields = list(zip(header, values, strict=False))
    return intake.record(fields, row.number, row.raw, notes=opened.notes_with(note))
