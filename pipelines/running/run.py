"""One run: read what is new, extract what is not known, resolve across documents, hand out the rows part by part.

Everything is a function of the sources as they are now, of the code and of the entity ids given so far: how many runs
it took, which were killed and with how many workers changes nothing in the rows.
"""

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import chain, count
from pathlib import Path
from traceback import format_exception
from typing import Any, NamedTuple

import orjson
import pandas as pd
import pyarrow as pa

from pipelines.identity import digest
from pipelines.ingest.document import Document, Segment
from pipelines.ingest.documents import borders, document_of
from pipelines.ingest.files.formats import DEFAULT_LIMITS, files_under, is_warehouse, printable, records_in, rest_of
from pipelines.ingest.files.record import Record, Rejected, SourceFile
from pipelines.language import analyse
from pipelines.language.analysis import encodable
from pipelines.language.parsed import Parsed
from pipelines.language.stored import doc_of, values_of
from pipelines.resolve.memory import Memory
from pipelines.resolve.overrides import Override
from pipelines.running import versions
from pipelines.running.guards.budget import TooLong, at_most
from pipelines.running.guards.isolation import remade
from pipelines.running.guards.promises import together
from pipelines.running.guards.workers import Killed, Lost
from pipelines.running.guards.workers import results as answers
from pipelines.running.ledger import OUTSIDE, Ledger, Result, Signature, packed, shown, unpacked
from pipelines.tables import ACROSS_DOCUMENTS, KEPT, MENTION_COLUMNS, PER_DOCUMENT, evaluate, named
from schemas import BY_NAME, Faults, Table
from schemas.validation import Violation, violations

BATCH_CHARS = 120_000
"""Text handed to a worker at once: some seconds of work, so that little is lost by a kill and little spent on hand-over."""
PART_DOCUMENTS = 2048
"""Documents in one published part, at most on average: what is rewritten when one document changes."""
ABOUT = (
    "published_on",
    "published_earliest_on",
    "published_latest_on",
    "title",
    "publisher",
    "author",
    "url",
    "language",
    "genre",
)
Report = Callable[[str, int, int], None]
"""Called with (what is being done, how much of it is done, how much there is)."""


class Stop(Exception):  # noqa: N818 - it is what the user is told, not a failure of the program
    """Nothing could be done, for a reason that one plain sentence tells the user."""


# ---------------------------------------------------------------- versions


def reader_version() -> str:
    """Changes whenever a file would be read in another way."""
    return versions.of_modules("pipelines.ingest.files.formats")


@cache
def step_versions() -> Mapping[str, str]:
    """The version of every step from text to rows, by name; ``parsed`` is layout, metadata and language."""
    found = {PARSED: versions.of_step(document_of, borders, analyse)}
    return found | {step.__name__: versions.of_step(step) for step in PER_DOCUMENT}


def stamp() -> str:
    """One version for all steps from text to rows."""
    return versions.of_all(*(f"{name} {version}" for name, version in sorted(step_versions().items())))


def resolution_version() -> str:
    """Changes whenever what is known of all documents would be resolved or compared in another way."""
    return versions.of_step(*ACROSS_DOCUMENTS)


def pipeline_version() -> str:
    """16 hex digits for all that makes the published tables what they are; they carry it."""
    return versions.of_all(reader_version(), stamp(), resolution_version(), versions.of_modules("schemas"))


PARSED = "parsed"
"""Name of the first step, and of what is kept of it: the document, its layout and its analysis."""


