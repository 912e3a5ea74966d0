"""Entities: the names of all documents put together, one entity per person, body, place or thing, with the reasons.

In three steps. Inside a document, short forms are read with the help of its full names (``shortforms``). Across documents,
full names are compared where they share a key (``blocking``) and clustered by average linkage with vetoes (``linkage``).
Then names that say little (a surname, initials, an acronym) join the one cluster they fit; where several fit, the documents'
other names decide, and where those do not, the name stays its document's own entity with its candidates on record.
A wrong merge is worse than a missed one: it puts words into another person's mouth.

Ids are digests of what all spellings of a name share. ``known``, kept from run to run, makes them immovable.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.identity import digest
from pipelines.ingest.document import Row
from pipelines.lexicon import entries
from pipelines.resolve import overrides as manual
from pipelines.resolve import shortforms
from pipelines.resolve.blocking import candidate_pairs, coarse, keys
from pipelines.resolve.bodies import acronym_letters, acronym_values, body_words, initials, is_country, place_key
from pipelines.resolve.linkage import VETO, Edge, clusters
from pipelines.resolve.names import SAME, similarity
from pipelines.resolve.persons import given_family, is_common_surname, is_given_name, person
from pipelines.resolve.romanise import fold

GROUP = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "NORP": "NORP"}
ASKED_AS = {"PERSON": "PERSON", "ORG": "ORG", "PLACE": "GPE", "NORP": "NORP", "OTHER": "EVENT"}
PREVAILS = 3  # a name typed differently in other documents takes the type that outnumbers the rest by so much


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
class Name:
    """All mentions with the same folded letters and group, over all documents."""

    index: int
    group: str
    key: str
    text: str = ""
    n: int = 0
    surfaces: Counter[str] = field(default_factory=Counter)
    documents: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Mention:
    """One mention while it is being resolved. ``name`` is the index of its Name, after short forms were read."""

    mention_id: str
    document_id: str
    start: int
    text: str
    type: str
    name: int = -1
    written: int = -1
    """Index of the Name as written, before its short form was read."""


class Book:
    """The names, found by group and key."""

    def __init__(self) -> None:
        """An empty book."""
        self.names: list[Name] = []
        self._found: dict[tuple[str, str], int] = {}
        self._folded: dict[str, str] = {}

    def fold(self, text: str) -> str:
        """The folded text, remembered; a text of no letters or digits stands for itself."""
        folded = self._folded.get(text)
        if folded is None:
            folded = fold(text).removeprefix("the ") or text
            self._folded[text] = folded
        return folded

    def name(self, text: str, group: str) -> Name:
        """The name with this text's key, made when new."""
        key = self.fold(text)
        index = self._found.get((group, key))
        if index is None:
            index = len(self.names)
            self._found[group, key] = index
            self.names.append(Name(index, group, key, text))
        return self.names[index]


def resolve(
    mentions: Any,
    documents: Any,
    overrides: Sequence[Mapping[str, str]] = (),
    known: Mapping[str, str] | None = None,
    definitions: Iterable[Mapping[str, Any]] = (),
) -> Resolution:
    """Entities for the mentions of all documents.

    ``mentions``: a pandas or Arrow table with ``mention_id, document_id, start_char, text, type, form, antecedent_id``;
    ``documents`` with ``document_id`` and, when there, ``published_on`` (for where a name was first seen); ``overrides``: lines of
    ``seeds/lexicon/overrides.csv``; ``known``: of the run before; ``definitions``: rows of
    ``pipelines.extract.mentions.definitions_in``. The order of rows does not matter.

    Raises:
        ValueError: an override line that cannot be read.
    """
    decided = manual.read(overrides)
    named, pointing = _read(mentions)
    book = Book()
    merges: list[Row] = []
    _place_in_book(book, named)
    competing = _read_short_forms(book, named, definitions)
    _count(book, named)
    forbidden = _forbidden(book, decided)
    home, reasons = _link(book, named, forbidden, competing)
    birth, known_after = _births(book, home, known or {})
    final = _united(book, home, birth, decided)
    return _write(book, named, pointing, documents, home, birth, final, known_after, decided, reasons + merges)


