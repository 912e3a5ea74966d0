"""Dagster's books: where they lie, which runs in them are ours, and what keeps ours short and true.

They lie where the user's ``DAGSTER_HOME`` says, else in the warehouse. Other people's runs may stand in either, and one of
theirs may be called as ours is: ours are those that carry this warehouse's name, and no other is touched. A run that was
killed stays STARTED for ever in Dagster's books; it is marked as failed at the next look. In the warehouse's own books the
newest of our runs are kept; in the user's all of them, since how long to keep is for the user to say there.
"""

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, TextIO

import dagster as dg
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.compute_log_manager import CapturedLogContext
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager
from dagster._serdes import ConfigurableClassData

from pipelines.running.locking import is_held
from pipelines.running.run import Stop

JOB = "publish_all"
WAREHOUSE, PROCESS = "hearsay/warehouse", "hearsay/process"
"""Tags: the folder that a run publishes to; the process that works on it."""
KEPT_RUNS = 200
"""At one an hour, eight days."""
STARTS_WITHIN = 600.0
"""Seconds after which a run that never told of its process is no longer waited for."""
UNDER_WAY = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
WAITING = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED]
DONE = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
SETTINGS = """\
# Written by hearsay once, when there was no such file; it is yours to change.
telemetry:
  enabled: false
"""
WRITTEN_BEFORE = {"797eaef6"}
"""SHA-256 (first digits) of what earlier versions wrote here: a file that is still one of these is brought up to date."""


# ---------------------------------------------------------------- where the books lie


def home(warehouse: Path) -> Path:
    """Dagster's folder: the user's ``DAGSTER_HOME``, where nothing is written by us, else the warehouse's own, made if need be.

    Raises:
        Stop: ``DAGSTER_HOME`` names no folder.
        OSError: the warehouse's own cannot be made.
    """
    own, given = _own_home(warehouse), os.environ.get("DAGSTER_HOME")
    if given:
        folder = Path(given).expanduser().resolve()
        if not folder.is_dir():
            raise Stop(
                f"DAGSTER_HOME names {given}, and there is no such folder: make it, or unset DAGSTER_HOME to have the "
                f"history of runs in {own}."
            )
        if folder != own:
            return folder
    own.mkdir(parents=True, exist_ok=True)
    settings = own / "dagster.yaml"
    if not settings.exists() or hashlib.sha256(settings.read_bytes()).hexdigest()[:8] in WRITTEN_BEFORE:
        beside = own / f".dagster.yaml-{os.getpid()}"
        beside.write_text(SETTINGS, "utf-8")
        beside.replace(settings)
    return own


def books(warehouse: Path) -> dg.DagsterInstance:
    """The books in ``home``, for a run in this process: what a step prints is kept and shows on the terminal as ever.

    Raises:
        Stop, OSError: as ``home``.
        dg.DagsterError: the settings there cannot be used.
    """
    folder = home(warehouse)
    try:
        ref = InstanceRef.from_dir(str(folder))
    except (OSError, dg.DagsterError):
        raise
    except Exception as error:  # what reading YAML may raise of damaged bytes
        raise Stop(
            f"Dagster's settings {folder / 'dagster.yaml'} cannot be read ({type(error).__name__}): mend or remove that file."
        ) from error
    logs = ref.compute_logs_data
    if logs.class_name == LocalComputeLogManager.__name__:
        ours = ConfigurableClassData(__name__, TerminalLogs.__name__, logs.config_yaml)
        ref = ref._replace(compute_logs_data=ours)
    return dg.DagsterInstance.from_ref(ref)


def _own_home(warehouse: Path) -> Path:
    return (warehouse / "dagster").resolve()


# ---------------------------------------------------------------- what a step prints


class TerminalLogs(LocalComputeLogManager):
    """Keeps what a step prints where Dagster looks for it, and lets it through to the terminal as it is.

    Dagster's own way turns file descriptors 1 and 2 into files and has four processes copy from there: the terminal is no
    terminal any more for the step, and what was printed last may not arrive. Lines that move are not kept.
    """

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "TerminalLogs":
        """As Dagster makes it from its settings."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def capture_logs(self, log_key: Sequence[str]) -> Iterator[CapturedLogContext]:
        """Keep what is printed inside."""
        with ExitStack() as stack:
            for stream, suffix, redirected in (
                (sys.stdout, "out", redirect_stdout),
                (sys.stderr, "err", redirect_stderr),
            ):
                path = Path(self.get_captured_local_path(log_key, suffix))
                path.parent.mkdir(parents=True, exist_ok=True)
                file = stack.enter_context(path.open("a", buffering=1, encoding="utf-8", errors="backslashreplace"))
                stack.enter_context(redirected(_Both(stream, file)))
            yield CapturedLogContext(log_key)
        Path(self.get_captured_local_path(log_key, "complete")).touch()


class _Both:
    """A stream whose lines are written to a file too."""

    def __init__(self, stream: TextIO, file: TextIO) -> None:
        self._stream, self._file = stream, file

    def write(self, text: str) -> int:
        if not text.startswith("\r"):
            self._file.write(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


# ---------------------------------------------------------------- whose run it is


def tags(warehouse: Path) -> dict[str, str]:
    """The mark by which a run is ours."""
    return {WAREHOUSE: str(warehouse.resolve())}


def marks(warehouse: Path, run_id: str) -> dict[str, str]:
    """The mark by which a run is ours, and that of this process, by which others know whether it still works on it."""
    return tags(warehouse) | {PROCESS: _process(os.getpid(), run_id)}


def _process(pid: int, run_id: str) -> str:
    """Where and when a process was started, and for which run: one that is repeated from another has the other's mark too."""
    return " ".join((socket.gethostname(), str(pid), _started(pid) or "gone", run_id))


