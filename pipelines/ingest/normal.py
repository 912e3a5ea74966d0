"""Texts that differ only in dress: white space, case, quotation marks, dashes, and the page around them."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from pipelines.ingest.document import Segment
from pipelines.ingest.layout import segments_of

QUOTES = re.compile(r"[\"'`´“”„‟«»‘’‚‛‹›「」]+")
DASHES = re.compile(r"[-‐‑‒–—―−_]+")
MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\ufe20-\ufe2f]{30})"
)
"""Thirty marks on one letter, the most that Unicode's stream-safe format has (UAX 15): to sort more takes their number squared."""
SPACES = re.compile(r"[\s\u200b\u200c\u200d\ufeff\u00ad]+")


def fingerprint(text: str, segments: Sequence[Segment] | None = None) -> str:
    """The same 64 hexadecimal digits for two texts that differ only in dress; ``segments`` are found when not given.

    Chrome and bylines are left out, and case, white space, quotation marks, dashes and ways to encode the same letters make
    no difference; every other character does.
    """
    layout = segments_of(text) if segments is None else segments
    kept = [text[part.start_char : part.end_char] for part in layout if part.kind not in ("chrome", "byline")]
    return hashlib.sha256(_bare(" ".join(kept) if kept else text).encode("utf-8", "surrogatepass")).hexdigest()


def _bare(text: str) -> str:
    folded = "".join(unicodedata.normalize("NFKC", part) for part in MARKS.split(text)).casefold()
    return SPACES.sub("", DASHES.sub("-", QUOTES.sub("", folded)))
