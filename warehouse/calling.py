"""Commands that are printed for a user to paste: as hearsay was called, on the warehouse that is being read."""

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

CALLED_AS = "HEARSAY_CALLED_AS"
UNBROKEN = "\u2423"
"""Stands for a blank in a command that must stay on one line wherever lines are folded."""
DEFAULT = Path(__file__).resolve().parent / "data"
"""The warehouse where neither the user nor HEARSAY_WAREHOUSE names one."""


def called() -> str:
    """How a shell in the user's folder calls hearsay again; quoted where it must be."""
    return os.environ.get(CALLED_AS) or "./hearsay"


def command(words: str, warehouse: Path | None) -> str:
    """A command of hearsay's, which names the warehouse where it is not the default; null: it is not known."""
    is_default = warehouse is None or (warehouse == DEFAULT and not os.environ.get("HEARSAY_WAREHOUSE"))
    return f"{called()} {words}" + ("" if is_default else f" --warehouse {shlex.quote(str(warehouse))}")


def ask(query: str, warehouse: Path | None) -> str:
    """The command that asks this query here."""
    return command(f'sql "{query}"', warehouse)


def warehouse_of(database: "duckdb.DuckDBPyConnection") -> Path | None:
    """The warehouse whose published snapshot this connection reads; null where it reads something else."""
    query = "SELECT path FROM duckdb_databases() WHERE NOT internal AND path IS NOT NULL"
    for (path,) in database.execute(query).fetchall():
        snapshots = Path(path).parent.parent
        return snapshots.parent if snapshots.name == "snapshots" else Path(path).parent
    return None
