"""How alike the names of a book are: each pair judged once, block by block, from memory where a block has not changed."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import orjson

from pipelines.resolve.alike.names import similarity
from pipelines.resolve.clusters.blocking import Block
from pipelines.resolve.clusters.book import Book
from pipelines.resolve.clusters.columns import HALF, Numbers
from pipelines.resolve.clusters.linkage import SAME
from pipelines.resolve.memory import Memory

ASKED_AS = {"PERSON": "PERSON", "ORG": "ORG", "PLACE": "GPE", "NORP": "NORP", "OTHER": "EVENT"}
"""Group of names to the mention type that they are compared as."""
Scores = npt.NDArray[np.float64]


class Judge:
    """Similarities of names by their indices in the book, or by their ranks. ``at``: from rank to index."""

    def __init__(self, book: Book, at: Numbers, memory: Memory) -> None:
        """Nothing judged yet."""
        self._book, self._at, self._memory = book, at, memory
        self._alike: dict[int, float] = {}
        names = book.names

        @lru_cache(maxsize=1 << 16)
        def judged(a: int, b: int) -> float:
            return similarity(names[a].text, names[b].text, ASKED_AS[names[a].group])

        self._judged = judged

    def score(self, a: int, b: int) -> float:
        """How alike two names are, 0 to 1."""
        a, b = (a, b) if a < b else (b, a)
        known = self._alike.get(a << HALF | b)
        return self._judged(a, b) if known is None else known

    def score_of_ranks(self, x: int, y: int) -> float:
        """How alike two names are, by their ranks."""
        return self.score(int(self._at[x]), int(self._at[y]))

    def pairs(self, blocks: Sequence[Block]) -> tuple[Numbers, Numbers, Scores]:
        """Every pair (ranks) of the blocks once, in the order in which it is first met, with its score."""
        ones, others = _joined([block.pairs() for block in blocks])
        _, first, pair_of = np.unique(ones << HALF | others, return_index=True, return_inverse=True)
        scores = np.full(len(first), np.nan)
        unknown: list[tuple[bytes, int, int]] = []  # where a block is kept, its pairs
        end = 0
        for block in blocks:
            start, end = end, end + len(block.pairs()[0])
            key = self._memory.key("block", self._given(block))
            body = self._memory.find(key)
            if body is not None and len(body) == 8 * (end - start):
                scores[pair_of[start:end]] = np.frombuffer(body)
            else:
                unknown.append((key, start, end))
        for pair in _in_order_of(first, np.flatnonzero(np.isnan(scores))):
            scores[pair] = self.score_of_ranks(int(ones[first[pair]]), int(others[first[pair]]))
        for key, start, end in unknown:
            self._memory.keep(key, scores[pair_of[start:end]].tobytes())
        met = np.argsort(first)
        ones, others, scores = ones[first[met]], others[first[met]], scores[met]
        self._remember(ones, others, scores)
        return ones, others, scores

    def _given(self, block: Block) -> tuple[int, str, list[str]]:
        names = [self._book.names[index] for index in self._at[block.members].tolist()]
        return block.reach, names[0].group, [name.text for name in names]

    def _remember(self, ones: Numbers, others: Numbers, scores: Scores) -> None:
        """Keeps the scores of pairs that clustering may ask for again: both are like some name."""
        has_like = np.zeros(len(self._at), dtype=np.bool_)
        has_like[ones[scores >= SAME]] = has_like[others[scores >= SAME]] = True
        wanted = has_like[ones] & has_like[others]
        a, b = self._at[ones[wanted]], self._at[others[wanted]]
        pairs = np.minimum(a, b) << HALF | np.maximum(a, b)
        self._alike.update(zip(pairs.tolist(), scores[wanted].tolist(), strict=True))

    def against(self, one: int, others: Sequence[int]) -> list[float]:
        """How alike one name and each of the others are; only those that are new beside it are compared."""
        if not others:
            return []
        names = self._book.names
        texts = [names[other].text for other in others]
        key = self._memory.key("against", (names[one].group, names[one].text))
        texts_before, scores_before = _read(self._memory.find(key))
        if texts == texts_before:
            return scores_before
        known = dict(zip(texts_before, scores_before, strict=True))
        scores = [
            known[text] if text in known else self.score(one, other) for other, text in zip(others, texts, strict=True)
        ]
        self._memory.keep(key, orjson.dumps((texts, scores)), not known.keys() >= set(texts))
        return scores


def _read(body: bytes | None) -> tuple[list[str], list[float]]:
    try:
        texts, scores = orjson.loads(body or b"[[], []]")
    except ValueError:  # damaged: made again
        return [], []
    return texts, scores


def _joined(pairs: Sequence[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    if not pairs:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate([ones for ones, _ in pairs]), np.concatenate([others for _, others in pairs])


def _in_order_of(first: Numbers, chosen: Numbers) -> list[int]:
    """The chosen, those that were met first first: names compared one after the other share what is worked out of them."""
    order: list[int] = chosen[np.argsort(first[chosen])].tolist()
    return order
