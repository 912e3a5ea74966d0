"""The DuckDB file: comments everywhere, and every view runs and keeps its grain."""

import struct
from pathlib import Path

import pytest
from library import Library, filled

from schemas import ALL
from warehouse import catalogue
from warehouse.query import connect

KEYS = {
    "claims_about": "claim_id || entity_id",
    "claims_per_speaker": "entity_id",
    "claims_whole": "claim_id",
    "claims_with_speakers": "claim_id",
    "disputed": "coalesce(quantity_id, saying_id)",
    "documents_overview": "document_id",
    "entity_aliases": "entity_id || alias",
    "figures_compared": "figure_id",
    "figures_said": "figure_id",
    "quarantine": "source_id",
    "thoughts_and_attitudes": "claim_id",
    "timeline": "date_id",
    "who_said_what": "claim_id",
    "why_one_entity": None,
}
MAY_BE_EMPTY = {"quarantine", "figures_compared", "disputed", "why_one_entity"}


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


def denials(folder: Path) -> Path:
    """A warehouse in which one figure is said, one denied, one asked, one not said, and one told inside a denial."""
    library = Library()
    text = library.text(
        "trams.txt",
        "The mayor said that 500 trams run. The ministry denied that 510 trams run. Reporters asked whether 520 trams run. "
        "The union may say that 530 trams run. The ministry denied that the union had said that 540 trams run. "
        "The board believes that 550 trams run.",
    )
    text.mention("ministry", "Ministry of Transport", "ORG")
    text.mention("union", "Tram Union", "ORG", after="denied that the", claim_id=None)
    text.claim("that 500 trams run", "The mayor", "said")
    text.claim("that 510 trams run", "The ministry", "denied", stance="denies")
    text.claim("whether 520 trams run", "Reporters", "asked", stance="asks")
    text.claim("that 530 trams run", "The union", "may say", status="possible")
    outer = text.claim("that the union had said that 540 trams run", "The ministry", "denied", stance="denies")
    text.claim("that 540 trams run", "the union", "had said", parent_claim_id=outer)
    text.claim("that 550 trams run", "The board", "believes", act="thought")
    library.rows["mentions"][1]["claim_id"] = outer
    for number in range(500, 560, 10):
        text.figure(f"{number} trams", float(number), "tram", "trams that run")
    return library.publish(folder)


def test_no_view_takes_what_is_denied_asked_or_not_said_for_held(tmp_path: Path) -> None:
    with connect(denials(tmp_path / "data")) as database:

        def asked(query: str) -> list[tuple[object, ...]]:
            return database.execute(query).fetchall()

        told = [
            (500, "said", "asserts", True), (510, "said", "denies", False), (520, "said", "asks", False),
            (530, "possible", "asserts", False), (540, "said", "asserts", False), (550, "said", "asserts", True),
        ]  # fmt: skip
        assert asked("SELECT value, status, stance, is_held FROM figures_said ORDER BY value") == told
        assert asked("SELECT value, status, stance, is_held FROM figures_compared ORDER BY value") == told
        said = asked("SELECT regexp_extract(content, '[0-9]+') FROM who_said_what ORDER BY ALL")
        assert [number for (number,) in said] == ["500", "510", "520", "540", "540"]
        assert asked("SELECT content, act FROM thoughts_and_attitudes") == [("that 550 trams run", "thought")]
        assert asked("SELECT count(*) FROM claims_whole") == [(7,)]
        assert asked("SELECT speaker, entity, stance, n_mentions FROM claims_about") == [
            ("The ministry", "Tram Union", "denies", 1)
        ]
