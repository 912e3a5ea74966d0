"""Whether a set of tables keeps the contract: columns, enumerations, keys, references and spans.

pandera checks what one table can say of itself; here the tables are checked against each other as well, on plain
lists, because a check of spans row by row in pandas costs several times as much as everything else.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pandera.errors import SchemaErrors

from schemas.columns import Table


@dataclass(frozen=True)
class Violation:
    """One broken promise: where it stands, and the value that breaks it. ``document`` is null outside documents."""

    table: str
    column: str
    document: str | None
    value: str
    rule: str

    def __str__(self) -> str:
        where = f", document {self.document}" if self.document else ""
        return f"table {self.table}, column {self.column}{where}: {self.value!r} breaks the rule '{self.rule}'"


def violations(
    tables: Mapping[type[Table], pd.DataFrame],
    texts: Mapping[str, str],
    keys: Mapping[str, Collection[str]],
) -> list[Violation]:
    """Every broken promise in these tables, in table order; an empty list when there is none.

    ``texts`` maps document_id to text; ``keys`` maps the name of a table that is not among ``tables`` (or not whole
    there) to the keys that its rows have.
    """
    found: list[Violation] = []
    held = {model.table_name(): _keys(model, frame) for model, frame in tables.items()} | dict(keys)
    for model, frame in tables.items():
        found += _own(model, frame)
        found += _references(model, frame, held)
        found += _spans(model, frame, texts)
    return found


def _keys(model: type[Table], frame: pd.DataFrame) -> Collection[str]:
    primary = model.about().primary
    return set(frame[primary]) if primary is not None and primary in frame else set()


def _own(model: type[Table], frame: pd.DataFrame) -> list[Violation]:
    """What pandera finds; a rule over whole rows is reported once a row, not once a column."""
    try:
        model.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.astype(object).where(lambda cell: cell.notna(), None)
        rows: dict[tuple[Any, Any], Violation] = {}
        for case in cases.to_dict("records"):
            at, rule, column = case["index"], str(case["check"]), case["column"]
            whole = case["schema_context"] == "DataFrameSchema"
            known = at is not None and "document_id" in frame and at in frame.index
            document = str(frame.at[at, "document_id"]) if known else None
            name = "(row)" if whole and at is not None else str(column)
            value = _shown(frame.loc[at].to_dict()) if whole and at in frame.index else _shown(case["failure_case"])
            rows.setdefault((at, rule), Violation(model.table_name(), name, document, value, rule))
        return list(rows.values())
    return []


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 200 else text[:200] + " ..."


def _documents(frame: pd.DataFrame) -> list[str | None]:
    return list(frame["document_id"]) if "document_id" in frame else [None] * len(frame)


def _references(model: type[Table], frame: pd.DataFrame, held: Mapping[str, Collection[str]]) -> Iterator[Violation]:
    for column, target in model.about().references.items():
        for value, document in zip(frame[column], _documents(frame), strict=True):
            if isinstance(value, str) and value not in held[target]:
                yield Violation(model.table_name(), column, document, value, f"is the key of a row of {target}")


def _spans(model: type[Table], frame: pd.DataFrame, texts: Mapping[str, str]) -> Iterator[Violation]:
    for column, first, last in model.about().spans:
        cells = zip(frame[column], frame[first], frame[last], frame["document_id"], strict=True)
        for text, start, end, document in cells:
            if pd.isna(text) and pd.isna(start) and pd.isna(end):
                continue
            whole = texts.get(document)
            if whole is None or pd.isna(start) or pd.isna(end) or whole[int(start) : int(end)] != text:
                rule = f"{column} == documents.text[{first}:{last}], here [{start}:{end}]"
                yield Violation(model.table_name(), column, document, _shown(text), rule)