def _columns(table: Any, *columns: str) -> list[list[Any]]:
    """The columns of a pandas or Arrow table as lists; a column that is not there is all null."""
    names = list(table.column_names) if hasattr(table, "column_names") else list(table.columns)
    length = table.num_rows if hasattr(table, "num_rows") else len(table)
    return [
        (table[c].to_pylist() if hasattr(table[c], "to_pylist") else table[c].tolist())
        if c in names
        else [None] * length
        for c in columns
    ]


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _read(mentions: Any) -> tuple[list[Mention], dict[str, str | None]]:
    """The named mentions in order of document and place, and the others: mention to antecedent."""
    named: list[Mention] = []
    pointing: dict[str, str | None] = {}
    table = _columns(mentions, "mention_id", "document_id", "start_char", "text", "type", "form", "antecedent_id")
    for mention_id, document_id, start, text, kind, form, antecedent in zip(*table, strict=True):
        if form in ("nominal", "pronoun"):
            pointing[mention_id] = _text_or_none(antecedent)
        else:
            named.append(Mention(mention_id, document_id, int(start), text, kind))
    named.sort(key=lambda m: (m.document_id, m.start, m.mention_id))
    return named, pointing


def _place_in_book(book: Book, named: list[Mention]) -> None:
    """Gives each mention its name, in the group that nearly all mentions of the same letters have."""
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mention in named:
        groups[book.fold(mention.text)][GROUP.get(mention.type, "OTHER")] += 1
    prevailing: dict[str, str] = {}
    for key, counts in groups.items():
        (top, n), *rest = counts.most_common()
        if rest and n >= PREVAILS * sum(count for _, count in rest):
            prevailing[key] = top
    with_full_name = {
        (m.document_id, word)
        for m in named
        if m.type == "PERSON" and " " in m.text
        for word in book.fold(m.text).split()
    }
    for mention in named:
        key, group = book.fold(mention.text), GROUP.get(mention.type, "OTHER")
        if key in prevailing and not (group == "PERSON" and (mention.document_id, key) in with_full_name):
            group = prevailing[key]
        mention.name = mention.written = book.name(mention.text, group).index


def _read_short_forms(
    book: Book, named: list[Mention], definitions: Iterable[Mapping[str, Any]]
) -> dict[tuple[str, int], list[int]]:
    """Moves mentions that a document's full names explain to those names; gives back the names that several explain."""
    defined: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in definitions:
        defined[row["document_id"]][row["short"]] = row["long"]
    competing: dict[tuple[str, int], list[int]] = {}
    start = 0
    while start < len(named):
        end = start
        while end < len(named) and named[end].document_id == named[start].document_id:
            end += 1
        part = named[start:end]
        document_id = part[0].document_id
        texts = [(m.text, book.names[m.name].group) for m in part]
        if document_id in defined or any(
            shortforms.is_short(text, group) or group == "ORG" for text, group in set(texts)
        ):
            reading = shortforms.read(texts, defined.get(document_id, {}))
            for at, (full, _rule) in reading.meant.items():
                part[at].name = book.name(full, book.names[part[at].name].group).index
            for short, fulls in reading.candidates.items():
                competing[document_id, book.name(short, "PERSON").index] = [
                    book.name(full, "PERSON").index for full in fulls
                ]
        start = end
    return competing


def _count(book: Book, named: list[Mention]) -> None:
    for mention in named:
        name = book.names[mention.name]
        name.n += 1
        name.documents.add(mention.document_id)
        book.names[mention.written].surfaces[mention.text] += 1
    for name in book.names:
        if name.surfaces:
            name.text = max(name.surfaces.items(), key=lambda item: (item[1], not item[0].isupper(), item[0]))[0]


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


Home = dict[tuple[int, str], int]
"""(name index, document id or empty for every other document) to the index of the cluster's first name, or, for a name that
stays its document's own, to a negative number."""


def _link(
    book: Book,
    named: list[Mention],
    forbidden: frozenset[tuple[int, int]],
    competing: Mapping[tuple[str, int], list[int]],
) -> tuple[dict[int, Any], list[Row]]:
    """Clusters of names, and the rows that say why."""
    cache: dict[tuple[int, int], float] = {}

    def score(a: int, b: int) -> float:
        pair = (a, b) if a < b else (b, a)
        found = cache.get(pair)
        if found is None:
            found = similarity(book.names[a].text, book.names[b].text, ASKED_AS[book.names[a].group])
            cache[pair] = found
        return found

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
    judged = candidate_pairs([(ranked[i], book.names[i].text, book.names[i].group) for i in strong])
    for x, y in judged:
        a, b = rank_of[x].index, rank_of[y].index
        value = score(a, b)
        if value >= SAME:
            edges.append(Edge(value, x, y))
        elif value >= 0.4 or (value > 0.0 and book.names[a].group == "PERSON"):
            reasons.apart(a, b, value)
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
    return Weak(book, named, cluster, score, forbidden, competing, order, reasons).settle(weak), reasons.rows


