"""Identifiers derived from content: the same on every machine and every run.

An id is the first 16 lower-case hexadecimal digits of the SHA-256 of its parts, joined by a character (U+001F)
that separates them unambiguously: 64 bits, so among ten million rows of one table two collide with a
probability of about three in a million.
"""

import hashlib

SEPARATOR = "\x1f"


def digest(*parts: object) -> str:
    """16 lower-case hex digits that depend on every part and on their order; ``None`` differs from the empty string."""
    joined = SEPARATOR.join("\x00" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def span_id(document_id: str, table: str, start_char: int, end_char: int, *more: object) -> str:
    """Id of a row that stands at ``[start_char, end_char)`` (code points) of a document.

    ``more`` is what else makes the row unique in its table, when two rows of it may share a span.
    """
    return digest(document_id, table, start_char, end_char, *more)
