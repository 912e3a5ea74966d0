"""A reader that never stops looking: python -m benchmarks.readers WAREHOUSE. It says what it found when its input ends.

One look is what a dashboard does: follow ``current`` once, then read all tables there; open ``hearsay.duckdb`` and ask it.
All counts must be those that the snapshot's manifest gives, and every key that a table refers to must be there.
"""

import json
import select
import sys
from pathlib import Path

import duckdb

from schemas import BY_NAME
from warehouse.query import DATABASE
from warehouse.snapshots import held, manifest_of

EVERY_SECONDS = 0.3
REFERENCES = (
    ("sources", "document_id", "documents"),
    ("claims", "sentence_id", "sentences"),
    ("mentions", "entity_id", "entities"),
    ("figures", "quantity_id", "quantities"),
    ("figures", "claim_id", "claims"),
)


def look(warehouse: Path) -> list[str]:
    """What is wrong with what readers are given at this moment, in sentences; none where nothing is published yet."""
    if not (warehouse / "current").exists():
        return ["hearsay.duckdb is there and nothing else is."] if (warehouse / DATABASE).exists() else []
    wrong: list[str] = []
    with held(warehouse) as snapshot:
        expected = dict(manifest_of(snapshot).n_rows)
        with duckdb.connect() as reader:
            for name in BY_NAME:
                reader.execute(f"CREATE VIEW {name} AS FROM read_parquet('{snapshot}/{name}/*.parquet')")
            wrong += [f"Parquet in {snapshot.name}: {line}" for line in _faults(reader, expected)]
        with duckdb.connect(str(snapshot / DATABASE), read_only=True) as reader:
            wrong += [f"DuckDB in {snapshot.name}: {line}" for line in _faults(reader, expected)]
    with duckdb.connect(str(warehouse / DATABASE), read_only=True) as reader:
        wrong += [f"hearsay.duckdb: {line}" for line in _faults(reader, None)]
    return wrong


def _faults(reader: duckdb.DuckDBPyConnection, expected: dict[str, int] | None) -> list[str]:
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in BY_NAME)
    found: dict[str, int] = dict(reader.execute(counts).fetchall())
    wrong = [] if expected is None or found == expected else [f"{found} rows, and the manifest says {expected}."]
    for table, key, other in REFERENCES:
        loose = f"SELECT count(*) FROM {table} t ANTI JOIN {other} o USING ({key}) WHERE t.{key} IS NOT NULL"
        ((n_loose,),) = reader.execute(loose).fetchall()
        if n_loose:
            wrong.append(f"{n_loose} rows of {table} refer to {other} that are not there.")
    return wrong


def main(warehouse: Path) -> int:
    """Look until the input ends; prints one line of JSON: number of looks, and what was wrong."""
    n_looks, wrong = 0, []
    while not select.select([sys.stdin], [], [], EVERY_SECONDS)[0]:
        try:
            wrong += look(warehouse)
        except Exception as error:  # whatever a reader gets is what is to be told
            wrong.append(f"{type(error).__name__}: {error}")
        n_looks += 1
    sys.stdout.write(json.dumps({"n_looks": n_looks, "wrong": wrong[:20]}) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
