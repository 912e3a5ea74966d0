"""Reading the published snapshot: resolved once an interaction, a short-lived read-only connection, small answers kept.

A snapshot never changes once it has its name, so what a query gave on it may be kept for as long as it is published.
Nothing of pandas or of the schemas is loaded: that alone would take most of the time until the first screen.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import streamlit as st

from warehouse.calling import DEFAULT
from warehouse.evidence.lookups import rows
from warehouse.query import NoWarehouse, connect, mend

PER_PAGE = 20
"""Rows that a list shows at a time."""
SECONDS = 20
"""How long one interaction may ask the database before it is stopped."""


@dataclass(frozen=True)
class Snapshot:
    """The published set that one interaction reads: its folder, rows a table, what made it, when (UTC)."""

    folder: Path
    n_rows: Mapping[str, int]
    pipeline_version: str
    written_at: datetime

    @property
    def key(self) -> str:
        """What tells it from every other: its folder, and when that was written."""
        return f"{self.folder} {self.written_at.timestamp()}"


_now: ContextVar[tuple[Snapshot, duckdb.DuckDBPyConnection]] = ContextVar("reading")


def warehouse() -> Path:
    """The warehouse that is shown."""
    return Path(os.environ.get("HEARSAY_WAREHOUSE") or DEFAULT)


@contextmanager
def opened() -> Iterator[Snapshot]:
    """Read from the snapshot that is published now, until the interaction is done.

    Raises:
        NoWarehouse: nothing has been published, or its manifest is damaged.
    """
    home = warehouse()
    link = home / "current"
    if not link.exists():
        connect(home)  # says what to do
        raise FileNotFoundError(home)
    folder = link.resolve()
    manifest = folder / "manifest.json"
    try:
        said = json.loads(manifest.read_text("utf-8"))
        written = datetime.fromtimestamp(manifest.stat().st_mtime, UTC)
        snapshot = Snapshot(folder, dict(said["n_rows"]), said["pipeline_version"], written)
    except (ValueError, KeyError, TypeError, FileNotFoundError):
        raise NoWarehouse(f"{manifest} is missing or damaged. {mend(home)}") from None
    with connect(folder) as database:
        token = _now.set((snapshot, database))
        try:
            yield snapshot
        finally:
            _now.reset(token)


def database() -> duckdb.DuckDBPyConnection:
    """The connection of this interaction."""
    return _now.get()[1]


def snapshot() -> Snapshot:
    """The snapshot of this interaction."""
    return _now.get()[0]


def ask(query: str, *values: object) -> list[dict[str, Any]]:
    """Rows of a query on this interaction's snapshot, from memory where it was asked before. For small answers."""
    found: list[dict[str, Any]] = _kept(snapshot().key, query, values)
    return found


@st.cache_data(show_spinner=False, max_entries=500)
def _kept(key: str, query: str, values: tuple[object, ...]) -> list[dict[str, Any]]:
    del key  # is there to tell snapshots apart
    return rows(database(), query, *values)


def count(query: str, *values: object) -> int:
    """The number a query gives."""
    return int(next(iter(ask(query, *values)[0].values())))


def occurring(column: str, table: str) -> list[str]:
    """The values that a column of a table has, sorted."""
    return [row["value"] for row in ask(f"SELECT DISTINCT {column} AS value FROM {table} ORDER BY value")]


class Condition:
    """A WHERE clause that grows, with the values of its question marks; what is not asked for adds nothing."""

    def __init__(self) -> None:
        """All rows."""
        self.parts: list[str] = []
        self.values: list[object] = []

    def add(self, clause: str, *values: object) -> None:
        """Rows must fulfil this, too."""
        self.parts.append(f"({clause})")
        self.values += values

    def among(self, column: str, chosen: list[str]) -> None:
        """The column has one of these values; nothing chosen means any."""
        if chosen:
            self.add(f"{column} IN ({', '.join('?' * len(chosen))})", *chosen)

    def holds(self, columns: list[str], words: str | None) -> None:
        """One of the columns holds these words, in capitals or not."""
        if words and words.strip():
            pattern = "%" + words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            clause = " OR ".join(f"{column} ILIKE ? ESCAPE '\\'" for column in columns)
            self.add(clause, *[pattern] * len(columns))

    def __str__(self) -> str:
        return " AND ".join(self.parts) or "true"


def age(moment: datetime) -> str:
    """How long ago it was, in words."""
    minutes = int((datetime.now(UTC) - moment).total_seconds() // 60)
    for size, noun in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            amount = minutes // size
            return f"{amount:,} {noun}{'' if amount == 1 else 's'} ago"
    return "just now"
