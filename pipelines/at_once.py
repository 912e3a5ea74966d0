"""The tables of some texts at once: no ledger, no warehouse, no id memory; for a benchmark, an explanation, a notebook."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa

from pipelines.identity import digest
from pipelines.ingest.document import Row
from pipelines.ingest.documents import borders, document_of
from pipelines.language import analyse
from pipelines.language.parsed import Parsed
from pipelines.tables import ACROSS_DOCUMENTS, MENTION_COLUMNS, evaluate, rows_of


class Given(NamedTuple):
    """A text and what came with it: ``name`` becomes its ``source_id``; ``published_on`` and ``genre`` null where nothing says."""

    name: str
    text: str
    published_on: date | None = None
    genre: str | None = None


def parsed_of(given: Given) -> Parsed:
    """The text with its layout and its analysis."""
    about = {"published_on": given.published_on, "genre": given.genre}
    document, layout = document_of(digest("document", given.name), given.name, given.text, about)
    (doc,) = analyse([given.text], [borders(given.text, layout)])
    return Parsed(document, layout, doc)


def tables_of(parsed: Iterable[Parsed]) -> dict[str, list[Row]]:
    """Every table of these documents, by name, ids of entities and quantities joined in, as a run would publish them.

    Without overrides, and with no memory of other runs: what a run over the same texts in a new warehouse gives.
    """
    rows: dict[str, list[Row]] = {}
    for one in parsed:
        for name, found in rows_of(one).items():
            rows.setdefault(name, []).extend(found)
    whole = evaluate(ACROSS_DOCUMENTS, _evidence(rows))
    entity_of: Mapping[str, str] = whole["resolution"].entity_of
    quantity_of: Mapping[str, str] = whole["comparison"][1]
    for row in rows.get("mentions", ()):
        row["entity_id"] = entity_of.get(row["mention_id"])
    for row in rows.get("figures", ()):
        row["quantity_id"] = quantity_of.get(row["figure_id"])
    for row in rows.get("claims", ()):
        row["source_entity_id"] = entity_of.get(row["source_mention_id"])
    return rows | {name: list(whole[name]) for name in ("entities", "entity_merges", "quantities")}


def _evidence(rows: Mapping[str, list[Row]]) -> dict[str, Any]:
    """What the steps across documents read."""
    mentions = {name: [row[name] for row in rows.get("mentions", ())] for name in MENTION_COLUMNS.names}
    return {
        "records": [],
        "failed": [],
        "overrides": (),
        "mentions": pa.table(mentions, schema=MENTION_COLUMNS),
        "documents": [row | {"text": None} for row in rows.get("documents", ())],
        "definitions": rows.get("definitions", []),
        "questions": rows.get("questions", []),
        "figures": rows.get("figures", []),
        "known": {},
        "memory": None,
        "retired": {},
    }
