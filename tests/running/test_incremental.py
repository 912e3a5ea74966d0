"""Incremental equals fresh: after any history the published set is that of a fresh run with the same id memory."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.resolve.overrides import Override
from pipelines.running import run, sources
from pipelines.running.ledger import REMEMBERED, Ledger

SENTENCES = (
    "Ana Petrova said on 4 May 2021 that 30 trees were planted in Oslo.",
    "“We lost 17 boats,” A. Petrova told the Harbour Board (HB).",
    "The HB of Bergen bought 2,000 lamps last year, Petrova said.",
    "Ana Petrowa, mayor of Oslo, denied that 90 percent oppose it.",
    "Olaf Hansen and O. Hansen met in Kyiv.",
    "Kiev’s harbour board denied on Friday that Hansen had left.",
)
TEXTS = [*SENTENCES, " ".join(SENTENCES[:3]), " ".join(SENTENCES[2:]), SENTENCES[0].upper(), ""]
FILES = ("a.txt", "b.txt", "c.jsonl", "d/e.txt", "f.jsonl")
DECISIONS = (
    Override("different", "Ana Petrova", "Ana Petrowa"),
    Override("same", "Olaf Hansen", "O. Hansen"),
    Override("rename", "Harbour Board", "Board of the Harbour"),
)


def silent(_what: str, _done: int, _total: int) -> None:
    """A report that nobody reads."""


texts = st.sampled_from(TEXTS)
steps = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(FILES), st.lists(texts, min_size=1, max_size=3), st.integers(0, 3)),
    st.tuples(st.just("remove"), st.sampled_from(FILES)),
    st.tuples(st.just("rename"), st.sampled_from(FILES), st.sampled_from(FILES)),
    st.tuples(st.just("copy"), st.sampled_from(FILES), st.sampled_from(FILES)),
    st.tuples(st.just("decide"), st.sets(st.sampled_from(range(len(DECISIONS))))),
    st.tuples(st.just("run")),
)


def done(step: tuple[Any, ...], folder: Path, decided: list[Override]) -> None:
    """Do one step of a history to the files and decisions."""
    what, *given = step
    if what == "decide":
        decided[:] = [DECISIONS[at] for at in sorted(given[0])]
        return
    paths = [folder / name for name in given if isinstance(name, str)]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
    if what == "write":
        _, found, minutes = given
        if paths[0].suffix == ".jsonl":  # records of one id too, and records without one
            rows = [{"text": text, **({"id": f"r{at % 2}"} if at else {})} for at, text in enumerate(found)]
            paths[0].write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        else:
            paths[0].write_text(found[0], "utf-8")
        os.utime(paths[0], (1_600_000_000 + 60 * minutes,) * 2)
    elif what == "remove":
        paths[0].unlink(missing_ok=True)
    elif paths[0].exists() and paths[0] != paths[1] and paths[0].suffix == paths[1].suffix:
        paths[0].replace(paths[1]) if what == "rename" else shutil.copy2(*paths)


def published(ledger: Ledger, folder: Path, home: Path, decided: list[Override]) -> dict[str, Any]:
    """All rows of all tables, as a run would publish them now."""
    choice = sources.choose(home, [folder])
    sources.remember(home, choice)
    run.read(ledger, choice.sources, run.look(choice.sources), silent)
    plan = run.plan(ledger)
    run.extract(ledger, plan.jobs, 1, silent)
    ledger.sweep(list(plan.keys))
    whole = run.across(ledger, plan, silent, decided)
    ledger.keep_registry(whole.known, whole.redirects)
    ledger.keep_memory(whole.memory.changed(), whole.memory.unneeded())
    tables: dict[str, Any] = {"sources": whole.sources, **whole.tables}
    for part in run.parts(len(plan.keys)):
        for name, rows in run.part_rows(ledger, part, whole).items():
            tables.setdefault(name, []).extend(rows)
    return tables


def fresh(home: Path, other: Path) -> Ledger:
    """A ledger with the id memory of this warehouse's, and nothing else."""
    with closing(sqlite3.connect(home / "ledger.sqlite")) as db, db:
        kept = {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in REMEMBERED}
    ledger = Ledger(other / "ledger.sqlite")
    for table, rows in kept.items():
        for row in rows:
            ledger._db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    return ledger


@given(st.lists(steps, min_size=2, max_size=10))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
def test_incremental_equals_fresh_after_any_history(history: list[tuple[Any, ...]]) -> None:
    home = Path(mkdtemp())
    try:
        folder, other = home / "in", home / "other"
        folder.mkdir()
        other.mkdir()
        (folder / "always.txt").write_text(TEXTS[6], "utf-8")
        os.utime(folder / "always.txt", (1_600_000_000,) * 2)
        ledger, decided = Ledger(home / "ledger.sqlite"), []
        for step in history:
            if step[0] == "run":
                published(ledger, folder, home, decided)
            else:
                done(step, folder, decided)
        published(ledger, folder, home, decided)
        incremental = published(ledger, folder, home, decided)
        anew = fresh(home, other)
        assert published(anew, folder, home, decided) == incremental
        anew.close()
        ledger.close()
    finally:
        shutil.rmtree(home)


def test_when_a_record_was_first_seen_is_kept_whatever_becomes_of_it(tmp_path: Path) -> None:
    folder, decided = tmp_path / "in", []
    folder.mkdir()
    ledger = Ledger(tmp_path / "ledger.sqlite")
    (folder / "always.txt").write_text("Something.", "utf-8")

    def seen() -> dict[str, int]:
        rows = published(ledger, folder, tmp_path, decided)["sources"]
        return {row["source_id"]: int(row["first_seen_at"].timestamp()) for row in rows}

    def write(text: str, at: int) -> None:
        (folder / "a.txt").write_text(text, "utf-8")
        os.utime(folder / "a.txt", (at, at))

    write(SENTENCES[0], 1000)
    assert seen()["a.txt"] == 1000
    write(SENTENCES[1], 2000)
    assert seen()["a.txt"] == 1000  # the text is another, the record is not
    (folder / "a.txt").unlink()
    assert "a.txt" not in seen()
    write(SENTENCES[1], 3000)
    assert seen()["a.txt"] == 1000  # it came back
    (folder / "a.txt").rename(folder / "b.txt")
    assert seen()["b.txt"] == 3000  # another name, another record
    ledger.close()


@pytest.mark.parametrize("table", REMEMBERED)
def test_the_id_memory_is_what_the_ledger_says_it_is(tmp_path: Path, table: str) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    assert ledger._db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    ledger.close()
