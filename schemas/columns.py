"""The types that columns have, and the checks that several tables share.

Every column is backed by Arrow, so that what pandera checks is what Parquet stores and DuckDB reads. A table's schema
is a ``Table``: a pandera model that also knows its key, its references to other tables and its sort order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, ClassVar

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

Text = Annotated[pd.ArrowDtype, pa.string()]
Int = Annotated[pd.ArrowDtype, pa.int64()]
Double = Annotated[pd.ArrowDtype, pa.float64()]
Bool = Annotated[pd.ArrowDtype, pa.bool_()]
Day = Annotated[pd.ArrowDtype, pa.date32()]
Instant = Annotated[pd.ArrowDtype, pa.timestamp("us", tz="UTC")]
Texts = Annotated[pd.ArrowDtype, pa.list_(pa.string())]
SPAN = pa.struct([pa.field("start_char", pa.int64(), nullable=False), pa.field("end_char", pa.int64(), nullable=False)])
Spans = Annotated[pd.ArrowDtype, pa.list_(SPAN)]

ID = r"^[0-9a-f]{16}$"
RULE = r"^[a-z0-9_+]+$"
"""A rule's name; where one row is made of what two rules found, both names with ``+`` between."""
MENTION_TYPES = ("PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "PRODUCT", "WORK")
SCHEMA_VERSION = "2"


def column(description: str, *, null: str | None = None, **checks: Any) -> Any:
    """A column with its meaning; ``null`` says what an absent value means, and its presence allows one."""
    text = description if null is None else f"{description} Null: {null}."
    return pandera.Field(nullable=null is not None, description=text, **checks)


def key(description: str) -> Any:
    """The table's own identifier: 16 hex digits, unique."""
    return pandera.Field(unique=True, str_matches=ID, description=description)


def reference(description: str, *, null: str | None = None) -> Any:
    """An identifier of a row of another table."""
    return column(description, null=null, str_matches=ID)


def ordered(frame: pd.DataFrame, low: str, high: str, *, strictly: bool = False) -> "pd.Series[Any]":
    """Row by row: ``low`` is not above ``high`` (below it, with ``strictly``) wherever both are known."""
    below = frame[low] < frame[high] if strictly else frame[low] <= frame[high]
    return below.fillna(True).astype(bool)


@dataclass(frozen=True)
class About:
    """What the engine and the catalogue need to know of a table besides its columns.

    ``grain`` says what a row is; ``primary`` is its key; ``references`` maps a column to the table whose key it holds;
    ``spans`` lists (text, start, end) columns for which ``text == documents.text[start:end]`` holds; ``order`` is the
    sort order of the published rows.
    """

    grain: str
    primary: str | None
    references: Mapping[str, str] = field(default_factory=dict)
    spans: tuple[tuple[str, str, str], ...] = ()
    order: tuple[str, ...] = ("document_id", "start_char", "end_char")


class Table(pandera.DataFrameModel):
    """One published table: a pandera model with what ``About`` says of it."""

    _about: ClassVar[About]

    class Config:
        """Exactly the listed columns, in the listed order."""

        strict = True
        ordered = True
        coerce = False

    @classmethod
    def about(cls) -> About:
        """Grain, key, references, spans and order."""
        return cls._about

    @classmethod
    def table_name(cls) -> str:
        """The table's name: its class in lower case with underscores."""
        return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(cls.__name__))

    @classmethod
    def descriptions(cls) -> dict[str, str]:
        """What each column holds, in column order."""
        return {name: str(col.description or "") for name, col in cls.to_schema().columns.items()}

    @classmethod
    def arrow_schema(cls) -> pa.Schema:
        """The Arrow schema, with descriptions on the columns and the grain on the table."""
        return _arrow_schema(cls)

    @classmethod
    def frame(cls, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
        """A typed frame of these rows, not yet validated; an empty one has typed columns too.

        Raises:
            KeyError: a row lacks a column or has one that the table does not list.
        """
        names = list(cls.to_schema().columns)
        listed = list(rows)
        wanted = set(names)
        for row in listed:
            if row.keys() != wanted:
                odd = sorted(wanted.symmetric_difference(row.keys()))
                raise KeyError(f"{cls.table_name()}: a row lacks or adds the columns {', '.join(odd)}")
        schema = cls.arrow_schema()
        columns = [_array([row[name] for row in listed], schema.field(name).type) for name in names]
        frame: pd.DataFrame = pa.table(columns, schema=schema).to_pandas(types_mapper=pd.ArrowDtype)
        return frame


@cache
def _arrow_schema(model: type[Table]) -> pa.Schema:
    fields = []
    for name, col in model.to_schema().columns.items():
        said: dict[bytes | str, bytes | str] = {"description": str(col.description or "")}
        fields.append(pa.field(name, col.dtype.type.pyarrow_dtype, nullable=bool(col.nullable), metadata=said))
    about: dict[bytes | str, bytes | str] = {"grain": model.about().grain, "schema_version": SCHEMA_VERSION}
    return pa.schema(fields, metadata=about)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Values as an Arrow array of this type; days may be dates or ISO text."""
    if pa.types.is_date32(kind) and any(isinstance(value, str) for value in values):
        return pa.array([value if value is None else str(value) for value in values], pa.string()).cast(kind)
    return pa.array(values, kind)
