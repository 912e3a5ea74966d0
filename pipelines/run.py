"""One run: read what is new, extract what is not known, resolve across documents, hand out the rows part by part.

Everything is a function of the sources as they are now, of the code and of the entity ids given so far: how many runs
it took, which were killed and with how many workers changes nothing in the rows.
"""

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version as version_of
from itertools import chain, count
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pandas as pd
import pyarrow as pa

from pipelines.identity import digest
from pipelines.ingest.formats import files_under, is_warehouse, printable, records_in
from pipelines.ingest.record import Rejected, SourceFile
from pipelines.language import analyse
from pipelines.language.parsed import Parsed
from pipelines.ledger import OUTSIDE, Ledger, packed, shown, unpacked
from pipelines.resolve.memory import Memory
from pipelines.tables import ACROSS_DOCUMENTS, borders, document_of, evaluate, rows_of
from schemas import BY_NAME, Mentions, Table
from schemas.validation import Violation, violations

PROJECT = Path(__file__).resolve().parent.parent
BATCH_CHARS = 120_000
"""Text handed to a worker at once: some seconds of work, so that little is lost by a kill and little spent on hand-over."""
PART_DOCUMENTS = 2048
"""Documents in one published part, at most on average: what is rewritten when one document changes."""
ABOUT = ("published_on", "title", "publisher", "author", "url", "language", "genre")
ANALYSED_WITH = ("babel", "holidays", "numpy", "onnxruntime", "spacy", "trafilatura")

Report = Callable[[str, int, int], None]
"""Called with (what is being done, how much of it is done, how much there is)."""


class Stop(Exception):  # noqa: N818 - it is what the user is told, not a failure of the program
    """Nothing could be done, for a reason that one plain sentence tells the user."""


@cache
def extractor_version() -> str:
    """16 hex digits that change whenever code, lexicon, model or analysing library do: nobody has to remember to."""
    hashed = hashlib.sha256()
    folders = (PROJECT / "pipelines", PROJECT / "schemas", PROJECT / "seeds" / "lexicon", PROJECT / "seeds" / "model")
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            parts = path.relative_to(folder).parts
            if path.is_file() and "__pycache__" not in parts and parts[0] != "train" and path.suffix != ".md":
                hashed.update(f"{folder.name}/{'/'.join(parts)}\n".encode())
                hashed.update(hashlib.sha256(path.read_bytes()).digest())
    for library in ANALYSED_WITH:
        hashed.update(f"{library} {version_of(library)}\n".encode())
    return hashed.hexdigest()[:16]


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


def read(ledger: Ledger, sources: Sequence[Source], found: Mapping[str, SourceFile], report: Report) -> Reading:
    """Bring the ledger's records up to what was found; a file that has not changed is not opened."""
    before = ledger.files()
    tally = Reading(n_files=len(found))
    gone = sorted(before.keys() - found.keys())
    counts = ledger.counts() if gone else {}
    with ledger.transaction():
        for key in gone:
            if not any(source.holds(key) for source in sources):
                tally.n_dropped += counts.get(key, 0)
            ledger.forget_file(key)
            tally.n_gone += 1
    for done, (key, file) in enumerate(found.items()):
        size, changed = signature(file.path)
        if before.get(key) != (size, changed) or size < 0:
            report("reading", done, len(found))
            _read_file(ledger, key, file, size, changed, tally)
            tally.n_read += 1
    ledger.settle(_wanted_ids)
    return tally


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


def signature(path: Path) -> tuple[int, int]:
    """(size, time of last change in ns); (-1, 0) for a file that cannot be looked at: it is tried anew in every run."""
    try:
        status = path.stat()
    except OSError:
        return -1, 0
    return status.st_size, status.st_mtime_ns