# ---------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Source:
    """A file or folder to read, and how its files are called.

    ``name`` stands before the paths of its files in ``source_id``; it may be empty. ``inside`` is where the source lies
    in the folder of that name, when it is not that folder itself.
    """

    path: Path
    name: str = ""
    inside: str = ""

    def key(self, file: str) -> str:
        """How the ledger knows a file, by its path in the named folder."""
        return f"{self.name}{OUTSIDE}{file}" if self.name else file

    def in_folder(self, file: str) -> str:
        """A file's path in the named folder, by its path in this source."""
        return f"{self.inside}/{file}" if self.inside else file

    def holds(self, key: str) -> bool:
        """Whether a file of this key would be one of this source's."""
        if not self.path.is_dir():
            return key == self.key(self.in_folder(printable(self.path.name)))
        return self.owns(key) and key.rpartition(OUTSIDE)[2].startswith(f"{self.inside}/" if self.inside else "")

    def owns(self, key: str) -> bool:
        """Whether a file of this key lies in the folder whose name this source goes by."""
        return key.rpartition(OUTSIDE)[0] == self.name and (OUTSIDE in key) == bool(self.name)


@dataclass
class Reading:
    """What one look at the sources found: counts of files, of records read anew, and of records whose source is read no more."""

    n_files: int = 0
    n_read: int = 0
    n_gone: int = 0
    n_records: int = 0
    n_dropped: int = 0


def look(sources: Sequence[Source], warehouse: Path | None = None) -> dict[str, SourceFile]:
    """Every file that these sources hold now, by its key; nothing is opened or written, and no warehouse is walked.

    Raises:
        Stop: a source is missing or cannot be looked into, or there is no file in any of them.
    """
    found: dict[str, SourceFile] = {}
    places: set[Path] = set()
    for source in sources:
        _must_be_readable(source.path)
        for file in files_under(source.path, without=warehouse):
            if file.path in places:  # of a source in another
                continue
            places.add(file.path)
            wanted = source.in_folder(file.name)
            folder, slash, last = wanted.rpartition("/")
            stem, dot, suffixes = last.partition(".")
            numbered = (f"{folder}{slash}{stem}~{number}{dot}{suffixes}" for number in count(2))
            # bytes that are no UTF-8 are shown as another file may be called
            name = next(name for name in chain([wanted], numbered) if source.key(name) not in found)
            found[source.key(name)] = replace(file, name=name)
    if not found:
        where = ", ".join(str(source.path) for source in sources)
        raise Stop(f"There is no file in {where}: put texts there, or name another place with --source.")
    return dict(sorted(found.items()))


def none_has_emptied(ledger: Ledger, sources: Sequence[Source], found: Mapping[str, SourceFile]) -> None:
    """See to it that no source that had records has no file at all: so looks a disk that is not there.

    Raises:
        Stop: one has.
    """
    for source in sources:
        if any(source.holds(key) for key in found):
            continue
        n_records = sum(count for key, count in ledger.counts().items() if source.holds(key))
        if n_records:
            raise Stop(
                f"There is no file in {source.path} any more, and the tables hold {n_records:,} "
                f"record{'' if n_records == 1 else 's'} from there: is its disk not mounted? Nothing was changed. To have "
                "them go from the tables, name the other sources with --source."
            )


def read(
    ledger: Ledger,
    sources: Sequence[Source],
    found: Mapping[str, SourceFile],
    report: Report,
    *,
    reread: bool = False,
) -> Reading:
    """Bring the ledger's records up to what was found; a file that has not changed is not opened, unless ``reread``."""
    known = ledger.files()
    reader = reader_version()
    tally = Reading(n_files=len(found))
    gone = sorted(known.keys() - found.keys())
    counts = ledger.counts() if gone else {}
    with ledger.transaction():
        for key in gone:
            if not any(source.holds(key) for source in sources):
                tally.n_dropped += counts.get(key, 0)
            ledger.forget_file(key)
            tally.n_gone += 1
    waiting = iter(enumerate(found.items()))
    left = True
    while left:
        # Many files in one transaction: to have each on the disk by itself takes longer than to read it.
        with ledger.transaction():
            until = time.monotonic() + BATCH_SECONDS
            while time.monotonic() < until:
                done, (key, file) = next(waiting, (0, ("", None)))
                if file is None:
                    left = False
                    break
                now = signature(file.path)
                if reread or known.get(key) != (now, reader) or now.n_bytes < 0:
                    report("reading", done, len(found))
                    _read_file(ledger, key, file, now, reader, tally)
                    tally.n_read += 1
    ledger.settle(_wanted_ids)
    return tally


