"""Reading the published tables with SQL: read-only, and with no way to any file but the warehouse's own."""

import csv
import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import duckdb

from warehouse.calling import command
from warehouse.spreadsheets import no_formula

DATABASE = "hearsay.duckdb"
LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}
MAX_WIDTH = 60
"""Characters of one cell that a table on a terminal shows."""


class NoWarehouse(Exception):  # noqa: N818 - it is what the user is told
    """There is nothing to read here yet, or it cannot be read; the message says what to do."""


def connect(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the snapshot that is published now.

    The link is resolved once, so that a run which publishes meanwhile changes nothing for this connection.

    Raises:
        NoWarehouse: nothing has been published there.
    """
    database = warehouse / DATABASE
    if not database.exists():
        raise NoWarehouse(
            f"There are no tables in {warehouse} yet: call {command('run', warehouse)} first, or name --warehouse."
        )
    try:
        # Set as it is opened, not afterwards: a second connection of this process shares the first one's configuration.
        return duckdb.connect(str(database.resolve()), read_only=True, config=LOCKED)
    except duckdb.Error as error:
        raise NoWarehouse(f"{database} cannot be opened: {str(error).splitlines()[0]}") from error


def write_rows(relation: duckdb.DuckDBPyRelation, form: str, out: TextIO) -> None:
    """Write a result as table, csv, json or parquet (which goes to the stream's bytes)."""
    writers = {"csv": _write_csv, "json": _write_json, "parquet": _write_parquet, "table": _write_table}
    writers[form](relation, out)


def _rows(relation: duckdb.DuckDBPyRelation) -> Iterator[tuple[Any, ...]]:
    """The rows one by one, some thousand in memory at a time."""
    for batch in relation.to_arrow_reader(2048):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _write_csv(relation: duckdb.DuckDBPyRelation, out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(relation.columns)
    writer.writerows([no_formula(_cell(value)) for value in row] for row in _rows(relation))


def _write_json(relation: duckdb.DuckDBPyRelation, out: TextIO) -> None:
    before = "["
    for row in _rows(relation):
        line = json.dumps(_finite(dict(zip(relation.columns, row, strict=True))), default=str, ensure_ascii=False)
        out.write(f"{before}\n{line}")
        before = ","
    out.write("[]\n" if before == "[" else "\n]\n")


def _finite(value: Any) -> Any:
    """The value with null for what JSON has no number for: not-a-number and the infinities."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value


def _write_parquet(relation: duckdb.DuckDBPyRelation, out: TextIO) -> None:
    import pyarrow.parquet as pq

    if out.isatty():
        raise ValueError("Parquet is not for a terminal: send it to a file with '> rows.parquet'.")
    pq.write_table(relation.to_arrow_table(), out.buffer)


def _write_table(relation: duckdb.DuckDBPyRelation, out: TextIO) -> None:
    rows = [[_shown(value) for value in row] for row in relation.fetchall()]
    numeric = [str(kind) in {"BIGINT", "DOUBLE", "INTEGER", "HUGEINT"} for kind in relation.types]
    for line in grid(relation.columns, rows, numeric):
        out.write(line + "\n")
    out.write(f"({len(rows)} row{'' if len(rows) == 1 else 's'})\n")


def grid(header: list[str], rows: list[list[str]], numeric: list[bool]) -> Iterable[str]:
    """Lines of a plain table: header, rule, rows; numbers to the right."""
    widths = [max([len(cell) for cell in column]) for column in zip(header, *rows, strict=True)] if header else []

    def line(cells: list[str]) -> str:
        padded = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(cells, widths, numeric, strict=True)
        ]
        return "  ".join(padded).rstrip()

    yield line(header)
    yield "  ".join("-" * width for width in widths)
    for row in rows:
        yield line(row)


def _cell(value: Any) -> Any:
    return json.dumps(value, default=str, ensure_ascii=False) if isinstance(value, list | dict) else value


def _shown(value: Any) -> str:
    """One cell of a table on a terminal: one line, no control characters, not too wide; numbers in full."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:g}"
    text = str(_cell(value))
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= MAX_WIDTH else text[: MAX_WIDTH - 3] + "..."


def error_line(error: duckdb.Error) -> str:
    """What DuckDB found wrong with a query, as one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith("LINE")]
    return " ".join(line for line in lines if set(line) != {"^"})[:500]
