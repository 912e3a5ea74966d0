"""Dagster's run history: where it lies, and what keeps it short and true.

A run that was killed stays STARTED for ever in Dagster's books; it is marked as failed at the next start. Only the
newest runs are kept.
"""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

KEPT_RUNS = 200
"""At one an hour, eight days."""
UNDER_WAY = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
SETTINGS = """\
telemetry:
  enabled: false
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""


def home(warehouse: Path) -> Path:
    """Dagster's folder for this warehouse, made if need be, with telemetry off; ``DAGSTER_HOME`` is set to it."""
    folder = (warehouse / "dagster").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists() or settings.read_text("utf-8") != SETTINGS:
        settings.write_text(SETTINGS, "utf-8")
    os.environ["DAGSTER_HOME"] = str(folder)
    return folder


def tags() -> dict[str, str]:
    """Marks by which a later start knows whether the process of a run still lives."""
    return {"hearsay/process": str(os.getpid()), "hearsay/host": socket.gethostname()}


def tidy(instance: dg.DagsterInstance) -> None:
    """Mark runs as failed whose process is gone, and drop the runs beyond the newest ``KEPT_RUNS``."""
    for record in instance.get_runs(dg.RunsFilter(statuses=UNDER_WAY)):
        if _is_gone(record.tags):
            instance.report_run_failed(
                record, "The process that worked on this run is gone; its work is taken up by the next."
            )
    kept = instance.get_runs(limit=KEPT_RUNS)
    while len(kept) == KEPT_RUNS and (old := instance.get_runs(cursor=kept[-1].run_id, limit=100)):
        for record in old:
            instance.delete_run(record.run_id)


def _is_gone(marks: Mapping[str, str]) -> bool:
    if marks.get("hearsay/host") != socket.gethostname():
        return False
    try:
        os.kill(int(marks["hearsay/process"]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