class Reasons:
    """The rows of ``entity_merges``, collected while names are compared; ids are filled in at the end."""

    def __init__(self, book: Book) -> None:
        """No reasons yet."""
        self.book = book
        self.rows: list[Row] = []

    def add(self, a: int, b: int, decision: str, rule: str, score: float, evidence: str) -> None:
        """One decision on two names."""
        first, second = sorted((self.book.names[a], self.book.names[b]), key=lambda name: (name.group, name.key))
        self.rows.append(
            {
                "name_a": first.text,
                "name_b": second.text,
                "entity_id": (first.index, second.index),
                "decision": decision,
                "rule": rule,
                "score": round(score, 4),
                "evidence": evidence,
            }
        )

    def judged(self, a: int, b: int, score: float, together: bool) -> None:
        """Two names that are alike enough; together unless the rest of their clusters spoke against it."""
        if together:
            self.add(
                a,
                b,
                "same",
                _rule(self.book.names[a], self.book.names[b]),
                score,
                _shared(self.book.names[a], self.book.names[b]),
            )
        else:
            self.add(a, b, "different", "cluster veto", score, "alike, but other names of the two clusters are not")

    def apart(self, a: int, b: int, score: float) -> None:
        """Two names that share letters but not enough."""
        decision = "unsure" if score >= 0.4 else "different"
        self.add(
            a,
            b,
            decision,
            "names differ" if score <= VETO else "names do not decide",
            score,
            _shared(self.book.names[a], self.book.names[b]),
        )


def _rule(a: Name, b: Name) -> str:
    if a.key == b.key:
        return "same letters"
    if a.group == "PERSON":
        return "spellings of one name"
    if a.group == "PLACE":
        return "names of one place"
    return "acronym" if acronym_letters(a.text) or acronym_letters(b.text) else "words of one name"


def _shared(a: Name, b: Name) -> str:
    both = len(a.documents & b.documents)
    return f"{a.n} and {b.n} mentions in {len(a.documents)} and {len(b.documents)} documents, {both} shared"


