"""One text with what is known about it, and one layout part of it: what every later step is given."""

from dataclasses import dataclass
from datetime import date
from typing import Any

Row = dict[str, Any]
"""One row of a table: column name to value, with exactly the columns that the table's schema lists."""


@dataclass(frozen=True, slots=True)
class Document:
    """One distinct text.

    ``text`` is the source's text as decoded, unchanged. ``published_on`` is null when neither the record nor the text
    gives the day; ``published_earliest_on`` and ``published_latest_on`` bound it when only a range is known;
    ``published_basis`` is ``metadata``, ``text``, ``inferred`` or null. ``genre_basis`` says which evidence decided the genre, null when
    none did. Metadata nobody gave is null.
    """

    document_id: str
    text: str
    source_id: str = ""
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published_on: date | None = None
    published_basis: str | None = None
    published_earliest_on: date | None = None
    published_latest_on: date | None = None
    genre: str = "other"
    genre_basis: str | None = None
    language: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One layout part of a document: ``[start_char, end_char)`` in code points, and what it is.

    ``kind`` is one of title, byline, heading, body, quotation, reply_quote, chrome. ``speaker`` is the outlet,
    columnist or quoted poster where the layout names one, else null. Segments of a document are in order, do not
    overlap, and leave out only white space.
    """

    start_char: int
    end_char: int
    kind: str
    speaker: str | None = None
    speaker_country: str | None = None
