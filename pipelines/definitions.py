"""Dagster's view of the pipeline: assets, checks, job, schedule and sensor, all derived from the table functions.

One op makes every table (what a run costs is decided inside it, by the ledger), shows what pandera's checks found, and
publishes when all passed: what Dagster calls materialised is what readers have.
"""

import errno
import json
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

import dagster as dg
import duckdb
import orjson
import pyarrow.parquet as pq
import zstandard
from pydantic import Field

from pipelines import tables
from pipelines.ingest.files.record import SourceFile
from pipelines.lexicon.entries import SEEDS
from pipelines.paths import place
from pipelines.resolve.overrides import FILE as OVERRIDES
from pipelines.resolve.overrides import Mistake, Override, decisions
from pipelines.running import history, run, versions, watching
from pipelines.running.ledger import Damaged, Ledger, fact_in
from pipelines.running.locking import only_run
from pipelines.running.progress import Progress
from pipelines.running.sources import Choice, choose, remember, remember_first
from schemas import BY_NAME
from schemas.columns import MENTION_TYPES
from schemas.validation import Violation
from warehouse import catalogue
from warehouse.calling import DEFAULT
from warehouse.query import DATABASE
from warehouse.snapshots import Draft, current, faults, publish, show, shows, sweep

WORTH_WORKERS = 200
"""Documents from which on worker processes are started unasked: each takes some seconds to load what it needs."""
LEDGER = "ledger.sqlite"
"""The file's name, in the warehouse."""
WHOLE = "whole"
"""Part of the tables that need all documents."""


class Request(dg.Config):
    """What a run works on: folders or files to read, where to publish, number of worker processes, whether to read all anew."""

    sources: list[str] = Field(default_factory=list)
    warehouse: str = ""
    workers: int = 0
    reread: bool = False

    def choice(self) -> Choice:
        """What to read: the request's, else HEARSAY_SOURCE (paths joined by the system's separator), else what the
        warehouse remembers, else, only for a warehouse that holds nothing, the samples.
        """
        return choose(self.warehouse_path(), self.sources)

    def named(self) -> list[Path]:
        """The sources that the request or HEARSAY_SOURCE names; none where the warehouse is to go on with its own."""
        return [Path(path) for path in self.sources or os.environ.get("HEARSAY_SOURCE", "").split(os.pathsep) if path]

    def warehouse_path(self) -> Path:
        """Where to publish, with every link followed: the request's, else HEARSAY_WAREHOUSE, else ``warehouse/data``."""
        return place(self.warehouse or os.environ.get("HEARSAY_WAREHOUSE") or DEFAULT)

    def worker_count(self, plan: run.Plan) -> int:
        """Number of processes: the request's, else one a processor where there is work enough to be worth starting them."""
        if self.workers:
            return self.workers
        return len(os.sched_getaffinity(0)) if len(plan.jobs) >= WORTH_WORKERS else 1


NAMES = tuple(TopologicalSorter({name: tables.reads(name) for name in BY_NAME}).static_order())
"""Every table after those it is made from: Dagster wants results in this order."""