BATCH_SECONDS = 0.5
"""How long files are read into one transaction: what a kill costs at most, beside the file that is being read."""


def _must_be_readable(source: Path) -> None:
    try:
        mode = source.stat().st_mode
        if stat.S_ISDIR(mode):
            with os.scandir(source) as entries:
                if is_warehouse(entry.name for entry in entries):
                    raise Stop(
                        f"{source} is a warehouse of hearsay's, not a folder of texts: name another with --source."
                    )
        elif not stat.S_ISREG(mode):  # a pipe would be waited for without end
            raise Stop(
                f"{source} is no regular file (a pipe, socket or device): save what it gives as a file, and name that."
            )
        else:
            with source.open("rb"):
                pass
    except FileNotFoundError:
        raise Stop(
            f"There is no file or folder {source}: check the path (--source names another), or put back what was there."
        ) from None
    except PermissionError:
        raise Stop(f"{source} may not be read: give this user the permission to read it.") from None
    except OSError as error:
        raise Stop(f"{source} cannot be read: {error.strerror or error}.") from None


def _wanted_ids(file: str, name: str) -> Iterator[str]:
    """The source_ids that a record would take, the best first: its own name; with its file before it; numbered.

    What is named by its file (a path, or a path and a line) has the folder's name before it.
    """
    folder, outside, path = file.rpartition(OUTSIDE)
    if name == path or name.startswith((f"{path}#", f"{path}~")):
        own = shown(f"{folder}{outside}{name}")
    else:
        own = name
        yield own
        own = f"{shown(file)}#id={name}"
    yield own
    for number in count(2):
        yield f"{own}~{number}"


def signature(path: Path) -> Signature:
    """By what a file is known to be unchanged; the size is -1 for one that cannot be looked at: it is tried in every run."""
    try:
        status = path.stat()
    except OSError:
        return Signature(-1, 0, 0, 0)
    changed, touched = (max(-MOST, min(MOST, time_ns)) for time_ns in (status.st_mtime_ns, status.st_ctime_ns))
    return Signature(status.st_size, changed, touched, status.st_ino & MOST)


MOST = 2**63 - 1
"""The largest number that SQLite keeps: a file may claim to have been changed after 2262."""
LATEST_US = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp()) * 1_000_000