def _read_file(ledger: Ledger, key: str, file: SourceFile, size: int, changed: int, tally: Reading) -> None:
    """Replace a file's records by what it holds now, all or nothing: a killed run reads the file again."""
    with ledger.transaction():
        known = ledger.known(key)
        ledger.forget_file(key)
        for item in records_in(file):
            seen, source_id = known.get(item.source_id, (max(changed, 0) // 1000, None))
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
                "first_seen_us": seen,
                "source_id": source_id,
            }
            text = None
            if isinstance(item, Rejected):
                row["reason"] = item.reason
                if (
                    item.bytes_sha256 is None
                ):  # not read to the end: the next run tries again, whatever it looks like then
                    size = -1
            else:
                text = item.text
                row["note"] = " ".join(item.notes) or None
                row["content_sha256"] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
                row["about"] = packed({name: getattr(item, name) for name in ABOUT if getattr(item, name) is not None})
            ledger.add_record(row, text)
            tally.n_records += 1
        ledger.add_file(key, size, changed)


# ---------------------------------------------------------------- extracting


@dataclass(frozen=True)
class Job:
    """One document whose rows are not known: its id, the key of its result, where its text lies, what came with it."""

    document_id: str
    key: str
    source_id: str
    content_sha256: str
    about: bytes


@dataclass
class Plan:
    """All documents there are (id to key, by source_id) and those that must be extracted."""

    keys: dict[str, str] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)


def plan(ledger: Ledger) -> Plan:
    """Which documents there are, and which have no result that the present code and content would give again."""
    made, known, version = Plan(), ledger.keys(), extractor_version()
    for source_id, content, about in ledger.originals():
        document_id = digest("document", source_id)
        key = digest(version, source_id, content, about.hex())
        made.keys[document_id] = key
        if known.get(document_id) != key:
            made.jobs.append(Job(document_id, key, source_id, content, about))
    return made


Task = list[tuple[Job, str]]
Result = tuple[str, str, str | None, dict[str, bytes]]


class Effort(NamedTuple):
    """What extraction came to: words read, and CPU seconds from text to rows, without the start of the processes."""

    n_words: int
    cpu_seconds: float


def extract(ledger: Ledger, jobs: Sequence[Job], workers: int, report: Report) -> Effort:
    """Extract these documents and add their rows to the ledger, batch by batch; returns what it came to.

    With more than one worker the batches go to that many spawned processes. A document on which extraction fails is
    noted with what went wrong and does not stop the others.
    """
    done, n_words, cpu_seconds = 0, 0, 0.0
    report("extracting", 0, len(jobs))
    for results, effort in _results(ledger, jobs, workers):
        ledger.add_results(results)
        done += len(results)
        n_words += effort.n_words
        cpu_seconds += effort.cpu_seconds
        report("extracting", done, len(jobs))
    return Effort(n_words, cpu_seconds)


def _tasks(ledger: Ledger, jobs: Sequence[Job]) -> Iterator[Task]:
    task: Task = []
    size = 0
    for job in jobs:
        text = ledger.text(job.content_sha256)
        if task and size + len(text) > BATCH_CHARS:
            yield task
            task, size = [], 0
        task.append((job, text))
        size += len(text)
    if task:
        yield task


def _results(ledger: Ledger, jobs: Sequence[Job], workers: int) -> Iterator[tuple[list[Result], Effort]]:
    tasks = _tasks(ledger, jobs)
    if workers <= 1:
        yield from map(work, tasks)
        return
    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            waiting = set()
            for task in tasks:
                waiting.add(pool.submit(work, task))
                if len(waiting) >= 2 * workers:
                    first = next(as_completed(waiting))
                    waiting.discard(first)
                    yield first.result()
            for future in as_completed(waiting):
                yield future.result()
    except BrokenProcessPool:
        raise Stop("A worker process was killed, likely for want of memory: run again with fewer --workers.") from None


def work(task: Task) -> tuple[list[Result], Effort]:
    """Extract one batch: results for the ledger, and what it came to."""
    _warm()
    started = time.process_time()
    results = [_result(job, text) for job, text in task]
    return results, Effort(sum(len(text.split()) for _, text in task), time.process_time() - started)


