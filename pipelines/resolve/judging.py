"""How alike the names of a book are: each pair judged once, block by block, from memory where a block has not changed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from pipelines.resolve.blocking import Block
from pipelines.resolve.book import Book
from pipelines.resolve.memory import Memory
from pipelines.resolve.names import SAME, similarity

ASKED_AS = {"PERSON": "PERSON", "ORG": "ORG", "PLACE": "GPE", "NORP": "NORP", "OTHER": "EVENT"}
"""Group of names to the mention type that they are compared as."""


class Judge:
    """Similarities of names by their indices in the book."""

    def __init__(self, book: Book, memory: Memory | None) -> None:
        """Nothing judged yet; without a memory nothing is kept for the next run."""
        self._book, self._memory = book, memory
        self._alike: dict[int, float] = {}
        self._judged = lru_cache(maxsize=1 << 16)(self._compared)

    def score(self, a: int, b: int) -> float:
        """How alike two names are, 0 to 1."""
        a, b = (a, b) if a < b else (b, a)
        known = self._alike.get(a << 32 | b)
        return self._judged(a, b) if known is None else known

    def _compared(self, a: int, b: int) -> float:
        names = self._book.names
        return similarity(names[a].text, names[b].text, ASKED_AS[names[a].group])

    def pairs(self, blocks: Iterable[Block], name_at: Callable[[int], int]) -> Iterator[tuple[int, int, float]]:
        """Every pair of the blocks once, with its score. ``name_at``: from the blocks' indices to the book's."""
        seen: set[int] = set()
        for block in blocks:
            pairs = list(block.pairs())
            if self._memory is None:
                pairs = [(x, y) for x, y in pairs if x << 32 | y not in seen]
                scores = [self.score(name_at(x), name_at(y)) for x, y in pairs]
            else:
                scores = self._recalled(self._memory, block, pairs, name_at)
            for (x, y), value in zip(pairs, scores, strict=True):
                if x << 32 | y in seen:
                    continue
                seen.add(x << 32 | y)
                if value >= SAME:
                    a, b = sorted((name_at(x), name_at(y)))
                    self._alike[a << 32 | b] = value
                yield x, y, value

    def _recalled(
        self, memory: Memory, block: Block, pairs: Sequence[tuple[int, int]], name_at: Callable[[int], int]
    ) -> list[float]:
        names = [self._book.names[name_at(member)] for member in block.members]
        given = [block.reach, names[0].group, [name.text for name in names]]
        found: list[float] = memory.recall(
            "block", given, lambda: [self.score(name_at(x), name_at(y)) for x, y in pairs]
        )
        return found

    def against(self, one: int, others: Sequence[int]) -> list[float]:
        """How alike one name and each of the others are."""
        if self._memory is None or not others:
            return [self.score(one, other) for other in others]
        names = self._book.names
        given = [names[one].group, names[one].text, [names[other].text for other in others]]
        found: list[float] = self._memory.recall("against", given, lambda: [self.score(one, other) for other in others])
        return found
