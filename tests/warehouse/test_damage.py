"""Damage of what is published: found wherever it is, told in a sentence, mended by the next run, and never other rows."""

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.conftest import hearsay
from warehouse import snapshots
from warehouse.query import NoWarehouse, connect
from warehouse.snapshots import Draft, current, faults, inspect, manifest_of

TEXT = "The mayor of Brindle, Odile Marsh, said on 3 May 2024 that 90% of residents wanted the ferry back.\n"
Damage = Callable[[bytes], bytes]


def flipped(at: float) -> Damage:
    """One bit another, at this share of the file's length."""
    return lambda body: (
        body[: (place := int(at * (len(body) - 1)))] + bytes([body[place] ^ 1 << place % 8]) + body[place + 1 :]
    )


def written_over(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes(min(512, len(body) - middle - 1)) + b"!" + body[middle + 513 :]


WAYS: dict[str, Damage] = {
    **{f"a bit flipped at {at / 8:.0%}": flipped(at / 8) for at in range(9)},
    "other bytes in the middle": written_over,
    "cut in the middle": lambda body: body[: len(body) // 2],
    "cut by one byte": lambda body: body[:-1],
    "empty": lambda _: b"",
    "longer by one byte": lambda body: body + b"\n",
    "something else": lambda _: b"no longer what it was",
}


@pytest.fixture
def own(tmp_path: Path, shelf: Path) -> Path:
    """A warehouse of the small library that may be damaged."""
    shutil.copytree(shelf, tmp_path / "own", symlinks=True)
    return tmp_path / "own"


def files_of(warehouse: Path) -> list[Path]:
    folder = current(warehouse)
    assert folder is not None
    return sorted(path for path in folder.rglob("*") if path.is_file())


def put(path: Path, body: bytes) -> None:
    """Other bytes under the same name and the same times, as a failing disk has them."""
    seen = path.stat()
    path.unlink()
    path.write_bytes(body)
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


@pytest.mark.parametrize("way", WAYS)
def test_damage_is_found_in_every_file(own: Path, way: str) -> None:
    folder = current(own)
    assert folder is not None
    assert faults(folder) == []
    for path in files_of(own):
        body = path.read_bytes()
        damaged = WAYS[way](body)
        assert damaged != body
        put(path, damaged)
        (found,) = faults(folder)
        assert str(path) in found
        assert "\n" not in found
        put(path, body)
    assert faults(folder) == []


def test_bits_flipped_anywhere_are_found(own: Path) -> None:
    chance = random.Random(14)
    folder = current(own)
    assert folder is not None
    for path in files_of(own):
        body = path.read_bytes()
        for _ in range(8):
            put(path, flipped(chance.random())(body))
            assert faults(folder), path
        put(path, body)
    assert faults(folder) == []


def test_a_file_that_is_gone_and_one_that_was_added_are_found(own: Path) -> None:
    folder = current(own)
    assert folder is not None
    for path in files_of(own):
        body = path.read_bytes()
        path.unlink()
        assert str(path) in faults(folder)[0]
        path.write_bytes(body)
    shutil.copy(folder / "claims" / "part-all.parquet", folder / "claims" / "part-more.parquet")
    assert faults(folder) == [f"{folder / 'claims' / 'part-more.parquet'} does not belong there."]


def test_a_view_that_was_dropped_or_a_row_that_was_changed_is_found(own: Path) -> None:
    folder = current(own)
    assert folder is not None
    with duckdb.connect(str(folder / "hearsay.duckdb")) as database:
        database.execute("DROP VIEW timeline")
    assert "hearsay.duckdb is damaged" in faults(folder)[0]


def test_many_faults_are_told_in_few_words(own: Path) -> None:
    folder = current(own)
    assert folder is not None
    for path in folder.glob("*/*.parquet"):
        path.write_bytes(b"")
    found = faults(folder)
    assert len(found) == 6
    assert found[-1].startswith("So are ")


def test_of_much_a_share_is_read_but_what_was_touched_and_what_check_found_always(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = current(own)
    assert folder is not None
    part = folder / "claims" / "part-all.parquet"
    put(part, flipped(0.05)(part.read_bytes()))  # in the first pages, far from the footer
    monkeypatch.setattr(snapshots, "LOOK_BYTES", 0)
    assert faults(folder) == []  # a look that reads nothing sees sizes and footers
    later = time.time() + 5
    os.utime(part, (later, later))
    assert faults(folder)
    os.utime(part, (1, 1))
    assert faults(folder) == []
    assert inspect(folder)
    assert faults(folder)


def test_a_manifest_of_an_older_version_is_made_anew(own: Path) -> None:
    folder = current(own)
    assert folder is not None
    (folder / "manifest.json").write_text('{"state": "s", "pipeline_version": "1", "parts": {}, "n_rows": {}}', "utf-8")
    assert "an older hearsay wrote it" in faults(folder)[0]
    assert Draft(own, "test").reuse("all", "", []) is False


def test_a_damaged_part_is_never_taken_over(own: Path) -> None:
    from schemas import ALL

    folder = current(own)
    assert folder is not None
    assert Draft(own, "test").reuse("all", "", ALL)
    for path in (folder / "claims" / "part-all.parquet", folder / "dates" / "part-all.parquet"):
        body = path.read_bytes()
        for at in range(5):
            put(path, flipped(at / 4)(body))
            draft = Draft(own, "test")
            assert not draft.reuse("all", "", ALL)
            assert not list(draft.folder.rglob("*.parquet"))
        put(path, body)
    assert Draft(own, "test").reuse("all", "", ALL)


def test_the_manifest_knows_every_file(own: Path) -> None:
    folder = current(own)
    assert folder is not None
    known = manifest_of(folder).files
    assert {folder / name for name in known} == set(files_of(own)) - {folder / "manifest.json"}


# ---------------------------------------------------------------- the command line


def test_check_says_which_file_and_what_to_do(own: Path) -> None:
    for path in files_of(own):
        body = path.read_bytes()
        for way in ("a bit flipped at 50%", "cut in the middle", "empty"):
            put(path, WAYS[way](body))
            status, out, err = hearsay("check", "--warehouse", own)
            assert status == 1, path
            assert out == ""
            assert str(path) in err
            assert err.count("\n") == 1
            assert f"hearsay run --warehouse {own}" in err
        path.unlink()
        status, _, err = hearsay("check", "--warehouse", own)
        assert status == 1
        assert "manifest.json" in err or "missing" in err
        path.write_bytes(body)
    (own / "current" / ".damaged").unlink()
    assert hearsay("check", "--warehouse", own)[0] == 0


def test_reading_a_damaged_database_gives_the_right_rows_or_a_sentence(own: Path) -> None:
    database = own / "current" / "hearsay.duckdb"
    body = database.read_bytes()
    queries = ["SELECT * FROM documents", "SELECT * FROM who_said_what", "SELECT * FROM figures_compared"]
    right = [hearsay("sql", query, "--format", "json", "--warehouse", own)[1] for query in queries]
    chance = random.Random(14)
    ways = [
        *(flipped(chance.random()) for _ in range(25)),
        written_over,
        lambda body: body[: len(body) // 3],
        lambda _: b"",
    ]
    n_told = 0
    for way in ways:
        put(database.resolve(), way(body))
        for query, rows in zip(queries, right, strict=True):
            status, out, err = hearsay("sql", query, "--format", "json", "--warehouse", own)
            n_told += status
            assert (status, out) == (0, rows) if status == 0 else (err.count("\n") == 1 and "hearsay" in err), err
    assert n_told


def test_a_missing_database_or_manifest_is_told_to_the_readers(own: Path) -> None:
    folder = current(own)
    assert folder is not None
    (folder / "manifest.json").write_text("[", "utf-8")
    assert hearsay("sql", "SELECT 1", "--warehouse", own)[0] == 0
    (folder / "hearsay.duckdb").write_bytes(b"")
    with pytest.raises(NoWarehouse, match="makes damaged tables anew"):
        connect(own)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse made by a run."""
    home = tmp_path_factory.mktemp("made")
    (home / "a.txt").write_text(TEXT, "utf-8")
    status, out, err = hearsay("run", "--source", home / "a.txt", "--warehouse", home / "w")
    assert status == 0, out + err
    return home / "w"


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("claims/part-all.parquet", "a bit flipped at 50%"),
        ("entities/part-whole.parquet", "cut in the middle"),
        ("documents/part-all.parquet", "empty"),
        ("hearsay.duckdb", "a bit flipped at 50%"),
        ("hearsay.duckdb", "empty"),
        ("manifest.json", "a bit flipped at 50%"),
        ("manifest.json", "something else"),
    ],
)
def test_the_next_run_mends_what_is_damaged(made: Path, name: str, way: str) -> None:
    ask = ("sql", "SELECT * FROM who_said_what", "--format", "json", "--warehouse", made)
    rows = hearsay(*ask)[1]
    before = current(made)
    assert before is not None
    body = WAYS[way]((before / name).read_bytes())
    put(before / name, body)
    assert hearsay("check", "--warehouse", made)[0] == 1
    status, out, err = hearsay("run", "--warehouse", made)
    assert status == 0, err
    assert "0 extracted" in out
    after = current(made)
    assert after is not None
    assert after != before
    assert (before / name).read_bytes() == body  # what readers may hold is left as it is
    assert hearsay("check", "--warehouse", made)[0] == 0
    assert hearsay(*ask)[1] == rows
    assert [row.name for row in sorted(after.rglob("*.parquet"))] == [
        row.name for row in sorted(before.rglob("*.parquet"))
    ]


def test_a_run_that_changes_nothing_makes_nothing_anew(made: Path) -> None:
    before = current(made)
    assert hearsay("run", "--warehouse", made)[0] == 0
    assert current(made) == before
