"""The pipeline: one function a table, in order.

A function's name is the table, its parameters are what it reads (by name), its return annotation carries the schema.
The functions in ``PER_DOCUMENT`` see one document at a time and may run anywhere; those in ``ACROSS_DOCUMENTS`` see
the rows of all documents. Functions whose annotation carries no schema are steps on the way, not published.
Dagster's graph, the Parquet files, DuckDB's comments and the data dictionary are derived from these two lists.
"""

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from inspect import signature
from typing import Annotated, Any, get_args, get_type_hints

import pyarrow as pa

from pipelines.extract.attribution.inside import in_claims, not_held
from pipelines.extract.claims import claims_in
from pipelines.extract.dates import dates_in
from pipelines.extract.figures import figures_in
from pipelines.extract.mentions import names_in
from pipelines.extract.naming.short_forms import definitions_in
from pipelines.identity import span_id
from pipelines.ingest.document import Row
from pipelines.ingest.normal import fingerprint
from pipelines.language.parsed import Parsed
from pipelines.resolve.entities import Resolution, resolve
from pipelines.resolve.measured.questions import questions_in
from pipelines.resolve.memory import Memory
from pipelines.resolve.overrides import Override
from pipelines.resolve.quantities import compare
from schemas import (
    Claims,
    Dates,
    Documents,
    Entities,
    EntityMerges,
    Faults,
    Figures,
    Mentions,
    Quantities,
    Roles,
    Sayings,
    Segments,
    Sentences,
    Sources,
    Table,
)

Rows = list[Row]
NOT_SPOKEN = ("chrome",)
"""Segment kinds whose sentences are no statements of the text."""


def documents(parsed: Parsed) -> Annotated[Rows, Documents]:
    """The one row of this document; ``duplicate_of`` is joined in when all documents are known."""
    given, text = parsed.document, parsed.document.text
    row = {field.name: getattr(given, field.name) for field in dataclasses.fields(given)}
    return [
        row
        | {
            "content_sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            "n_chars": len(text),
            "n_words": len(text.split()),
            "duplicate_of": None,
        }
    ]


def segments(parsed: Parsed) -> Annotated[Rows, Segments]:
    """The layout parts of this document."""
    ident, text = parsed.document.document_id, parsed.document.text
    return [
        {
            "segment_id": span_id(ident, "segments", part.start_char, part.end_char),
            "document_id": ident,
            "start_char": part.start_char,
            "end_char": part.end_char,
            "text": text[part.start_char : part.end_char],
            "kind": part.kind,
            "speaker": part.speaker,
            "speaker_country": part.speaker_country,
        }
        for part in parsed.segments
    ]


def sentences(parsed: Parsed) -> Annotated[Rows, Sentences]:
    """The sentences of this document."""
    ident, text = parsed.document.document_id, parsed.document.text
    return [
        {
            "sentence_id": sentence.sentence_id,
            "document_id": ident,
            "segment_id": span_id(ident, "segments", sentence.segment.start_char, sentence.segment.end_char),
            "start_char": sentence.start_char,
            "end_char": sentence.end_char,
            "text": text[sentence.start_char : sentence.end_char],
            "copy_of": None,
        }
        for sentence in parsed.sentences
    ]


def names(parsed: Parsed) -> Rows:
    """The mentions by name: part of ``mentions``."""
    return names_in(parsed)


def definitions(parsed: Parsed, names: Rows) -> Rows:
    """Short forms that this document defines ("Shanghai Cooperation Organisation (SCO)"): evidence for entities."""
    return definitions_in(parsed, names)


def times(parsed: Parsed) -> Rows:
    """The temporal expressions before they know their claim."""
    return dates_in(parsed)


def figures_alone(parsed: Parsed, times: Rows) -> Rows:
    """The figures before they know their claim."""
    return figures_in(parsed, times)


def attributions(parsed: Parsed, names: Rows, times: Rows, figures_alone: Rows) -> tuple[Rows, Rows]:
    """Claims, and the mentions that are their sources without being names."""
    return claims_in(parsed, names, times, figures_alone)


def claims(attributions: tuple[Rows, Rows]) -> Annotated[Rows, Claims]:
    """The claims of this document."""
    return attributions[0]


def mentions(names: Rows, attributions: tuple[Rows, Rows]) -> Annotated[Rows, Mentions]:
    """The mentions of this document, each with its innermost claim; ``entity_id`` is joined in when all documents are known."""
    rows = in_claims(names + attributions[1], attributions[0])
    return sorted(rows, key=lambda row: (row["start_char"], row["end_char"]))


def dates(times: Rows, claims: Rows) -> Annotated[Rows, Dates]:
    """The temporal expressions of this document, each with its innermost claim."""
    return in_claims(times, claims)


def figures(figures_alone: Rows, claims: Rows) -> Annotated[Rows, Figures]:
    """The figures of this document, each with its innermost claim; ``quantity_id`` is joined in at the end."""
    return in_claims(figures_alone, claims)


def questions(figures: Rows, claims: Rows, documents: Rows) -> Rows:
    """What each figure of this document answers, and whether anybody holds it true: evidence for quantities."""
    return questions_in(figures, documents[0], not_held(claims))


def fingerprints(parsed: Parsed) -> Rows:
    """One row, by which near-duplicates of this document are found."""
    return [{"fingerprint": fingerprint(parsed.document.text, parsed.segments)}]


