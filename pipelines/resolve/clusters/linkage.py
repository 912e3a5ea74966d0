"""Names put into clusters: average linkage with vetoes, so that weak links never chain two people together."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

SAME = 0.5
"""See ``alike.names.SAME``."""
VETO = 0.2  # at or below this, two names cannot be one entity whatever else links them
MEMBERS_COMPARED = 6
"""Spellings of a cluster, most frequent first, whose average decides; a bound for cost."""


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """Two names (indices) whose similarity was judged."""

    score: float
    a: int
    b: int


def clusters(
    members: Sequence[int],
    edges: Iterable[Edge],
    similarity: Callable[[int, int], float],
    weight: Mapping[int, int],
    forbidden: frozenset[tuple[int, int]] = frozenset(),
) -> dict[int, int]:
    """Member to the smallest member of its cluster.

    Edges are taken from the strongest down (ties by index). Two clusters join when the mean similarity between their most
    frequent members is at least 0.5, no pair of those is vetoed (0.2 or less), and no pair is ``forbidden``.
    The result does not depend on the order of the input. ``weight`` may leave out members that no edge has.
    """
    cluster_of = {member: member for member in members}
    edges = sorted((edge for edge in edges if edge.score >= SAME), key=lambda edge: (-edge.score, edge.a, edge.b))
    inside: dict[int, list[int]] = {member: [member] for edge in edges for member in (edge.a, edge.b)}
    barred: defaultdict[int, set[int]] = defaultdict(set)
    for a, b in forbidden:
        barred[a].add(b)
        barred[b].add(a)
    for edge in edges:
        one, two = cluster_of[edge.a], cluster_of[edge.b]
        if one == two:
            continue
        if len(inside[one]) > 1 or len(inside[two]) > 1:
            first, second = (sorted(inside[c], key=lambda m: (-weight[m], m))[:MEMBERS_COMPARED] for c in (one, two))
            scores = [similarity(a, b) for a in first for b in second]
            if min(scores) <= VETO or sum(scores) / len(scores) < SAME:
                continue
        if barred and any(other in barred[member] for member in inside[one] for other in inside[two]):
            continue
        keep, gone = min(one, two), max(one, two)
        inside[keep] += inside.pop(gone)
        for member in inside[keep]:
            cluster_of[member] = keep
    return cluster_of
