"""Reading the published tables with SQL: read-only, and with no way to any file but the warehouse's own."""

import atexit
import csv
import io
import json
import math
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import duckdb

from warehouse.asked import Refused, query_in
from warehouse.calling import command
from warehouse.spreadsheets import no_formula

DATABASE = "hearsay.duckdb"
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}
MAX_WIDTH = 60
"""Characters of one cell that a table on a terminal shows."""
WIDTHS_FROM = 10_000
"""Rows that are looked at before the first is shown, to see how wide the columns are."""
AT_ONCE = 2048
"""Rows in memory at a time: what DuckDB itself hands out at once."""
GROUP_BYTES = 16 << 20
"""Size in memory from which rows are written as one group of a Parquet file."""


class NoWarehouse(Exception):  # noqa: N818 - it is what the user is told
    """There is nothing to read here yet, or it cannot be read; the message says what to do."""


def connect(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the snapshot that is published now.

    The link is resolved once, so that a run which publishes meanwhile changes nothing for this connection.

    Raises:
        NoWarehouse: nothing has been published there, or it cannot be opened.
    """
    database = warehouse / DATABASE
    if not database.exists():
        raise NoWarehouse(
            f"There are no tables in {warehouse} yet: call {command('run', warehouse)} first, or name --warehouse."
        )
    try:
        return opened(database.resolve())
    except duckdb.Error as error:
        raise NoWarehouse(f"{database} cannot be opened ({error_line(error)}). {mend(warehouse)}") from error


def opened(database: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to this DuckDB file, with no way to any other.

    Raises:
        duckdb.Error: it cannot be opened.
    """
    # Set as it is opened, not afterwards: a second connection of this process shares the first one's configuration.
    return duckdb.connect(str(database), read_only=True, config=LOCKED | {"temp_directory": spill_folder()})


@cache
def spill_folder() -> str:
    """Where this process's DuckDB puts what does not fit into memory: never beside what is published; gone at its end.

    Empty, which means nowhere, where this process may not write at all.
    """
    try:
        folder = tempfile.mkdtemp(prefix="hearsay-")
    except OSError:
        return ""
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


DAMAGE = (duckdb.IOException, duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException)
"""What DuckDB raises when a page is not what it wrote; a query of its own cannot raise these here, where no file is open to it."""


def failure(error: duckdb.Error, warehouse: Path) -> str:
    """What DuckDB found wrong, as one line, and what to do where it is the file that is wrong."""
    line = error_line(error)
    is_damage = (
        isinstance(error, DAMAGE) or type(error) is duckdb.Error
    )  # "Corrupt database file" has no kind of its own
    return f"{line}. The tables may be damaged: {command('check', warehouse)} says." if is_damage else line


def mend(warehouse: Path) -> str:
    """What to do about damaged tables."""
    return f"Call {command('run', warehouse)}, which makes damaged tables anew."


def answer(database: duckdb.DuckDBPyConnection, text: str, form: str, out: TextIO) -> None:
    """Write the rows that a query gives.

    Raises:
        Refused: it is no single query, or the form is not for this output.
        duckdb.Error: it is wrong.
    """
    query = query_in(database, text)
    if form == "parquet":
        _write_parquet(database.sql(query), out)
    else:
        write_rows(database.execute(query), form, out)


def write_rows(result: duckdb.DuckDBPyConnection, form: str, out: TextIO) -> None:
    """Write what was just executed as table, csv or json; some thousand rows are in memory at a time."""
    {"csv": _write_csv, "json": _write_json, "table": _write_table}[form](result, out)


def _columns(result: duckdb.DuckDBPyConnection) -> list[str]:
    return [column[0] for column in result.description or []]


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := result.fetchmany(AT_ONCE):
        yield from rows


def _write_csv(result: duckdb.DuckDBPyConnection, out: TextIO) -> None:
    put = csv_writer(out)
    put(_columns(result))
    for row in _rows(result):
        put(row)


def csv_writer(out: TextIO, end: str = "\n") -> Callable[[Iterable[Any]], None]:
    """Writes rows of cells, of headers too, that are safe in a spreadsheet, each ended by ``end``."""

    class Lines:
        """Ends every row as asked: told of that end, the writer would leave a lone carriage return without quotes."""

        def write(self, line: str) -> int:
            return out.write(line.removesuffix("\r\n") + end)

    writer = csv.writer(Lines(), lineterminator="\r\n")

    def put(row: Iterable[Any]) -> None:
        writer.writerow([no_formula(_cell(value)) for value in row])

    return put


def _write_json(result: duckdb.DuckDBPyConnection, out: TextIO) -> None:
    names, before = unique(_columns(result)), "["
    for row in _rows(result):
        line = json.dumps(_plain(dict(zip(names, row, strict=True))), default=str, ensure_ascii=False)
        out.write(f"{before}\n{line}")
        before = ","
    out.write("[]\n" if before == "[" else "\n]\n")


def unique(names: Sequence[str]) -> list[str]:
    """The names with a number after those that came before ("a", "a_1"), as DuckDB's subqueries have it: none is lost."""
    found: list[str] = []
    for name in names:
        numbered = (f"{name}_{number}" for number in count(1))
        free = (new for new in numbered if new not in found and new not in names)
        found.append(next(free) if name in found else name)
    return found


def _plain(value: Any) -> Any:
    """The value with null for what JSON has no number for (not-a-number and the infinities), and text for names."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _write_parquet(relation: duckdb.DuckDBPyRelation, out: TextIO) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if out.isatty():
        raise Refused("Parquet is not for a terminal: send it to a file with '> rows.parquet'.")
    reader = relation.to_arrow_reader(AT_ONCE)
    schema = pa.schema(
        [field.with_name(name) for name, field in zip(unique(reader.schema.names), reader.schema, strict=True)]
    )
    sink = _Sink(out.buffer)
    with pq.ParquetWriter(sink, schema) as writer:
        try:
            for group in _groups(reader):
                writer.write_table(pa.Table.from_batches(group).rename_columns(schema.names))
        except BaseException:
            sink.is_open = False
            raise


class _Sink(io.RawIOBase):
    """Bytes on their way out, until it is shut: a writer that breaks off would still write the end that makes a file whole."""

    def __init__(self, out: BinaryIO) -> None:
        self.out, self.is_open = out, True

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self.is_open:
            self.out.write(data)
        return len(data)


def _groups(reader: Iterable[Any]) -> Iterator[list[Any]]:
    """Batches that make one group of rows each."""
    group: list[Any] = []
    size = 0
    for batch in _batches(reader):
        group.append(batch)
        size += batch.nbytes
        if size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _batches(reader: Iterable[Any]) -> Iterator[Any]:
    """The reader's batches; what DuckDB finds wrong on the way is told as DuckDB's, as everywhere else."""
    try:
        yield from reader
    except OSError as error:
        raise duckdb.DataError(str(error)) from error


def _write_table(result: duckdb.DuckDBPyConnection, out: TextIO) -> None:
    numeric = [str(column[1]) in {"BIGINT", "DOUBLE", "INTEGER", "HUGEINT"} for column in result.description or []]
    n_rows = -2  # the header and the rule
    for line in grid(_columns(result), ([_shown(value) for value in row] for row in _rows(result)), numeric):
        out.write(line + "\n")
        n_rows += 1
    out.write(f"({n_rows} row{'' if n_rows == 1 else 's'})\n")


def grid(header: list[str], rows: Iterable[list[str]], numeric: list[bool]) -> Iterator[str]:
    """Lines of a plain table: header, rule, rows; numbers to the right.

    The first rows decide how wide a column is; what is longer further down stands out of it, in full.
    """
    rows = iter(rows)
    first = list(islice(rows, WIDTHS_FROM))
    widths = [max(map(len, column)) for column in zip(header, *first, strict=True)]

    def line(cells: list[str]) -> str:
        padded = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(cells, widths, numeric, strict=True)
        ]
        return "  ".join(padded).rstrip()

    yield line(header)
    yield "  ".join("-" * width for width in widths)
    yield from map(line, chain(first, rows))


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict | tuple):
        return json.dumps(_plain(value), default=str, ensure_ascii=False)
    return value


def _shown(value: Any) -> str:
    """One cell of a table on a terminal: one line, no control characters, not too wide; numbers in full."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:g}"
    text = str(_cell(value))[: MAX_WIDTH + 1]
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= MAX_WIDTH else text[: MAX_WIDTH - 3] + "..."


def error_line(error: BaseException) -> str:
    """What DuckDB found wrong with a query, as one line."""
    if isinstance(error, UnicodeError):  # DuckDB's own words quote damaged bytes
        return "it holds bytes that are no text"
    lines = [line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith("LINE")]
    return " ".join(line for line in lines if set(line) != {"^"})[:500]
