"""What one document's rows promise is checked where they are made: a row that breaks the contract costs its table there.

The tables are checked again as a whole before they are published; what is found then stops the publication, because
readers must never see it. Here the same checks find it while it is still known which document it comes from.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyarrow.lib import ArrowException

from pipelines.identity import span_id
from pipelines.ingest.document import Row
from pipelines.running.guards.isolation import ESSENTIAL, fault_row
from schemas import BY_NAME
from schemas.validation import Violation, violations

Rows = list[Row]
Tables = Mapping[str, Rows]
LATER: Mapping[str, tuple[str, ...]] = {"entities": (), "quantities": (), "sayings": ()}
"""Tables whose rows are made when all documents are known: nothing refers to them yet."""


class Broken(Exception):  # noqa: N818 - it is what is told of the document
    """A document's own rows cannot be mended by leaving a table out."""


def breaking(documents: Iterable[tuple[str, Tables]]) -> dict[str, list[Violation]]:
    """The promises that documents break, by document; ``documents`` gives the text of each with its rows by table."""
    texts: dict[str, str] = {}
    together: dict[str, Rows] = {}
    for text, tables in documents:
        texts[tables["documents"][0]["document_id"]] = text
        for name, rows in tables.items():
            if name in BY_NAME:
                together.setdefault(name, []).extend(rows)
    frames = {BY_NAME[name]: BY_NAME[name].frame(rows) for name, rows in together.items()}
    found: dict[str, list[Violation]] = {}
    for violation in violations(frames, texts, LATER):
        if violation.document is not None:
            found.setdefault(violation.document, []).append(violation)
    return found


def mended(text: str, tables: Tables) -> tuple[dict[str, Rows], Rows]:
    """One document's rows without the tables that break a promise, and the rows of ``faults`` that say so.

    What refers to a row that is left out refers to nothing then, or goes with it where it must refer to one.

    Raises:
        Broken: a table breaks one without which the document is none.
    """
    kept, faults = dict(tables), list[Row]()
    document = kept["documents"][0]["document_id"]
    for _ in BY_NAME:
        violation = _unfit(document, kept) or next(iter(breaking([(text, kept)]).get(document, [])), None)
        if violation is None:
            return kept, faults
        if violation.table in ESSENTIAL:
            break
        kept = _without(violation.table, kept)
        faults.append(_fault(document, len(text), violation))
    raise Broken(str(violation))


def _unfit(document_id: str, tables: Tables) -> Violation | None:
    """The first table whose rows fit its columns not even in kind; null when all do."""
    for name, rows in tables.items():
        if name in BY_NAME:
            try:
                BY_NAME[name].frame(rows)
            except (ArrowException, KeyError, OverflowError, TypeError, ValueError) as error:
                return Violation(name, "(row)", document_id, str(error)[:200], "fits the columns")
    return None


def _without(table: str, tables: Mapping[str, Rows]) -> dict[str, Rows]:
    kept = {**tables, table: []}
    for name, rows in kept.items():
        model = BY_NAME.get(name)
        columns = [column for column, target in model.about().references.items() if target == table] if model else []
        for column in columns:
            may_be_null = model is not None and model.arrow_schema().field(column).nullable
            kept[name] = [row | {column: None} for row in rows] if may_be_null else []
    return kept


def _fault(document_id: str, n_chars: int, violation: Violation) -> Row:
    fault_id = span_id(document_id, "faults", 0, n_chars, violation.table, "contract")
    why = f"The rows broke the contract: {violation}"[:300]
    return fault_row(fault_id, document_id, violation.table, (0, n_chars), None, why, str(violation))


def together(texts: Sequence[str], tables: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], Rows] | Exception]:
    """For each document, in order: its rows and faults, after what breaks a promise was left out; or why it is none."""
    found: Mapping[str, object] | None
    try:
        found = breaking(zip(texts, tables, strict=True))
    except Exception:  # a value that fits no column: whose, is seen one by one
        found = None
    return [
        (rows, []) if found is not None and rows["documents"][0]["document_id"] not in found else _alone(text, rows)
        for text, rows in zip(texts, tables, strict=True)
    ]


def _alone(text: str, tables: dict[str, Any]) -> tuple[dict[str, Any], Rows] | Exception:
    try:
        return mended(text, tables)
    except (OSError, MemoryError):
        raise
    except Exception as error:
        return error
