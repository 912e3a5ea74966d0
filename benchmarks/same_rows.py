"""Whether two warehouses hold the same rows: what a move of code must not change.

    python -m benchmarks.same_rows OLD NEW [COLUMN ...]

Columns that tell when and by which code a row was made are left out, and those that are named. Prints each table's rows and digest; status 1 when any differs.
"""

import hashlib
import sys
from pathlib import Path

import duckdb

MADE = {
    "extracted_at",
    "pipeline_version",
    "first_seen_at",
    "ingested_at",
    "published_at",
    "run_id",
    "made_by",
    "resolved_at",
}
"""Columns about the making of a row."""


def digests(warehouse: Path, aside: frozenset[str] = frozenset()) -> dict[str, tuple[int, str]]:
    """For each table how many rows it has, and a digest of them that does not depend on their order."""
    snapshot = (warehouse / "current").resolve()
    found = {}
    with duckdb.connect() as connection:
        for folder in sorted(path for path in snapshot.iterdir() if path.is_dir()):
            files = f"read_parquet('{folder}/*.parquet')"
            names = [name for (name, *_) in connection.execute(f"describe select * from {files}").fetchall()]
            kept = ", ".join(f'"{name}"' for name in names if name not in MADE | aside)
            rows = sorted(map(repr, connection.execute(f"select {kept} from {files}").fetchall()))
            found[folder.name] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]
    return found


def main(old: Path, new: Path, aside: frozenset[str]) -> int:
    """Prints what differs; 0 when nothing does."""
    before, after = digests(old, aside), digests(new, aside)
    for name in sorted({*before, *after}):
        same = before.get(name) == after.get(name)
        print(f"{name:16} {before.get(name)} {'=' if same else f'became {after.get(name)}'}")
    return int(before != after)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), frozenset(sys.argv[3:])))
