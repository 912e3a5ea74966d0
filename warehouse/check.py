"""``hearsay check``: everything that is published, validated anew against the schemas."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from schemas import ALL, Table
from schemas.validation import Violation, violations


def check(snapshot: Path) -> Iterator[tuple[str, int, list[Violation]]]:
    """Per part of a snapshot: (its name, number of rows, promises it breaks); the tables of the whole come first."""
    keys = {model.table_name(): _keys(snapshot, model) for model in ALL if model.about().primary}
    names = sorted(
        {path.name for path in snapshot.glob("*/part-*.parquet")}, key=lambda name: (name != "part-whole.parquet", name)
    )
    for name in names:
        tables = {model: _frame(path) for model in ALL if (path := snapshot / model.table_name() / name).exists()}
        documents = next((frame for model, frame in tables.items() if model.table_name() == "documents"), None)
        texts = {} if documents is None else dict(zip(documents["document_id"], documents["text"], strict=True))
        yield name, sum(map(len, tables.values())), violations(tables, texts, keys)


def _frame(path: Path) -> pd.DataFrame:
    frame: pd.DataFrame = pq.read_table(path).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _keys(snapshot: Path, model: type[Table]) -> set[str]:
    primary = str(model.about().primary)
    files = (snapshot / model.table_name()).glob("*.parquet")
    return {str(value) for path in files for value in pq.read_table(path, columns=[primary])[primary].to_pylist()}
