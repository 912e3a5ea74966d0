"""Sentences to padded arrays: runs of consecutive sentences, batched by length."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.language.labels import Labels
from pipelines.language.pieces import Pieces
from pipelines.train.corpora import Sentence

Ints = NDArray[np.int64]

MAX_WORDS, MAX_PIECES = 110, 150
NOTHING = -1
"""The target of a word for which nothing is annotated."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A sentence as numbers. ``heads`` count from 1 inside the sentence; null arrays where nothing is annotated."""

    pieces: list[list[int]]
    shapes: list[int]
    names: list[int]
    tags: list[int]
    relations: list[int]
    heads: list[int]
    document: str
    opens: bool

    @property
    def n_pieces(self) -> int:
        return sum(map(len, self.pieces))


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs and targets; the first column of the word arrays is the root. ``valid`` is true where a word stands."""

    pieces: Ints
    shapes: Ints
    mask: NDArray[np.bool_]
    first: Ints
    valid: NDArray[np.bool_]
    tags: Ints
    names: Ints
    starts: Ints
    heads: Ints
    relations: Ints

    @property
    def n_words(self) -> int:
        return int(self.valid.sum()) - len(self.valid)


def encoded(sentence: Sentence, labels: Labels, pieces: Pieces) -> Encoded:
    tags = {tag: at for at, tag in enumerate(labels.tags)}
    relations = {relation: at for at, relation in enumerate(labels.relations)}
    names = {name: at for at, name in enumerate(labels.names)}
    read = [pieces.of(word) for word in sentence.words]
    blank = [NOTHING] * len(read)
    return Encoded(
        pieces=[found for found, _ in read],
        shapes=[shape for _, shape in read],
        names=[names[name] for name in sentence.names] if sentence.names else blank,
        tags=[tags.get(tag, NOTHING) for tag in sentence.tags] or blank,
        relations=[relations.get(label, NOTHING) for label in sentence.labels] or blank,
        heads=list(sentence.heads) or blank,
        document=sentence.document,
        opens=sentence.opens,
    )


def runs(sentences: Sequence[Encoded], rng: random.Random, most: int = 6) -> list[list[Encoded]]:
    """Consecutive sentences of one document, one to ``most`` at random, as far as a window holds them.

    A paragraph's end closes the run half of the time: a title or a signature should be seen both alone and, where
    the layout was lost, run together with what follows.
    """
    found: list[list[Encoded]] = []
    room = (0, 0, 0)
    for sentence in sentences:
        size = (1, len(sentence.pieces), sentence.n_pieces)
        fits = all(left >= needed for left, needed in zip(room, size, strict=True))
        same = bool(found) and found[-1][-1].document == sentence.document
        if not (fits and same) or (sentence.opens and rng.random() < 0.5):
            found.append([])
            room = (rng.randint(1, most), MAX_WORDS, MAX_PIECES)
        found[-1].append(sentence)
        room = (room[0] - size[0], room[1] - size[1], room[2] - size[2])
    return found


def batched(found: Sequence[list[Encoded]], rng: random.Random, budget: int) -> list[list[list[Encoded]]]:
    """Runs of similar length together, at most ``budget`` pieces a batch with the padding, in random order."""
    sized = sorted(((sum(s.n_pieces for s in run) + rng.randint(0, 6), at) for at, run in enumerate(found)))
    batches: list[list[list[Encoded]]] = []
    current: list[list[Encoded]] = []
    for size, at in sized:
        if current and (min(size, MAX_PIECES) + 2) * (len(current) + 1) > budget:
            batches.append(current)
            current = []
        current.append(found[at])
    if current:
        batches.append(current)
    rng.shuffle(batches)
    return batches


def disguised(rng: random.Random) -> Callable[[int], int]:
    """Now and then a run is written otherwise: all in capitals, as a headline, in small letters.

    Only the shape has to change, because the vocabulary knows no case. Returns shape to shape.
    """
    chance = rng.random()
    if chance < 0.02:
        return lambda shape: shape if shape == 5 else 2
    if chance < 0.04:
        return lambda shape: 1 if shape == 0 else shape
    if chance < 0.06:
        return lambda shape: shape if shape == 5 else 0
    return lambda shape: shape


def arrays(found: Sequence[list[Encoded]], pieces: Pieces, rng: random.Random | None = None) -> Batch:
    """One batch; a run longer than a window is cut at its end. With ``rng``, some runs are ``disguised``."""
    rows = [_row(run, pieces, disguised(rng) if rng else lambda shape: shape) for run in found]
    length = max(len(row.pieces) for row in rows)
    words = max(len(row.first) for row in rows)
    return Batch(
        pieces=_padded([row.pieces for row in rows], length, 0),
        shapes=_padded([row.shapes for row in rows], length, 0),
        mask=_padded([[1] * len(row.pieces) for row in rows], length, 0).astype(bool),
        first=_padded([row.first for row in rows], words, 0),
        valid=_padded([[1] * len(row.first) for row in rows], words, 0).astype(bool),
        tags=_padded([row.tags for row in rows], words, NOTHING),
        names=_padded([row.names for row in rows], words, NOTHING),
        starts=_padded([row.starts for row in rows], words, NOTHING),
        heads=_padded([row.heads for row in rows], words, NOTHING),
        relations=_padded([row.relations for row in rows], words, NOTHING),
    )


@dataclass(slots=True)
class _Row:
    pieces: list[int]
    shapes: list[int]
    first: list[int]
    tags: list[int]
    names: list[int]
    starts: list[int]
    heads: list[int]
    relations: list[int]


def _row(run: Sequence[Encoded], pieces: Pieces, written: Callable[[int], int]) -> _Row:
    row = _Row([pieces.classifier], [0], [0], [NOTHING], [NOTHING], [NOTHING], [NOTHING], [NOTHING])
    for sentence in run:
        before = len(row.first) - 1
        for at, own in enumerate(sentence.pieces):
            if len(row.first) > MAX_WORDS or len(row.pieces) + len(own) > MAX_PIECES:
                break
            row.first.append(len(row.pieces))
            row.pieces += own
            row.shapes += [written(sentence.shapes[at])] * len(own)
            row.tags.append(sentence.tags[at])
            row.names.append(sentence.names[at])
            parsed = sentence.heads[at] != NOTHING
            row.starts.append(int(at == 0) if parsed else NOTHING)
            row.heads.append(sentence.heads[at] + before if sentence.heads[at] > 0 else sentence.heads[at])
            row.relations.append(sentence.relations[at])
    inside = len(row.first)
    row.heads = [head if head < inside else NOTHING for head in row.heads]
    row.pieces.append(pieces.separator)
    row.shapes.append(0)
    return row


def _padded(rows: Sequence[Sequence[int]], width: int, filler: int) -> Ints:
    padded = np.full((len(rows), width), filler, np.int64)
    for at, row in enumerate(rows):
        padded[at, : len(row)] = row
    return padded
