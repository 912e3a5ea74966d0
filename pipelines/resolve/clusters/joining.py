"""Names of one kind put together: compared where they share a key, then clustered."""

from dataclasses import dataclass

import numpy as np

from pipelines.resolve.alike.names import SAME
from pipelines.resolve.clusters.blocking import candidate_blocks
from pipelines.resolve.clusters.book import Book
from pipelines.resolve.clusters.columns import Numbers
from pipelines.resolve.clusters.judging import Judge
from pipelines.resolve.clusters.linkage import Edge, clusters
from pipelines.resolve.clusters.name_facts import Told
from pipelines.resolve.clusters.reasons import Reasons


@dataclass(frozen=True, slots=True)
class Joiner:
    """What joining names takes. ``rank``: the place of each name in the order of the folded names; ``at``: back again."""

    book: Book
    told: Told
    rank: Numbers
    at: Numbers
    judge: Judge
    forbidden: frozenset[tuple[int, int]]
    reasons: Reasons

    def clusters(self, names: Numbers, with_those_apart: bool) -> dict[int, int]:
        """Name to the first name of its cluster. ``with_those_apart``: pairs that are not alike go on record too."""
        at = self.at
        blocks = candidate_blocks(self.told.keys, self.told.spelled, names, self.rank)
        ones, others, scores = self.judge.pairs(blocks)
        alike = scores >= SAME
        if with_those_apart:
            self.reasons.apart(at[ones[~alike]], at[others[~alike]], scores[~alike])
        edges = [
            Edge(score, x, y)
            for x, y, score in zip(ones[alike].tolist(), others[alike].tolist(), scores[alike].tolist(), strict=True)
        ]
        linked = np.unique(np.concatenate((ones[alike], others[alike])))
        ranks = linked.tolist()
        weight = {rank: self.book.names[index].n for rank, index in zip(ranks, at[linked].tolist(), strict=True)}
        inside = set(names.tolist())
        barred = frozenset(
            (int(self.rank[a]), int(self.rank[b])) for a, b in self.forbidden if a in inside and b in inside
        )
        found = clusters(ranks, edges, self.judge.score_of_ranks, weight, barred)
        cluster = {index: index for index in names.tolist()}
        cluster.update(zip(at[linked].tolist(), at[[found[rank] for rank in ranks]].tolist(), strict=True))
        for edge in edges:
            a, b = int(at[edge.a]), int(at[edge.b])
            self.reasons.judged(a, b, edge.score, cluster[a] == cluster[b])
        return cluster
