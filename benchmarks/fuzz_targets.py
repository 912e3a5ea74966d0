"""What a fuzzed input goes through, and what must hold of what comes out.

``read_through``: reading and layout. ``Batch``: everything, from the model to the tables' contract. Both give faults; neither raises.
"""

# ruff: noqa: ARG001 (the signatures of handlers and traces are the system's)

import io
import linecache
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pyarrow as pa

from benchmarks.fuzz_inputs import Input
from pipelines.identity import digest
from pipelines.ingest.document import Document, Segment
from pipelines.ingest.documents import borders, document_of
from pipelines.ingest.files import faults, formats
from pipelines.ingest.files.formats import files_under, records_in
from pipelines.ingest.files.record import GENRES, Record, Rejected, SourceFile
from pipelines.language import analyse
from pipelines.language.parsed import Parsed
from pipelines.running.ledger import packed, unpacked
from pipelines.running.run import ABOUT, frames
from pipelines.tables import ACROSS_DOCUMENTS, MENTION_COLUMNS, PER_DOCUMENT, TABLES, evaluate, named
from schemas import BY_NAME
from schemas.validation import violations

PROJECT = Path(__file__).resolve().parent.parent
READING_SECONDS = 5.0
"""CPU time that reading and layout may take for one input, however slow the machine: they take some milliseconds."""
DEEP_SECONDS = 20.0
"""The same for one text through everything."""
MOST_GROWTH = 300 * 1024
"""KiB by which one input may raise the most memory that the process ever held."""
MOST_CHARACTERS = 4000
"""What of a text goes through everything: the model's cost is in proportion to it."""
MOST_RECORDS = 3
"""How many records of one input go through everything."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A promise that was broken: in which stage, by which exception or rule, where in the code, and in what words."""

    stage: str
    kind: str
    where: str
    message: str = ""
    trace: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Two faults with the same key are one."""
        return self.stage, self.kind, self.where


class TooSlow(BaseException):
    """The CPU time for an input is over; no handler of ours or a library's is to swallow it."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises ``TooSlow`` in what is done inside once it has used so much CPU time; regular expressions are interrupted too."""

    def over(signum: int, frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds:g} s of CPU")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def fault_of(stage: str, error: BaseException) -> Fault:
    """The fault that an exception shows: it lies in the innermost line of ours, for a slow one in the innermost function."""
    ours = [
        (frame.filename.removeprefix(f"{PROJECT}/"), frame.lineno, frame.name)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith((f"{PROJECT}/pipelines", f"{PROJECT}/schemas"))
    ]
    name, line, function = ours[-1] if ours else ("outside", 0, "?")
    if isinstance(error, TooSlow | RecursionError | MemoryError):
        where = f"{name} {function}"
    else:
        where = f"{name}:{line} {function}"
    trace = "".join(traceback.format_exception(error, limit=-12))
    linecache.clearcache()
    return Fault(stage, type(error).__name__, where, str(error).split("\n")[0][:200], trace[-4000:])


Known = tuple[Record, Document, list[Segment]]


@dataclass(slots=True)
class Outcome:
    """What one input came to: its records with their layout, the reasons why others are none, faults, and CPU seconds."""

    documents: list[Known] = field(default_factory=list)
    n_records: int = 0
    n_rejected: int = 0
    faults: list[Fault] = field(default_factory=list)
    seconds: float = 0.0


