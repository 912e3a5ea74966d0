"""Texts that differ only in dress: white space, case, quotation marks, dashes, and the page around them."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

from pipelines.ingest.document import Segment
from pipelines.ingest.layout.segments import segments_of

QUOTES = re.compile(r"[\"'`´“”„‟«»‘’‚‛‹›「」]+")
DASHES = re.compile(r"[-‐‑‒–—―−_]+")
SPACES = re.compile(r"[\s\u200b\u200c\u200d\ufeff\u00ad]+")

MOST_MARKS = 30
"""Combining marks on one letter, at most, that are put in order (as UAX #15, "Stream-Safe Text Format", has it)."""
_MARKS = re.compile(rf"[^\w\s\x00-\u02ff]{{{MOST_MARKS + 1},}}")
"""Runs of characters that may all be combining marks, as no letter, digit, blank or sign of Latin-1 is."""
_JOINER = "\u034f"


def composed(text: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> str:
    """The text in a normal form of Unicode, in time that grows with its length alone.

    Marks on one letter are sorted, which takes the square of their number: behind every thirtieth a joiner ends the row.
    """
    return unicodedata.normalize(form, _MARKS.sub(_parted, text))


def _parted(run: re.Match[str]) -> str:
    parts: list[str] = []
    marks = 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks > MOST_MARKS:
            parts.append(_JOINER)
            marks = 1
        parts.append(char)
    return "".join(parts)


def fingerprint(text: str, segments: Sequence[Segment] | None = None) -> str:
    """The same 64 hexadecimal digits for two texts that differ only in dress; ``segments`` are found when not given.

    Chrome and bylines are left out, and case, white space, quotation marks, dashes and ways to encode the same letters make
    no difference; every other character does.
    """
    layout = segments_of(text) if segments is None else segments
    kept = [text[part.start_char : part.end_char] for part in layout if part.kind not in ("chrome", "byline")]
    return hashlib.sha256(_bare(" ".join(kept) if kept else text).encode("utf-8", "surrogatepass")).hexdigest()


def _bare(text: str) -> str:
    folded = composed(text, "NFKC").casefold()
    return SPACES.sub("", DASHES.sub("-", QUOTES.sub("", folded)))
