"""Parquet to records: a row at a time, in bounded memory whatever a small file unpacks to."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
import pyarrow as pa
from pyarrow import parquet

from pipelines.ingest.files import reading
from pipelines.ingest.files.decoding import decoded
from pipelines.ingest.files.faults import one_record
from pipelines.ingest.files.record import FIELDS, Intake, Record, Rejected, Unread, Unusable, no_utf8
from pipelines.ingest.files.tabular import no_text_column

WANTED = frozenset({*FIELDS, "text"})

BATCH_BYTES = 1 << 25
"""About how many bytes of unpacked values are in memory at once beside the pages themselves; from 1 to ``BATCH_ROWS`` rows."""

BATCH_ROWS = 1024
"""Rows read at once."""
LEAST_ROW = len(b'{"text":null}')
READ_AT_ONCE = 1 << 20


def parquet_rows(intake: Intake) -> Iterator[Record | Rejected]:
    """The rows of a Parquet file; ``path#1`` is the first. A row group that is damaged costs itself, and the end says so.

    Raises:
        Unusable: it is no Parquet file, has no column named text, or unpacks to more than the limits allow.
    """
    with _seekable(intake) as stream:
        try:
            # the buffer: else a whole column of a row group is read into memory before its first page is unpacked
            table = parquet.ParquetFile(stream, buffer_size=READ_AT_ONCE)
            schema, names = table.schema_arrow, table.schema_arrow.names
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise _damaged(intake.name, error) from None
        columns = _columns(schema, [str(name) for name in names], intake)
        n_rows, budget = table.metadata.num_rows, _Budget(intake)
        if not n_rows:
            raise Unusable(f"{intake.name} has no rows: fill it or take it out.")
        budget.spend(n_rows * LEAST_ROW, f"{intake.name} claims {n_rows:,} rows and")
        budget.spent, number, problems = 0, 0, []
        for at in range(table.metadata.num_row_groups):
            group, end = table.metadata.row_group(at), number + table.metadata.row_group(at).num_rows
            try:
                n_at_once = _rows_at_once(stream, group, columns, intake)
                for batch in table.iter_batches(n_at_once, row_groups=[at], columns=columns.read, use_threads=False):
                    for index in range(batch.num_rows):
                        number += 1
                        row = _row(batch, index)
                        # no more than one text may have: a row that is too long is refused alone
                        budget.spend(min(row.raw[0], intake.limits.max_record_bytes), intake.name)
                        yield one_record(intake, number, row.raw, partial(_record, row, columns, number, intake), "row")
            except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
                reason = str(_damaged(f"{intake.name} from row {number + 1:,} to row {end:,}", error))
                problems.append(reason)
            else:
                if number < end:
                    problems.append(f"{intake.name} lacks the rows from {number + 1:,} to {end:,}: write it again.")
            number = end
    if problems:
        more = f" ({len(problems) - 1:,} more of its row groups are damaged)" if len(problems) > 1 else ""
        raise Unusable(problems[0].rstrip(".") + f"{more}.")


def _damaged(what: str, error: Exception) -> Exception:
    """What to say of bytes that Arrow cannot read; the error itself where it is the machine's and not the file's."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno is not None):
        return error
    reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")[:120]
    return Unusable(f"{what} is no whole Parquet file ({reason}): fetch or write it again.")


@dataclass
class _Budget:
    """How many bytes of rows a file of this size may unpack to."""

    intake: Intake
    spent: int = 0

    def spend(self, n_bytes: int, what: str) -> None:
        """Count these bytes.

        Raises:
            Unusable: they are more than files hold that are not made to fill a disk.
        """
        self.spent += n_bytes
        limits = self.intake.limits
        if self.spent <= limits.max_record_bytes:
            return
        if self.spent > limits.max_expansion * self.intake.file.path.stat().st_size:
            raise Unusable(
                f"{what} grows more than {limits.max_expansion} times when unpacked, as files do that are made to fill "
                "a disk: write its rows as JSON lines if they are meant."
            )


class _Columns(NamedTuple):
    """Which columns are read (by their names in the file, one that comes twice once), and notes on what is left out."""

    read: list[str]
    notes: list[str]


def _columns(schema: Any, names: list[str], intake: Intake) -> _Columns:
    if not any(_is_text(name) for name in names):
        raise Unusable(no_text_column(intake.name, names))
    notes, read = [], []
    for at, name in enumerate(names):
        if name.strip().lower() not in WANTED or name in read:
            continue
        if pa.types.is_nested(schema.field(at).type):  # a row of a list may hold without end
            if _is_text(name):
                raise Unusable(
                    f"{intake.name} has lists or structures in its column named text: write each text as one string."
                )
            notes.append(f"{name} is left out: it is no plain text.")
            continue
        read.append(name)
    return _Columns(read, notes)


def _is_text(name: str) -> bool:
    return name.strip().lower() == "text"


class _Row(NamedTuple):
    """The values of one row with the columns' names, the size and hash of them, and notes on what could not be read."""

    fields: list[tuple[str, Any]]
    raw: tuple[int, str]
    notes: list[str]


