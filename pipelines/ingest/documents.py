"""A text on its way in: its layout, and what its record and its layout say about it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.ingest.datelines import end_of_dateline
from pipelines.ingest.document import Document, Segment
from pipelines.ingest.layout.segments import segments_of
from pipelines.ingest.metadata import describe
from pipelines.ingest.publication import publication_date


def document_of(
    document_id: str, source_id: str, text: str, record: Mapping[str, Any]
) -> tuple[Document, list[Segment]]:
    """A text with its layout and all that record and layout say about it.

    ``record`` holds what came with the text: published_on (a date), or published_earliest_on and published_latest_on where it
    names a month or a year; title, publisher, author, url, language, genre; absent or null where the record does not say.
    """
    layout = segments_of(text, record.get("genre"))
    about = describe(text, layout, record)
    on = about["published_on"]
    earliest, latest = on or record.get("published_earliest_on"), on or record.get("published_latest_on")
    basis = "metadata" if earliest or latest else None
    if basis is None:
        found = publication_date(text, layout, about["title"])
        on, basis, earliest, latest = found.on, found.basis, found.earliest_on, found.latest_on
    document = Document(
        document_id=document_id,
        text=text,
        source_id=source_id,
        title=about["title"],
        publisher=about["publisher"],
        author=about["author"],
        published_on=on,
        published_basis=basis,
        published_earliest_on=earliest,
        published_latest_on=latest,
        genre=about["genre"],
        genre_basis=about["genre_basis"],
        language=about["language"],
        url=about["url"],
    )
    return document, layout


def borders(text: str, layout: Sequence[Segment]) -> list[int]:
    """Offsets at which a sentence must start: where layout parts start and end, and behind datelines."""
    found = {char for part in layout for char in (part.start_char, part.end_char)}
    datelines = (end_of_dateline(text, part.start_char, part.end_char) for part in layout if part.kind == "body")
    return sorted(found.union(end for end in datelines if end is not None))
