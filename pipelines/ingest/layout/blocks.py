"""A paragraph of a text on its way to a layout part: what the rules of the layout look at and name."""

import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.ingest.layout.paragraphs import TERMINAL

OPENING = "“„«‟\"‘'‹「"
CLOSING = "”“»\"’'›」"


@dataclass(slots=True)
class Block:
    """A paragraph on its way to a segment: ``kind`` is null until a rule names it."""

    start: int
    end: int
    text: str
    kind: str | None = None
    speaker: str | None = None
    country: str | None = None
    chrome: str | None = None
    poster: str | None = None
    """Who writes what follows, where the line names a poster or a commenter."""
    joined: bool = False
    """Whether it was put together of lines that the page broke."""
    marker: int = 0
    """Length of the list marker (and the space after it) that it begins with; ``chrome`` is which chrome it is."""

    @property
    def n_words(self) -> int:
        return _n_words(self.text)

    @property
    def is_prose(self) -> bool:
        """Whether it reads as running text: a sentence with its end, or many words."""
        n_words = self.n_words
        return n_words >= 25 or (n_words >= 6 and bool(TERMINAL.search(CREDITED.sub("", self.text))))


CREDITED = re.compile(r"(?<=[.!?…\"”’»])\s*\([^()\n]{2,30}\)$")
"""The agency in brackets that a report ends with: ``... said the board. (Nordpress)``."""


@lru_cache(maxsize=4096)
def _n_words(text: str) -> int:
    """Every rule asks this of every block, so it is counted once."""
    return len(text.split())
