"""Names that say little (a surname, initials, an acronym) settled after full names were clustered."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.resolve.alike.bodies import acronym_letters, acronym_values
from pipelines.resolve.alike.names import SAME
from pipelines.resolve.alike.persons import person, says_little
from pipelines.resolve.clusters.blocking import keys
from pipelines.resolve.clusters.columns import lists
from pipelines.resolve.clusters.joining import Joiner
from pipelines.resolve.clusters.linkage import VETO
from pipelines.resolve.clusters.surnames import FullNames
from pipelines.resolve.memory import Memory

LOOKED_AT = 200  # documents of an entity whose other names are looked at
CANDIDATES = 8  # pairs on record for one name that may belong to several entities


class Settler:
    """Settles names that say little: each joins the one cluster that fits, by name or by the company it keeps."""

    def __init__(self, joiner: Joiner, cluster: dict[int, int], defined: Mapping[int, set[int]]) -> None:
        """Prepares who keeps company with whom. ``cluster``: full name to the first name of its cluster."""
        self.joiner, self.cluster, self.defined = joiner, cluster, defined
        self.book, self.told, self.reasons = joiner.book, joiner.told, joiner.reasons
        self.rank: list[int] = joiner.rank.tolist()
        place = np.full(len(self.book.names), -1, dtype=np.int64)
        place[list(cluster)] = list(cluster.values())
        place[~self.told.telling] = -1
        found, document = place[self.book.mentions.name], self.book.mentions.document
        found, document = found[found >= 0], document[found >= 0]
        self._company = lists(document, found, len(self.book.mentions.documents))
        self._found_in = lists(found, document, len(self.book.names))
        self._weight = 1.0 / (1 + 0.1 * self._found_in.lengths)
        """How much being found with an entity tells: rare company more."""
        self._beside: dict[int, npt.NDArray[np.int32]] = {}
        self._marked = np.zeros(len(self.book.names), dtype=np.bool_)

    def settle(self, weak: Sequence[int], memory: Memory) -> dict[int, Any]:
        """Name index to its cluster, or to a mapping from document id to cluster for a name that differs by document."""
        home: dict[int, Any] = dict(self.cluster)
        alone: list[int] = []
        people = FullNames(self.book, self.cluster, self.told, weak, memory)
        bodies = self._bodies([index for index in weak if self.book.names[index].group == "ORG"])
        for index in weak:
            fits = self._fitting(index, people, bodies)
            if not fits:
                alone.append(index)
                continue
            home[index] = self._chosen(index, fits)
        home.update(self._among_themselves(alone))
        return home

    def _bodies(self, short: Sequence[int]) -> dict[int, set[int]]:
        """The full names of bodies that each short one may stand for."""
        told, found = self.told, {}
        wanted: dict[str, list[int]] = {}
        for index in short:
            letters = acronym_letters(self.book.names[index].text)
            found[index] = set(told.acronyms.get(letters, ()))
            for meaning in acronym_values().get(letters, ()):
                for key in keys(meaning, "ORG"):
                    if key.startswith("="):
                        found[index].update(told.acronyms.get(key[1:], ()))
                    wanted.setdefault(f"ORG|{key}", []).append(index)
        asked = list(wanted)
        at_in_asked = pc.fill_null(pc.index_in(told.spelled, pa.array(asked, pa.large_string())), -1).to_numpy()
        number = {at: asked[at_in_asked[at]] for at in np.flatnonzero(at_in_asked >= 0).tolist()}
        owner, key_of = told.keys.of(np.arange(len(self.book.names)))
        chosen = np.isin(key_of, list(number))
        for at, full in zip(key_of[chosen].tolist(), owner[chosen].tolist(), strict=True):
            if full in self.cluster:
                for index in wanted[number[at]]:
                    found[index].add(full)
        return found

    def _fitting(self, index: int, people: FullNames, bodies: Mapping[int, set[int]]) -> dict[int, tuple[float, int]]:
        """Clusters this name may belong to: cluster to (score, the name in it that fits best)."""
        name = self.book.names[index]
        explained = {
            self.cluster[other]: (0.8, other) for other in sorted(self.defined.get(index, ())) if other in self.cluster
        }
        if explained:
            return explained
        found = people.meant(index) if name.group == "PERSON" else bodies[index]
        fits: dict[int, tuple[float, int]] = {}
        barred: set[int] = set()
        ordered = sorted(found, key=self.rank.__getitem__)
        forbidden = self.joiner.forbidden
        for other, alike in zip(ordered, self.joiner.judge.against(index, ordered), strict=True):
            if (index, other) in forbidden or (other, index) in forbidden:
                barred.add(self.cluster[other])
                continue
            if alike >= 0.4:
                best = fits.get(self.cluster[other])
                if best is None or alike > best[0]:
                    fits[self.cluster[other]] = (alike, other)
            elif alike <= VETO and name.group == "PERSON" and person(name.text).given:
                barred.add(self.cluster[other])
        return {c: fit for c, fit in fits.items() if c not in barred}

    def _chosen(self, index: int, fits: Mapping[int, tuple[float, int]]) -> Any:
        """The cluster, when one fits well; else by document: the cluster whose company the document keeps, or its own."""
        well = {c: fit for c, fit in fits.items() if fit[0] >= SAME}
        if len(fits) == 1 and well:
            (found, (value, other)) = next(iter(well.items()))
            self.reasons.add(index, other, "same", "only full name that fits", value)
            return found
        placed: dict[str, Any] = {}
        for document_id, cluster, weight in self._by_company(index, sorted(fits, key=self.rank.__getitem__)):
            placed[document_id] = cluster
            if cluster is not None:
                score, other = fits[cluster]
                evidence = f"{weight:.1f} names shared with its other documents"
                self.reasons.add(index, other, "same", "company in the document", score, evidence)
        rule = "several fit" if len(fits) > 1 else "common name"
        for value, other in sorted(fits.values(), key=lambda fit: (-fit[0], self.rank[fit[1]]))[:CANDIDATES]:
            self.reasons.add(index, other, "unsure", rule, value, f"{len(fits)} candidates")
        return placed

    def _by_company(self, index: int, candidates: Sequence[int]) -> Iterator[tuple[str, int | None, float]]:
        """For each document of a name: the candidate that is clearly found most with the company it has there, and how much."""
        documents = self.book.found_in[index]
        at, company = self._company.of(documents)
        shared = np.zeros((len(candidates), len(documents)))
        for row, cluster in enumerate(candidates):
            beside = self._company_of(cluster)
            self._marked[beside] = True
            both = self._marked[company] & (company != cluster)
            self._marked[beside] = False
            shared[row] = np.bincount(at[both], self._weight[company[both]], len(documents))
        top = shared.argmax(axis=0)
        weights = np.sort(np.vstack((np.zeros(len(documents)), shared)), axis=0)
        chosen = (weights[-1] >= 1.0) & (weights[-1] >= 2 * weights[-2])
        for document_id, row, is_clear, weight in zip(
            self.book.documents_of(index), top.tolist(), chosen.tolist(), weights[-1].tolist(), strict=True
        ):
            yield document_id, candidates[row] if is_clear else None, weight

    def _company_of(self, cluster: int) -> npt.NDArray[np.int32]:
        """What is found in the documents of an entity, as often as it is."""
        found = self._beside.get(cluster)
        if found is None:
            documents = self._found_in[cluster][:LOOKED_AT]
            found = self._beside[cluster] = self._company.of(documents)[1].astype(np.int32)
        return found

    def _among_themselves(self, alone: Sequence[int]) -> dict[int, Any]:
        """Surnames and acronyms that no full name explains: spellings of one together; common and given names stay local."""
        home: dict[int, Any] = {}
        shared: list[int] = []
        for index in alone:
            name = self.book.names[index]
            if name.group == "PERSON" and says_little(person(name.text)):
                home[index] = dict.fromkeys(self.book.documents_of(index))
            else:
                shared.append(index)
        home.update(self.joiner.clusters(np.array(shared, dtype=np.int64), with_those_apart=False))
        return home
