"""Words of one block of text to labels: windows, sentences, trees and names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipelines.language.model import MAX_PIECES, Model, Reading
from pipelines.language.names import best_names
from pipelines.language.trees import best_tree

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Piece = tuple[list[int], int]

WINDOW_WORDS, WINDOW_PIECES = 110, 150
"""What the model was trained on. A sentence that does not end within it is read again in a window as long as it can."""

SURE = 4
"""A sentence start this close to a window's end is not believed: what tells it is not in sight."""

LONGEST = 500
"""Words from which on a sentence that no window sees the end of is ended at the next cut: what walks through a sentence for
each of its words would take the square of a text that never ends one. The longest sentence met in prose has 300."""

LITTLE, PATIENCE = 4, 2
"""Windows of which less than one in so many words was kept, and how many of them may follow one another: what the model
reads in another way from every start (numerals in a row) would else be read from every few words. Prose has one at a time."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Labels of the words of a block. ``heads[i]`` is a word of the block, ``i`` itself for a root."""

    tags: Ints
    names: Ints
    heads: Ints
    relations: Ints
    starts: NDArray[np.bool_]


_ENDS = frozenset({".", "!", "?", "..."})
_CLOSES = frozenset({'"', "'", "\u201d", "\u2019", ")", "]", "''"})


def analysed(words: Sequence[str], model: Model) -> Analysis:
    """Analyses words that belong to sentences of their own (a paragraph, a title).

    Longer blocks are read in windows, each from the sentence that the one before could not see the end of, so that no
    sentence is read without its end. Only a sentence too long for any window is cut; what follows the cut hangs on
    what stands before it (``parataxis``), so that it stays one sentence with one root, until it has ``LONGEST`` words. So is
    what ends anew in each window, a few words on.
    """
    n = len(words)
    found = Analysis(
        tags=np.zeros(n, np.int64),
        names=np.zeros(n, np.int64),
        heads=np.arange(n),
        relations=np.zeros(n, np.int64),
        starts=np.zeros(n, bool),
    )
    pieces = [model.pieces.of(word) for word in words]
    start, begun, root, n_little = 0, 0, -1, 0
    while start < n:
        begun = start if root < 0 else begun
        for end in _ends(words, pieces, start):
            reading = model.read(pieces[start:end])
            kept = _complete(reading, end - start, end == n)
            if kept:
                break
        n_little = n_little + 1 if 0 < kept * LITTLE < end - start else 0
        if n_little > PATIENCE:
            kept, n_little = 0, 0
        after = start + (kept or end - start)
        last_root = _fill(found, model, reading, start, after - start, root)
        root = -1 if kept or after - begun >= LONGEST else last_root
        start = after
    return found


def _ends(words: Sequence[str], pieces: Sequence[Piece], start: int) -> Iterator[int]:
    """Where a window from ``start`` might end, each further on than the one before; it is read until one suffices."""
    usual = _end(pieces, start, WINDOW_WORDS, WINDOW_PIECES)
    soon = _after_stop(words, start, usual)
    yield soon
    if soon < usual:
        yield usual
    longest = _end(pieces, start, MAX_PIECES, MAX_PIECES)
    if usual < longest:
        yield longest


def _end(pieces: Sequence[Piece], start: int, most_words: int, most_pieces: int) -> int:
    """The furthest end that both limits allow, and one word at least."""
    end, size = start, 0
    while end < len(pieces) and end - start < most_words:
        size += len(pieces[end][0])
        if size > most_pieces:
            break
        end += 1
    return max(end, start + 1)


def _after_stop(words: Sequence[str], start: int, end: int) -> int:
    """An end soon after the last stop in the window: what a later end cuts off would only be read again."""
    if end == len(words):
        return end
    for at in range(end - SURE, start + 1, -1):
        before = words[at - 2] if words[at - 1] in _CLOSES else words[at - 1]
        if before in _ENDS and not words[at][:1].islower() and words[at] not in _CLOSES:
            return at + SURE
    return end


def _complete(reading: Reading, length: int, last: bool) -> int:
    """How many words of a window belong to sentences whose end is in sight; 0 when that is none."""
    if last:
        return length
    starts = np.flatnonzero(reading.starts[1 : length - SURE + 1] > 0)
    return int(starts[-1]) + 1 if len(starts) else 0


def _fill(found: Analysis, model: Model, reading: Reading, start: int, length: int, root: int) -> int:
    """Writes the first ``length`` words of a window at ``start``; returns its last root.

    ``root`` is the word on which the window's first sentence hangs when that is the rest of a sentence, else -1.
    """
    inner = reading.starts[:length] > 0
    inner[0] = True
    borders = [*np.flatnonzero(inner).tolist(), length]
    found.tags[start : start + length] = reading.tags[:length]
    found.names[start : start + length] = best_names(reading.names[:length], inner, model.labels)
    found.starts[start : start + length] = inner
    heads = np.zeros(length, np.int64)
    for first, end in pairwise(borders):
        rows = np.concatenate([[0], np.arange(first + 1, end + 1)])
        best = best_tree(reading.arcs[np.ix_(rows, rows)])
        heads[first:end] = np.where(best == 0, 0, best + first)
    relations = model.relations(reading.dependent[1 : length + 1], reading.head[heads])
    is_root = heads == 0
    own = np.arange(start, start + length)
    root_label = model.labels.relations.index("ROOT")
    runner_up = model.labels.relations.index("dep")
    relations[~is_root & (relations == root_label)] = runner_up
    relations[is_root] = root_label
    heads = np.where(is_root, own, heads - 1 + start)
    if root >= 0:
        first_root = int(np.flatnonzero(is_root)[0])
        heads[first_root] = root
        relations[first_root] = model.labels.relations.index("parataxis")
        found.starts[start] = False
    found.heads[start : start + length] = heads
    found.relations[start : start + length] = relations
    return root if root >= 0 and len(borders) == 2 else start + int(np.flatnonzero(is_root)[-1])
