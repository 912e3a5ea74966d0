"""Tables to records: CSV and Parquet, a row at a time."""

import codecs
import csv
import tempfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, NamedTuple

import orjson

from pipelines.ingest import reading
from pipelines.ingest.decoding import decoded, guessed, wide_encoding
from pipelines.ingest.reading import Line
from pipelines.ingest.record import Intake, Record, Rejected, Unread, Unusable, no_utf8, sha256, short

DELIMITERS = (",", ";", "\t", "|")
N_RESCUED = 100
"""How many rows of one CSV file with an unclosed quotation mark are passed over before the rest is given up."""

BATCH_BYTES = 1 << 25
"""About how many bytes of Parquet are in memory at once; from 1 to ``BATCH_ROWS`` rows."""

BATCH_ROWS = 1024


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
            yield _csv_record(row, header, delimiter, opened, rows, intake)
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
    raise Unusable(_no_text_column(intake.name, names))


def _no_text_column(name: str, columns: list[str]) -> str:
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


def parquet_rows(intake: Intake) -> Iterator[Record | Rejected]:
    """The rows of a Parquet file; ``path#1`` is the first.

    Raises:
        Unusable: it is no Parquet file, or has no column named text.
    """
    import pyarrow as pa
    from pyarrow import parquet

    with _seekable(intake) as stream:
        try:
            table = parquet.ParquetFile(stream)
            names = [str(name) for name in table.schema_arrow.names]
            if not any(name.strip().lower() == "text" for name in names):
                raise Unusable(_no_text_column(intake.name, names))
            if not table.metadata.num_rows:
                raise Unusable(f"{intake.name} has no rows: fill it or take it out.")
            wanted = [name for name in names if name.strip().lower() in WANTED]
            number, n_rows = 0, _batch_rows(table.metadata)
            for batch in table.iter_batches(batch_size=n_rows, columns=wanted, use_threads=False):
                for fields in _python_rows(batch):
                    number += 1
                    yield _parquet_record(fields, number, intake)
        except pa.ArrowException as error:
            reason = str(error).splitlines()[0].rstrip(".")[:120]
            raise Unusable(f"{intake.name} is no whole Parquet file ({reason}): fetch or write it again.") from None
        except OSError as error:
            if error.errno is not None:
                raise
            raise Unusable(
                f"{intake.name} is no whole Parquet file ({str(error)[:120]}): fetch or write it again."
            ) from None


WANTED = {"id", "published_on", "title", "publisher", "author", "url", "language", "genre", "text"}


def _batch_rows(metadata: Any) -> int:
    """How many rows to hold at once, by the size of the largest rows that a row group has on average."""
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    largest = max((group.total_byte_size // max(group.num_rows, 1) for group in groups), default=0)
    return max(1, min(BATCH_ROWS, BATCH_BYTES // max(largest, 1)))


def _python_rows(batch: Any) -> Iterator[list[tuple[str, Any]]]:
    """The rows as names and values, for a name may come twice; what Python cannot hold comes out as ``Unread``."""
    columns = list(zip(batch.schema.names, batch.columns, strict=True))
    for at in range(batch.num_rows):
        yield [(name, _python_value(column[at])) for name, column in columns]


def _python_value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except UnicodeDecodeError as error:
        return no_utf8(error)
    except (OverflowError, ValueError) as error:  # a day or a time that Python's calendar does not have
        return Unread(f"it lies outside the years 1 to 9999 ({str(error)[:60]})")
    except (
        Exception
    ) as error:  # the library asks others, as for the zones of times: what they raise costs this value alone
        return Unread(f"it is no value that we can read ({type(error).__name__}: {str(error)[:60]})")


def _parquet_record(fields: list[tuple[str, Any]], number: int, intake: Intake) -> Record | Rejected:
    data = _as_bytes(fields)
    raw = (len(data), sha256(data))
    if len(data) > intake.limits.max_record_bytes:
        return intake.rejected(reading.too_long(intake.where(number, "row"), len(data), intake.limits), number, raw)
    return intake.record(fields, number, raw, "row")


def _as_bytes(fields: list[tuple[str, Any]]) -> bytes:
    """What stands for the bytes of a row: the same for the same values."""
    pairs = sorted(fields, key=lambda pair: pair[0])
    try:
        return orjson.dumps(pairs, default=str, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:  # lists in lists beyond orjson's depth
        return orjson.dumps([(name, value if isinstance(value, str) else short(value)) for name, value in pairs])


def _seekable(intake: Intake) -> IO[bytes]:
    """The file itself, or where it is compressed a temporary file with its contents: Parquet is read from its end."""
    stream = reading.opened(intake.file.path, intake.name, intake.limits)
    if intake.file.path.suffix.lower() not in reading.COMPRESSIONS:
        return stream
    copy = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    with stream:
        while piece := stream.read(reading.CHUNK):
            copy.write(piece)
    copy.seek(0)
    return copy
