"""Incremental, indestructible, deterministic: what those who schedule hearsay every hour rely on."""

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.running import run, sources
from pipelines.running.ledger import Ledger
from tests.conftest import PROJECT, hearsay

TEXT = "Mayor Ana Petrova said on 4 May 2021 that {n} trees were planted in Oslo. “We will plant more,” she said."


def silent(_what: str, _done: int, _total: int) -> None:
    """A report that nobody reads."""


def bytes_of(warehouse: Path) -> dict[str, str]:
    """SHA-256 of every published Parquet file, by its path inside the snapshot."""
    home = (warehouse / "current").resolve()
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*.parquet"))
    }


def write(folder: Path, names: range) -> Path:
    """One short text a name."""
    folder.mkdir(exist_ok=True)
    for name in names:
        path = folder / f"{name:03}.txt"
        path.write_text(TEXT.format(n=name + 2), "utf-8")
        os.utime(path, (1_600_000_000 + name, 1_600_000_000 + name))
    return folder


def read(ledger: Ledger, *folders: Path) -> run.Reading:
    """Bring the ledger up to these folders, named as a warehouse beside them would name them."""
    choice = sources.choose(folders[0].parent / "w", folders)
    (folders[0].parent / "w").mkdir(exist_ok=True)
    sources.remember(folders[0].parent / "w", choice)
    return run.read(ledger, choice.sources, run.look(choice.sources), silent)


def jobs_of(ledger: Ledger, folder: Path) -> list[str]:
    """Names of the records that a run over this folder would extract now."""
    read(ledger, folder)
    return [job.source_id for job in run.plan(ledger).jobs]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite")


def settle(ledger: Ledger, folder: Path) -> None:
    """Extract everything that is new."""
    read(ledger, folder)
    run.extract(ledger, run.plan(ledger).jobs, 1, silent)


