"""Answers to queries that a reader writes: bounded in rows and in time, and safe to open in a spreadsheet."""

import csv
import io
import json
import threading
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.dashboard.reading import SECONDS
from warehouse.spreadsheets import no_formula

SHOWN_ROWS = 1000
"""Rows that the screen shows."""
MAX_ROWS = 200_000
"""Rows that a download holds."""


def run(database: duckdb.DuckDBPyConnection, query: str, limit: int) -> tuple[pa.Table, bool]:
    """The rows of a query, at most ``limit``, and whether these are all.

    Raises:
        ValueError: it is no single query.
        duckdb.InterruptException: it took longer than ``SECONDS``.
        duckdb.Error: it is wrong.
    """
    statements = database.extract_statements(query)
    if len(statements) != 1:
        raise ValueError(
            "Write one query." if not statements else "Write one query at a time, without a semicolon between."
        )
    clock = threading.Timer(SECONDS, database.interrupt)
    clock.start()
    try:
        relation = database.sql(query)
        if relation is None:
            raise ValueError("That gives no rows: only a query does, for example one that begins with SELECT.")
        table = relation.limit(limit + 1).to_arrow_table()
    finally:
        clock.cancel()
    return table.slice(0, limit), table.num_rows <= limit


def csv_bytes(table: pa.Table) -> bytes:
    """The rows as CSV in UTF-8 with the mark that spreadsheets know it by; no text in it is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([cell(name) for name in table.column_names])
    for batch in table.to_batches(1000):
        columns = [column.to_pylist() for column in batch.columns]
        writer.writerows([cell(value) for value in row] for row in zip(*columns, strict=True))
    return out.getvalue().encode("utf-8-sig")


def parquet_bytes(table: pa.Table) -> bytes:
    """The rows as a Parquet file."""
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def cell(value: Any) -> Any:
    """A value as a cell: lists and structures as JSON, text with an apostrophe before what would be a formula."""
    if isinstance(value, list | dict | tuple):
        value = json.dumps(value, default=str, ensure_ascii=False)
    return no_formula(value)