TABLES = [
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
SNAPSHOT = dg.AssetSpec(
    "published",
    deps=list(BY_NAME),
    description="The snapshot that readers see: all tables as Parquet, and the DuckDB file with the views.",
)
CHECKS = [
    dg.AssetCheckSpec(
        "contract", asset=name, blocking=True, description="Types, enumerations, keys, references, spans."
    )
    for name in BY_NAME
]


@dg.multi_asset(specs=[*TABLES, SNAPSHOT], check_specs=CHECKS, can_subset=False)
def published(context: dg.AssetExecutionContext, config: Request) -> Iterator[Any]:
    """Read what is new, extract it, resolve across documents, check every table; publish all of them in one step, or none.

    One op, and never a part of it: a table is materialised when readers have it, and they get all tables at once. It is
    not tried again by itself: what fails here (a broken promise, a full disk, a missing source) fails again in five
    seconds; the schedule and the sensor come back later, and what was extracted is kept.
    """
    warehouse = config.warehouse_path()
    context.instance.add_run_tags(context.run_id, history.marks(warehouse, context.run_id))
    report = Progress()
    with ExitStack() as held:
        held.enter_context(only_run(warehouse))
        choice = begin(warehouse, config)
        ledger = held.enter_context(closing(_ledger(warehouse)))
        with _plainly(warehouse, "Nothing was published; what was published before is unchanged."):
            overrides = decided(warehouse)
            history.reap(context.instance, warehouse)
            history.prune(context.instance, warehouse)
            started = time.process_time()
            seen = _look(choice, warehouse)  # before reading: what changes meanwhile differs, and is asked for again
            files = run.look(choice.sources, warehouse)
            run.none_has_emptied(ledger, choice.sources, files)
            remember(warehouse, choice)
            made = _made(warehouse, ledger, choice, files, config, overrides, report)
            report.end()
            context.log.info(f"{len(made.plan.jobs)} of {len(made.plan.keys)} documents extracted")
            _log_faults(context, ledger, {job.document_id for job in made.plan.jobs})
            yield from _checked(made.found)
            if made.is_new:
                publish(warehouse, made.state)
            show(warehouse)
        cost = {
            "n_files": made.reading.n_files,
            "n_read": made.reading.n_read,
            "n_gone": made.reading.n_gone,
            "reads": [str(source.path) for source in choice.sources],
            "reads_because": choice.basis,
            "reads_no_more": [str(path) for path in choice.replaced()],
            "n_dropped": made.reading.n_dropped,
            "n_documents": len(made.plan.keys),
            "n_extracted": len(made.plan.jobs),
            "n_words": made.effort.n_words,
            "cpu_seconds_extracting": round(made.effort.cpu_seconds, 3),
            "cpu_seconds": round(time.process_time() - started, 1),
        }
        with _plainly(warehouse, "The new tables are published; what follows that was not done."):
            yield from _materialized(warehouse, cost, is_new=made.is_new)
            sweep(warehouse)
            ledger.keep_fact(PUBLISHED, json.dumps({"look": seen, "state": made.state}))


class Made(NamedTuple):
    """What a run made: what it read, the documents there are, the effort, the state, and the promises that tables break.

    ``is_new``: readers do not have this state yet; its tables are staged, unless a promise is broken.
    """

    reading: run.Reading
    plan: run.Plan
    effort: run.Effort
    state: str
    is_new: bool
    found: dict[str, list[Violation]]


def serving_version() -> str:
    """Changes whenever the DuckDB file would be built in another way from the same rows: views, comments, DuckDB itself."""
    return versions.of_modules(catalogue.__name__)


MENDED = 20
"""How often a run mends what is damaged in the ledger before it gives up: damage by the page costs some documents each."""


def _made(
    warehouse: Path,
    ledger: Ledger,
    choice: Choice,
    files: Mapping[str, SourceFile],
    config: Request,
    overrides: Sequence[Override],
    report: Progress,
) -> Made:
    """Read, extract and stage. What is damaged in the ledger is made again, and then the rest is done."""
    for left in range(MENDED, -1, -1):
        try:
            reading = run.read(ledger, choice.sources, files, report, reread=config.reread and left == MENDED)
            plan = run.plan(ledger)
            ledger.restamp(plan.unchanged, run.stamp())
            effort = run.extract(ledger, plan.jobs, config.worker_count(plan), report)
            ledger.sweep(list(plan.keys))  # first: rows of what is gone must not be read across documents
            tables_state = run.state(ledger, plan, overrides)
            state = versions.of_all(tables_state, serving_version())
            is_new = not _is_published(warehouse, state)
            draft = Draft(warehouse, run.pipeline_version()) if is_new else None
            found: dict[str, list[Violation]] = {}
            if draft is not None and not draft.take_all(tables_state):
                found = stage(draft, ledger, plan, report, overrides)
            if draft is not None and not any(found.values()):
                report("building the database", 0, 1)
                catalogue.build(draft.folder, draft.folder / DATABASE)
                draft.finish(state, tables_state)
            return Made(reading, plan, effort, state, is_new, found)
        except Damaged as damage:
            if not left:
                raise run.Stop(
                    f"The ledger {warehouse / LEDGER} is damaged in many places (the last: {damage}): remove it, and "
                    "the next run reads and extracts everything again; the ids of entities may then change."
                ) from damage
            ledger.mend(damage)
    raise AssertionError("the loop above returns or raises")


def decided(warehouse: Path) -> list[Override]:
    """What people decided about names: in the warehouse's ``overrides.csv``, after what hearsay itself comes with.

    Raises:
        run.Stop: a line there cannot be followed.
    """
    try:
        return decisions(SEEDS / "lexicon" / OVERRIDES, warehouse / OVERRIDES, types=MENTION_TYPES)
    except Mistake as mistake:
        raise run.Stop(f"{mistake} Nothing was published; what was published before is unchanged.") from None


def _log_faults(context: dg.AssetExecutionContext, ledger: Ledger, documents: Collection[str]) -> None:
    """What extraction failed on in these documents, with document, table, sentence and traceback."""
    for document_id, rows in ledger.rows(run.FAULTS):
        for row in rows if document_id in documents else ():
            where = f"characters {row['start_char']} to {row['end_char']}, sentence {row['sentence_id']}"
            context.log.error(f"Document {document_id}, table {row['missing_from']}, {where}:\n{row['trace']}")
    for document_id, trace in ledger.rows(run.TRACE):
        if document_id in documents:
            context.log.error(f"Document {document_id} could not be extracted:\n{trace}")


def apart(warehouse: Path, sources: Iterable[Path]) -> None:
    """See to it that no source is the warehouse itself: the tables would lie among somebody's texts.

    Raises:
        run.Stop: one is.
    """
    for source in sources:
        if source.exists() and warehouse.exists() and source.samefile(warehouse):
            raise run.Stop(f"{source} is to be read and to be the warehouse: name another folder with --warehouse.")


def begin(warehouse: Path, config: Request) -> Choice:
    """What a run of this warehouse reads; the first that a warehouse is told is remembered at once.

    Asked before there is a ledger, because a warehouse that holds nothing is known by having none.

    Raises:
        run.Stop: see ``Request.choice``; or it cannot be written down.
    """
    with _plainly(warehouse, "Nothing was published; what was published before is unchanged."):
        choice = config.choice()
        apart(warehouse, [source.path for source in choice.sources])
        decided(warehouse)  # told at once, before anything takes long
        remember_first(warehouse, choice)
    return choice


PUBLISHED = "published"
"""Name of the fact that says what the last publication found in the sources, and which state it published."""


def _look(choice: Choice, warehouse: Path) -> str | None:
    """The look at these sources now; null where there is none (reading them says why, in its own words)."""
    try:
        return _holds(choice, warehouse)
    except run.Stop:
        return None


def _holds(choice: Choice, warehouse: Path) -> str:
    return watching.look([source.path for source in choice.sources], warehouse)


def _checked(found: Mapping[str, list[Violation]]) -> Iterator[dg.AssetCheckResult]:
    """What the checks found, table by table.

    Raises:
        dg.Failure: a promise is broken.
    """
    for name in NAMES:
        broken = found.get(name, [])
        yield dg.AssetCheckResult(
            asset_key=name,
            check_name="contract",
            passed=not broken,
            metadata={"violations": dg.MetadataValue.md("\n".join(f"- {violation}" for violation in broken[:20]))},
            description=str(broken[0]) if broken else None,
        )
    if any(found.values()):
        raise dg.Failure("The new tables break the contract; nothing was published.", allow_retries=False)


def _materialized(warehouse: Path, cost: Mapping[str, Any], *, is_new: bool) -> Iterator[dg.MaterializeResult[Any]]:
    """What readers have now: rows of every table, and the snapshot."""
    snapshot = current(warehouse)
    if snapshot is None:
        raise FileNotFoundError(errno.ENOENT, "there is no snapshot", str(warehouse / "current"))
    for name in NAMES:
        about = preview(snapshot, name)
        yield dg.MaterializeResult(asset_key=name, metadata={**about, **(cost if name == "sources" else {})})
    yield dg.MaterializeResult(asset_key=SNAPSHOT.key, metadata={"snapshot": str(snapshot), "is_new": is_new})


def stage(
    draft: Draft, ledger: Ledger, plan: run.Plan, report: run.Report, overrides: Sequence[Override] = ()
) -> dict[str, list[Violation]]:
    """Write every table into the draft; the promises that each table breaks, by table (none for a good one)."""
    whole = run.across(ledger, plan, report, overrides)
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
def _plainly(warehouse: Path, then: str) -> Iterator[None]:
    """Turn what the system refuses (a full disk, a missing permission) into one sentence for the user, and what holds then.

    Raises:
        run.Stop: in place of the system's own error.
    """
    try:
        yield
    except (run.Stop, dg.Failure):
        raise
    except OSError as error:
        raise run.Stop(f"{error.filename or warehouse}: {error.strerror or error}. {then}") from error
    except sqlite3.Error as error:
        raise _of_the_ledger(warehouse, _first(error), then) from error
    except (zstandard.ZstdError, orjson.JSONDecodeError) as error:
        raise run.Stop(_damaged(warehouse, error, then)) from error
    except duckdb.Error as error:
        raise run.Stop(f"The database in {warehouse} cannot be built ({str(error).splitlines()[0]}). {then}") from error
    except Exception as error:
        fault = damage(warehouse / LEDGER)
        if fault is None:
            raise
        raise run.Stop(_damaged(warehouse, fault, then)) from error


NOT_WRITTEN = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
"""What SQLite says of a good file: whatever else it says, the file is at fault."""


DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _code(error: sqlite3.Error) -> int:
    """SQLite's number for this kind of error; that of a damaged file where Python found it: text that is no text."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF


def _first(error: sqlite3.Error) -> sqlite3.Error:
    """The error that led to this one: what goes wrong in undoing tells nothing."""
    while isinstance(error.__context__, sqlite3.Error):
        error = error.__context__
    return error


def _of_the_ledger(warehouse: Path, error: sqlite3.Error, then: str) -> Exception:
    """What to raise for an error of the ledger's: a sentence, or the error itself where the file is good and writable."""
    if _code(error) in NOT_WRITTEN:
        return run.Stop(f"The ledger in {warehouse} cannot be written ({error}). {then}")
    fault = str(error) if _code(error) in DAMAGED else damage(warehouse / LEDGER)
    return error if fault is None else run.Stop(_damaged(warehouse, fault, then))


def _damaged(warehouse: Path, error: object, then: str) -> str:
    why = " ".join(str(error).split()) or type(error).__name__
    return (
        f"The ledger {warehouse / LEDGER} is damaged ({why}): remove it, and the next run reads and extracts everything anew "
        f"(ids of entities may then change). {then}"
    )


def _is_published(warehouse: Path, state: str) -> bool:
    """Whether readers see this state, whole: a snapshot that somebody damaged is made anew."""
    snapshot = current(warehouse)
    return snapshot is not None and shows(snapshot, state) and not faults(snapshot)


def _published_look(warehouse: Path) -> str | None:
    """What the publication that readers see found in the sources; null where none is, or where that is not known."""
    try:
        said = json.loads(fact_in(warehouse / LEDGER, PUBLISHED) or "{}")
    except ValueError:
        return None
    snapshot = current(warehouse)
    known = snapshot is not None and "state" in said and shows(snapshot, said["state"])
    return said["look"] if known else None


def _ledger(warehouse: Path) -> Ledger:
    """The warehouse's ledger.

    Raises:
        run.Stop: the file is there and is no ledger of this version, or cannot be written.
    """
    path = warehouse / LEDGER
    try:
        return Ledger(path)
    except sqlite3.DatabaseError as error:
        if hasattr(error, "sqlite_errorcode") and _code(error) in NOT_WRITTEN:
            mend = "is the disk full, or may this user not write there?"
            raise run.Stop(f"{path} cannot be written ({error}): {mend} Nothing was published.") from error
        raise run.Stop(f"{path} cannot be used ({error}): remove it, and the next run makes it anew.") from error


def damage(path: Path) -> str | None:
    """What SQLite finds wrong with this file when it looks at all of it; null for a good one, or where there is none.

    Only for one who has failed already: it takes as long as reading the file. A value that was changed and is still a value
    is not found.
    """
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == "ok" else str(found)


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


publish_all = dg.define_asset_job(
    history.JOB,
    selection=dg.AssetSelection.assets(published),  # not all(): these definitions may be merged with other people's
    executor_def=dg.in_process_executor,
)


@dg.schedule(job=publish_all, cron_schedule="0 * * * *", default_status=dg.DefaultScheduleStatus.STOPPED)
def hourly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Every hour, on the hour, unless a run is under way still; off until you turn it on."""
    warehouse = Request().warehouse_path()
    history.reap(context.instance, warehouse)
    busy = history.busy(context.instance, warehouse)
    return dg.SkipReason(busy) if busy else dg.RunRequest(tags=history.tags(warehouse))


@dg.sensor(job=publish_all, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.STOPPED)
def new_files(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Ask for a run when the sources hold anything else than what is published from them; off until you turn it on."""
    request, now = Request(), time.time()
    warehouse = request.warehouse_path()
    before = watching.watch(context.cursor, now)
    history.reap(context.instance, warehouse)
    try:
        holds = _holds(request.choice(), warehouse)
    except run.Stop as stop:
        return dg.SensorResult(skip_reason=f"{stop} It is looked at again in a minute.", cursor=before.written())
    busy = history.busy(context.instance, warehouse)
    watch, why_not = watching.decide(before, holds, _published_look(warehouse), busy, now)
    if why_not:
        return dg.SensorResult(skip_reason=why_not, cursor=watch.written())
    asked = dg.RunRequest(run_key=watch.key, tags=history.tags(warehouse))
    return dg.SensorResult(run_requests=[asked], cursor=watch.written())


defs = dg.Definitions(assets=[published], jobs=[publish_all], schedules=[hourly], sensors=[new_files])
