"""Whatever the sources hold now is published in the end, in every history, with one run pending at most."""

import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq
import pytest
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run
from dagster._core.storage.tags import RUN_KEY_TAG

from pipelines import definitions
from pipelines.definitions import defs, new_files
from pipelines.running import history, run, watching
from tests.conftest import hearsay

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
TEXT = "Mayor Ana Petrova said that {n} trees were planted in {place}."


class World:
    """A source, a warehouse, its books, a clock, and a daemon that treats run keys as Dagster's does."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, patch
        self.source, self.warehouse = folder / "in", folder / "w"
        self.now = time.time()
        self.cursor: str | None = None
        self.pending: list[str] = []
        self.n_asked = self.n_written = 0
        self.said = ""
        self.look_at("in")
        patch.setenv("HEARSAY_WAREHOUSE", str(self.warehouse))
        patch.setattr(definitions.time, "time", lambda: self.now)
        self.warehouse.mkdir()
        self.instance = history.books(self.warehouse)
        self.job = defs.resolve_job_def(history.JOB)

    # what happens to the sources

    def look_at(self, name: str) -> None:
        self.source = self.folder / name
        self.source.mkdir(exist_ok=True)
        self.patch.setenv("HEARSAY_SOURCE", str(self.source))

    def add(self, name: str) -> None:
        self.n_written += 1
        (self.source / f"{name}.txt").write_text(TEXT.format(n=self.n_written + 1, place=name), "utf-8")

    def remove(self, name: str) -> None:
        (self.source / f"{name}.txt").unlink()

    def hide(self) -> None:
        self.source.rename(self.source.with_name("hidden"))

    def bring_back(self) -> None:
        self.source.with_name("hidden").rename(self.source)

    # what happens in Dagster

    def tick(self) -> None:
        self.now += 60
        with dg.build_sensor_context(self.instance, cursor=self.cursor) as context:
            result = new_files(context)
        assert isinstance(result, dg.SensorResult)
        self.said = str(result.skip_reason and result.skip_reason.skip_message)
        self.cursor = result.cursor
        for request in result.run_requests or []:
            assert request.run_key
            key = {RUN_KEY_TAG: request.run_key}
            if self.instance.get_runs(dg.RunsFilter(tags=key)):
                continue
            made = self.instance.create_run_for_job(self.job, run_config=QUIET, tags={**request.tags, **key})
            self.pending.append(made.run_id)
            self.n_asked += 1
        assert len(self.pending) <= 1

    def forget(self) -> None:
        """Somebody resets the sensor's cursor."""
        self.cursor = None

    def works(self) -> None:
        for run_id in self.pending:
            made = self.instance.get_run_by_id(run_id)
            assert made
            execute_run(InMemoryJob(self.job), made, self.instance)
        self.pending = []

    def fails(self) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with self.patch.context() as patch:
            patch.setattr(definitions, "publish", full)
            self.works()

    def canceled(self) -> None:
        for run_id in self.pending:
            made = self.instance.get_run_by_id(run_id)
            assert made
            self.instance.report_run_canceled(made)
        self.pending = []

    def killed(self) -> None:
        (run_id,) = self.pending
        marks = history.marks(self.warehouse, run_id)
        marks[history.PROCESS] = marks[history.PROCESS].replace(" ", " 9", 1)
        self.become(run_id, dg.DagsterRunStatus.STARTED, marks)
        self.pending = []

    def killed_elsewhere(self) -> None:
        (run_id,) = self.pending
        marks = history.marks(self.warehouse, run_id)
        marks[history.PROCESS] = f"another-{marks[history.PROCESS]}"
        self.become(run_id, dg.DagsterRunStatus.STARTED, marks)
        self.pending = []
        self.now += history.STARTS_WITHIN

    def become(self, run_id: str, status: dg.DagsterRunStatus, marks: dict[str, str] | None = None) -> dg.DagsterRun:
        """What the daemon and the run's own process make of a run that waits."""
        made = self.instance.get_run_by_id(run_id)
        assert made
        self.instance.delete_run(run_id)
        return self.instance.add_run(made.with_status(status).with_tags({**made.tags, **(marks or {})}))

    def outside(self) -> None:
        status, _, err = hearsay("run", "--source", self.source, "--warehouse", self.warehouse)
        assert status == 0, err

    # what readers have

    def holds(self) -> dict[str, str]:
        return {path.name: path.read_text("utf-8") for path in self.source.iterdir()}

    def published(self) -> dict[str, str]:
        if not (self.warehouse / "current").exists():
            return {}
        rows = pq.read_table(self.warehouse / "current" / "documents", columns=["source_id", "text"]).to_pylist()
        return {row["source_id"]: row["text"] for row in rows}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