class Weak:
    """Settles names that say little: each joins the one cluster that fits, by name or by the company it keeps."""

    def __init__(
        self,
        book: Book,
        named: list[Mention],
        cluster: dict[int, int],
        score: Any,
        forbidden: frozenset[tuple[int, int]],
        competing: Mapping[tuple[str, int], list[int]],
        order: Mapping[int, int],
        reasons: Reasons,
    ) -> None:
        """Prepares the indexes of full names by surname, by acronym and by word."""
        self.book, self.named, self.cluster, self.score = book, named, cluster, score
        self.forbidden, self.competing, self.order, self.reasons = forbidden, competing, order, reasons
        self.by_key: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for index in cluster:
            name = book.names[index]
            if name.group == "PERSON":
                who = person(name.text)
                for part in who.surname[-1].split()[-1:]:
                    self.by_key["PERSON", coarse(part)].add(index)
            elif name.group == "ORG":
                for key in keys(name.text, "ORG"):
                    self.by_key["ORG", key].add(index)
                for short in initials(name.text):
                    self.by_key["ORG", "=" + short].add(index)
        self.company: defaultdict[str, set[int]] = defaultdict(set)
        for mention in named:
            if mention.name in cluster and not (
                book.names[mention.name].group == "NORP" or is_country(book.names[mention.name].text)
            ):
                self.company[mention.document_id].add(cluster[mention.name])

    def settle(self, weak: Sequence[int]) -> dict[int, Any]:
        """Name index to its cluster, or to a mapping from document id to cluster for a name that differs by document."""
        home: dict[int, Any] = dict(self.cluster)
        alone: list[int] = []
        for index in weak:
            fits = self._fitting(index)
            if not fits:
                alone.append(index)
                continue
            home[index] = self._chosen(index, fits)
        home.update(self._among_themselves(alone))
        return home

    def _fitting(self, index: int) -> dict[int, tuple[float, int]]:
        """Clusters this name may belong to: cluster to (score, the name in it that fits best)."""
        name = self.book.names[index]
        if name.group == "PERSON":
            who = person(name.text)
            if not who.surname:
                return {}
            found = set(self.by_key["PERSON", coarse(who.surname[-1].split()[-1])])
        else:
            short = acronym_letters(name.text)
            found = set(self.by_key["ORG", "=" + short])
            for value in acronym_values().get(short, ()):
                for key in keys(value, "ORG"):
                    found |= self.by_key["ORG", key]
        fits: dict[int, tuple[float, int]] = {}
        barred: set[int] = set()
        for other in sorted(found, key=self.order.__getitem__):
            if (index, other) in self.forbidden or (other, index) in self.forbidden:
                barred.add(self.cluster[other])
                continue
            value = self.score(index, other)
            if value >= 0.4:
                best = fits.get(self.cluster[other])
                if best is None or value > best[0]:
                    fits[self.cluster[other]] = (value, other)
            elif value <= VETO and name.group == "PERSON" and person(name.text).given:
                barred.add(self.cluster[other])
        return {c: fit for c, fit in fits.items() if c not in barred}

    def _chosen(self, index: int, fits: Mapping[int, tuple[float, int]]) -> Any:
        """The cluster, when one fits well; else by document: the cluster whose company the document keeps, or its own."""
        name = self.book.names[index]
        well = {c: fit for c, fit in fits.items() if fit[0] >= SAME}
        if len(fits) == 1 and well:
            (found, (value, other)) = next(iter(well.items()))
            self.reasons.add(
                index, other, "same", "only full name that fits", value, _shared(name, self.book.names[other])
            )
            return found
        placed: dict[str, Any] = {}
        for document_id in sorted(name.documents):
            company = self.company[document_id]
            shared = {c: self._common(c, company) for c in fits}
            ranked = sorted(shared.items(), key=lambda item: (-item[1], self.order[item[0]]))
            top, weight = ranked[0]
            second = ranked[1][1] if len(ranked) > 1 else 0.0
            if weight >= 1.0 and weight >= 2 * second:
                placed[document_id] = top
                self.reasons.add(
                    index,
                    fits[top][1],
                    "same",
                    "company in the document",
                    fits[top][0],
                    f"{weight:.1f} names shared with its other documents",
                )
            else:
                placed[document_id] = None
        for _value, other in fits.values():
            self.reasons.add(
                index,
                other,
                "unsure",
                "several fit" if len(fits) > 1 else "common name",
                _value,
                f"{len(fits)} candidates",
            )
        return placed

    def _common(self, cluster: int, company: set[int]) -> float:
        """How much of a document's company is found with a cluster elsewhere, rare company weighing more."""
        if not hasattr(self, "_beside"):
            self._beside: defaultdict[int, Counter[int]] = defaultdict(Counter)
            self._spread: Counter[int] = Counter()
            for found in self.company.values():
                self._spread.update(found)
                for one in found:
                    if len(found) < 200:
                        self._beside[one].update(found)
        beside = self._beside[cluster]
        return sum(
            1.0 / (1 + 0.1 * self._spread[other]) for other in sorted(company) if other != cluster and beside[other]
        )

    def _among_themselves(self, alone: Sequence[int]) -> dict[int, Any]:
        """Surnames and acronyms that no full name explains: spellings of one together; common and given names stay local."""
        home: dict[int, Any] = {}
        shared: list[int] = []
        for index in alone:
            name = self.book.names[index]
            word = person(name.text).surname[-1] if name.group == "PERSON" and person(name.text).surname else ""
            if word and (is_given_name(word) or is_common_surname(word)):
                home[index] = dict.fromkeys(sorted(name.documents))
            else:
                shared.append(index)
        ranked = sorted(shared, key=self.order.__getitem__)
        edges = []
        for x, y in candidate_pairs(
            [(rank, self.book.names[i].text, self.book.names[i].group) for rank, i in enumerate(ranked)]
        ):
            value = self.score(ranked[x], ranked[y])
            if value >= SAME:
                edges.append(Edge(value, x, y))
        position = {index: rank for rank, index in enumerate(ranked)}
        barred = frozenset((position[a], position[b]) for a, b in self.forbidden if a in position and b in position)
        weight = {rank: self.book.names[i].n for rank, i in enumerate(ranked)}
        linked = clusters(range(len(ranked)), edges, lambda x, y: self.score(ranked[x], ranked[y]), weight, barred)
        for edge in edges:
            self.reasons.judged(ranked[edge.a], ranked[edge.b], edge.score, linked[edge.a] == linked[edge.b])
        home.update({ranked[x]: ranked[y] for x, y in linked.items()})
        return home


Unit = tuple[int, str]
"""A cluster of names (its first name's index, and an empty text) or a name that is its document's own (index, document id)."""


