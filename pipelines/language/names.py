"""Scores of BIO tags to names: first where a name stands, then of which type it is as a whole."""

import numpy as np
from numpy.typing import NDArray

from pipelines.language.labels import Labels

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

_OUTSIDE, _BEGINS, _INSIDE = 0, 1, 2
_NEVER = -1e6


def best_names(scores: Floats, starts: NDArray[np.bool_], labels: Labels) -> Ints:
    """The name tag of each word, from scores ``[words, tags]``; ``starts`` is true where a sentence starts.

    Doubt about the type is no doubt about the name: a word begins a name, goes on with one or stands outside by the best
    score of any type, along the best path on which no name crosses a sentence's start. Then a name's words choose its
    type together.
    """
    begins = [at for at, name in enumerate(labels.names) if name.startswith("B-")]
    inside = [labels.names.index(f"I-{labels.names[at][2:]}") for at in begins]
    outside = labels.names.index("O")
    parts = np.stack([scores[:, outside], scores[:, begins].max(axis=1), scores[:, inside].max(axis=1)], axis=1)
    path = _best_path(parts, starts)
    tags = np.full(len(scores), outside, np.int64)
    for first in np.flatnonzero(path == _BEGINS).tolist():
        end = first + 1
        while end < len(path) and path[end] == _INSIDE:
            end += 1
        kind = int((scores[first, begins] + scores[first + 1 : end, inside].sum(axis=0)).argmax())
        tags[first], tags[first + 1 : end] = begins[kind], inside[kind]
    return tags


def _best_path(parts: Floats, starts: NDArray[np.bool_]) -> Ints:
    """Outside, begins or inside for each word: inside only behind one of the other two that is no sentence apart."""
    best: Ints = parts.argmax(axis=1)
    fresh = starts.copy()
    fresh[0] = True
    alone = fresh | (np.roll(best, 1) == _OUTSIDE)
    if not ((best == _INSIDE) & alone).any():
        return best
    total = np.where([False, False, True], _NEVER, parts[0])
    came = np.zeros(parts.shape, np.int64)
    for at in range(1, len(parts)):
        through = np.repeat(total[:, None], 3, axis=1)
        through[slice(None) if fresh[at] else _OUTSIDE, _INSIDE] = _NEVER
        came[at] = through.argmax(axis=0)
        total = through.max(axis=0) + parts[at]
    best[-1] = total.argmax()
    for at in range(len(parts) - 1, 0, -1):
        best[at - 1] = came[at, best[at]]
    return best
