"""Dagster's view of the pipeline: assets, checks, job, schedule and sensor, all derived from the table functions.

The only module that knows Dagster. One op stages every table (what a run costs is decided inside it, by the ledger),
one publishes what passed; between them stand pandera's checks, which block.
"""

import hashlib
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pyarrow.parquet as pq
from pydantic import Field

from pipelines import history, run, tables
from pipelines.ledger import Ledger
from pipelines.locking import only_run
from pipelines.paths import place
from pipelines.progress import Progress
from pipelines.sources import Choice, choose, remember
from schemas import BY_NAME
from schemas.validation import Violation
from warehouse import catalogue
from warehouse.query import DATABASE
from warehouse.snapshots import Draft, current, faults, publish, shows, staged_folder, sweep

PROJECT = Path(__file__).resolve().parent.parent
WORTH_WORKERS = 200
"""Documents from which on worker processes are started unasked: each takes some seconds to load what it needs."""
WHOLE = "whole"
"""Part of the tables that need all documents."""


class Request(dg.Config):
    """What a run works on: folders or files to read, where to publish, number of worker processes."""

    sources: list[str] = Field(default_factory=list)
    warehouse: str = ""
    workers: int = 0

    def choice(self) -> Choice:
        """What to read: the request's, else HEARSAY_SOURCE (paths joined by the system's separator), else what the
        warehouse remembers, else, only for a warehouse that holds nothing, the samples.
        """
        return choose(self.warehouse_path(), self.sources)

    def warehouse_path(self) -> Path:
        """Where to publish, with every link followed: the request's, else HEARSAY_WAREHOUSE, else ``warehouse/data``."""
        return place(self.warehouse or os.environ.get("HEARSAY_WAREHOUSE") or PROJECT / "warehouse" / "data")

    def worker_count(self, plan: run.Plan) -> int:
        """Number of processes: the request's, else one a processor where there is work enough to be worth starting them."""
        if self.workers:
            return self.workers
        return len(os.sched_getaffinity(0)) if len(plan.jobs) >= WORTH_WORKERS else 1


NAMES = tuple(TopologicalSorter({name: tables.reads(name) for name in BY_NAME}).static_order())
"""Every table after those it is made from: Dagster wants results in this order."""

SPECS = [
    dg.AssetSpec(
        name,
        deps=sorted(tables.reads(name)),
        description=model.about().grain,
        group_name="tables",
        metadata={
            "dagster/column_schema": dg.TableSchema(
                [
                    dg.TableColumn(column, str(field.type), description=model.descriptions()[column])
                    for column, field in zip(model.arrow_schema().names, model.arrow_schema(), strict=True)
                ]
            )
        },
    )
    for name, model in BY_NAME.items()
]
CHECKS = [
    dg.AssetCheckSpec(
        "contract", asset=name, blocking=True, description="Types, enumerations, keys, references, spans."
    )
    for name in BY_NAME
]


@dg.multi_asset(specs=SPECS, check_specs=CHECKS, can_subset=False)
def staged(context: dg.AssetExecutionContext, config: Request) -> Iterator[Any]:
    """Read what is new, extract it, resolve across documents, write and check every table; publish nothing yet."""
    warehouse = config.warehouse_path()
    report = Progress()
    with _plainly(warehouse), only_run(warehouse), closing(_ledger(warehouse)) as ledger:
        context.instance.add_run_tags(context.run_id, history.tags())
        history.tidy(context.instance)
        started = time.process_time()
        choice = config.choice()
        files = run.look(choice.sources)
        remember(warehouse, choice)
        reading = run.read(ledger, choice.sources, files, report)
        plan = run.plan(ledger)
        effort = run.extract(ledger, plan.jobs, config.worker_count(plan), report)
        ledger.sweep(list(plan.keys))  # first: rows of what is gone must not be read across documents
        state = run.state(ledger, plan)
        found: dict[str, list[Violation]] = {}
        if not _is_published(warehouse, state):
            draft = Draft(warehouse, run.extractor_version())
            found = stage(draft, ledger, plan, report)
            if not any(found.values()):
                report("building the database", 0, 1)
                catalogue.build(draft.folder, draft.folder / DATABASE)
                draft.finish(state)
        ledger.keep_fact("staged", state)
        shown = _folder(warehouse, state)
        # read while the warehouse is ours: a run that waits for it may publish, and sweep, as soon as it is let go
        previews = {} if shown is None else {name: preview(shown, name) for name in NAMES if not found.get(name)}
        report.end()
    cost = {
        "n_files": reading.n_files,
        "n_read": reading.n_read,
        "n_gone": reading.n_gone,
        "reads": [str(source.path) for source in choice.sources],
        "reads_because": choice.basis,
        "reads_no_more": [str(path) for path in choice.replaced()],
        "n_dropped": reading.n_dropped,
        "n_documents": len(plan.keys),
        "n_extracted": len(plan.jobs),
        "n_words": effort.n_words,
        "cpu_seconds_extracting": round(effort.cpu_seconds, 3),
        "cpu_seconds": round(time.process_time() - started, 1),
    }
    for name in NAMES:
        broken = found.get(name, [])
        yield dg.AssetCheckResult(
            asset_key=name,
            check_name="contract",
            passed=not broken,
            metadata={"violations": dg.MetadataValue.md("\n".join(f"- {violation}" for violation in broken[:20]))},
            description=str(broken[0]) if broken else None,
        )
        if not broken:
            about = {**previews.get(name, {}), **(cost if name == "sources" else {})}
            yield dg.MaterializeResult(asset_key=name, metadata=about)
    context.log.info(f"{len(plan.jobs)} of {len(plan.keys)} documents extracted")


