"""The DuckDB file: every table with its comments, and every view of ``warehouse/views``."""

import re
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from schemas import ALL, Table
from warehouse.query import spill_folder

VIEWS = Path(__file__).resolve().parent / "views"
STORAGE_VERSION = "v1.0.0"
"""How the file is laid out: for readers whose DuckDB is older than ours (1.1 and newer open it and answer every view)."""


def build(snapshot: Path, database: Path) -> None:
    """Make a DuckDB file that holds the tables of this snapshot's Parquet files, and the views over them.

    Raises:
        duckdb.Error: a view is wrong, or the file cannot be written.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "storage_compatibility_version": STORAGE_VERSION,
        "temp_directory": spill_folder(),
    }
    with duckdb.connect(database, config=config) as connection:
        for model in ALL:
            _load(connection, model, snapshot)
        for name, query in views().items():
            connection.execute(f"CREATE VIEW {name} AS {query}")
            connection.execute(f"COMMENT ON VIEW {name} IS {_quoted(grain(query))}")


def _load(connection: duckdb.DuckDBPyConnection, model: type[Table], snapshot: Path) -> None:
    name = model.table_name()
    files = sorted(str(path) for path in (snapshot / name).glob("*.parquet"))
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet($files)", {"files": files})
    connection.execute(f"COMMENT ON TABLE {name} IS {_quoted(model.about().grain)}")
    for column, description in model.descriptions().items():
        connection.execute(f"COMMENT ON COLUMN {name}.{column} IS {_quoted(description)}")


def views() -> dict[str, str]:
    """Every view's query by its name, each after the views that it reads."""
    queries = {path.stem: path.read_text("utf-8") for path in sorted(VIEWS.glob("*.sql"))}
    words = {name: set(re.findall(r"\w+", query)) for name, query in queries.items()}
    order = TopologicalSorter({name: (queries.keys() & found) - {name} for name, found in words.items()})
    return {name: queries[name] for name in order.static_order()}


def grain(query: str) -> str:
    """What a row of a view is: its first line, without the comment sign."""
    return query.splitlines()[0].removeprefix("--").strip()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