A, B = "add a", "add b"
GOES = ["tick", "works"]
HISTORIES: dict[str, tuple[list[str], int]] = {
    "nothing changed": ([A, *GOES, "tick", "tick"], 1),
    "changed": ([A, *GOES, A, *GOES, "tick"], 2),
    "there and back again": ([A, *GOES, B, *GOES, "remove b", *GOES, B, *GOES, "remove b", *GOES, "tick"], 5),
    "came and went unpublished": ([A, *GOES, B, "remove b", "tick", "tick"], 1),
    "came and went while its run waited": ([A, *GOES, B, "tick", "remove b", "works", "tick"], 2),
    "came and its run failed, and went": ([A, *GOES, B, "tick", "fails", "remove b", "tick"], 2),
    "failed": ([A, "tick", "fails", "tick", "works", "tick"], 2),
    "failed over and over": ([A, *["tick", "fails"] * 30], 5),
    "canceled": ([A, "tick", "canceled", "tick", "works", "tick"], 2),
    "killed": ([A, "tick", "killed", "tick", "works", "tick"], 2),
    "killed on another machine": ([A, "tick", "killed_elsewhere", "tick", "works", "tick"], 2),
    "many looks before the run starts": ([A, *["tick"] * 8, B, "tick", "works", "tick"], 1),
    "nobody looked for a while": ([A, B, "remove a", *GOES, "tick"], 1),
    "changed while the run waited": ([A, "tick", B, "works", "tick"], 1),
    "the source was away": ([A, *GOES, "hide", "tick", "tick", "bring_back", "tick"], 1),
    "the source was away, with news": ([A, *GOES, B, "hide", "tick", "bring_back", *GOES, "tick"], 2),
    "another source": ([A, *GOES, "look_at other", B, *GOES, "look_at in", *GOES, "tick"], 3),
    "published from outside": ([A, "outside", "tick"], 0),
    "published from outside while the run waited": ([A, "tick", "outside", "works", "tick"], 1),
    "forgotten": ([A, *GOES, B, "forget", *GOES, "forget", "tick"], 2),
}
"""What happened, and how often a run was asked for."""


@pytest.mark.parametrize(("steps", "n_asked"), HISTORIES.values(), ids=HISTORIES)
def test_what_the_sources_hold_is_published_in_the_end(world: World, steps: list[str], n_asked: int) -> None:
    for step in steps:
        name, *rest = step.split()
        act: Callable[..., None] = getattr(world, name)
        act(*rest)
    assert world.n_asked == n_asked, world.said
    world.now += watching.LONGEST_WAIT
    for _ in range(3):
        world.tick()
        world.works()
    assert world.published() == world.holds()
    assert world.said == "All that the sources hold now is published."


def test_a_source_that_is_away_is_said_plainly(world: World) -> None:
    world.hide()
    world.tick()
    assert world.said.startswith(f"{world.source} cannot be looked at now (No such file or directory).")
    world.bring_back()
    world.tick()
    assert world.said.startswith("There is no file in")


def test_a_snapshot_that_somebody_removed_is_asked_for_again(world: World) -> None:
    world.add("a")
    world.tick()
    world.works()
    (world.warehouse / "current").unlink()
    world.tick()
    world.works()
    assert world.published() == world.holds()


# ---------------------------------------------------------------- the look


def changes() -> dict[str, Callable[[Path], object]]:
    return {
        "added": lambda folder: (folder / "new.txt").write_text("x"),
        "added below": lambda folder: (folder / "sub" / "new.txt").write_text("x"),
        "removed": lambda folder: (folder / "a.txt").unlink(),
        "renamed": lambda folder: (folder / "a.txt").rename(folder / "z.txt"),
        "written over": lambda folder: (folder / "a.txt").write_text("2"),
        "moved": lambda folder: (folder / "a.txt").rename(folder / "sub" / "a.txt"),
        "behind a link": lambda folder: (folder.parent / "far" / "b.txt").write_text("22"),
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "b.txt").write_text("1")
    (folder / "a.txt").write_text("1")
    (folder / "link").symlink_to(tmp_path / "far")
    (folder / "sub" / "round").symlink_to(folder)
    (folder / "nowhere.txt").symlink_to(tmp_path / "nowhere")
    return folder


@pytest.mark.parametrize("change", changes().values(), ids=changes())
def test_the_look_sees_every_change(folder: Path, change: Callable[[Path], object]) -> None:
    before = watching.look([folder])
    assert watching.look([folder]) == before
    time.sleep(0.01)
    change(folder)
    assert watching.look([folder]) != before


def test_the_look_does_not_see_what_is_not_read(folder: Path) -> None:
    before = watching.look([folder])
    (folder / ".hidden").write_text("x")
    (folder / "empty").mkdir()
    assert watching.look([folder]) == before


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()], ids=["missing", "empty"])
def test_a_source_without_files_is_no_look(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "in")
    with pytest.raises(run.Stop, match="in"):
        watching.look([tmp_path / "in"])


# ---------------------------------------------------------------- the decision


def test_after_runs_in_vain_it_waits_longer_and_longer_up_to_an_hour() -> None:
    watch, now, asked = watching.watch(None, 0.0), 0.0, []
    for _ in range(600):
        now += 60
        watch, why_not = watching.decide(watch, "b", "a", None, now)
        if why_not is None:
            asked.append(now / 60)
    assert asked[:8] == [1, 2, 4, 8, 16, 32, 64, 124]
    assert asked[-1] - asked[-2] == 60


def test_it_waits_from_the_end_of_a_run_and_no_longer_once_something_was_published() -> None:
    watch, why_not = watching.decide(watching.watch(None, 0.0), "b", "a", None, 60.0)
    assert why_not is None
    watch, why_not = watching.decide(watch, "b", "a", "Run 1 is started.", 3000.0)
    assert why_not == "Run 1 is started."
    assert (
        watching.decide(watch, "b", "a", None, 3030.0)[1]
        == "Nothing was published since a run was asked for; the next is asked for in 0 min."
    )
    assert watching.decide(watch, "c", "b", None, 3030.0)[1] is None


def test_every_request_has_a_key_of_its_own() -> None:
    keys, watch = set(), watching.watch(None, 5.0)
    for n in range(10):
        watch, _ = watching.decide(watch, "b", str(n), None, 5.0)
        keys.add(watch.key)
    assert len(keys) == 10
    assert watching.watch("0123abcd", 7.0) == watching.watch("", 7.0) == watching.Watch(since=7)
    assert watching.watch(watch.written(), 9.0) == watch