@dg.asset(
    deps=list(BY_NAME),
    description="The snapshot that readers see: all tables as Parquet, and the DuckDB file with the views.",
    retry_policy=dg.RetryPolicy(max_retries=2, delay=5),
)
def published(config: Request) -> dg.MaterializeResult[Any]:
    """Make what was staged and passed its checks the one set that readers see, in one step."""
    warehouse = config.warehouse_path()
    with _plainly(warehouse), only_run(warehouse), closing(_ledger(warehouse)) as ledger:
        state = ledger.fact("staged") or ""
        is_new = not _is_published(warehouse, state)
        if is_new:
            publish(warehouse, state)
        sweep(warehouse)
        snapshot = current(warehouse)
    about: dict[str, Any] = {"snapshot": str(snapshot), "is_new": is_new}
    return dg.MaterializeResult(metadata=about)


def stage(draft: Draft, ledger: Ledger, plan: run.Plan, report: run.Report) -> dict[str, list[Violation]]:
    """Write every table into the draft; the promises that each table breaks, by table (none for a good one)."""
    whole = run.across(ledger, plan, report)
    found: dict[str, list[Violation]] = defaultdict(list)
    documents = set(plan.keys) - set(ledger.failures())
    shared = run.frames({"sources": whole.sources, **whole.tables})
    for violation in run.broken(shared, whole, documents):
        found[violation.table].append(violation)
    draft.write(WHOLE, "", shared)
    shares = run.parts(len(plan.keys))
    for done, part in enumerate(shares):
        report("writing", done, len(shares))
        rows = run.part_rows(ledger, part, whole)
        digest = run.part_digest(part, plan, whole, rows)
        if draft.reuse(part.name, digest, [BY_NAME[name] for name in rows]):
            continue
        frames = run.frames(rows)
        for violation in run.broken(frames, whole, documents):
            found[violation.table].append(violation)
        draft.write(part.name, digest, frames)
    ledger.keep_registry(whole.known, whole.redirects)
    ledger.keep_memory(whole.memory.changed(), whole.memory.unneeded())
    return found


@contextmanager
def _plainly(warehouse: Path) -> Iterator[None]:
    """Turn what the system refuses (a full disk, a missing permission) into one sentence for the user.

    Raises:
        run.Stop: in place of the system's own error.
    """
    unchanged = "Nothing was published; what was published before is unchanged."
    try:
        yield
    except OSError as error:
        raise run.Stop(f"{error.filename or warehouse}: {error.strerror or error}. {unchanged}") from error
    except sqlite3.Error as error:
        raise run.Stop(f"The ledger in {warehouse} cannot be written ({error}). {unchanged}") from error
    except duckdb.Error as error:
        raise run.Stop(
            f"The database in {warehouse} cannot be built ({str(error).splitlines()[0]}). {unchanged}"
        ) from error


def _is_published(warehouse: Path, state: str) -> bool:
    """Whether readers see this state, whole: a snapshot that somebody damaged is made anew."""
    snapshot = current(warehouse)
    return snapshot is not None and shows(snapshot, state) and not faults(snapshot)


def _folder(warehouse: Path, state: str) -> Path | None:
    """Where the tables of this state lie: staged, or published already."""
    ready = staged_folder(warehouse, state)
    if ready.exists():
        return ready
    return current(warehouse) if _is_published(warehouse, state) else None


def _ledger(warehouse: Path) -> Ledger:
    """The warehouse's ledger.

    Raises:
        run.Stop: the file is there and is no ledger of this version, or cannot be written.
    """
    path = warehouse / "ledger.sqlite"
    try:
        return Ledger(path)
    except sqlite3.OperationalError as error:
        raise run.Stop(f"{path} cannot be written ({error}): check that this user may write there.") from error
    except sqlite3.DatabaseError as error:
        raise run.Stop(f"{path} cannot be used ({error}): remove it, and the next run makes it anew.") from error


def preview(snapshot: Path, name: str) -> dict[str, Any]:
    """Number of rows of a table, and its first rows as a small table in Markdown."""
    files = sorted((snapshot / name).glob("*.parquet"))
    n_rows = sum(pq.read_metadata(path).num_rows for path in files)
    rows = pq.ParquetFile(files[0]).iter_batches(batch_size=3)
    first = next(rows, None)
    lines: list[str] = []
    if first is not None and len(first):
        heads = first.schema.names
        lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
        lines += ["| " + " | ".join(_short(value) for value in row.values()) + " |" for row in first.to_pylist()]
    return {"dagster/row_count": n_rows, "preview": dg.MetadataValue.md("\n".join(lines) or "no rows")}


def _short(value: object) -> str:
    text = " ".join(str("" if value is None else value).split()).replace("|", "\\|")
    return text if len(text) <= 40 else text[:37] + "..."


publish_all = dg.define_asset_job("publish_all", selection=dg.AssetSelection.all(), executor_def=dg.in_process_executor)

hourly = dg.ScheduleDefinition(
    name="hourly",
    job=publish_all,
    cron_schedule="0 * * * *",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every hour, on the hour; off until you turn it on.",
)


@dg.sensor(job=publish_all, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.STOPPED)
def new_files(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for a run when a file under HEARSAY_SOURCE came, went or changed; off until you turn it on."""
    seen = hashlib.sha256()
    for key, file in run.look(Request().choice().sources).items():
        seen.update(f"{key} {run.signature(file.path)}\n".encode("utf-8", "surrogateescape"))
    cursor = seen.hexdigest()
    if cursor == context.cursor:
        return dg.SkipReason("No file has changed.")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=cursor)], cursor=cursor)


defs = dg.Definitions(assets=[staged, published], jobs=[publish_all], schedules=[hourly], sensors=[new_files])