def _read_file(ledger: Ledger, key: str, file: SourceFile, now: Signature, reader: str, tally: Reading) -> None:
    """Replace a file's records by what it holds now."""
    known = ledger.known(key)
    ledger.forget_file(key)
    for item in _in_time(file):
        row: dict[str, Any] = {
            "file": key,
            "name": item.source_id,
            "format": item.format,
            "n_bytes": item.n_bytes,
            "bytes_sha256": item.bytes_sha256,
            "reason": None,
            "note": None,
            "content_sha256": None,
            "about": None,
            "first_seen_us": min(max(now.changed_ns, 0) // 1000, LATEST_US),
            "source_id": known.get(item.source_id),
        }
        text = None
        if isinstance(item, Rejected):
            row["reason"] = item.reason
            if item.bytes_sha256 is None:  # not read to the end: the next run tries again, whatever it looks like then
                reader = ""
        else:
            text = item.text
            row["note"] = " ".join(item.notes) or None
            row["content_sha256"] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            row["about"] = packed({name: getattr(item, name) for name in ABOUT if getattr(item, name) is not None})
        ledger.add_record(row, text)
        tally.n_records += 1
    ledger.add_file(key, now, reader)


READING_SECONDS = 60.0
"""CPU time for one record to be read and laid out, besides what grows with its size."""
READING_BYTES = 100_000
"""CPU time that reading one record may take: so much, and a second for so many bytes. Ordinary pages take a hundredth."""


def _in_time(file: SourceFile) -> Iterator[Record | Rejected]:
    """The records of a file, each within its time; what is left of a file whose record takes longer is one rejection."""
    taken: set[str] = set()
    items = records_in(file, taken=taken)
    size = max(signature(file.path).n_bytes, 0)
    seconds = READING_SECONDS + min(size, DEFAULT_LIMITS.max_record_bytes) / READING_BYTES
    while True:
        try:
            with at_most(seconds):
                item = next(items, None)
        except TooLong:
            yield rest_of(
                file,
                taken,
                f"{file.name} takes more than {seconds:,.0f} seconds to read, from here on: take out or split what is there.",
            )
            return
        if item is None:
            return
        yield item


# ---------------------------------------------------------------- extracting


@dataclass(frozen=True)
class Job:
    """One document some of whose rows are not known: its id, what it is made from, and the steps that must be run.

    ``given`` is a digest of what it is made from, ``stamp`` of the steps that there are now.
    """

    document_id: str
    given: str
    stamp: str
    source_id: str
    content_sha256: str
    about: bytes
    steps: frozenset[str]


@dataclass
class Plan:
    """All documents there are (id to key, by source_id) and those on which steps must be run.

    A key changes with everything that a document's rows depend on. ``unchanged`` are those whose rows are what the present
    steps would give, though a step has another version: no step that made them has.
    """

    keys: dict[str, str] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


EVERY_STEP = frozenset({PARSED, *(step.__name__ for step in PER_DOCUMENT)})


def plan(ledger: Ledger) -> Plan:
    """Which documents there are, and which steps must be run on which: those whose code, or what they read, is another."""
    made, known, now = Plan(), ledger.results(), stamp()
    stale = {before: stale_steps(versions) for before, versions in ledger.stamps().items()}
    for source_id, content, about in ledger.originals():
        document_id = digest("document", source_id)
        given = digest(source_id, content, about.hex())
        made.keys[document_id] = digest(now, given)
        before = known.get(document_id)
        if before is not None and before.given == given and before.stamp == now:
            continue
        is_new = before is None or before.given != given or before.failure is not None
        steps = EVERY_STEP if is_new or before is None else stale.get(before.stamp, EVERY_STEP)
        if steps:
            made.jobs.append(Job(document_id, given, now, source_id, content, about, steps))
        else:
            made.unchanged.append(document_id)
    return made


def stale_steps(before: Mapping[str, str]) -> frozenset[str]:
    """The steps that would not give again what steps of these versions gave: themselves another, or what they read."""
    now = step_versions()
    stale = {PARSED} if before.get(PARSED) != now[PARSED] else set()
    for step in PER_DOCUMENT:
        if before.get(step.__name__) != now[step.__name__] or stale & set(named(step)):
            stale.add(step.__name__)
    return frozenset(stale)


class Task(NamedTuple):
    """A job with the text, and what was kept of the document, packed, where not every step must be run."""

    job: Job
    text: str
    kept: Mapping[str, bytes]


class Effort(NamedTuple):
    """What extraction came to: words read, and CPU seconds from text to rows, without the start of the processes."""

    n_words: int
    cpu_seconds: float


def extract(ledger: Ledger, jobs: Sequence[Job], workers: int, report: Report) -> Effort:
    """Extract these documents and add their rows to the ledger, batch by batch; returns what it came to.

    With more than one worker the batches go to that many spawned processes. A document on which extraction fails is
    noted with what went wrong and does not stop the others.

    Raises:
        Damaged: a text in the ledger is not whole.
        Stop: worker processes were killed.
    """
    done, n_words, cpu_seconds = 0, 0, 0.0
    ledger.keep_stamp(stamp(), step_versions())
    report("extracting", 0, len(jobs))
    for results, effort in _results(ledger, jobs, workers):
        ledger.add_results(results)
        done += len(results)
        n_words += effort.n_words
        cpu_seconds += effort.cpu_seconds
        report("extracting", done, len(jobs))
    return Effort(n_words, cpu_seconds)


def _tasks(ledger: Ledger, jobs: Sequence[Job]) -> Iterator[list[Task]]:
    batch: list[Task] = []
    size = 0
    for job in jobs:
        text = ledger.text(job.content_sha256)
        if batch and size + len(text) > BATCH_CHARS:
            yield batch
            batch, size = [], 0
        batch.append(Task(job, text, {} if job.steps == EVERY_STEP else ledger.kept(job.document_id)))
        size += len(text)
    if batch:
        yield batch


def _results(ledger: Ledger, jobs: Sequence[Job], workers: int) -> Iterator[tuple[list[Result], Effort]]:
    tasks = _tasks(ledger, jobs)
    if workers <= 1:
        yield from map(work, tasks)
        return
    try:
        for answer in answers(work, tasks, workers, divided=lambda batch: [[task] for task in batch]):
            yield ([_lost(task.job) for task in answer.task], Effort(0, 0.0)) if isinstance(answer, Lost) else answer
    except Killed:
        raise Stop(
            "Worker processes were killed again and again, most likely for want of memory: run again with fewer --workers. "
            "What was extracted is kept."
        ) from None


def _lost(job: Job) -> Result:
    """A document whose process was killed each time; it is given as nothing, so that every run tries it anew."""
    reason = (
        f"The process that extracted {job.source_id} was killed each time, by itself too, most likely for want of memory: "
        "take the text out, or split it into parts. The next run tries it again."
    )
    return Result(job.document_id, "", job.stamp, reason, {})


def work(batch: list[Task]) -> tuple[list[Result], Effort]:
    """Extract one batch: results for the ledger, and what it came to."""
    _warm()
    started = time.process_time()
    results = _results_of([_attempted(task) for task in batch])
    return results, Effort(sum(len(task.text.split()) for task in batch), time.process_time() - started)


@cache
def _warm() -> None:
    """Load the model and the lexicons, which each process does once, with a sentence that has something for every table."""
    text = "Anna Berg, mayor of Oslo, said on 3 May 2020 that 40 houses had burned down."
    _attempted(Task(Job("", "", "", "", "", packed({}), EVERY_STEP), text, {}))


MOST_CHARS = 4_000_000
"""Characters of one document: more than "War and Peace" has; they take 1.6 GB while they are worked on."""
EXTRACTING_SECONDS = 60.0
"""CPU time for one document in all steps together, besides what grows with its length."""
EXTRACTING_CHARS = 1_000
"""CPU time that one document may take: so much, and a second for so many characters. Ordinary text takes a tenth of that."""


class Attempt(NamedTuple):
    """What came of one task: what was made anew, by the names under which it is kept, and all rows there are then, by table."""

    task: Task
    made: dict[str, Any]
    rows: dict[str, Any]


def _attempted(task: Task) -> Attempt | Result:
    """What the job's steps make of its text; the result that says so where that is nothing at all."""
    job, seconds = task.job, EXTRACTING_SECONDS + len(task.text) / EXTRACTING_CHARS
    if len(task.text) > MOST_CHARS:
        reason = f"{job.source_id} has {len(task.text):,} characters, and one text may have {MOST_CHARS:,}: split it into parts."
        return Result(job.document_id, job.given, job.stamp, reason, {})
    try:
        with at_most(seconds):
            return _made(task)
    except TooLong:
        reason = (
            f"Extraction of {job.source_id} was stopped after {seconds:,.0f} seconds of work: the text is not like prose, or "
            "too long. Take it out, or split it into parts."
        )
        return Result(job.document_id, job.given, job.stamp, reason, {})
    except (OSError, MemoryError):
        raise  # a model that cannot be read or a full memory is not this document's fault
    except Exception as error:
        return _failed(job, error)


def _results_of(attempts: Sequence[Attempt | Result]) -> list[Result]:
    """The attempts as results, without the tables that break a promise."""
    good = [attempt for attempt in attempts if isinstance(attempt, Attempt)]
    checked = iter(together([attempt.task.text for attempt in good], [attempt.rows for attempt in good]))
    results: list[Result] = []
    for attempt in attempts:
        if isinstance(attempt, Result):
            results.append(attempt)
            continue
        job, found = attempt.task.job, next(checked)
        if isinstance(found, Exception):
            results.append(_failed(job, found))
            continue
        rows, faults = found
        if faults:
            attempt.made.update({name: rows[name] for name in rows if rows[name] is not attempt.rows[name]})
            attempt.made[FAULTS] = [*attempt.made.get(FAULTS, []), *faults]
        packs = {name: packed(body) for name, body in attempt.made.items()}
        results.append(Result(job.document_id, job.given, job.stamp, None, packs))
    return results


def _made(task: Task) -> Attempt:
    """What the job's steps make of its text; all of them, where what was kept cannot be read."""
    job, text = task.job, task.text
    made: dict[str, Any] = {}
    try:
        kept: dict[str, Any] = {name: unpacked(body) for name, body in task.kept.items()}
    except ValueError:
        kept = {}
    steps = job.steps if PARSED in kept else EVERY_STEP
    if PARSED in steps:
        document, layout = document_of(job.document_id, job.source_id, text, _record(job.about))
        (doc,) = analyse([text], [borders(text, layout)])
        parsed = Parsed(document, layout, doc)
        made[PARSED] = {
            "document": {name: getattr(document, name) for name in DOCUMENT if name != "text"},
            "segments": [[getattr(part, name) for name in SEGMENT] for part in layout],
            "doc": values_of(doc),
        }
    else:
        parsed = _parsed(text, kept[PARSED])
    before = {name: _typed(name, kept[name]) for name in KEPT if name in kept}
    rows, faults = remade(parsed, before, steps)
    old = [fault for fault in kept.get(FAULTS, []) if fault["step"] not in steps]
    if faults or old or kept.get(FAULTS):
        made[FAULTS] = [*old, *faults]
    return Attempt(task, made | rows, before | rows)


FAULTS = "faults"
DOCUMENT = tuple(field.name for field in fields(Document))
SEGMENT = tuple(field.name for field in fields(Segment))


def _parsed(text: str, kept: Mapping[str, Any]) -> Parsed:
    """A document as it was analysed before."""
    document = Document(**{name: _day(name, value) for name, value in kept["document"].items()}, text=text)
    return Parsed(document, [Segment(*part) for part in kept["segments"]], doc_of(encodable(text), kept["doc"]))


def _typed(name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Kept rows as the step gave them: days, which JSON has as text, are dates again."""
    if name not in BY_NAME:
        return rows
    schema = BY_NAME[name].arrow_schema()
    days = [column.name for column in schema if pa.types.is_date32(column.type)]
    for row in rows:
        for day in days:
            row[day] = row[day] and date.fromisoformat(row[day])
    return rows


def _day(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name.endswith("_on") and isinstance(value, str) else value


def _record(about: bytes) -> dict[str, Any]:
    record: dict[str, Any] = dict.fromkeys(ABOUT) | unpacked(about)
    return {name: _day(name, value) for name, value in record.items()}


def _failed(job: Job, error: Exception) -> Result:
    reason = (
        f"Extraction failed on {job.source_id} with {type(error).__name__} ({str(error)[:200]}): a fault of hearsay's, "
        "please report it with the text; the document is left out."
    )
    trace = packed("".join(format_exception(error)))
    return Result(job.document_id, job.given, job.stamp, reason, {TRACE: trace})


TRACE = "trace"
"""Name under which the traceback of a document that could not be extracted is kept, for the log."""


# ---------------------------------------------------------------- across documents


@dataclass(frozen=True)
class Part:
    """One share of the documents, published together: those whose id begins with ``prefix``."""

    name: str
    prefix: str


def parts(n_documents: int) -> list[Part]:
    """The parts that this many documents are published in: 1, 16, 256 ... by the first digits of the id."""
    digits = 0
    while n_documents > PART_DOCUMENTS * 16**digits:
        digits += 1
    if not digits:
        return [Part("all", "")]
    names = [f"{number:0{digits}x}" for number in range(16**digits)]
    return [Part(name, name) for name in names]


@dataclass
class Whole:
    """What needs all documents: who is who, what is compared with what, and everything that was found."""

    sources: list[dict[str, Any]]
    tables: dict[str, list[dict[str, Any]]]
    entity_of: Mapping[str, str | None]
    quantity_of: Mapping[str, str]
    duplicate_of: Mapping[str, str]
    known: Mapping[str, str]
    redirects: Mapping[str, str]
    memory: Memory


def across(ledger: Ledger, plan: Plan, report: Report, overrides: Sequence[Override] = ()) -> Whole:
    """Resolve entities, compare figures and find near-duplicates over all documents; ``overrides`` is what people decided.

    Raises:
        Damaged: rows in the ledger are not whole.
    """
    report("resolving", 0, 2)
    sources = _sources(ledger, len(plan.keys))
    columns: dict[str, list[Any]] = {name: [] for name in MENTION_COLUMNS.names}
    for _, rows in ledger.rows("mentions"):
        for row in rows:
            for name in MENTION_COLUMNS.names:
                columns[name].append(row[name])
    published = [
        {name: value for name, value in row.items() if name != "text"}  # as it comes: the texts of all are too much
        for _, rows in ledger.rows("documents")
        for row in _typed("documents", rows)
    ]
    given: dict[str, Any] = {
        "records": sources,
        "mentions": pa.table(columns, schema=MENTION_COLUMNS),
        "documents": published,
        "definitions": [row for _, rows in ledger.rows("definitions") for row in rows],
        "questions": [row for _, rows in ledger.rows("questions") for row in rows],
        "figures": [row for _, rows in ledger.rows("figures") for row in rows],
        "failed": _faults(ledger),
        "overrides": overrides,
        "known": ledger.registry(),
        "memory": Memory(resolution_version(), ledger.memory()),
        "retired": ledger.redirects(),
    }
    del columns
    results = evaluate(ACROSS_DOCUMENTS, given)
    report("resolving", 2, 2)
    resolution = results["resolution"]
    return Whole(
        sources=results["sources"],
        tables={
            name: results[name] for name in ("entities", "entity_merges", "quantities", "roles", "sayings", "faults")
        },
        entity_of=resolution.entity_of,
        quantity_of=results["comparison"][1],
        duplicate_of=_duplicates(ledger, given["documents"]),
        known=resolution.known,
        redirects=results["redirects"],
        memory=given["memory"],
    )


def _faults(ledger: Ledger) -> list[dict[str, Any]]:
    """The rows of ``faults``, in published order."""
    wanted = Faults.arrow_schema().names
    rows = [{name: row[name] for name in wanted} for _, rows in ledger.rows(FAULTS) for row in rows]
    return sorted(rows, key=lambda row: (*(row[name] for name in Faults.about().order), row["fault_id"]))


def _sources(ledger: Ledger, n_documents: int) -> list[dict[str, Any]]:
    """The rows of ``sources``: every record, with the document that holds its text."""
    owner = {content: source_id for source_id, content, _ in ledger.originals()}
    failures = ledger.failures()
    n_digits = len(parts(n_documents)[0].prefix)
    rows = []
    for source_id, path, form, n_bytes, sha, reason, note, content, seen in ledger.records():
        document_id = digest("document", owner[content]) if content is not None else None
        status = "quarantined" if reason else "ok" if owner[content] == source_id else "duplicate"
        if document_id in failures:
            status, reason, document_id = "quarantined", failures[document_id], None
        elif status == "duplicate":
            reason = f"Exactly the same text as {owner[content]}."
        rows.append(
            {
                "source_id": source_id,
                "path": path,
                "format": form,
                "n_bytes": n_bytes,
                "bytes_sha256": sha,
                "status": status,
                "reason": reason,
                "note": note,
                "document_id": document_id,
                "batch": document_id and (document_id[:n_digits] or "all"),
                "first_seen_at": datetime.fromtimestamp(seen / 1e6, UTC),
            }
        )
    return rows


def _duplicates(ledger: Ledger, documents: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Document to the first (by source_id) whose text differs only in white space, case, marks or furniture."""
    order = {row["document_id"]: row["source_id"] for row in documents}
    first: dict[str, str] = {}
    prints = [
        (order[document_id], document_id, rows[0]["fingerprint"])
        for document_id, rows in ledger.rows("fingerprints")
        if rows[0]["fingerprint"]
    ]
    same = {}
    for _, document_id, fingerprint in sorted(prints):
        if first.setdefault(fingerprint, document_id) != document_id:
            same[document_id] = first[fingerprint]
    return same


# ---------------------------------------------------------------- handing out


def part_rows(ledger: Ledger, part: Part, whole: Whole) -> dict[str, list[dict[str, Any]]]:
    """The rows of the per-document tables of one part, with what only the whole knows joined in, in published order."""
    names = [name for name in BY_NAME if name not in {"sources", *whole.tables}]
    found: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        rows = [row for _, rows in ledger.rows(name, part.prefix, part.prefix + "g") for row in rows]
        found[name] = rows
    for row in found["documents"]:
        row["duplicate_of"] = whole.duplicate_of.get(row["document_id"])
    for row in found["mentions"]:
        row["entity_id"] = whole.entity_of.get(row["mention_id"])
    for row in found["figures"]:
        row["quantity_id"] = whole.quantity_of.get(row["figure_id"])
    for row in found["claims"]:
        row["source_entity_id"] = whole.entity_of.get(row["source_mention_id"])
    for name, rows in found.items():
        order = BY_NAME[name].about().order
        rows.sort(key=lambda row: tuple(row[column] for column in order))
    return found


def part_digest(part: Part, plan: Plan, whole: Whole, rows: Mapping[str, list[dict[str, Any]]]) -> str:
    """What a part's files depend on: two parts with the same digest have the same bytes."""
    hashed = hashlib.sha256(part.name.encode())
    for document_id in [row["document_id"] for row in rows["documents"]]:
        hashed.update(f"{document_id} {plan.keys[document_id]} {whole.duplicate_of.get(document_id)}\n".encode())
    for name, column in (("mentions", "entity_id"), ("figures", "quantity_id"), ("claims", "source_entity_id")):
        hashed.update(orjson.dumps([row[column] for row in rows[name]]))
    return hashed.hexdigest()


def frames(rows: Mapping[str, list[dict[str, Any]]]) -> dict[type[Table], pd.DataFrame]:
    """Typed frames of these rows, by schema."""
    return {BY_NAME[name]: BY_NAME[name].frame(body) for name, body in rows.items()}


def broken(tables: Mapping[type[Table], pd.DataFrame], whole: Whole, document_ids: set[str]) -> list[Violation]:
    """Every promise of the contract that these tables break."""
    texts: dict[str, str] = {}
    for model, frame in tables.items():
        if model.table_name() == "documents":
            texts = dict(zip(frame["document_id"], frame["text"], strict=True))
    keys = {
        "documents": document_ids,
        "entities": {row["entity_id"] for row in whole.tables["entities"]},
        "quantities": {row["quantity_id"] for row in whole.tables["quantities"]},
        "sayings": {row["saying_id"] for row in whole.tables["sayings"]},
    }
    return violations(tables, texts, keys)


def state(ledger: Ledger, plan: Plan, overrides: Sequence[Override] = ()) -> str:
    """What the published set depends on: when it is the same as at the last publication there is nothing to do."""
    hashed = hashlib.sha256(f"{pipeline_version()} {list(overrides)}".encode())
    for row in ledger.records():
        hashed.update(repr(row).encode())
    for item in sorted(plan.keys.items()):
        hashed.update(repr(item).encode())
    return hashed.hexdigest()
