"""Web archives to records: the pages and texts of a WARC file (ISO 28500, versions 1.0 and 1.1), one at a time.

A page is a ``response`` that a server answered with success, or a ``resource`` or ``conversion`` (as in Common Crawl's WET
files), of a type that holds text. What an archive keeps besides (requests, redirects, images, notes on the crawl) is no
text and no record of ours.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from pipelines.ingest import reading
from pipelines.ingest.decoding import decoded
from pipelines.ingest.record import Intake, Record, Rejected, Unusable, sha256
from pipelines.ingest.web import page_of

HELD = {"response": True, "resource": False, "conversion": False}
"""The types of WARC record that may hold a text, and whether an HTTP head stands before it."""

MOST_HEADER_BYTES = 1 << 16
CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.I)


def warc_pages(intake: Intake) -> Iterator[Record | Rejected]:
    """The pages and texts of a WARC file, in file order; a record without ``id`` is known by its place in the file.

    Raises:
        Unusable: the file is no WARC file, breaks off, or holds no page and no text.
    """
    n_texts = 0
    with reading.opened(intake.file.path, intake.name, intake.limits) as stream:
        for number, (header, block, raw) in enumerate(_records(stream, intake), 1):
            if header.get("warc-type") not in HELD:
                continue
            where = intake.where(number, "record")
            try:
                if block is None:
                    raise Unusable(reading.too_long(where, raw[0], intake.limits))
                fields = _fields(header, block, where, intake.limits.max_record_bytes)
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


def _records(stream: BinaryIO, intake: Intake) -> Iterator[tuple[dict[str, str], bytes | None, tuple[int, str]]]:
    """Header fields in lower case, block (null when longer than a text may be), and size and hash of the block."""
    number = 0
    while (line := stream.readline(MOST_HEADER_BYTES)) != b"":
        if not line.strip():
            continue
        number += 1
        where = intake.where(number, "record")
        if not line.startswith(b"WARC/"):
            raise Unusable(f"{where} does not begin as a WARC record does: write the archive again.")
        header = _header(stream)
        length = header.get("content-length", "")
        if not length.isdigit():
            raise Unusable(f"{where} does not say how long it is (Content-Length): write the archive again.")
        yield header, *_block(stream, int(length), where, intake)


def _header(stream: BinaryIO) -> dict[str, str]:
    fields: dict[str, str] = {}
    while (line := stream.readline(MOST_HEADER_BYTES)).strip():
        name, _, value = line.decode("utf-8", "replace").partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _block(stream: BinaryIO, n_bytes: int, where: str, intake: Intake) -> tuple[bytes | None, tuple[int, str]]:
    limit = intake.limits.max_record_bytes
    data = stream.read(min(n_bytes, limit))
    left = n_bytes - len(data)
    is_whole = left == 0
    while left and (piece := stream.read(min(left, reading.CHUNK))):
        left -= len(piece)
    if left:
        raise Unusable(f"{where} breaks off {left:,} bytes before its end: fetch the archive again.")
    return (data if is_whole else None), (n_bytes, sha256(data))


def _fields(header: Mapping[str, str], block: bytes, where: str, limit: int) -> dict[str, Any] | None:
    """The text of a record with what is known about it and ``notes``; null when it holds no text.

    Raises:
        Unusable: it should hold a text, and none can be had from it.
    """
    kind, data = header.get("content-type", ""), block
    if HELD[header["warc-type"]]:
        answer = _answer(block, where, limit)
        if answer is None:
            return None
        kind, data = answer
    kind = kind.lower()
    charset = m[1] if (m := CHARSET.search(kind)) else None
    if kind.startswith(("text/html", "application/xhtml")):
        page = page_of(data, where, charset)
        return {**page.metadata, "text": page.text, "url": header.get("warc-target-uri"), "notes": page.notes}
    if kind.startswith("text/plain"):
        text, _, note = decoded(data, where, charset)
        return {"text": text, "url": header.get("warc-target-uri"), "notes": [note] if note else []}
    return None


def _answer(block: bytes, where: str, limit: int) -> tuple[str, bytes] | None:
    """Content type and body of an HTTP answer, unpacked; null when the server gave no page."""
    head, _, body = block.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    if not re.match(r"HTTP/[\d.]+ 2\d\d\b", status):
        return None
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    kind = fields.get("content-type", "")
    if not kind.lower().startswith(("text/html", "text/plain", "application/xhtml")):
        return None
    if "chunked" in fields.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    return kind, _unpacked(body, fields.get("content-encoding", "").lower(), where, limit)


def _unchunked(body: bytes) -> bytes:
    """The body without the lengths of its chunks; as it stands when it has none (some crawlers take them out)."""
    parts, at = [], 0
    while m := CHUNK_SIZE.match(body, at):
        size = int(m[1], 16)
        parts.append(body[m.end() : m.end() + size])
        at = m.end() + size + 2
        if size == 0:
            break
    return b"".join(parts) if parts else body


CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r\n")


def _unpacked(body: bytes, encoding: str, where: str, limit: int) -> bytes:
    if encoding in ("", "identity") or (encoding in ("gzip", "x-gzip") and body[:2] != b"\x1f\x8b"):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Unusable(f"{where} is packed in a way that we do not read ({encoding}): fetch the page without it.")
    for window in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):  # with a head, and deflate as some servers send it
        try:
            data = zlib.decompressobj(window).decompress(body, limit + 1)
        except zlib.error:
            continue
        if len(data) > limit:
            raise Unusable(
                f"{where} is longer unpacked than one text may be ({reading.megabytes(limit)}): leave it out."
            )
        return data
    raise Unusable(f"{where} cannot be unpacked ({encoding}): fetch the page again.")
