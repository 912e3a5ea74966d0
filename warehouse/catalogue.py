"""The DuckDB file: every table with its comments, and every view of ``warehouse/views``."""

import ast
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from schemas import ALL, Table
from warehouse.query import spill_folder

VIEWS = Path(__file__).resolve().parent / "views"
STORAGE_VERSION = "v1.0.0"
"""How the file is laid out: for readers whose DuckDB is older than ours (1.1 and newer open it and answer every view)."""


@cache
def version() -> str:
    """16 hex digits that change whenever what a DuckDB file is built by does: views, comments, this code, DuckDB itself.

    What it is built from, the rows, is not in it. Comments and docstrings of this code change nothing.
    """
    hashed = hashlib.sha256(f"duckdb {duckdb.__version__} {STORAGE_VERSION}\n".encode())
    for name, query in views().items():
        hashed.update(f"{name}\n{query}\n".encode())
    for model in ALL:
        hashed.update(repr((model.table_name(), model.about().grain, model.descriptions())).encode())
    hashed.update("\n".join(_says(ast.parse(Path(__file__).read_text("utf-8")))).encode())
    return hashed.hexdigest()[:16]


def _says(node: ast.AST) -> Iterator[str]:
    """What a piece of code says, the same in every Python (``ast.dump`` is not): kinds and values, no bare strings."""
    yield type(node).__name__
    for name, value in ast.iter_fields(node):
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant):  # a docstring
                continue
            if isinstance(item, ast.AST):
                yield from _says(item)
            elif item is not None:
                yield f"{name}={item!r}"


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