def _row(batch: Any, index: int) -> _Row:
    notes: list[str] = []
    fields = [
        (name, _value(column[index], name, notes))
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    hashed, size = hashlib.sha256(), 0
    for name, value in sorted(fields, key=lambda pair: pair[0]):
        data = value if isinstance(value, bytes) else orjson.dumps([name, value], default=str)
        hashed.update(data)
        size += len(data)
    return _Row(fields, (size, hashed.hexdigest()), notes)


def _value(scalar: Any, name: str, notes: list[str]) -> Any:
    """The value of one cell; ``Unread`` where there is one that cannot be had. A text in a column of bytes stays bytes."""
    kind = scalar.type
    try:
        value = scalar.as_py()
        return value.decode("utf-8") if isinstance(value, bytes) else value
    except MemoryError:
        raise
    except UnicodeDecodeError as error:
        is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
        return scalar.as_py() if is_bytes and _is_text(name) else no_utf8(error)
    except Exception as error:
        if pa.types.is_timestamp(kind) and kind.tz and not _is_zone(kind.tz):
            notes.append(f"The time zone {kind.tz} is not known, so that {name} is the day in UTC.")
            return _value(scalar.cast(pa.timestamp(kind.unit)), name, notes)
        if isinstance(error, OverflowError | ValueError):
            return Unread("it lies outside the years 1 to 9999")
        return Unread(f"it is no value that we can read ({type(error).__name__})")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return name[:1] in "+-"
    return True


def _record(row: _Row, columns: _Columns, number: int, intake: Intake) -> Record | Rejected:
    where = intake.where(number, "row")
    if row.raw[0] > intake.limits.max_record_bytes:
        raise Unusable(reading.too_long(where, row.raw[0], intake.limits))
    fields, notes = [], [*columns.notes, *row.notes]
    for name, value in row.fields:
        if isinstance(value, bytes):  # no UTF-8: its encoding is looked for
            value, _, note = decoded(value, where)
            notes += [note] if note else []
        fields.append((name, value))
    return intake.record(fields, number, row.raw, "row", notes)


def _rows_at_once(stream: IO[bytes], group: Any, columns: _Columns, intake: Intake) -> int:
    """How many rows of a row group may be unpacked at once: no value is longer than the page that holds it.

    Raises:
        Unusable: the pages that must be in memory together are too large.
    """
    largest = 0
    for at in range(group.num_columns):
        chunk = group.column(at)
        if chunk.path_in_schema in columns.read:
            largest += max(_page_sizes(stream, chunk), default=0)
    most = PAGES * intake.limits.max_record_bytes
    if largest > most:
        raise Unusable(
            f"{intake.name} has pages of {reading.megabytes(largest)} that must be unpacked at once, more than is allowed "
            f"({reading.megabytes(most)}): write it again with smaller pages, or as JSON lines."
        )
    return max(1, min(BATCH_ROWS, BATCH_BYTES // max(largest, 1)))


PAGES = 12
"""How many times the longest text the pages of the columns may be together: writers put a thousand rows in a page. Arrow and
Python make four copies of what is in one, which at 12 times 16 MB come to 840 MB."""


def _page_sizes(stream: IO[bytes], chunk: Any) -> Iterator[int]:
    """The unpacked size of each page of a column chunk, as its own header says: the footer may say anything.

    A header that cannot be read ends it: Arrow meets the same bytes, and says what is wrong.
    """
    starts = [chunk.data_page_offset, chunk.dictionary_page_offset if chunk.has_dictionary_page else None]
    at = min(start for start in starts if start is not None)
    end = at + chunk.total_compressed_size
    while 0 <= at < end:
        stream.seek(at)
        header = _Header(stream.read(HEADER_BYTES))
        try:
            fields = header.struct()
        except (IndexError, ValueError):
            return
        unpacked, packed = fields.get(2), fields.get(3)
        if unpacked is None or packed is None or packed < 0:
            return
        yield unpacked
        at += header.at + packed


HEADER_BYTES = 1 << 16


class _Header:
    """The head of a Parquet page, in Thrift's compact protocol (parquet.thrift: PageHeader): only its numbers are kept."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def struct(self, depth: int = 0) -> dict[int, int]:
        """The numbers of a structure by their field ids.

        Raises:
            IndexError: the bytes end before it does.
            ValueError: it is no structure.
        """
        if depth > DEEPEST:
            raise ValueError
        numbers: dict[int, int] = {}
        field = 0
        while (head := self._byte()) != STOP:
            field = field + (head >> 4) if head >> 4 else self._number()
            kind = head & 15
            if kind in INTEGERS:
                numbers[field] = self._number()
            else:
                self._skip(kind, depth)
        return numbers

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise ValueError
        return value | byte << shift

    def _number(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _skip(self, kind: int, depth: int) -> None:
        if kind in TRUE_FALSE:
            return
        if kind in INTEGERS:
            self._varint()
        elif kind in SIZES:
            self.at += SIZES[kind]
        elif kind == BINARY:
            n_bytes = self._varint()
            self.at += n_bytes
        elif kind == STRUCT:
            self.struct(depth + 1)
        else:  # lists and maps, of which a page's head has none
            raise ValueError


DEEPEST = 8
"""Structures within structures that are read in a footer."""
STOP, TRUE_FALSE, INTEGERS, SIZES, BINARY, STRUCT = 0, (1, 2), (4, 5, 6), {3: 1, 7: 8}, 8, 12


def _seekable(intake: Intake) -> IO[bytes]:
    """The file itself, or where it is compressed a temporary file with its contents: Parquet is read from its end."""
    stream = reading.opened(intake.file.path, intake.name, intake.limits)
    if not reading.is_packed(stream):
        return stream
    copy = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    try:
        with stream:
            while piece := stream.read(reading.CHUNK):
                copy.write(piece)
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy
