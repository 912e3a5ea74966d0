"""What may be asked in SQL: one statement that reads, known for one before it is run.

The connection itself is read-only and locked. One thing it leaves open: DuckDB lets COPY write where the database and its
temporary files lie, which is beside what is published; so what is no reading is refused here, by its kind.
"""

from itertools import pairwise
from typing import NoReturn

import duckdb

_KINDS = duckdb.StatementType
READS = frozenset({_KINDS.SELECT, _KINDS.EXPLAIN, _KINDS.PRAGMA, _KINDS.CALL, _KINDS.MULTI})
"""Kinds that give rows. MULTI is what DuckDB makes of PIVOT: it looks for the columns first, and then asks."""
MAY_HOLD_ANOTHER = frozenset({_KINDS.EXPLAIN, _KINDS.MULTI})
WRITES_FILES = frozenset({"COPY", "EXPORT"})


class Refused(ValueError):  # noqa: N818 - it is what the user is told
    """The query is not answered; the message says in one sentence why, and what to do."""


def query_in(database: duckdb.DuckDBPyConnection, text: str) -> duckdb.Statement:
    """The one statement of a text, comments, semicolons at the end and a byte-order mark aside; it is not run yet.

    Raises:
        Refused: there is none, or more than one, or it does something else than read.
        duckdb.Error: it is no SQL.
    """
    try:
        written = text.lstrip("\ufeff").encode()
    except UnicodeEncodeError:
        raise Refused("The query holds bytes that are no UTF-8: write it anew, or leave them out.") from None
    found = database.extract_statements(written.decode())
    if not found:
        raise Refused("There is no query in that: write one, for example SHOW TABLES.")
    if len(found) > 1:
        raise Refused(
            f"These are {len(found)} queries, and none was run: ask one at a time, without a semicolon between."
        )
    (statement,) = found
    words = _words(statement.query)
    if statement.type not in READS:
        _refuse(next(iter(words), "That"))
    # EXPLAIN ANALYZE COPY ... writes a file, and COPY (PIVOT ...) TO is one of MULTI's
    if statement.type in MAY_HOLD_ANOTHER and (writing := WRITES_FILES.intersection(words)):
        _refuse(min(writing))
    return statement


def _refuse(word: str) -> NoReturn:
    raise Refused(
        f"{word} cannot be used here, where tables are only read: ask with SELECT, SHOW, DESCRIBE, SUMMARIZE, PIVOT or "
        "EXPLAIN; rows go to a file with --format csv, json or parquet and '> FILE'."
    )


def _words(text: str) -> list[str]:
    """SQL's own words in a statement, in capitals: no names, strings and comments."""
    written = text.encode()
    tokens = [*duckdb.tokenize(text), (len(written), None)]  # they begin at bytes
    return [
        written[start:end].split(maxsplit=1)[0].decode().upper()
        for (start, kind), (end, _) in pairwise(tokens)
        if kind == duckdb.token_type.keyword
    ]