def _unit(home: Mapping[int, Any], name: int, document_id: str) -> Unit:
    where = home.get(name, name)
    if isinstance(where, dict):
        found = where.get(document_id)
        return (name, document_id) if found is None else (found, "")
    return (where, "")


def _id_key(book: Book, members: Sequence[int]) -> str:
    """What all spellings share and new documents rarely change: the same for Lukashenko and Łukaszenka."""
    found = []
    for index in members:
        name = book.names[index]
        if name.group == "PERSON":
            who = person(name.text)
            given = min(given_family(who.given[0])) if who.given and len(who.given[0]) > 1 else "~"
            found.append(f"{given} {coarse(who.surname[-1]) if who.surname else name.key}")
        elif name.group == "PLACE":
            found.append(place_key(name.text))
        elif name.group == "ORG":
            values = acronym_values().get(acronym_letters(name.text), ())
            text = values[0] if len(values) == 1 else name.text
            found.append(
                ("~" if acronym_letters(text) else "") + " ".join(sorted(body_words(text)[0] | body_words(text)[1]))
            )
        else:
            found.append(name.key)
    return min(found, key=lambda key: (key.startswith("~"), key))


def _births(book: Book, home: Mapping[int, Any], known: Mapping[str, str]) -> tuple[dict[Unit, str], dict[str, str]]:
    """The id of each cluster and local name, before overrides: the known one where there is one; and the register to keep."""
    members: defaultdict[Unit, list[int]] = defaultdict(list)
    registered: defaultdict[Unit, list[str]] = defaultdict(list)
    for name in book.names:
        if not name.n and not name.surfaces:
            continue
        where = home.get(name.index, name.index)
        if isinstance(where, dict):
            for document_id, found in where.items():
                unit = (name.index, document_id) if found is None else (found, "")
                members[unit].append(name.index)
                registered[unit].append(f"{name.group}|{name.key}|{document_id}")
        else:
            members[where, ""].append(name.index)
            registered[where, ""].append(f"{name.group}|{name.key}")
    ordered = sorted(members, key=lambda unit: (min(registered[unit]), unit[1]))
    claims = {unit: Counter(known[key] for key in registered[unit] if key in known) for unit in ordered}
    wanted = sorted(
        ((-count, min(registered[unit]), born, unit) for unit in ordered for born, count in claims[unit].items()),
        key=lambda claim: claim[:3],
    )
    birth: dict[Unit, str] = {}
    taken: set[str] = set()
    for _count, _key, born, unit in wanted:
        if unit not in birth and born not in taken:
            birth[unit] = born
            taken.add(born)
    reserved = set(known.values())
    for unit in ordered:
        if unit in birth:
            continue
        group, key = book.names[unit[0]].group, _id_key(book, sorted(set(members[unit])))
        parts: list[str] = [group, key, *([unit[1]] if unit[1] else [])]
        born = digest("entities", *parts)
        while born in taken or born in reserved:
            parts.append(min(registered[unit]))
            born = digest("entities", *parts)
        birth[unit] = born
        taken.add(born)
    register = dict(known)
    for unit in ordered:
        for key in registered[unit]:
            register.setdefault(key, birth[unit])
    return birth, dict(sorted(register.items()))


def _united(
    book: Book, home: Mapping[int, Any], birth: Mapping[Unit, str], decided: Sequence[manual.Override]
) -> dict[str, str]:
    """Birth id to entity id: the same, but where a person said that two are one."""
    parent = {born: born for born in birth.values()}

    def root(born: str) -> str:
        while parent[born] != born:
            born = parent[born]
        return born

    for line in decided:
        if line.action != "same":
            continue
        ones, others = (_units(book, home, birth, key, line.type) for key in (line.key, line.other_key))
        together = sorted({root(birth[unit]) for unit in ones | others}) if ones and others else []
        for born in together[1:]:
            parent[born] = together[0]
    return {born: root(born) for born in parent}