def read_through(given: Input, folder: Path, seconds: float = READING_SECONDS) -> Outcome:
    """The input through reading and layout; it is written into ``folder`` and removed again."""
    outcome = Outcome()
    path = folder / given.name
    path.write_bytes(given.data)
    before, started = _most_memory(), time.process_time()
    stage, said = ["reading"], io.StringIO()
    try:
        with guard_watched(outcome.faults), redirect_stderr(said), redirect_stdout(said), at_most(seconds):
            _read(given, path, outcome, stage)
    except (Exception, TooSlow) as error:
        outcome.faults.append(fault_of(stage[0], error))
    outcome.seconds = time.process_time() - started
    if _most_memory() - before > MOST_GROWTH:
        outcome.faults.append(Fault(stage[0], "memory", "one input", f"{(_most_memory() - before) // 1024} MB more"))
    if said.getvalue():
        first = " ".join(said.getvalue().split()[:4])
        outcome.faults.append(Fault("reading", "rule", f"nothing is printed ({first} ...)", said.getvalue()[:300]))
    path.unlink()
    return outcome


@contextmanager
def guard_watched(found: list[Fault]) -> Iterator[None]:
    """Adds to ``found`` every exception that nobody foresaw and that the readers' guard turns into a rejection inside."""
    told = faults.unforeseen

    def unforeseen(what: str, error: Exception) -> str:
        found.append(fault_of("reading, guarded", error))
        return told(what, error)

    places = [module for module in (faults, formats) if hasattr(module, "unforeseen")]
    for module in places:
        setattr(module, "unforeseen", unforeseen)  # noqa: B010 (a type checker refuses the assignment)
    try:
        yield
    finally:
        for module in places:
            setattr(module, "unforeseen", told)  # noqa: B010


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _read(given: Input, path: Path, outcome: Outcome, stage: list[str]) -> None:
    file = SourceFile(path, given.name) if given.name.startswith("news.") else next(iter(files_under(path)))
    keys: set[str] = set()
    for found in records_in(file):
        if found.source_id in keys:
            outcome.faults.append(Fault("reading", "rule", "source_id is unique", found.source_id[:100]))
        keys.add(found.source_id)
        if isinstance(found, Rejected):
            outcome.n_rejected += 1
            outcome.faults += _faults_of_reason("reason", found.reason)
            continue
        outcome.n_records += 1
        is_repaired = any("repaired" in note for note in found.notes)  # mojibake, and it is said
        if given.texts is not None and found.text not in given.texts and not is_repaired:
            outcome.faults.append(Fault("reading", "rule", f"text is unchanged, {found.format}", found.text[:100]))
        for note in found.notes:
            outcome.faults += _faults_of_reason("note", note)
        stage[0] = "layout"
        document, layout = document_of("document", found.source_id, found.text, about_of(found))
        outcome.faults += _faults_of_layout(found.text, layout)
        outcome.faults += _faults_of_document(document)
        outcome.documents.append((found, document, layout))
        stage[0] = "reading"
    if not outcome.n_records + outcome.n_rejected:
        outcome.faults.append(Fault("reading", "rule", "an input gives an outcome", given.name))


def about_of(record: Record) -> dict[str, Any]:
    """What came with a text, on its way through the ledger and back."""
    about: dict[str, Any] = dict.fromkeys(ABOUT)
    about |= unpacked(packed({name: getattr(record, name) for name in ABOUT if getattr(record, name) is not None}))
    return {
        name: date.fromisoformat(value) if name.endswith("_on") and isinstance(value, str) else value
        for name, value in about.items()
    }


def _faults_of_reason(kind: str, reason: str) -> Iterator[Fault]:
    """A reason or note is one sentence, of printable size, about the input and not about our code."""
    if len(reason.splitlines()) != 1:
        yield Fault("reading", "rule", f"a {kind} is one line", reason[:200])
    if len(reason) > 700 or "Traceback" in reason or not reason.rstrip().endswith((".", "!", "?")):
        yield Fault("reading", "rule", f"a {kind} is a plain sentence", reason[:200])
    try:
        reason.encode()
    except UnicodeEncodeError:
        yield Fault("reading", "rule", f"a {kind} is text", ascii(reason[:200]))


