"""The DuckDB file: comments everywhere, and every view runs and keeps its grain."""

import struct
from pathlib import Path

import pytest
from library import filled

from schemas import ALL
from warehouse import catalogue
from warehouse.query import connect

KEYS = {
    "claims_per_speaker": "entity_id",
    "claims_whole": "claim_id",
    "documents_overview": "document_id",
    "entity_aliases": "entity_id || alias",
    "figures_compared": "figure_id",
    "figures_said": "figure_id",
    "quarantine": "source_id",
    "timeline": "date_id",
    "who_said_what": "claim_id",
    "why_one_entity": None,
}
MAY_BE_EMPTY = {"quarantine", "figures_compared", "why_one_entity"}


def test_every_table_and_column_has_a_comment(samples: Path) -> None:
    with connect(samples) as database:
        for model in ALL:
            name = model.table_name()
            said = database.execute("SELECT comment FROM duckdb_tables() WHERE table_name = ?", [name]).fetchone()
            assert said == (model.about().grain,)
            columns = database.execute(
                "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ?", [name]
            ).fetchall()
            assert dict(columns) == model.descriptions()


def test_every_view_file_begins_with_its_grain() -> None:
    for name, query in catalogue.views().items():
        assert catalogue.grain(query).startswith("One row per "), name
        assert catalogue.grain(query).endswith("."), name


def test_every_view_is_known_to_this_test() -> None:
    assert set(catalogue.views()) == set(KEYS)


@pytest.mark.parametrize("name", sorted(KEYS))
def test_a_view_runs_and_keeps_its_grain(samples: Path, name: str) -> None:
    with connect(samples) as database:
        rows = database.execute(f"SELECT count(*) FROM {name}").fetchone()
        assert rows is not None
        assert rows[0] > 0 or name in MAY_BE_EMPTY
        if key := KEYS[name]:
            assert database.execute(f"SELECT count(DISTINCT {key}) FROM {name}").fetchone() == rows
        said = database.execute("SELECT comment FROM duckdb_views() WHERE view_name = ?", [name]).fetchone()
        assert said == (catalogue.grain(catalogue.views()[name]),)


def test_older_clients_can_open_the_file(shelf: Path) -> None:
    """The header says how the file is laid out: 64 is what DuckDB 1.0 and 1.1 write and read."""
    header = (shelf / "hearsay.duckdb").read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert struct.unpack("<Q", header[12:20]) == (64,)


def test_building_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    snapshot = (filled().publish(tmp_path) / "current").resolve()
    assert [path.name for path in snapshot.iterdir() if not path.is_dir() and path.suffix != ".json"] == [
        "hearsay.duckdb"
    ]
