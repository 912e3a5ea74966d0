"""Answers to queries that a reader writes: bounded in rows and in time, and safe to open in a spreadsheet."""

import io
import threading

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.asked import query_in
from warehouse.dashboard.reading import SECONDS
from warehouse.query import csv_writer

SHOWN_ROWS = 1000
"""Rows that the screen shows."""
MAX_ROWS = 200_000
"""Rows that a download holds."""


def run(database: duckdb.DuckDBPyConnection, query: str, limit: int) -> tuple[pa.Table, bool]:
    """The rows of a query, at most ``limit``, and whether these are all.

    Raises:
        Refused: it is no single query.
        duckdb.InterruptException: it took longer than ``SECONDS``.
        duckdb.Error: it is wrong.
    """
    asked = query_in(database, query)
    clock = threading.Timer(SECONDS, database.interrupt)
    clock.start()
    try:
        relation = database.sql(asked)
        table = relation.limit(limit + 1).to_arrow_table()
    finally:
        clock.cancel()
    return table.slice(0, limit), table.num_rows <= limit


def csv_bytes(table: pa.Table) -> bytes:
    """The rows as CSV in UTF-8 with the mark that spreadsheets know it by; no text in it is a formula."""
    out = io.StringIO()
    put = csv_writer(out, end="\r\n")
    put(table.column_names)
    for batch in table.to_batches(1000):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            put(row)
    return out.getvalue().encode("utf-8-sig")


def parquet_bytes(table: pa.Table) -> bytes:
    """The rows as a Parquet file."""
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()