def _faults_of_layout(text: str, layout: list[Segment]) -> Iterator[Fault]:
    """Segments are in order, apart, within the text, not empty, and leave out white space only."""
    if any(not 0 <= part.start_char < part.end_char <= len(text) for part in layout):
        yield Fault("layout", "rule", "a segment lies in the text")
    if any(a.end_char > b.start_char for a, b in pairwise(layout)):
        yield Fault("layout", "rule", "segments are in order and apart")
    edges = [0, *(edge for part in layout for edge in (part.start_char, part.end_char)), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if text[start:end].strip():
            yield Fault(
                "layout", "rule", "segments hold everything but white space", ascii(text[start:end].strip()[:60])
            )
            break
    text.encode()


def _faults_of_document(document: Document) -> Iterator[Fault]:
    if document.genre not in GENRES:
        yield Fault("layout", "rule", "genre is of the list", str(document.genre))
    first, last = document.published_earliest_on, document.published_latest_on
    if first and last and first > last:
        yield Fault("layout", "rule", "published_earliest_on <= published_latest_on", f"{first} {last}")
    for name in ("title", "publisher", "author", "language", "url"):
        value = getattr(document, name)
        if value is not None and (not isinstance(value, str) or not value.strip() or "\x00" in value):
            yield Fault("layout", "rule", f"{name} is a text or null", ascii(value)[:60])


# ---------------------------------------------------------------- everything


@dataclass
class Batch:
    """Texts that went through extraction and wait for the steps that see all documents, and for the contract."""

    rows: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    def add(self, number: int, outcome: Outcome, seconds: float = DEEP_SECONDS) -> tuple[int, list[Fault], float]:
        """Extract the records of an input: how many texts that were, the faults, and the CPU seconds."""
        found: list[Fault] = []
        started = time.process_time()
        for at, known in enumerate(outcome.documents[:MOST_RECORDS]):
            text = known[0].text[:MOST_CHARACTERS]
            if text in self.texts:  # the ledger makes one document of them
                continue
            ident = digest("document", f"{number}-{at}")
            stage = ["layout"]
            try:
                with at_most(seconds):
                    self.rows[ident] = _extracted(ident, text, known, stage)
                self.numbers[ident] = number
                self.texts.add(text)
            except (Exception, TooSlow) as error:
                found.append(fault_of(stage[0], error))
        return min(len(outcome.documents), MOST_RECORDS), found, time.process_time() - started

    def settled(self) -> list[tuple[int, Fault]]:
        """The faults that show when all texts are put together, each with the number of the input; the batch is empty then."""
        idents = list(self.rows)
        found = list(self._settled(idents)) if idents else []
        numbers = dict(self.numbers)
        self.rows.clear()
        self.numbers.clear()
        self.texts.clear()
        return [(numbers[ident], fault) for ident, fault in found]

    def _settled(self, idents: list[str]) -> Iterator[tuple[str, Fault]]:
        stage = ["resolution"]
        try:
            found = list(_broken({ident: self.rows[ident] for ident in idents}, stage))
        except Exception as error:
            if len(idents) == 1:
                yield idents[0], fault_of(stage[0], error)
                return
            half = len(idents) // 2
            inside = [*self._settled(idents[:half]), *self._settled(idents[half:])]
            yield from inside or [(idents[0], fault_of(f"{stage[0]}, together", error))]
            return
        for ident, fault in found:
            yield (ident if ident in self.rows else idents[0]), fault


def _extracted(ident: str, text: str, known: Known, stage: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The rows of one text by table, a step at a time, so that a fault has the name of its step; on their way through the ledger."""
    record, document, layout = known
    if text == record.text:
        document = replace(document, document_id=ident, source_id=ident)
    else:
        document, layout = document_of(ident, ident, text, about_of(record))
    stage[0] = "language"
    (doc,) = analyse([text], [borders(text, layout)])
    results: dict[str, Any] = {"parsed": Parsed(document, layout, doc)}
    for step in PER_DOCUMENT:
        stage[0] = step.__name__
        results[step.__name__] = step(**{name: results[name] for name in named(step)})
    stage[0] = "packing"
    rows: dict[str, list[dict[str, Any]]] = {}
    for name in (*(name for name in TABLES if name in results), "definitions", "questions"):
        rows[name] = unpacked(packed(results[name]))
    return rows


def _broken(documents: Mapping[str, dict[str, list[dict[str, Any]]]], stage: list[str]) -> Iterator[tuple[str, Fault]]:
    """What is broken in the tables that these texts make together: document id (or null) and fault."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for one in documents.values():
        for name, body in one.items():
            rows.setdefault(name, []).extend(body)
    stage[0] = "resolution"
    days = ("published_on", "published_earliest_on", "published_latest_on")
    dated = [row | {day: row[day] and date.fromisoformat(row[day]) for day in days} for row in rows["documents"]]
    mentions = {name: [row[name] for row in rows["mentions"]] for name in MENTION_COLUMNS.names}
    whole = evaluate(
        ACROSS_DOCUMENTS,
        {
            "records": [],
            "failed": [],
            "overrides": (),
            "mentions": pa.table(mentions, schema=MENTION_COLUMNS),
            "documents": [row | {"text": None} for row in dated],
            "definitions": rows["definitions"],
            "questions": rows["questions"],
            "figures": rows["figures"],
            "known": {},
            "memory": None,
            "retired": {},
        },
    )
    resolution, quantity_of = whole["resolution"], whole["comparison"][1]
    for row in rows["documents"]:
        row["duplicate_of"] = None
    for row in rows["mentions"]:
        row["entity_id"] = resolution.entity_of.get(row["mention_id"])
    for row in rows["figures"]:
        row["quantity_id"] = quantity_of.get(row["figure_id"])
    for row in rows["claims"]:
        row["source_entity_id"] = resolution.entity_of.get(row["source_mention_id"])
    tables = {name: rows[name] for name in BY_NAME if name in rows}
    tables |= {name: whole[name] for name in ("entities", "entity_merges", "quantities")}
    stage[0] = "frames"
    made = frames(tables)
    stage[0] = "contract"
    seen: set[str] = set()
    for violation in violations(made, {row["document_id"]: row["text"] for row in rows["documents"]}, {}):
        rule = f"{violation.table}.{violation.column}: {violation.rule.split(', here [')[0]}"
        if rule not in seen:
            seen.add(rule)
            yield violation.document or "", Fault("contract", "rule", rule, ascii(violation.value)[:300])


# ---------------------------------------------------------------- coverage

FOLDER = f"{PROJECT}/pipelines/ingest/"
Lines = set[tuple[str, int]]


@contextmanager
def traced(lines: Lines) -> Iterator[None]:
    """Adds the lines of ``pipelines/ingest`` that run inside to ``lines``, as (file, line)."""

    def inside(frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        if event == "line":
            lines.add((frame.f_code.co_filename[len(FOLDER) :], frame.f_lineno))
        return inside

    def called(frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        return inside if frame.f_code.co_filename.startswith(FOLDER) else None

    sys.settrace(called)
    try:
        yield
    finally:
        sys.settrace(None)


def coverable() -> Lines:
    """The lines inside functions of ``pipelines/ingest``: what importing runs by itself is left out."""
    found: Lines = set()
    for path in sorted(Path(FOLDER).rglob("*.py")):
        waiting = [compile(path.read_text("utf-8"), str(path), "exec")]
        while waiting:
            code = waiting.pop()
            waiting += [constant for constant in code.co_consts if hasattr(constant, "co_lines")]
            if code.co_name not in ("<module>",) and not _is_class(code):
                lines = {line for _, _, line in code.co_lines() if line is not None and line > code.co_firstlineno}
                found |= {(str(path)[len(FOLDER) :], line) for line in lines}
    return found


def _is_class(code: Any) -> bool:
    return "__qualname__" in code.co_names and "__module__" in code.co_names
