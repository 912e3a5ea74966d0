"""Entities: the names of all documents put together, one entity per person, body, place or thing, with the reasons.

In three steps. Inside a document, short forms are read with the help of its full names (``shortforms``). Across documents,
full names are compared where they share a key (``blocking``) and clustered by average linkage with vetoes (``linkage``).
Then names that say little (a surname, initials, an acronym) join the one cluster they fit; where several fit, the documents'
other names decide, and where those do not, the name stays its document's own entity with its candidates on record.
A wrong merge is worse than a missed one: it puts words into another person's mouth.

Ids are digests of what all spellings of a name share. ``known``, kept from run to run, makes them immovable.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.ingest.document import Row
from pipelines.lexicon.entries import entries
from pipelines.resolve import overrides as manual
from pipelines.resolve.alike.romanise import fold
from pipelines.resolve.clusters.book import Book, count, fill, group_of, read_mentions, read_short_forms
from pipelines.resolve.clusters.joining import Joiner
from pipelines.resolve.clusters.judging import Judge
from pipelines.resolve.clusters.name_facts import tell
from pipelines.resolve.clusters.reasons import Reasons
from pipelines.resolve.clusters.settling import Settler
from pipelines.resolve.ids import births, superseded, united
from pipelines.resolve.memory import Memory
from pipelines.resolve.writing import Writer, asked_for, first_seen


@dataclass(frozen=True)
class Resolution:
    """What the names of all documents come to.

    ``entities`` and ``merges`` are rows of those tables. ``entity_of`` gives every mention its entity id, or null (a pronoun
    nobody resolved). ``known`` is what the next run must be given for ids to stay: name key to the id the name was born
    with. ``redirects`` leads ids that are no longer in use to the ids that took their place.
    """

    entities: list[Row]
    merges: list[Row]
    entity_of: Mapping[str, str | None]
    known: Mapping[str, str]
    redirects: Mapping[str, str]


def resolve(
    mentions: Any,
    documents: Any,
    overrides: Sequence[manual.Override | Mapping[str, str]] = (),
    known: Mapping[str, str] | None = None,
    definitions: Iterable[Mapping[str, Any]] = (),
    memory: Memory | None = None,
) -> Resolution:
    """Entities for the mentions of all documents.

    ``mentions``: a pandas or Arrow table with ``mention_id, document_id, start_char, text, type, form, antecedent_id``;
    ``documents`` with ``document_id`` and, when there, ``published_on`` (for where a name was first seen); ``overrides``: what
    people decided, read or as lines of ``overrides.csv``; ``known``: of the run before; ``definitions``: rows of
    ``pipelines.extract.naming.short_forms.definitions_in``; ``memory``: what comparing names came to in the run before, which
    changes nothing but the time it takes. The order of rows does not matter.

    Raises:
        overrides.Mistake: an override line that cannot be read.
    """
    with _uncollected():
        return _resolved(mentions, documents, manual.read(overrides), known or {}, definitions, memory or Memory())


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for unreachable cycles meanwhile: it would look through millions of objects, again and again, and find none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _resolved(
    mentions: Any,
    documents: Any,
    decided: Sequence[manual.Override],
    known: Mapping[str, str],
    definitions: Iterable[Mapping[str, Any]],
    memory: Memory,
) -> Resolution:
    named, pointing = read_mentions(mentions)
    book = Book(named)
    fill(book)
    competing, defined = read_short_forms(book, definitions, memory)
    count(book)
    home, reasons = _link(book, _forbidden(book, decided), competing, defined, memory)
    birth, known_after = births(book, home, known)
    final = united(book, home, birth, decided)
    written = Writer(book, home, birth, final)
    entity_of = written.entity_of(pointing)
    shown = written.rows(pointing, entity_of, first_seen(documents))
    by_name = written.by_name(asked_for(decided))
    _apply(decided, shown, by_name)
    merges = _merge_rows(written, reasons, decided, by_name, shown)
    redirects = {born: kept for born, kept in final.items() if born != kept}
    redirects.update(superseded(book, home, birth, final, known, set(final.values())))
    return Resolution(list(shown.values()), merges, entity_of, known_after, dict(sorted(redirects.items())))


def _forbidden(book: Book, decided: Sequence[manual.Override]) -> frozenset[tuple[int, int]]:
    apart = [line for line in decided if line.action == "different"]
    by_key = book.by_key() if apart else {}
    return frozenset(
        (a.index, b.index)
        for line in apart
        for a in by_key.get(line.key.removeprefix("the "), ())
        for b in by_key.get(line.other_key.removeprefix("the "), ())
        if a.index != b.index
    )


def _link(
    book: Book,
    forbidden: frozenset[tuple[int, int]],
    competing: Mapping[tuple[str, int], list[int]],
    defined: Mapping[int, set[int]],
    memory: Memory,
) -> tuple[dict[int, Any], Reasons]:
    """Clusters of names, and the reasons why."""
    at = np.array(
        sorted(range(len(book.names)), key=lambda i: (book.names[i].group, book.names[i].key)), dtype=np.int64
    )
    rank = np.empty(len(at), dtype=np.int64)
    rank[at] = np.arange(len(at))
    told = tell(book, memory)
    judge, reasons = Judge(book, at, memory), Reasons(book)
    joiner = Joiner(book, told, rank, at, judge, forbidden, reasons)
    cluster = joiner.clusters(at[~told.short[at]], with_those_apart=True)
    for (_document_id, short), fulls in sorted(competing.items()):
        for full in fulls:
            score = judge.score(short, full)
            reasons.add(short, full, "unsure", "several in one document", score, f"{len(fulls)} candidates")
    weak = [index for index in at[told.short[at]].tolist() if book.names[index].n]
    return Settler(joiner, cluster, defined).settle(weak, memory), reasons


def _apply(decided: Sequence[manual.Override], shown: Mapping[str, Row], by_name: Mapping[str, set[str]]) -> None:
    """Renames, types and Wikidata items that a person set."""
    column = {"rename": "name", "type": "type", "wikidata": "wikidata_id"}
    for line in decided:
        if line.action not in column:
            continue
        for entity_id in by_name.get(line.key.removeprefix("the "), ()):
            if line.type is None or group_of(shown[entity_id]["type"]) == group_of(line.type):
                shown[entity_id][column[line.action]] = line.other


def _merge_rows(
    written: Writer,
    reasons: Reasons,
    decided: Sequence[manual.Override],
    by_name: Mapping[str, set[str]],
    shown: Mapping[str, Row],
) -> list[Row]:
    """The rows of ``entity_merges``: one a pair and decision, with the entity of the first name; a person's decisions on top."""
    rows: dict[tuple[str, str, str, str], Row] = {}
    names = written.book.names
    for reason, evidence in zip(reasons.found, reasons.evidence(), strict=True):
        first, second = names[reason.a], names[reason.b]
        if (first.group, first.key) > (second.group, second.key):
            first, second = second, first
        key = (first.text, second.text, reason.decision, reason.rule)
        if key in rows:
            continue
        rows[key] = {
            "name_a": first.text,
            "name_b": second.text,
            "entity_id": written.entity_of_name(first.index) or written.entity_of_name(second.index),
            "decision": reason.decision,
            "rule": reason.rule,
            "score": round(reason.score, 4),
            "evidence": evidence,
        }
    for line in decided:
        if line.action in ("same", "different"):
            ids = sorted(by_name.get(line.key.removeprefix("the "), ()))
            row = {
                "name_a": line.name,
                "name_b": line.other,
                "entity_id": ids[0] if ids else None,
                "decision": line.action,
                "rule": "override",
                "score": 1.0 if line.action == "same" else 0.0,
                "evidence": line.reason or "overrides.csv",
            }
            rows = {
                key: found for key, found in rows.items() if {fold(key[0]), fold(key[1])} != {line.key, line.other_key}
            }
            rows[line.name, line.other, line.action, "override"] = row
    capitals = entries("capitals")
    for metonym in (*entries("metonyms"), *capitals):
        for entity_id in sorted(by_name.get(fold(metonym["form"]), ())):
            if metonym in capitals and group_of(shown[entity_id]["type"]) != "PLACE":
                continue
            body = metonym["source"].removeprefix("own: ")
            verb = "may stand" if metonym in capitals else "stands"
            rows[metonym["form"], body, "different", "metonym"] = {
                "name_a": metonym["form"],
                "name_b": body,
                "entity_id": entity_id,
                "decision": "different",
                "rule": "metonym",
                "score": 0.0,
                "evidence": f"{shown[entity_id]['name']} {verb} for the {body}",
            }
    return [rows[key] for key in sorted(rows)]