def test_what_has_not_changed_is_not_extracted_again(ledger: Ledger, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", range(3))
    assert jobs_of(ledger, folder) == ["000.txt", "001.txt", "002.txt"]
    settle(ledger, folder)
    assert jobs_of(ledger, folder) == []


def test_a_changed_an_added_and_a_removed_file_cost_themselves_only(ledger: Ledger, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", range(3))
    settle(ledger, folder)
    (folder / "001.txt").write_text("Something else was said by Ana Petrova.", "utf-8")
    write(folder, range(7, 8))
    (folder / "002.txt").unlink()
    assert jobs_of(ledger, folder) == ["001.txt", "007.txt"]


def test_a_file_that_was_only_touched_is_read_but_not_extracted(ledger: Ledger, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", range(2))
    settle(ledger, folder)
    os.utime(folder / "000.txt")
    assert jobs_of(ledger, folder) == []


def test_a_step_of_another_version_is_run_again_with_those_that_read_it_and_no_other(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "in", range(2))
    settle(ledger, folder)
    before = {ident: ledger.kept(ident) for ident in run.plan(ledger).keys}
    now = {**run.step_versions(), "times": "0123456789abcdef"}
    monkeypatch.setattr(run, "step_versions", lambda: now)
    monkeypatch.setattr(run, "analyse", lambda *_: pytest.fail("what the network found is kept"))
    (job, _) = run.plan(ledger).jobs
    assert job.steps == {
        "times",
        "dates",
        "figures_alone",
        "attributions",
        "claims",
        "mentions",
        "figures",
        "questions",
    }
    settle(ledger, folder)
    assert run.plan(ledger).jobs == []
    after = {ident: ledger.kept(ident) for ident in run.plan(ledger).keys}
    assert after == before


def test_another_version_of_layout_or_language_redoes_everything(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "in", range(2))
    settle(ledger, folder)
    now = {**run.step_versions(), "parsed": "0123456789abcdef"}
    monkeypatch.setattr(run, "step_versions", lambda: now)
    assert [job.steps for job in run.plan(ledger).jobs] == [run.EVERY_STEP] * 2
    assert jobs_of(ledger, folder) == ["000.txt", "001.txt"]


def test_files_are_read_again_when_reading_has_another_version_but_not_extracted(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "in", range(2))
    settle(ledger, folder)
    assert read(ledger, folder).n_read == 0
    monkeypatch.setattr(run, "reader_version", lambda: "0123456789abcdef")
    assert read(ledger, folder).n_read == 2
    assert run.plan(ledger).jobs == []
    assert read(ledger, folder).n_read == 0


def test_other_words_of_the_same_size_and_time_are_seen(ledger: Ledger, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", range(2))
    settle(ledger, folder)
    path = folder / "000.txt"
    path.write_text(path.read_text("utf-8").replace("Oslo", "Bonn"), "utf-8")
    os.utime(path, (1_600_000_000, 1_600_000_000))
    assert jobs_of(ledger, folder) == ["000.txt"]
    settle(ledger, folder)
    other = tmp_path / "other.txt"
    other.write_text(path.read_text("utf-8").replace("Bonn", "Rome"), "utf-8")
    os.utime(other, (1_600_000_000, 1_600_000_000))
    other.replace(path)
    assert jobs_of(ledger, folder) == ["000.txt"]


def test_all_is_read_again_when_that_is_asked(ledger: Ledger, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", range(2))
    settle(ledger, folder)
    choice = sources.choose(tmp_path / "w", [folder])
    tally = run.read(ledger, choice.sources, run.look(choice.sources), silent, reread=True)
    assert (tally.n_read, tally.n_gone, run.plan(ledger).jobs) == (2, 0, [])


@pytest.mark.parametrize("year", [1950, 1969, 2300, 2500])
def test_a_file_may_have_been_changed_in_any_year(ledger: Ledger, tmp_path: Path, year: int) -> None:
    folder = write(tmp_path / "in", range(2))
    seconds = int(datetime(year, 3, 1, tzinfo=UTC).timestamp())
    os.utime(folder / "000.txt", (seconds, seconds))
    settle(ledger, folder)
    assert read(ledger, folder).n_read == 0
    row = run.across(ledger, run.plan(ledger), silent).sources[0]
    assert row["first_seen_at"].year == min(max(year, 1970), 2262)  # what the ledger can hold


def test_a_document_that_extraction_fails_on_costs_no_other(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "in", range(3))
    real = run.analyse

    def failing(texts: list[str], *more: object) -> object:
        if "3 trees" in texts[0]:
            raise ZeroDivisionError("three trees")
        return real(texts, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "analyse", failing)
    settle(ledger, folder)
    failures = ledger.failures()
    failed = run.digest("document", "001.txt")
    assert list(failures) == [failed]
    assert "001.txt" in failures[failed]
    assert "ZeroDivisionError: three trees" in run.unpacked(ledger.kept(failed)["trace"])
    whole = run.across(ledger, run.plan(ledger), silent)
    assert [row["status"] for row in whole.sources] == ["ok", "quarantined", "ok"]


def test_a_fault_in_one_table_is_told_and_the_document_kept(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines import tables

    folder = write(tmp_path / "in", range(3))
    real = tables.dates_in

    def failing(parsed: run.Parsed) -> object:
        if "3 trees" in parsed.document.text:
            raise ZeroDivisionError("three trees")
        return real(parsed)

    monkeypatch.setattr(tables, "dates_in", failing)
    settle(ledger, folder)
    whole = run.across(ledger, run.plan(ledger), silent)
    assert [row["status"] for row in whole.sources] == ["ok"] * 3
    (fault,) = whole.tables["faults"]
    assert fault["missing_from"] == "dates"
    assert fault["document_id"] == run.digest("document", "001.txt")
    assert fault["error"] == "ZeroDivisionError: three trees"
    assert not run.broken(run.frames({"faults": [fault]}), whole, {fault["document_id"]})
    monkeypatch.setattr(tables, "dates_in", real)
    now = {**run.step_versions(), "times": "0123456789abcdef"}
    monkeypatch.setattr(run, "step_versions", lambda: now)
    settle(ledger, folder)
    assert run.across(ledger, run.plan(ledger), silent).tables["faults"] == []


def test_a_text_that_takes_for_ever_is_quarantined_with_that_reason(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines import tables

    folder = write(tmp_path / "in", range(3))
    real = tables.dates_in

    def slow(parsed: run.Parsed) -> object:
        while "3 trees" in parsed.document.text:
            try:
                sum(range(10_000))
            except Exception:
                continue
        return real(parsed)

    monkeypatch.setattr(tables, "dates_in", slow)
    monkeypatch.setattr(run, "EXTRACTING_SECONDS", 0.5)
    run._warm()
    settle(ledger, folder)
    (reason,) = ledger.failures().values()
    assert "001.txt" in reason
    assert "seconds of work" in reason


def test_a_text_of_many_books_is_quarantined_with_that_reason(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "in", range(2))
    (folder / "long.txt").write_text("A short sentence. " * 20, "utf-8")
    monkeypatch.setattr(run, "MOST_CHARS", 200)
    settle(ledger, folder)
    (reason,) = ledger.failures().values()
    assert reason == "long.txt has 360 characters, and one text may have 200: split it into parts."


def test_a_record_that_takes_for_ever_is_quarantined_and_those_before_it_kept(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.ingest.files import formats

    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text("".join(json.dumps({"text": f"Text {n}."}) + "\n" for n in range(4)), "utf-8")
    (folder / "b.txt").write_text("Another text.", "utf-8")
    real = formats._json_record

    def slow(line: object, *more: object) -> object:
        while line.number == 3:  # type: ignore[attr-defined]
            pass
        return real(line, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(formats, "_json_record", slow)
    monkeypatch.setattr(run, "READING_SECONDS", 0.3)
    read(ledger, folder)
    rows = {row[0]: row[5] for row in ledger.records()}
    assert rows["a.jsonl#1"] is rows["a.jsonl#2"] is rows["b.txt"] is None
    assert "seconds to read" in str(rows["a.jsonl"])


@pytest.mark.parametrize("table", ["texts", "rows"])
def test_what_is_damaged_in_the_ledger_is_made_again(tmp_path: Path, table: str) -> None:
    folder, warehouse = write(tmp_path / "in", range(3)), tmp_path / "w"
    hearsay("run", "--source", folder, "--warehouse", warehouse)
    calm = bytes_of(warehouse)
    with closing(sqlite3.connect(warehouse / "ledger.sqlite")) as db, db:
        key = "content_sha256" if table == "texts" else "document_id"
        ((ident, body), *_) = db.execute(f"SELECT {key}, body FROM {table} ORDER BY 1").fetchall()
        body = body[: len(body) // 2] + bytes([body[len(body) // 2] ^ 255]) + body[len(body) // 2 + 1 :]
        db.execute(f"UPDATE {table} SET body = ? WHERE {key} = ?", (body, ident))
        db.execute("UPDATE results SET stamp = 'of old'")
    hearsay("run", "--source", folder, "--warehouse", warehouse)
    assert bytes_of(warehouse) == calm


def test_exact_duplicates_are_one_document_with_two_sources(ledger: Ledger, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", range(2))
    (folder / "copy.txt").write_text((folder / "000.txt").read_text("utf-8"), "utf-8")
    settle(ledger, folder)
    whole = run.across(ledger, run.plan(ledger), silent)
    rows = {row["source_id"]: row for row in whole.sources}
    assert rows["copy.txt"]["status"] == "duplicate"
    assert rows["copy.txt"]["document_id"] == rows["000.txt"]["document_id"]
    assert len(run.plan(ledger).keys) == 2


def test_near_duplicates_point_at_the_first(ledger: Ledger, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", range(1))
    (folder / "later.txt").write_text(TEXT.format(n=2).upper().replace(" ", "  "), "utf-8")
    settle(ledger, folder)
    whole = run.across(ledger, run.plan(ledger), silent)
    assert whole.duplicate_of == {run.digest("document", "later.txt"): run.digest("document", "000.txt")}


def test_two_sources_with_a_file_of_one_name_are_told_apart(ledger: Ledger, tmp_path: Path) -> None:
    read(ledger, write(tmp_path / "a", range(1)), write(tmp_path / "b", range(1, 2)))
    (tmp_path / "b" / "000.txt").write_text("Another text.", "utf-8")
    read(ledger, tmp_path / "a", tmp_path / "b")
    assert [row[0] for row in ledger.records()] == ["a/000.txt", "b/000.txt", "b/001.txt"]


def test_records_of_one_name_are_told_apart_and_the_first_keeps_it(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for names in ("cb", "a"):
        for name in names:
            (folder / f"{name}.jsonl").write_text(json.dumps({"id": "1", "text": f"Text of {name}."}), "utf-8")
        read(ledger, folder)
    assert [row[:2] for row in ledger.records()] == [
        ("1", "b.jsonl"), ("a.jsonl#id=1", "a.jsonl"), ("c.jsonl#id=1", "c.jsonl"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("records", "given"),
    [
        ([("a", "b.jsonl#id=1"), ("b", "1"), ("c", "1")], ["1", "b.jsonl#id=1", "c.jsonl#id=1"]),
        ([("a", "1"), ("b", "b.jsonl#id=1"), ("b", "1")], ["1", "b.jsonl#id=1", "b.jsonl#id=1~2"]),
        ([("a", "b.jsonl#1"), ("b", "")], ["b.jsonl#1", "b.jsonl#1~2"]),
        ([("a", "1~2"), ("a", "1"), ("b", "1")], ["1", "1~2", "b.jsonl#id=1"]),
        ([("a", "a.jsonl-7"), ("b", "a.jsonl-7")], ["a.jsonl-7", "b.jsonl#id=a.jsonl-7"]),
        ([("a", "b.jsonl"), ("b", "b.jsonl")], ["b.jsonl", "b.jsonl~2"]),
    ],
)
def test_no_id_that_a_record_gives_is_taken_for_one_that_is_made_up(
    ledger: Ledger, tmp_path: Path, records: list[tuple[str, str]], given: list[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, (name, ident) in enumerate(records):
        with (folder / f"{name}.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"id": ident, "text": f"Text {number}."}) + "\n")
    read(ledger, folder)
    assert [row[0] for row in ledger.records()] == sorted(given)


def test_what_the_next_run_must_know_is_replaced(ledger: Ledger) -> None:
    ledger.keep_registry({"a": "1", "b": "2"}, {"9": "1"})
    ledger.keep_registry({"b": "3", "c": "4"}, {"9": "3", "8": "3"})
    assert ledger.registry() == {"b": "3", "c": "4"}
    assert ledger.redirects() == {"9": "3", "8": "3"}
    ledger.keep_memory({b"x": b"1", b"y": b"2"}, [])
    ledger.keep_memory({b"y": b"3", b"z": b"4"}, [b"x"])
    assert ledger.memory() == {b"y": b"3", b"z": b"4"}


def test_an_empty_folder_never_empties_the_tables(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    status, _, err = hearsay("run", "--source", tmp_path / "in", "--warehouse", tmp_path / "w")
    assert status == 1
    assert "There is no file in" in err


@pytest.mark.parametrize(("n", "count"), [(0, 1), (1, 1), (2048, 1), (2049, 16), (40_000, 256)])
def test_parts_grow_with_the_number_of_documents(n: int, count: int) -> None:
    assert len(run.parts(n)) == count


def test_how_many_workers_there_are_changes_no_byte(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", range(12))
    for workers in (1, 2):
        status, _, err = hearsay(
            "run", "--source", folder, "--warehouse", tmp_path / f"w{workers}", "--workers", workers
        )
        assert status == 0, err
    assert bytes_of(tmp_path / "w1") == bytes_of(tmp_path / "w2")


def test_a_second_run_publishes_nothing_new(samples: Path) -> None:
    before, snapshot = bytes_of(samples), (samples / "current").resolve()
    status, out, err = hearsay("run", "--source", PROJECT / "seeds" / "texts", "--warehouse", samples)
    assert status == 0, err
    assert "0 extracted in this run" in out
    assert (samples / "current").resolve() == snapshot
    assert bytes_of(samples) == before


def test_what_is_gone_from_the_sources_goes_from_the_tables_with_the_next_run(tmp_path: Path) -> None:
    folder, warehouse = tmp_path / "in", tmp_path / "w"
    folder.mkdir()
    for n in (2, 3):
        (folder / f"{n}.txt").write_text(TEXT.format(n=n), "utf-8")
    assert hearsay("run", "--source", folder, "--warehouse", warehouse)[0] == 0
    (folder / "3.txt").unlink()
    status, _, err = hearsay("run", "--source", folder, "--warehouse", warehouse)
    assert status == 0, err
    assert hearsay("run", "--source", folder, "--warehouse", tmp_path / "fresh")[0] == 0
    assert bytes_of(warehouse) == bytes_of(tmp_path / "fresh")


@pytest.mark.parametrize("way", ["w", "link/w"])
def test_a_run_over_a_relative_path_aged_by_25_hours_keeps_its_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(".")
    write(tmp_path / "in", range(2))
    for turn in range(3):
        write(tmp_path / "in", range(2 + turn, 3 + turn))
        status, _, err = hearsay("run", "--source", "in", "--warehouse", way)
        assert status == 0, err
        for path in (tmp_path / "w" / "snapshots").rglob("*"):
            os.utime(path, ns=(status, path.stat().st_mtime_ns - 25 * 3600 * 10**9), follow_symlinks=False)
    assert (tmp_path / "w" / "current").exists()
    assert len(list((tmp_path / "w" / "snapshots").iterdir())) == 2
    status, out, err = hearsay("sql", "SELECT count(*) AS n FROM documents", "--format", "json", "--warehouse", way)
    assert (status, json.loads(out)) == (0, [{"n": 5}]), err
    assert hearsay("check", "--warehouse", way)[0] == 0


@pytest.mark.parametrize(
    "lost", ["hearsay.duckdb", "current", "current/hearsay.duckdb", "current/claims/part-all.parquet"]
)
def test_what_is_lost_of_the_published_set_comes_back_with_the_next_run(tmp_path: Path, lost: str) -> None:
    folder, warehouse = write(tmp_path / "in", range(1)), tmp_path / "w"
    assert hearsay("run", "--source", folder, "--warehouse", warehouse)[0] == 0
    before = bytes_of(warehouse)
    (warehouse / lost).unlink()
    status, _, err = hearsay("run", "--warehouse", warehouse)
    assert status == 0, err
    assert bytes_of(warehouse) == before
    assert hearsay("sql", "SELECT count(*) FROM claims", "--warehouse", warehouse)[0] == 0


def test_a_decision_about_names_costs_no_extraction_and_is_undone_by_taking_it_back(tmp_path: Path) -> None:
    folder, warehouse = tmp_path / "in", tmp_path / "w"
    folder.mkdir()
    (folder / "a.txt").write_text("Ana Petrova spoke in Oslo. “We will plant,” said Olaf Hansen.", "utf-8")
    hearsay("run", "--source", folder, "--warehouse", warehouse)
    before = bytes_of(warehouse)

    def names() -> set[str]:
        with duckdb.connect(str(warehouse / "hearsay.duckdb"), read_only=True) as database:
            return {name for (name,) in database.sql("SELECT name FROM entities").fetchall()}

    (warehouse / "overrides.csv").write_text("action,name,other\nrename,Olaf Hansen,Olaf H. Hansen\n", "utf-8")
    _, out, _ = hearsay("run", "--warehouse", warehouse)
    assert "0 extracted in this run" in out
    assert "Olaf H. Hansen" in names()
    (warehouse / "overrides.csv").write_text("action,name,other\nrenmae,Olaf Hansen,Olaf H. Hansen\n", "utf-8")
    status, _, err = hearsay("run", "--warehouse", warehouse)
    assert status == 1
    assert "line 2, column action" in err
    assert len(err.splitlines()) == 1
    assert "Olaf H. Hansen" in names()
    (warehouse / "overrides.csv").unlink()
    hearsay("run", "--warehouse", warehouse)
    assert bytes_of(warehouse) == before


def test_a_changed_view_or_comment_makes_the_database_anew_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines import definitions

    folder, warehouse = write(tmp_path / "in", range(2)), tmp_path / "w"
    assert hearsay("run", "--source", folder, "--warehouse", warehouse)[0] == 0
    first = (warehouse / "current").resolve()
    before = bytes_of(warehouse)
    monkeypatch.setattr(definitions, "serving_version", lambda: "0123456789abcdef")
    monkeypatch.setattr(run, "across", lambda *_: pytest.fail("the tables are the same"))
    assert hearsay("run", "--warehouse", warehouse)[0] == 0
    second = (warehouse / "current").resolve()
    assert second != first
    assert bytes_of(warehouse) == before
    assert hearsay("run", "--warehouse", warehouse)[0] == 0
    assert (warehouse / "current").resolve() == second
