"""Names that say little (a surname, initials, an acronym) settled after full names were clustered, and every decision's reason."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from pipelines.ingest.document import Row
from pipelines.lexicon import entries
from pipelines.resolve.blocking import candidate_blocks, coarse, keys
from pipelines.resolve.bodies import acronym_letters, acronym_values, initials
from pipelines.resolve.book import Book, Mention, Name
from pipelines.resolve.judging import Judge
from pipelines.resolve.linkage import VETO, Edge, clusters
from pipelines.resolve.names import SAME
from pipelines.resolve.persons import Person, is_common_surname, is_given_name, person, surnames_alike
from pipelines.resolve.places import is_country
from pipelines.resolve.romanise import fold

NOTEWORTHY = 0.1  # below, two names are not even alike
UNSURE = 0.4
KEPT_APART = 5  # pairs on record for one name of those that were found different
LOOKED_AT = 200  # documents of an entity whose other names are looked at
CANDIDATES = 8  # pairs on record for one name that may belong to several entities


class Reasons:
    """The rows of ``entity_merges``, collected while names are compared; ids are filled in at the end."""

    def __init__(self, book: Book) -> None:
        """No reasons yet."""
        self.book = book
        self.rows: list[Row] = []
        self._kept_apart: Counter[int] = Counter()

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
            one, other = self.book.names[a], self.book.names[b]
            dated = renaming_of(one, other)
            rule = "old and new names" if dated else rule_of(one, other)
            self.add(a, b, "same", rule, score, "; ".join([*dated, spread_of(one, other)]))
        else:
            self.add(a, b, "different", "cluster veto", score, "alike, but other names of the two clusters are not")

    def apart(self, a: int, b: int, score: float) -> None:
        """Two names that share letters but not enough; of those that surely differ, a few for each name are enough."""
        if score >= NOTEWORTHY and (score >= UNSURE or max(self._kept_apart[a], self._kept_apart[b]) < KEPT_APART):
            self._kept_apart.update((a, b))
            decision, rule = ("unsure", "names do not decide") if score >= UNSURE else ("different", "names differ")
            self.add(a, b, decision, rule, score, spread_of(self.book.names[a], self.book.names[b]))


def rule_of(a: Name, b: Name) -> str:
    if a.key == b.key:
        return "same letters"
    if a.group == "PERSON":
        return "spellings of one name"
    if a.group == "PLACE":
        return "names of one place"
    return "acronym" if acronym_letters(a.text) or acronym_letters(b.text) else "words of one name"


@cache
def _renamings() -> dict[str, str]:
    """Folded old name of a place or body to when it changed (``renamed 2018``)."""
    return {
        fold(row["form"]): row["source"].removeprefix("own: ")
        for lexicon in ("place_names", "organisation_names")
        for row in entries(lexicon)
        if row["source"].startswith("own: renamed")
    }


def renaming_of(a: Name, b: Name) -> list[str]:
    """What lexicons say of when one of the two names was given up; empty where they say nothing."""
    if a.group not in ("ORG", "PLACE"):
        return []
    return [f"{name.text}: {_renamings()[name.key]}" for name in (a, b) if name.key in _renamings()]


def spread_of(a: Name, b: Name) -> str:
    both = len(set(a.documents).intersection(b.documents))
    return f"{a.n} and {b.n} mentions in {len(a.documents)} and {len(b.documents)} documents, {both} shared"


class Settler:
    """Settles names that say little: each joins the one cluster that fits, by name or by the company it keeps."""

    def __init__(
        self,
        book: Book,
        named: list[Mention],
        cluster: dict[int, int],
        judge: Judge,
        forbidden: frozenset[tuple[int, int]],
        defined: Mapping[int, set[int]],
        order: Mapping[int, int],
        reasons: Reasons,
    ) -> None:
        """Prepares the indexes of full names by surname, by acronym and by word."""
        self.book, self.named, self.cluster, self.judge = book, named, cluster, judge
        self.forbidden, self.defined, self.order, self.reasons = forbidden, defined, order, reasons
        self._by_surname: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        for index in cluster:
            name = book.names[index]
            if name.group == "PERSON":
                surname = person(name.text).surname[-1]
                self._by_surname[coarse(surname.split()[-1])].setdefault(surname, []).append(index)
            elif name.group == "ORG":
                for key in dict.fromkeys((*keys(name.text, "ORG"), *("=" + short for short in initials(name.text)))):
                    self._by_key[key].append(index)
        telling = {
            index: found
            for index, found in cluster.items()
            if not (book.names[index].group == "NORP" or is_country(book.names[index].text))
        }
        self.company: defaultdict[str, set[int]] = defaultdict(set)
        for mention in named:
            if mention.name in telling:
                self.company[mention.document_id].add(telling[mention.name])
        self._found_in: defaultdict[int, list[str]] = defaultdict(list)
        for document_id in sorted(self.company):
            for found in self.company[document_id]:
                self._found_in[found].append(document_id)
        self._beside = lru_cache(maxsize=1 << 10)(self._company_of)

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
        explained = {
            self.cluster[other]: (0.8, other) for other in sorted(self.defined.get(index, ())) if other in self.cluster
        }
        if explained:
            return explained
        if name.group == "PERSON":
            found = self._of_surname(person(name.text))
        else:
            short = acronym_letters(name.text)
            found = set(self._by_key.get("=" + short, ()))
            for meaning in acronym_values().get(short, ()):
                for key in keys(meaning, "ORG"):
                    found.update(self._by_key.get(key, ()))
        fits: dict[int, tuple[float, int]] = {}
        barred: set[int] = set()
        ordered = sorted(found, key=self.order.__getitem__)
        for other, alike in zip(ordered, self.judge.against(index, ordered), strict=True):
            if (index, other) in self.forbidden or (other, index) in self.forbidden:
                barred.add(self.cluster[other])
                continue
            if alike >= 0.4:
                best = fits.get(self.cluster[other])
                if best is None or alike > best[0]:
                    fits[self.cluster[other]] = (alike, other)
            elif alike <= VETO and name.group == "PERSON" and person(name.text).given:
                barred.add(self.cluster[other])
        return {c: fit for c, fit in fits.items() if c not in barred}

    def _of_surname(self, who: Person) -> set[int]:
        """Full names that may be meant; those of a surname too far from a bare surname cannot be."""
        if not who.surname:
            return set()
        surname = who.surname[-1]
        return {
            index
            for other, indices in self._by_surname.get(coarse(surname.split()[-1]), {}).items()
            if who.given or surnames_alike(surname, other)
            for index in indices
        }

    def _chosen(self, index: int, fits: Mapping[int, tuple[float, int]]) -> Any:
        """The cluster, when one fits well; else by document: the cluster whose company the document keeps, or its own."""
        name = self.book.names[index]
        well = {c: fit for c, fit in fits.items() if fit[0] >= SAME}
        if len(fits) == 1 and well:
            (found, (value, other)) = next(iter(well.items()))
            self.reasons.add(
                index, other, "same", "only full name that fits", value, spread_of(name, self.book.names[other])
            )
            return found
        placed: dict[str, Any] = {}
        beside: defaultdict[int, list[int]] = defaultdict(list)
        for found in fits:
            for other in self._beside(found):
                beside[other].append(found)
        for document_id in sorted(name.documents):
            shared = self._common(self.company[document_id], beside)
            ranked = sorted(shared.items(), key=lambda item: (-item[1], self.order[item[0]]))
            top, weight = ranked[0] if ranked else (-1, 0.0)
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
        for _value, other in sorted(fits.values(), key=lambda fit: (-fit[0], self.order[fit[1]]))[:CANDIDATES]:
            self.reasons.add(
                index,
                other,
                "unsure",
                "several fit" if len(fits) > 1 else "common name",
                _value,
                f"{len(fits)} candidates",
            )
        return placed

    def _common(self, company: set[int], beside: Mapping[int, Sequence[int]]) -> dict[int, float]:
        """Cluster to how much of a document's company is found with it elsewhere, rare company weighing more."""
        shared: dict[int, float] = {}
        for other in sorted(company):
            for cluster in beside.get(other, ()):
                if other != cluster:
                    shared[cluster] = shared.get(cluster, 0.0) + 1.0 / (1 + 0.1 * len(self._found_in[other]))
        return shared

    def _company_of(self, cluster: int) -> frozenset[int]:
        return frozenset(
            other for document_id in self._found_in[cluster][:LOOKED_AT] for other in self.company[document_id]
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
        blocks = candidate_blocks(
            (rank, self.book.names[i].text, self.book.names[i].group) for rank, i in enumerate(ranked)
        )
        for x, y, value in self.judge.pairs(blocks, ranked.__getitem__):
            if value >= SAME:
                edges.append(Edge(value, x, y))
        position = {index: rank for rank, index in enumerate(ranked)}
        barred = frozenset((position[a], position[b]) for a, b in self.forbidden if a in position and b in position)
        weight = {rank: self.book.names[i].n for rank, i in enumerate(ranked)}
        linked = clusters(
            range(len(ranked)), edges, lambda x, y: self.judge.score(ranked[x], ranked[y]), weight, barred
        )
        for edge in edges:
            self.reasons.judged(ranked[edge.a], ranked[edge.b], edge.score, linked[edge.a] == linked[edge.b])
        home.update({ranked[x]: ranked[y] for x, y in linked.items()})
        return home
