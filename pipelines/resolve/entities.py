"""Entities: the names of all documents put together, one entity per person, body, place or thing, with the reasons.

In three steps. Inside a document, short forms are read with the help of its full names (``shortforms``). Across documents,
full names are compared where they share a key (``blocking``) and clustered by average linkage with vetoes (``linkage``).
Then names that say little (a surname, initials, an acronym) join the one cluster they fit; where several fit, the documents'
other names decide, and where those do not, the name stays its document's own entity with its candidates on record.
A wrong merge is worse than a missed one: it puts words into another person's mouth.

Ids are digests of what all spellings of a name share. ``known``, kept from run to run, makes them immovable.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.ingest.document import Row
from pipelines.lexicon import entries
from pipelines.resolve import overrides as manual
from pipelines.resolve import shortforms
from pipelines.resolve.blocking import candidate_blocks
from pipelines.resolve.book import Book, Mention, Name, columns, count, fill, group_of, read_mentions, read_short_forms
from pipelines.resolve.ids import Unit, births, superseded, unit_of, united
from pipelines.resolve.judging import Judge
from pipelines.resolve.linkage import Edge, clusters
from pipelines.resolve.memory import Memory
from pipelines.resolve.names import SAME
from pipelines.resolve.romanise import fold
from pipelines.resolve.settling import Reasons, Settler


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


@dataclass(slots=True)
class Found:
    """What the mentions of one entity come to: counts of texts and of types, documents, number of mentions."""

    names: dict[str, int] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    documents: list[str] = field(default_factory=list)
    n: int = 0


def resolve(
    mentions: Any,
    documents: Any,
    overrides: Sequence[Mapping[str, str]] = (),
    known: Mapping[str, str] | None = None,
    definitions: Iterable[Mapping[str, Any]] = (),
    memory: Memory | None = None,
) -> Resolution:
    """Entities for the mentions of all documents.

    ``mentions``: a pandas or Arrow table with ``mention_id, document_id, start_char, text, type, form, antecedent_id``;
    ``documents`` with ``document_id`` and, when there, ``published_on`` (for where a name was first seen); ``overrides``: lines of
    ``seeds/lexicon/overrides.csv``; ``known``: of the run before; ``definitions``: rows of
    ``pipelines.extract.short_forms.definitions_in``; ``memory``: what comparing names came to in the run before, which
    changes nothing but the time it takes. The order of rows does not matter.

    Raises:
        ValueError: an override line that cannot be read.
    """
    decided = manual.read(overrides)
    named, pointing = read_mentions(mentions)
    book = Book()
    fill(book, named)
    competing, defined = read_short_forms(book, named, definitions, memory)
    count(book, named)
    forbidden = _forbidden(book, decided)
    home, reasons = _link(book, named, forbidden, competing, defined, memory)
    birth, known_after = births(book, home, known or {})
    final = united(book, home, birth, decided)
    return _write(book, named, pointing, documents, home, birth, final, known_after, decided, reasons)


def _forbidden(book: Book, decided: Sequence[manual.Override]) -> frozenset[tuple[int, int]]:
    by_key: defaultdict[str, list[Name]] = defaultdict(list)
    for name in book.names:
        by_key[name.key].append(name)
    return frozenset(
        (a.index, b.index)
        for line in decided
        if line.action == "different"
        for a in by_key[line.key.removeprefix("the ")]
        for b in by_key[line.other_key.removeprefix("the ")]
        if a.index != b.index
    )


def _link(
    book: Book,
    named: list[Mention],
    forbidden: frozenset[tuple[int, int]],
    competing: Mapping[tuple[str, int], list[int]],
    defined: Mapping[int, set[int]],
    memory: Memory | None,
) -> tuple[dict[int, Any], list[Row]]:
    """Clusters of names, and the rows that say why."""
    judge = Judge(book, memory)
    score = judge.score
    order = {name.index: rank for rank, name in enumerate(sorted(book.names, key=lambda name: (name.group, name.key)))}
    strong = sorted(
        (name.index for name in book.names if not shortforms.is_short(name.text, name.group)), key=order.__getitem__
    )
    weak = sorted(
        (name.index for name in book.names if shortforms.is_short(name.text, name.group) and name.n),
        key=order.__getitem__,
    )
    weight = {name.index: name.n for name in book.names}
    reasons = Reasons(book)
    edges: list[Edge] = []
    rank_of = sorted(book.names, key=lambda name: order[name.index])
    ranked = {name.index: rank for rank, name in enumerate(rank_of)}
    blocks = candidate_blocks((ranked[i], book.names[i].text, book.names[i].group) for i in strong)
    for x, y, value in judge.pairs(blocks, lambda rank: rank_of[rank].index):
        if value >= SAME:
            edges.append(Edge(value, x, y))
        else:
            reasons.apart(rank_of[x].index, rank_of[y].index, value)
    barred = frozenset((ranked[a], ranked[b]) for a, b in forbidden)
    linked = clusters(
        [ranked[i] for i in strong],
        edges,
        lambda x, y: score(rank_of[x].index, rank_of[y].index),
        {ranked[i]: weight[i] for i in weight},
        barred,
    )
    cluster = {rank_of[x].index: rank_of[y].index for x, y in linked.items()}
    for edge in edges:
        a, b = rank_of[edge.a].index, rank_of[edge.b].index
        reasons.judged(a, b, edge.score, cluster[a] == cluster[b])
    for (_document_id, short), fulls in sorted(competing.items()):
        for full in fulls:
            reasons.add(
                short, full, "unsure", "several in one document", score(short, full), f"{len(fulls)} candidates"
            )
    settler = Settler(book, named, cluster, judge, forbidden, defined, order, reasons)
    return settler.settle(weak), reasons.rows


def _write(
    book: Book,
    named: list[Mention],
    pointing: Mapping[str, str | None],
    documents: Any,
    home: Mapping[int, Any],
    birth: Mapping[Unit, str],
    final: Mapping[str, str],
    known: Mapping[str, str],
    decided: Sequence[manual.Override],
    reasons: list[Row],
) -> Resolution:
    """The rows of the two tables, and every mention's entity."""
    seen_on = _first_seen(documents)
    entity_of: dict[str, str | None] = {}
    found: dict[str, Found] = {}
    everywhere: dict[int, str] = {}  # name to entity, where it does not differ by document
    for mention in named:
        entity_id = everywhere.get(mention.name)
        if entity_id is None:
            entity_id = final[birth[unit_of(home, mention.name, mention.document_id)]]
            if not isinstance(home.get(mention.name), dict):
                everywhere[mention.name] = entity_id
        entity_of[mention.mention_id] = entity_id
        entity = found.get(entity_id)
        if entity is None:
            entity = found[entity_id] = Found()
        entity.names[mention.text] = entity.names.get(mention.text, 0) + 1
        entity.types[mention.type] = entity.types.get(mention.type, 0) + 1
        if not entity.documents or entity.documents[-1] != mention.document_id:  # mentions are in order of document
            entity.documents.append(mention.document_id)
        entity.n += 1
    for mention_id in pointing:
        entity_of[mention_id] = _followed(mention_id, pointing, entity_of)
        if (followed := entity_of[mention_id]) is not None:
            found[followed].n += 1
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for entity_id, entity in found.items():
        for text in entity.names:
            by_name[book.fold(text)].add(entity_id)
    shown: dict[str, Row] = {}
    for entity_id in sorted(found):
        entity = found[entity_id]
        kind = max(entity.types.items(), key=lambda item: (item[1], item[0]))[0]
        names = _on_one_line(entity.names)
        aliases = [text for text, _ in sorted(names.items(), key=lambda item: (-item[1], item[0]))]
        shown[entity_id] = {
            "entity_id": entity_id,
            "name": _best_name(aliases, names, kind),
            "type": kind,
            "aliases": aliases,
            "n_mentions": entity.n,
            "n_documents": len(entity.documents),
            "first_document_id": min(entity.documents, key=lambda d: (seen_on.get(d) or date.max, d)),
            "wikidata_id": None,
        }
    _apply(decided, shown, by_name)
    merges = _merge_rows(home, birth, final, reasons, decided, by_name, shown)
    redirects = {born: kept for born, kept in final.items() if born != kept}
    in_use = set(final.values())
    redirects.update(superseded(book, home, birth, final, known, in_use))
    return Resolution(list(shown.values()), merges, entity_of, known, dict(sorted(redirects.items())))


