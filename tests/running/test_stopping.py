"""Ctrl-C, SIGTERM and SIGHUP: one sentence, no traceback, nobody left behind, and the next run goes on from there."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest

from pipelines import cli, stopping
from pipelines.running import history
from pipelines.running.locking import is_held
from tests.conftest import PROJECT, hearsay
from tests.running.test_run import write

SENTENCE = "Stopped. What was done is kept; the next run goes on from there.\n"


def heed_signals() -> None:
    """Whoever runs the tests in the background, or under nohup, has signals ignored, which a child inherits."""
    for number in stopping.SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def begin(*command: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen(
        command, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        start_new_session=True, preexec_fn=heed_signals,
    )  # fmt: skip


def is_empty(group: int) -> bool:
    """Whether nobody of a process group is left, now or in a moment."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_run_that_is_stopped_says_so_and_ends_by_that_signal(tmp_path: Path, number: signal.Signals) -> None:
    source, warehouse = write(tmp_path / "in", range(3)), tmp_path / "w"
    child = begin(sys.executable, "-m", "pipelines.cli", "run", "--source", str(source), "--warehouse", str(warehouse))
    while not (warehouse / "ledger.sqlite").exists():  # its op has begun
        assert child.poll() is None
        time.sleep(0.02)
    (os.killpg if number == signal.SIGINT else os.kill)(child.pid, number)  # a terminal stops all of a group
    _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (-number, SENTENCE)
    assert is_empty(child.pid)
    assert not is_held(warehouse)
    with history.books(warehouse) as books:
        assert [run.status for run in books.get_runs()] == [dg.DagsterRunStatus.CANCELED]
    assert hearsay("run", "--warehouse", warehouse)[0] == 0


def test_what_nohup_has_ignored_stays_ignored(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pipelines.stopping import stoppable\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "stoppable(lambda: os.kill(os.getpid(), signal.SIGHUP)); print('done')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_what_is_stoppable_gives_and_raises_what_it_would_and_leaves_the_handlers_as_they_were() -> None:
    before = [signal.getsignal(number) for number in stopping.SIGNALS]
    assert stopping.stoppable(lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        stopping.stoppable(lambda: 1 // 0)
    assert [signal.getsignal(number) for number in stopping.SIGNALS] == before


def test_a_query_that_is_stopped_promises_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_sql", stop)
    assert cli.main(["sql", "SELECT 1"]) == 128 + signal.SIGINT
    assert capsys.readouterr().err == "Stopped.\n"
