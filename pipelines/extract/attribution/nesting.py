"""Which span holds which: the smallest of many that contains a place, without comparing each with each."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from pipelines.extract.attribution.tree import Span

T = TypeVar("T")
WIDTH = 1024
"""Characters a drawer of the index spans; a claim is in every drawer that one of its spans touches."""


class Nest(Generic[T]):
    """Things with spans, asked for the smallest one around a place."""

    def __init__(self, things: Sequence[tuple[T, list[Span]]]) -> None:
        self.drawers: dict[int, list[tuple[int, int, T, list[Span]]]] = {}
        self.size: dict[int, tuple[int, int]] = {}
        for number, (thing, spans) in enumerate(things):
            size = sum(end - start for start, end in spans)
            self.size[id(thing)] = size, -number
            for start, end in spans:
                for drawer in range(start // WIDTH, end // WIDTH + 1):
                    self.drawers.setdefault(drawer, []).append((size, -number, thing, spans))
        for drawer_of in self.drawers.values():
            drawer_of.sort(key=lambda one: one[:2])

    def innermost(self, start: int, end: int) -> T | None:
        """The smallest thing with a span that holds ``[start, end)``."""
        for _, _, thing, spans in self.drawers.get(start // WIDTH, ()):
            if any(s <= start and end <= e for s, e in spans):
                return thing
        return None

    def touching(self, start: int, end: int) -> list[T]:
        """The things with a span that may share a character with ``[start, end)``, each once."""
        near = {
            id(one[2]): one[2] for at in range(start // WIDTH, end // WIDTH + 1) for one in self.drawers.get(at, ())
        }
        return list(near.values())

    def around(self, one: T, start: int, end: int) -> T | None:
        """The smallest thing larger than ``one`` with a span that holds ``[start, end)``: never a circle."""
        own = self.size[id(one)]
        for size, number, thing, spans in self.drawers.get(start // WIDTH, ()):
            if (size, number) > own and thing is not one and any(s <= start and end <= e for s, e in spans):
                return thing
        return None
