"""Web archives to records: the pages and texts of a WARC file (ISO 28500, versions 1.0 and 1.1), one at a time.

A page is a ``response`` that a server answered with success, or a ``resource`` or ``conversion`` (as in Common Crawl's WET
files), of a type that holds text. What an archive keeps besides (requests, redirects, images, notes on the crawl) is no
text and no record of ours.
"""

import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from pipelines.ingest import reading
from pipelines.ingest.decoding import decoded
from pipelines.ingest.record import Intake, Record, Rejected, Unusable, sha256
from pipelines.ingest.web import page_of

HELD = {"response": True, "resource": False, "conversion": False}
"""The types of WARC record that may hold a text, and whether an HTTP head stands before it."""

PACKINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}
"""The content encodings that are unpacked, by warcio's name for them."""

CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.I)


def warc_pages(intake: Intake) -> Iterator[Record | Rejected]:
    """The pages and texts of a WARC file, in file order; a record without ``id`` is known by its place in the file.

    Raises:
        Unusable: the file is no WARC file, breaks off, or holds no page and no text.
    """
    n_texts = 0
    with reading.opened(intake.file.path, intake.name, intake.limits) as stream:
        for number, found, block, raw in _records(stream, intake):
            where = intake.where(number, "record")
            try:
                if block is None:
                    raise Unusable(reading.too_long(where, raw[0], intake.limits))
                fields = _fields(found, block, where, intake.limits.max_record_bytes)
            except Unusable as error:
                n_texts += 1
                yield intake.rejected(str(error), number, raw)
                continue
            if fields is not None:
                n_texts += 1
                notes = fields.pop("notes")
                yield intake.record(fields, number, raw, "record", notes)
    if not n_texts:
        raise Unusable(f"{intake.name} holds no page and no text: take it out, or fetch the pages again.")


def _records(stream: BinaryIO, intake: Intake) -> Iterator[tuple[int, ArcWarcRecord, bytes | None, tuple[int, str]]]:
    """Number, record, block (null when longer than a text may be), and size and hash of the block, where a text may be."""
    archive = iter(ArchiveIterator(stream, no_record_parse=True))
    number = 0
    while True:
        number += 1
        where = intake.where(number, "record")
        try:
            found = next(archive, None)
        except (ArchiveLoadFailed, StatusAndHeadersParserException, ValueError, TypeError, AttributeError) as error:
            raise Unusable(f"{where} does not begin as a WARC record does: write the archive again.") from error
        if found is None:
            return
        if found.rec_type in HELD:
            yield number, found, *_block(found, where, intake)


def _block(found: ArcWarcRecord, where: str, intake: Intake) -> tuple[bytes | None, tuple[int, str]]:
    if found.length is None:
        raise Unusable(f"{where} does not say how long it is (Content-Length): write the archive again.")
    limit = intake.limits.max_record_bytes
    pieces, n_kept, n_read = [], 0, 0
    while piece := found.raw_stream.read(reading.CHUNK):
        n_read += len(piece)
        pieces.append(piece[: limit - n_kept])
        n_kept += len(pieces[-1])
    if n_read < found.length:
        raise Unusable(f"{where} breaks off {found.length - n_read:,} bytes before its end: fetch the archive again.")
    data = b"".join(pieces)
    return (data if n_read <= limit else None), (n_read, sha256(data))


def _fields(found: ArcWarcRecord, block: bytes, where: str, limit: int) -> dict[str, Any] | None:
    """The text of a record with what is known about it and ``notes``; null when it holds no text.

    Raises:
        Unusable: it should hold a text, and none can be had from it.
    """
    kind, data = found.content_type or "", block
    if HELD[found.rec_type]:
        answer = _answer(block, where, limit)
        if answer is None:
            return None
        kind, data = answer
    kind = kind.lower()
    url = found.rec_headers.get_header("WARC-Target-URI")
    charset = m[1] if (m := CHARSET.search(kind)) else None
    if kind.startswith(("text/html", "application/xhtml")):
        page = page_of(data, where, charset)
        return {**page.metadata, "text": page.text, "url": url, "notes": page.notes}
    if kind.startswith("text/plain"):
        text, _, note = decoded(data, where, charset)
        return {"text": text, "url": url, "notes": [note] if note else []}
    return None


def _answer(block: bytes, where: str, limit: int) -> tuple[str, bytes] | None:
    """Content type and body of an HTTP answer, unpacked; null when the server gave no page."""
    body = io.BytesIO(block)
    try:
        head: StatusAndHeaders = StatusAndHeadersParser(["HTTP/"], verify=False).parse(body)
    except (StatusAndHeadersParserException, EOFError, ValueError):
        return None
    kind = head.get_header("Content-Type") or ""
    if not head.get_statuscode().startswith("2"):
        return None
    if not kind.lower().startswith(("text/html", "text/plain", "application/xhtml")):
        return None
    encoding = (head.get_header("Content-Encoding") or "identity").strip().lower()
    if encoding != "identity" and encoding not in PACKINGS:
        raise Unusable(f"{where} is packed in a way that we do not read ({encoding}): fetch the page without it.")
    is_chunked = "chunked" in (head.get_header("Transfer-Encoding") or "").lower()
    reader = (ChunkedDataReader if is_chunked else BufferedReader)(body, decomp_type=PACKINGS.get(encoding))
    return kind, _at_most(reader, where, limit)


def _at_most(reader: BufferedReader, where: str, limit: int) -> bytes:
    pieces, n_bytes = [], 0
    while piece := reader.read(reading.CHUNK):
        pieces.append(piece)
        n_bytes += len(piece)
        if n_bytes > limit:
            raise Unusable(
                f"{where} is longer unpacked than one text may be ({reading.megabytes(limit)}): leave it out."
            )
    return b"".join(pieces)