def _followed(mention_id: str, pointing: Mapping[str, str | None], entity_of: Mapping[str, str | None]) -> str | None:
    """The entity at the end of a chain of antecedents, null when it ends nowhere or runs in a circle."""
    visited: set[str] = set()
    at: str | None = mention_id
    while at is not None and at in pointing and at not in visited:
        visited.add(at)
        at = pointing[at]
    return entity_of.get(at) if at is not None and at not in pointing else None


def _first_seen(documents: Any) -> dict[str, date | None]:
    ids, dates = columns(documents, "document_id", "published_on")
    return {document_id: day if isinstance(day, date) else None for document_id, day in zip(ids, dates, strict=True)}


def _on_one_line(names: Mapping[str, int]) -> dict[str, int]:
    """Names without the line ends and double blanks that they were written with, counted together."""
    found: dict[str, int] = {}
    for text, n in names.items():
        written = " ".join(text.split())
        found[written] = found.get(written, 0) + n
    return found


def _best_name(aliases: Sequence[str], counts: Mapping[str, int], kind: str) -> str:
    """The alias to show: a full name before a short one, then the most frequent; capitals throughout come last."""
    if len(aliases) == 1:
        return aliases[0]

    def rank(text: str) -> tuple[Any, ...]:
        full = not shortforms.is_short(text, group_of(kind))
        shouting = text.isupper() and len(text) > 5
        return (shouting, not full if kind == "PERSON" else 0, -counts[text], -len(text), text)

    return min(aliases, key=rank)


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
    home: Mapping[int, Any],
    birth: Mapping[Unit, str],
    final: Mapping[str, str],
    reasons: Sequence[Row],
    decided: Sequence[manual.Override],
    by_name: Mapping[str, set[str]],
    shown: Mapping[str, Row],
) -> list[Row]:
    """The rows of ``entity_merges``: one a pair and decision, with the entity of the first name; a person's decisions on top."""
    rows: dict[tuple[str, str, str, str], Row] = {}
    for reason in reasons:
        homes = [home.get(index, index) for index in reason["entity_id"]]
        homes_ids = (final[birth[where, ""]] for where in homes if not isinstance(where, dict) and (where, "") in birth)
        entity_id = next((found for found in homes_ids if found in shown), None)
        row = {**reason, "entity_id": entity_id}
        rows.setdefault((row["name_a"], row["name_b"], row["decision"], row["rule"]), row)
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