def sources(records: Rows) -> Annotated[Rows, Sources]:
    """Everything that was found, good or bad, as the ledger holds it."""
    return records


def faults(failed: Rows) -> Annotated[Rows, Faults]:
    """The parts of documents that a step failed on, as the ledger holds them."""
    return failed


def resolution(
    mentions: pa.Table,
    documents: Rows,
    definitions: Rows,
    overrides: Sequence[Override],
    known: Mapping[str, str],
    memory: Memory | None,
) -> Resolution:
    """Which mentions are one entity; what people decided always wins."""
    published = pa.table(
        {
            "document_id": pa.array([row["document_id"] for row in documents], pa.string()),
            "published_on": pa.array([row["published_on"] for row in documents], pa.date32()),
        }
    )
    return resolve(mentions, published, overrides, known, definitions, memory)


def redirects(resolution: Resolution, retired: Mapping[str, str]) -> dict[str, str]:
    """Every id that an entity once had, of this run's merges and of those before, to the id it has now."""
    moved = {**retired, **resolution.redirects}
    standing = {row["entity_id"] for row in resolution.entities}

    def now(entity_id: str) -> str:
        seen = {entity_id}
        while entity_id not in standing and moved.get(entity_id, entity_id) not in seen:
            entity_id = moved[entity_id]
            seen.add(entity_id)
        return entity_id

    return {old: now(old) for old in sorted(moved) if old not in standing and now(old) in standing}


def entities(resolution: Resolution, redirects: dict[str, str]) -> Annotated[Rows, Entities]:
    """The entities of all documents."""
    former: dict[str, list[str]] = defaultdict(list)
    for old, kept in redirects.items():
        former[kept].append(old)
    return [row | {"former_ids": former[row["entity_id"]]} for row in resolution.entities]


def entity_merges(resolution: Resolution) -> Annotated[Rows, EntityMerges]:
    """Why names were put together or kept apart."""
    return list(resolution.merges)


def comparison(figures: Rows, documents: Rows, questions: Rows) -> tuple[Rows, dict[str, str]]:
    """Which figures answer one question."""
    return compare(figures, documents, questions)


def quantities(comparison: tuple[Rows, dict[str, str]]) -> Annotated[Rows, Quantities]:
    """The things measured, across documents."""
    return comparison[0]


def roles() -> Annotated[Rows, Roles]:
    """What stands beside names: not looked for yet."""
    return []


def sayings() -> Annotated[Rows, Sayings]:
    """What is reported more than once: not compared yet."""
    return []


PER_DOCUMENT: tuple[Callable[..., Any], ...] = (
    documents,
    segments,
    sentences,
    names,
    definitions,
    times,
    figures_alone,
    attributions,
    claims,
    mentions,
    dates,
    figures,
    questions,
    fingerprints,
)
ACROSS_DOCUMENTS: tuple[Callable[..., Any], ...] = (
    sources,
    faults,
    resolution,
    redirects,
    entities,
    entity_merges,
    comparison,
    quantities,
    roles,
    sayings,
)


def schema_of(step: Callable[..., Any]) -> type[Table] | None:
    """The schema that a table function's return annotation carries; null for a step that publishes nothing."""
    found = get_args(get_type_hints(step, include_extras=True)["return"])
    last = found[-1] if found else None
    return last if isinstance(last, type) and issubclass(last, Table) else None


TABLES: dict[str, Callable[..., Any]] = {
    step.__name__: step for step in (*PER_DOCUMENT, *ACROSS_DOCUMENTS) if schema_of(step) is not None
}


_UNREAD = ("entity_id", "claim_id", "end_char")
MENTION_COLUMNS = pa.schema(
    {name: Mentions.arrow_schema().field(name).type for name in Mentions.arrow_schema().names if name not in _UNREAD}
)
"""What the resolver is given of every mention."""


def reads(table: str) -> set[str]:
    """The published tables that a table is made from, through steps that are not published."""
    steps = {step.__name__: step for step in (*PER_DOCUMENT, *ACROSS_DOCUMENTS)}
    found: set[str] = set()
    waiting = list(named(steps[table]))
    while waiting:
        name = waiting.pop()
        if name in TABLES:
            found.add(name)
        elif name in steps:
            waiting.extend(named(steps[name]))
    return found - {table}


@cache
def named(step: Callable[..., Any]) -> tuple[str, ...]:
    """What a step reads: the names of its parameters."""
    return tuple(signature(step).parameters)


def evaluate(steps: Iterable[Callable[..., Any]], given: Mapping[str, Any]) -> dict[str, Any]:
    """Run steps in order, each with the results it names; the results by name, with what was given."""
    results = dict(given)
    for step in steps:
        results[step.__name__] = step(**{name: results[name] for name in named(step)})
    return results


KEPT = (*(name for name in TABLES if TABLES[name] in PER_DOCUMENT), "definitions", "questions", "fingerprints")
"""What is kept of a document's steps; the others are read off these (``isolation.recovered``)."""


def rows_of(parsed: Parsed) -> dict[str, Rows]:
    """All rows that one document gives, by table, and three kinds of evidence for what comes after, not published.

    ``definitions``: short forms it defines; ``questions``: what its figures answer; ``fingerprints``: one row, to find
    near-duplicates. A fault of a step is raised; ``remade`` is the one that goes on.
    """
    results = evaluate(PER_DOCUMENT, {"parsed": parsed})
    return {name: results[name] for name in KEPT}
