"""Finding rows by id, with what is needed to show them. Every query filters before it joins: it is quick on millions."""

import shlex
from typing import Any

import duckdb

from warehouse.calling import ask, command, warehouse_of
from warehouse.evidence.passages import one_line

Found = dict[str, Any]

KEYS = {
    "documents": "document_id",
    "segments": "segment_id",
    "sentences": "sentence_id",
    "mentions": "mention_id",
    "entities": "entity_id",
    "dates": "date_id",
    "figures": "figure_id",
    "quantities": "quantity_id",
    "claims": "claim_id",
    "sources": "source_id",
}
"""The tables whose rows have an id, and the column that holds it."""

CLAIMS = """
SELECT c.*, t.text AS said_on_words, e.name AS speaker_name, d.author, d.publisher, d.published_on, d.published_basis,
       d.published_earliest_on, d.published_latest_on, d.title, d.source_id
FROM claims c JOIN documents d USING (document_id) LEFT JOIN entities e ON e.entity_id = c.source_entity_id
LEFT JOIN dates t ON t.date_id = c.said_on_date_id
"""
"""Claims with the speaker's name and the document's facts; a WHERE clause follows."""

FIGURES = """
SELECT f.*, c.status, c.stance, c.source_kind, c.source_text, e.name AS speaker_name, d.author, d.publisher, d.published_on, d.title,
       d.source_id, c.said_on_start, c.said_on_end
FROM figures f JOIN documents d USING (document_id)
LEFT JOIN claims c ON c.claim_id = f.claim_id LEFT JOIN entities e ON e.entity_id = c.source_entity_id
"""
"""Figures with who says them; a WHERE clause follows."""


def rows(database: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[Found]:
    """The result of a query, one dict a row; ``values`` fill its question marks."""
    cursor = database.execute(query, list(values))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def table_of(database: duckdb.DuckDBPyConnection, ident: str) -> str | None:
    """The table that has a row with this id; null when none has."""
    query = " UNION ALL ".join(
        f"SELECT '{table}' AS name WHERE EXISTS (FROM {table} WHERE {key} = $id)" for table, key in KEYS.items()
    )
    found = database.execute(query, {"id": ident}).fetchall()
    return str(found[0][0]) if found else None


class Unknown(Exception):  # noqa: N818 - it is what the user is told
    """No row has the id; the message says so, and how to find ids."""


def find(database: duckdb.DuckDBPyConnection, ident: str) -> tuple[str, Found]:
    """The table and the row that an id stands for; an id is also found with spaces around it or in capitals.

    An id that an entity had before it was merged into another finds the entity that holds its mentions now.

    Raises:
        Unknown: no row has this id, or ever had it.
    """
    names = list(dict.fromkeys((ident, ident.strip(), ident.strip().lower())))
    for name in names:
        table = table_of(database, name)
        found = row(database, table, name) if table else None
        if table and found:
            return table, found
    for name in names:
        merged = rows(database, "SELECT * FROM entities WHERE list_contains(former_ids, ?)", name)
        if merged:
            return "entities", merged[0]
    raise Unknown(
        f"No row of any table has the id '{one_line(ident, 80)}': every table lists its ids, for example "
        + ask("SELECT figure_id, as_written, speaker FROM figures_said", warehouse_of(database))
    )


def document_of(database: duckdb.DuckDBPyConnection, ident: str) -> str:
    """The document in which a row stands; of an entity or a quantity the first one.

    Raises:
        Unknown: no row has this id, or what has it stands in no document.
    """
    table, found = find(database, ident)
    if table == "quantities":
        query = "SELECT min_by(document_id, (document_id, start_char)) FROM figures WHERE quantity_id = ?"
        document = database.execute(query, [found["quantity_id"]]).fetchall()[0][0]
    else:
        document = found.get("document_id") or found.get("first_document_id")
    if document is None:
        show = command(f"show {shlex.quote(ident)}", warehouse_of(database))
        raise Unknown(f"'{one_line(ident, 80)}' stands in no document; what it is says {show}")
    return str(document)


def row(database: duckdb.DuckDBPyConnection, table: str, ident: str | None) -> Found | None:
    """The row of a table with this id; null when there is none."""
    found = rows(database, f"SELECT * FROM {table} WHERE {KEYS[table]} = ?", ident) if ident else []
    return found[0] if found else None


def claims(database: duckdb.DuckDBPyConnection, condition: str, *values: object) -> list[Found]:
    """Claims that fulfil a condition (on ``c``, ``d``, ``e``), with their speakers; it may end in ORDER BY and LIMIT."""
    return rows(database, f"{CLAIMS} WHERE {condition}", *values)


def figures(database: duckdb.DuckDBPyConnection, condition: str, *values: object) -> list[Found]:
    """Figures that fulfil a condition (on ``f``, ``c``, ``d``, ``e``), with who says them."""
    return rows(database, f"{FIGURES} WHERE {condition}", *values)


def innermost_claim(database: duckdb.DuckDBPyConnection, document_id: str, start: int, end: int) -> Found | None:
    """The smallest claim whose content, or whose words of attribution, hold ``[start, end)``; null when none does."""
    inside = claims(
        database,
        "c.document_id = ? AND c.start_char <= ? AND c.end_char >= ? ORDER BY c.end_char - c.start_char, c.claim_id",
        document_id,
        start,
        end,
    )
    for claim in inside:
        if any(span["start_char"] <= start and end <= span["end_char"] for span in claim["content_spans"] or ()):
            return claim
    return None


def sentences(database: duckdb.DuckDBPyConnection, document_id: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the sentences that ``[start, end)`` touches begin and end; null when it touches none."""
    query = (
        "SELECT min(start_char), max(end_char) FROM sentences WHERE document_id = ? AND start_char < ? AND end_char > ?"
    )
    found = database.execute(query, [document_id, end, start]).fetchone()
    return None if found is None or found[0] is None else (int(found[0]), int(found[1]))


def segment_at(database: duckdb.DuckDBPyConnection, document_id: str, at: int) -> Found | None:
    """The layout part in which a character stands; null when it stands in none."""
    query = "SELECT * FROM segments WHERE document_id = ? AND start_char <= ? AND end_char > ? ORDER BY start_char DESC"
    found = rows(database, query, document_id, at, at)
    return found[0] if found else None
