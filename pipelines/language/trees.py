"""Arc scores to the best dependency tree: one root, no cycle (Chu and Liu 1965, Edmonds 1967)."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

_NEVER = -1e12
_TRIED = 3
"""Roots that are tried, at most: a sentence has two now and then, and nonsense has any number."""


def best_tree(scores: Floats) -> Ints:
    """The head of every word, 0 being the root, of the best tree in which exactly one word hangs on the root.

    ``scores[dependent, head]`` has a row and a column for the root, both first. The best heads one by one make such a
    tree for six sentences of seven, and are then the answer; only the others need the algorithm. Where the best tree
    has several roots, the likeliest of them are tried as the only one.
    """
    if not np.isfinite(scores).all():
        scores = np.nan_to_num(scores, nan=0.0, posinf=1e4, neginf=-1e4)
    weights = scores.astype(np.float64)
    np.fill_diagonal(weights, _NEVER)
    heads: Ints = weights[1:].argmax(axis=1)
    if is_tree(heads):
        return heads
    best = _spanning(weights)[1:]
    roots = np.flatnonzero(best == 0)
    if len(roots) == 1:
        return best
    likely = roots[np.argsort(-weights[roots + 1, 0], kind="stable")][:_TRIED]
    trees = [_rooted(weights, int(root)) for root in likely]
    words = np.arange(len(best))
    return max(trees, key=lambda tree: float(weights[words + 1, tree].sum()))


def _rooted(weights: Floats, root: int) -> Ints:
    """The best tree in which the word ``root`` (counted from 0) hangs on the root, and no other."""
    only = weights.copy()
    only[1:, 0] = _NEVER
    only[root + 1] = _NEVER
    only[root + 1, 0] = 0.0
    return _spanning(only)[1:]


def is_tree(heads: Ints) -> bool:
    """Whether one word has head 0 and every word's chain of heads ends there."""
    if int((heads == 0).sum()) != 1:
        return False
    above = np.concatenate([[0], heads])
    for _ in range(len(heads).bit_length()):  # each turn doubles the steps taken
        above = above[above]
    return not above.any()


def _spanning(weights: Floats) -> Ints:
    """Heads of the maximum spanning tree from node 0: contract a cycle, solve the rest, open the cycle again."""
    size = len(weights)
    heads: Ints = weights.argmax(axis=1)
    heads[0] = 0
    cycle = _cycle(heads)
    if cycle is None:
        return heads
    inside = np.zeros(size, bool)
    inside[cycle] = True
    rest = np.flatnonzero(~inside)
    last = len(rest)
    smaller = np.full((last + 1, last + 1), _NEVER)
    smaller[:last, :last] = weights[np.ix_(rest, rest)]
    entering = weights[np.ix_(cycle, rest)] - weights[cycle, heads[cycle]][:, None]
    smaller[last, :last] = entering.max(axis=0)
    leaving = weights[np.ix_(rest, cycle)]
    smaller[:last, last] = leaving.max(axis=1)
    smaller[0] = _NEVER
    solved = _spanning(smaller)
    result = heads.copy()
    for at in range(1, last):
        result[rest[at]] = rest[solved[at]] if solved[at] < last else cycle[leaving[at].argmax()]
    result[cycle[entering[:, solved[last]].argmax()]] = rest[solved[last]]
    return result


def _cycle(heads: Ints) -> Ints | None:
    """The nodes of one cycle, if there is one."""
    seen = [0] * len(heads)
    for start in range(1, len(heads)):
        at = start
        while at and not seen[at]:
            seen[at] = start
            at = int(heads[at])
        if at and seen[at] == start:
            nodes = [at]
            while heads[nodes[-1]] != at:
                nodes.append(int(heads[nodes[-1]]))
            return np.array(nodes)
    return None