@cache
def _warm() -> None:
    """Load the model and the lexicons, which each process does once, with a sentence that has something for every table."""
    _result(
        Job("", "", "", "", packed({})), "Anna Berg, mayor of Oslo, said on 3 May 2020 that 40 houses had burned down."
    )


def _result(job: Job, text: str) -> Result:
    try:
        document, layout = document_of(job.document_id, job.source_id, text, _record(job.about))
        (doc,) = analyse([text], [borders(text, layout)])
        rows = rows_of(Parsed(document, layout, doc))
    except (OSError, MemoryError):
        raise  # a model that cannot be read or a full memory is not this document's fault
    except Exception as error:
        return _failed(job, error)
    return job.document_id, job.key, None, {name: packed(body) for name, body in rows.items()}


def _record(about: bytes) -> dict[str, Any]:
    record: dict[str, Any] = dict.fromkeys(ABOUT) | unpacked(about)
    if isinstance(record["published_on"], str):
        record["published_on"] = date.fromisoformat(record["published_on"])
    return record


def _failed(job: Job, error: Exception) -> Result:
    reason = (
        f"Extraction failed on {job.source_id} with {type(error).__name__} ({str(error)[:200]}): a fault of hearsay's, "
        "please report it with the text; the document is left out."
    )
    return job.document_id, job.key, reason, {}


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


UNREAD = ("entity_id", "end_char")
MENTION_COLUMNS = pa.schema(
    {name: Mentions.arrow_schema().field(name).type for name in Mentions.arrow_schema().names if name not in UNREAD}
)
"""What the resolver is given of every mention."""


def across(ledger: Ledger, plan: Plan, report: Report) -> Whole:
    """Resolve entities, compare figures and find near-duplicates over all documents."""
    report("resolving", 0, 2)
    sources = _sources(ledger, len(plan.keys))
    columns: dict[str, list[Any]] = {name: [] for name in MENTION_COLUMNS.names}
    for _, rows in ledger.rows("mentions"):
        for row in rows:
            for name in MENTION_COLUMNS.names:
                columns[name].append(row[name])
    published = [_dated(row) for _, rows in ledger.rows("documents") for row in rows]
    given: dict[str, Any] = {
        "records": sources,
        "mentions": pa.table(columns, schema=MENTION_COLUMNS),
        "documents": [{name: value for name, value in row.items() if name != "text"} for row in published],
        "definitions": [row for _, rows in ledger.rows("definitions") for row in rows],
        "questions": [row for _, rows in ledger.rows("questions") for row in rows],
        "figures": [row for _, rows in ledger.rows("figures") for row in rows],
        "known": ledger.registry(),
        "memory": Memory(extractor_version(), ledger.memory()),
        "retired": ledger.redirects(),
    }
    del columns, published
    results = evaluate(ACROSS_DOCUMENTS, given)
    report("resolving", 2, 2)
    resolution = results["resolution"]
    return Whole(
        sources=results["sources"],
        tables={name: results[name] for name in ("entities", "entity_merges", "quantities")},
        entity_of=resolution.entity_of,
        quantity_of=results["comparison"][1],
        duplicate_of=_duplicates(ledger, given["documents"]),
        known=resolution.known,
        redirects=results["redirects"],
        memory=given["memory"],
    )


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    days = ("published_on", "published_earliest_on", "published_latest_on")
    return row | {"text": None} | {day: row[day] and date.fromisoformat(row[day]) for day in days}


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
    }
    return violations(tables, texts, keys)


def state(ledger: Ledger, plan: Plan) -> str:
    """What the published set depends on: when it is the same as at the last publication there is nothing to do."""
    hashed = hashlib.sha256(extractor_version().encode())
    for row in ledger.records():
        hashed.update(repr(row).encode())
    for item in sorted(plan.keys.items()):
        hashed.update(repr(item).encode())
    return hashed.hexdigest()
