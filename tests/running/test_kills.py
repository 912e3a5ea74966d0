"""Killed anywhere, it ends with the same bytes, and readers see whole sets. ``python -m benchmarks.kills`` is the long form."""

import gc
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.kills import Blow, History, bytes_of, campaign
from benchmarks.readers import look
from benchmarks.scripted import STEPS
from pipelines.running.locking import LOCK, is_held, only_run

FEW = ("the first texts", "records changed")


def test_killed_on_the_way_through_a_history_every_step_ends_with_the_bytes_of_a_calm_one(tmp_path: Path) -> None:
    outcome = campaign(tmp_path, n_kills=3, seed=3, seconds=600, steps=FEW)
    assert outcome.wrong == []
    assert outcome.n_kills >= 2
    assert outcome.n_looks > 0


@pytest.mark.parametrize("end", [signal.SIGCONT, signal.SIGKILL], ids=["goes on", "is killed"])
def test_what_one_run_has_staged_no_other_takes_away_before_it_is_published(
    tmp_path: Path, end: signal.Signals
) -> None:
    history = History(tmp_path)
    STEPS["the first texts"](history.scene)
    first = history.start(Blow("between", signal.SIGSTOP, "group", "warehouse.snapshots:publish"))
    snapshots = history.warehouse / "snapshots"
    while not (history.hook / "struck").exists():
        assert first.poll() is None
        time.sleep(0.05)
    (staged,) = snapshots.glob(".staged-*")
    second = history.start()
    assert second.stderr is not None
    assert second.stderr.readline().startswith("Another run (process ")
    assert second.poll() is None
    assert list(snapshots.iterdir()) == [staged]
    assert is_held(history.warehouse)
    os.killpg(first.pid, end)
    statuses = [child.wait(120) for child in (first, second) if child.communicate()]
    assert statuses == [0 if end == signal.SIGCONT else -signal.SIGKILL, 0]
    assert look(history.warehouse) == []
    assert len(list(snapshots.iterdir())) == 1
    assert not staged.exists()
    published = bytes_of(history.warehouse)
    assert history.calm() is None
    assert bytes_of(history.warehouse) == published


def test_who_waited_for_a_lock_that_was_removed_takes_the_one_that_lies_there_now(tmp_path: Path) -> None:
    seen: list[bool] = []

    def second() -> None:
        with only_run(tmp_path):
            seen.append((tmp_path / LOCK).exists() and is_held(tmp_path))

    with only_run(tmp_path):
        waits = threading.Thread(target=second)
        waits.start()
        time.sleep(0.3)
        (tmp_path / LOCK).unlink()
    waits.join(10)
    assert seen == [True]


def test_a_run_of_this_process_that_was_given_up_in_the_middle_lets_go(tmp_path: Path) -> None:
    def given_up() -> Iterator[None]:
        with only_run(tmp_path):
            yield

    gc.disable()  # else luck would clear it away
    try:
        run = given_up()
        next(run)
        kept: list[object] = [run]
        kept.append(kept)
        del run, kept
        with only_run(tmp_path):
            assert is_held(tmp_path)
    finally:
        gc.enable()
