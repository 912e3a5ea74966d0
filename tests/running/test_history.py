"""Only what is ours is touched in Dagster's books, and they are where the user says."""

import hashlib
import os
import signal
import sys
import time
from pathlib import Path
from uuid import uuid4

import dagster as dg
import pytest
from dagster._core.storage.compute_log_manager import ComputeIOType

from pipelines import cli
from pipelines.running import history, run
from tests.conftest import hearsay

FIRST_SETTINGS = """\
telemetry:
  enabled: false
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""
SUCCESS, FAILURE, STARTED = dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.STARTED


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    (tmp_path / "w").mkdir()
    return tmp_path / "w"


@pytest.fixture
def instance(warehouse: Path) -> dg.DagsterInstance:
    return history.books(warehouse)


def add(instance: dg.DagsterInstance, n: int, status: dg.DagsterRunStatus, tags: dict[str, str]) -> list[str]:
    made = [dg.DagsterRun(history.JOB, str(uuid4()), status=status, tags=tags) for _ in range(n)]
    return [instance.add_run(run).run_id for run in made]


def statuses(instance: dg.DagsterInstance, run_ids: list[str]) -> list[dg.DagsterRunStatus | None]:
    found = [instance.get_run_by_id(run_id) for run_id in run_ids]
    return [made and made.status for made in found]


# ---------------------------------------------------------------- where the books lie


def test_our_own_books_lie_in_the_warehouse_and_are_quiet(warehouse: Path) -> None:
    assert history.home(warehouse) == warehouse / "dagster"
    assert "enabled: false" in (warehouse / "dagster" / "dagster.yaml").read_text()


def test_settings_that_the_user_changed_stay_and_those_of_an_earlier_version_are_renewed(warehouse: Path) -> None:
    settings = history.home(warehouse) / "dagster.yaml"
    for text in ("", "telemetry:\n  enabled: false\n", FIRST_SETTINGS + "# mine\n"):
        settings.write_text(text)
        history.home(warehouse)
        assert settings.read_text() == text
    settings.write_text(FIRST_SETTINGS)
    history.home(warehouse)
    assert settings.read_text() == history.SETTINGS


def test_a_text_of_settings_that_is_replaced_is_listed() -> None:
    now = hashlib.sha256(history.SETTINGS.encode()).hexdigest()[:8]
    assert now == "1b8eb859", "put the digest of the former text into WRITTEN_BEFORE, and the new one here"


def test_the_users_books_are_used_and_nothing_is_written_there_by_us(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    monkeypatch.chdir(tmp_path)
    for given in (str(theirs), "theirs", "./theirs/../theirs"):
        monkeypatch.setenv("DAGSTER_HOME", given)
        assert history.home(warehouse) == theirs
    assert list(theirs.iterdir()) == []
    assert not (warehouse / "dagster").exists()


def test_books_that_are_not_there_are_one_sentence(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "nowhere")
    with pytest.raises(run.Stop, match="DAGSTER_HOME names nowhere"):
        history.home(warehouse)
    status, _, err = hearsay("run", "--warehouse", warehouse)
    assert (status, err.strip().count("\n")) == (1, 0)


def test_books_that_cannot_be_used_are_one_sentence(warehouse: Path) -> None:
    (history.home(warehouse) / "dagster.yaml").write_text("nonsense: 1\n")
    status, _, err = hearsay("run", "--warehouse", warehouse)
    assert (status, err.strip().count("\n")) == (1, 0)
    assert "dagster.yaml" in err


def test_dev_opens_the_books_that_runs_write(warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[dict[str, str]] = []
    monkeypatch.setattr(os, "execve", lambda program, command, environment: called.append(environment) or 0)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEARSAY_SOURCE", f"a{os.pathsep}{tmp_path}")
    (tmp_path / "mine").mkdir()
    for given, home in (("", warehouse / "dagster"), ("mine", tmp_path / "mine")):
        monkeypatch.setenv("DAGSTER_HOME", given)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("importlib.util.find_spec", lambda name: True)
        assert cli.main(["dev", "--warehouse", "w"]) == 0
        assert called[-1]["DAGSTER_HOME"] == str(home)
        assert called[-1]["HEARSAY_WAREHOUSE"] == str(warehouse)
        assert called[-1]["HEARSAY_SOURCE"] == f"{tmp_path / 'a'}{os.pathsep}{tmp_path}"


# ---------------------------------------------------------------- whose run it is


@pytest.mark.parametrize("home", ["ours", "the user's"])
def test_three_hundred_runs_of_others_stay_as_they_are(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    if home != "ours":
        (tmp_path / "theirs").mkdir()
        monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "theirs"))
    monkeypatch.setattr(history, "KEPT_RUNS", 3)
    with history.books(warehouse) as instance:
        dead = {history.PROCESS: "nobody 999999999 then "}
        other = history.tags(tmp_path / "other") | dead
        foreign = add(instance, 280, SUCCESS, {}) + add(instance, 10, STARTED, {}) + add(instance, 10, STARTED, other)
        before = statuses(instance, foreign)
        ours = add(instance, 8, SUCCESS, history.tags(warehouse))
        history.reap(instance, warehouse)
        history.prune(instance, warehouse)
        assert statuses(instance, foreign) == before
        kept = [run_id for run_id in ours if instance.get_run_by_id(run_id)]
        assert kept == (ours[-3:] if home == "ours" else ours)


def test_the_last_run_that_published_stays_however_many_failed_after_it(
    instance: dg.DagsterInstance, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "KEPT_RUNS", 3)
    _, good = add(instance, 2, SUCCESS, history.tags(warehouse))
    bad = add(instance, 5, FAILURE, history.tags(warehouse))
    (under_way,) = add(instance, 1, STARTED, history.tags(warehouse))
    history.prune(instance, warehouse)
    assert {made.run_id for made in instance.get_runs()} == {good, *bad[-3:], under_way}


def test_a_run_whose_process_is_gone_is_marked_as_failed_and_no_other(
    instance: dg.DagsterInstance, warehouse: Path
) -> None:
    host, pid, started, _ = history.marks(warehouse, "x")[history.PROCESS].split(" ")
    said = {
        "alive": f"{host} {pid} {started} RUN",
        "gone": f"{host} 999999999 {started} RUN",
        "its number was given again": f"{host} {pid} {started}1 RUN",
        "another machine's": f"not-{host} 999999999 {started} RUN",
        "repeated from one that is gone": f"{host} 999999999 {started} ANOTHER",
        "not said yet": None,
    }
    runs = {name: add(instance, 1, STARTED, history.tags(warehouse))[0] for name in said}
    for name, mark in said.items():
        if mark:
            instance.add_run_tags(runs[name], {history.PROCESS: mark.replace("RUN", runs[name])})
    history.reap(instance, warehouse)
    found = dict(zip(said, statuses(instance, list(runs.values())), strict=True))
    assert {name for name, status in found.items() if status == FAILURE} == {"gone", "its number was given again"}


def test_a_dead_process_that_nobody_has_waited_for_is_gone() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    for _ in range(100):
        if history._started(child) is None:
            break
        time.sleep(0.02)
    assert history._started(child) is None
    os.waitpid(child, 0)
    assert history._started(os.getpid())


# ---------------------------------------------------------------- what a step prints


@dg.op
def talking() -> None:
    sys.stdout.write("to the output\n")
    sys.stderr.write("\r\x1b[Kreading 1 of 2")
    sys.stderr.write("to the error\n")
    assert sys.stderr.isatty() == (os.environ.get("TTY") == "1")


@dg.job
def talk() -> None:
    talking()


def test_what_a_step_prints_is_kept_and_shown(
    instance: dg.DagsterInstance, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY", "1")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    result = talk.execute_in_process(instance=instance, raise_on_error=False)
    shown = capfd.readouterr()
    assert result.success
    manager = instance.compute_log_manager
    (key,) = manager.get_log_keys_for_log_key_prefix([result.run_id, "compute_logs"], ComputeIOType.STDOUT)
    kept = manager.get_log_data(key)
    assert (kept.stdout, kept.stderr) == (b"to the output\n", b"to the error\n")
    assert manager.is_capture_complete(key)
    assert "to the output" in shown.out
    assert "reading 1 of 2" in shown.err


def test_with_a_run_goes_what_it_printed(
    instance: dg.DagsterInstance, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "KEPT_RUNS", 1)
    monkeypatch.setattr(history, "JOB", "talk")
    made = [talk.execute_in_process(instance=instance, tags=history.tags(warehouse)).run_id for _ in range(2)]
    history.prune(instance, warehouse)
    left = {path.stem for path in (warehouse / "dagster").rglob("*") if path.stem in made}
    assert left == {made[1]}


def test_a_run_of_the_command_line_is_kept_whole(samples: Path) -> None:
    with history.books(samples) as instance:
        (newest,) = instance.get_runs(limit=1)
        assert newest.status is SUCCESS
        assert newest.tags[history.WAREHOUSE] == str(samples)
        assert newest.tags[history.PROCESS].endswith(newest.run_id)
        assert (Path(instance.root_directory) / "storage" / newest.run_id / "compute_logs").is_dir()