def _units(book: Book, home: Mapping[int, Any], birth: Mapping[Unit, str], key: str, kind: str | None) -> set[Unit]:
    key = key.removeprefix("the ")
    found: set[Unit] = set()
    for name in book.names:
        if name.key == key and (kind is None or GROUP.get(kind, "OTHER") == name.group):
            where = home.get(name.index, name.index)
            if isinstance(where, dict):
                found |= {_unit(home, name.index, document_id) for document_id in where}
            else:
                found.add((where, ""))
    return {unit for unit in found if unit in birth}


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
    found: dict[str, dict[str, Any]] = {}
    for mention in named:
        entity_id = final[birth[_unit(home, mention.name, mention.document_id)]]
        entity_of[mention.mention_id] = entity_id
        entity = found.setdefault(entity_id, {"names": Counter(), "types": Counter(), "documents": set(), "n": 0})
        entity["names"][mention.text] += 1
        entity["types"][mention.type] += 1
        entity["documents"].add(mention.document_id)
        entity["n"] += 1
    for mention_id in pointing:
        entity_of[mention_id] = _followed(mention_id, pointing, entity_of)
        if (entity_id := entity_of[mention_id]) is not None:
            found[entity_id]["n"] += 1
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for entity_id, entity in found.items():
        for text in entity["names"]:
            by_name[book.fold(text)].add(entity_id)
    shown: dict[str, Row] = {}
    for entity_id in sorted(found):
        entity = found[entity_id]
        kind = max(entity["types"].items(), key=lambda item: (item[1], item[0]))[0]
        aliases = [text for text, _ in sorted(entity["names"].items(), key=lambda item: (-item[1], item[0]))]
        shown[entity_id] = {
            "entity_id": entity_id,
            "name": _best_name(aliases, entity["names"], kind),
            "type": kind,
            "aliases": aliases,
            "n_mentions": entity["n"],
            "n_documents": len(entity["documents"]),
            "first_document_id": min(entity["documents"], key=lambda d: (seen_on.get(d) or date.max, d)),
            "wikidata_id": None,
        }
    _apply(decided, shown, by_name)
    merges = _merge_rows(home, birth, final, reasons, decided, by_name, shown)
    redirects = {born: kept for born, kept in final.items() if born != kept}
    in_use = set(final.values())
    redirects.update(_superseded(book, home, birth, final, known, in_use))
    return Resolution(list(shown.values()), merges, entity_of, known, dict(sorted(redirects.items())))


def _followed(mention_id: str, pointing: Mapping[str, str | None], entity_of: Mapping[str, str | None]) -> str | None:
    """The entity at the end of a chain of antecedents, null when it ends nowhere or runs in a circle."""
    visited: set[str] = set()
    at: str | None = mention_id
    while at is not None and at in pointing and at not in visited:
        visited.add(at)
        at = pointing[at]
    return entity_of.get(at) if at is not None and at not in pointing else None


def _superseded(
    book: Book,
    home: Mapping[int, Any],
    birth: Mapping[Unit, str],
    final: Mapping[str, str],
    known: Mapping[str, str],
    in_use: set[str],
) -> dict[str, str]:
    """Ids of earlier runs whose names now stand in an entity of another id."""
    moved: dict[str, str] = {}
    for name in book.names:
        where = home.get(name.index, name.index)
        pairs = (
            [(f"{name.group}|{name.key}|{d}", _unit(home, name.index, d)) for d in where]
            if isinstance(where, dict)
            else [(f"{name.group}|{name.key}", (where, ""))]
        )
        for key, unit in pairs:
            born = known.get(key)
            if born is not None and unit in birth and born not in in_use and born not in final:
                moved.setdefault(born, final[birth[unit]])
    return moved


def _first_seen(documents: Any) -> dict[str, date | None]:
    ids, dates = _columns(documents, "document_id", "published_on")
    return {document_id: day if isinstance(day, date) else None for document_id, day in zip(ids, dates, strict=True)}


def _best_name(aliases: Sequence[str], counts: Mapping[str, int], kind: str) -> str:
    """The alias to show: a full name before a short one, then the most frequent; capitals throughout come last."""

    def rank(text: str) -> tuple[Any, ...]:
        full = not shortforms.is_short(text, GROUP.get(kind, "OTHER"))
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
            if line.type is None or GROUP.get(shown[entity_id]["type"], "OTHER") == GROUP.get(line.type, "OTHER"):
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
        entity_id = next(
            (final[birth[where, ""]] for where in homes if not isinstance(where, dict) and (where, "") in birth), None
        )
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
    for metonym in entries("metonyms"):
        for entity_id in sorted(by_name.get(fold(metonym["form"]), ())):
            body = metonym["source"].removeprefix("own: ")
            rows[metonym["form"], body, "different", "metonym"] = {
                "name_a": metonym["form"],
                "name_b": body,
                "entity_id": entity_id,
                "decision": "different",
                "rule": "metonym",
                "score": 0.0,
                "evidence": f"{shown[entity_id]['name']} stands for the {body}",
            }
    return [rows[key] for key in sorted(rows)]
