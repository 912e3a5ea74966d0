"""Worker processes: all tasks done, whoever is killed on the way; nobody left behind."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.running.guards import workers
from tests.conftest import PROJECT


def double(task: list[int]) -> list[int]:
    """Twice each number; a number below zero fails, 666 kills its process always, 13 once, for which a file stands."""
    if 666 in task:
        os.kill(os.getpid(), signal.SIGKILL)
    if 13 in task and not (mark := Path(os.environ["MARK"])).exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if min(task) < 0:
        raise ValueError(f"{min(task)} is below zero")
    return [2 * number for number in task] * 20_000  # more than a pipe holds


def run(tasks: list[list[int]]) -> tuple[list[int], list[object]]:
    """The numbers that came back, sorted, and what was lost."""
    done, lost = [], []
    for result in workers.results(double, tasks, 2, lambda task: [[one] for one in task]):
        if isinstance(result, workers.Lost):
            lost.append(result.task)
        else:
            done += sorted(set(result))
    return sorted(done), lost


@pytest.fixture(autouse=True)
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARK", str(tmp_path / "mark"))


def test_every_task_is_done_and_nobody_is_left() -> None:
    assert run([[1, 2], [3], [4], [5]]) == ([2, 4, 6, 8, 10], [])
    assert run([]) == ([], [])
    assert not multiprocessing.active_children()


def test_a_task_whose_process_is_killed_is_done_again() -> None:
    assert run([[1], [13], [2]]) == ([2, 4, 26], [])


def test_one_that_kills_its_process_each_time_is_lost_and_those_beside_it_are_not() -> None:
    assert run([[1], [2, 666, 3], [4]]) == ([2, 4, 6, 8], [[666]])


def test_when_all_are_killed_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "MOST_LOST", 1)
    with pytest.raises(workers.Killed):
        run([[666], [666], [666]])
    assert not multiprocessing.active_children()


def test_what_work_raises_is_raised_with_the_workers_traceback() -> None:
    with pytest.raises(ValueError, match="-1 is below zero") as raised:
        run([[1], [-1]])
    assert "in double" in raised.value.__notes__[0]
    assert not multiprocessing.active_children()


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pipelines.running.guards import workers\n"
        "if __name__ == '__main__':\n"
        "    list(workers.results(time.sleep, [300, 300], 2, lambda task: [task]))"
    )
    (tmp_path / "parent.py").write_text(code, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    parent = subprocess.Popen([sys.executable, tmp_path / "parent.py"], env=environment, start_new_session=True)
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    if not children.exists():
        pytest.skip("this system does not list children")
    deadline = time.monotonic() + 60
    while len(children.read_text().split()) < 3 and time.monotonic() < deadline:  # and Python's resource tracker
        assert parent.poll() is None, "it has to start its workers"
        time.sleep(0.05)
    time.sleep(1)
    parent.kill()
    parent.wait()
    for _ in range(200):
        try:
            os.killpg(parent.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(parent.pid, signal.SIGKILL)
    pytest.fail("workers were left behind")