def _started(pid: int) -> str | None:
    """When a process was started, in the system's own words without spaces; null when there is none of that number."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
        state, *_ = told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self/stat").exists():
            return None
    else:
        return None if state == "Z" else f"{boot}-{told[19]}"
    command = ["ps", "-o", "lstart=", "-p", str(pid)]  # macOS, BSD
    environment = {**os.environ, "LC_ALL": "C"}
    said = subprocess.run(command, capture_output=True, text=True, check=False, env=environment).stdout  # noqa: S603
    return "-".join(said.split()) or None


def _lives(run: dg.DagsterRun) -> bool | None:
    """Whether the process of a run is there; null when that cannot be told: it is another machine's, or never said."""
    host, _, rest = run.tags.get(PROCESS, "").partition(" ")
    pid = rest.partition(" ")[0]
    if host != socket.gethostname() or not pid.isdecimal() or not rest.endswith(run.run_id):
        return None
    return run.tags[PROCESS] == _process(int(pid), run.run_id)


def _ours(warehouse: Path, statuses: Sequence[dg.DagsterRunStatus]) -> dg.RunsFilter:
    return dg.RunsFilter(job_name=JOB, tags=tags(warehouse), statuses=statuses)


def busy(instance: dg.DagsterInstance, warehouse: Path) -> str | None:
    """Which of our runs is queued or under way, in a sentence; null when none is."""
    for record in instance.get_run_records(_ours(warehouse, WAITING + UNDER_WAY)):
        run = record.dagster_run
        said = f"Run {run.run_id[:8]} is {run.status.value.lower().replace('_', ' ')}."
        if run.status is dg.DagsterRunStatus.QUEUED or (alive := _lives(run)):
            return said
        if alive is None:
            age = time.time() - record.update_timestamp.timestamp()
            if age < STARTS_WITHIN or (run.status in UNDER_WAY and is_held(warehouse)):
                return said
    return None


# ---------------------------------------------------------------- short and true


def reap(instance: dg.DagsterInstance, warehouse: Path) -> None:
    """Mark those of our runs as failed whose process was on this machine and is gone."""
    for run in instance.get_runs(_ours(warehouse, UNDER_WAY)):
        if _lives(run) is False:
            instance.report_run_failed(
                run, "The process that worked on this run is gone; its work is taken up by the next."
            )


def cancel(instance: dg.DagsterInstance, run_id: str) -> None:
    """Mark a run as canceled that this process is about to leave; nothing where there is none, or where it is done."""
    run = instance.get_run_by_id(run_id)
    if run is not None and not run.is_finished:
        instance.report_run_canceled(run, "It was stopped by a signal; its work is taken up by the next.")


def prune(instance: dg.DagsterInstance, warehouse: Path) -> None:
    """In the warehouse's own books, drop those of our runs that are done and older than the newest ``KEPT_RUNS``.

    The last run that published stays however many failed after it: the assets' pages show what it says.
    """
    if Path(instance.root_directory).resolve() != _own_home(warehouse):
        return
    kept = instance.get_run_ids(_ours(warehouse, DONE), limit=KEPT_RUNS)
    if len(kept) < KEPT_RUNS:
        return
    good = instance.get_run_ids(_ours(warehouse, [dg.DagsterRunStatus.SUCCESS]), limit=1)
    for run_id in instance.get_run_ids(_ours(warehouse, DONE), cursor=kept[-1]):
        if run_id not in good:
            _forget(instance, run_id)


def _forget(instance: dg.DagsterInstance, run_id: str) -> None:
    """Delete a run with its events, what its steps printed, and the file that Dagster leaves of it."""
    instance.delete_run(run_id)
    if isinstance(instance.compute_log_manager, LocalComputeLogManager):
        instance.compute_log_manager.delete_logs(prefix=[run_id])
    events = instance.event_log_storage
    if isinstance(events, SqliteEventLogStorage):
        shard = Path(events.path_for_shard(run_id))
        for path in (shard, *(shard.with_name(f"{shard.name}-{kind}") for kind in ("wal", "shm", "journal"))):
            path.unlink(missing_ok=True)
