"""Web archives to records: the answers and texts of a WARC file (ISO 28500, versions 1.0 and 1.1), one at a time.

A ``response`` (what a server answered), a ``resource`` or a ``conversion`` (as in Common Crawl's WET files) has a row: its text,
or why there is none (an error page, a redirect, a picture). What an archive keeps besides (requests, notes on the crawl,
answers that were the same as before) is no answer and has none.
"""

import base64
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, BinaryIO

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from pipelines.ingest.files import reading
from pipelines.ingest.files.decoding import decoded
from pipelines.ingest.files.faults import one_record
from pipelines.ingest.files.record import Intake, Record, Rejected, Unusable, on_one_line, sha256
from pipelines.ingest.files.web import known_encoding, page_of

HELD = ("response", "resource", "conversion")
"""The types of WARC record that have a row."""

NO_PAGES = ("dns:", "whois:", "ntp:")
"""Addresses whose answers are no pages: what the crawler asked on its way."""

PAGES = ("text/html", "application/xhtml+xml")
TEXTS = ("text/plain", "text/markdown")

CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*(?P<name>[A-Za-z0-9_:.-]{1,40})", re.I)
BEGINS_AS_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}<(?:!doctype html|html|head|body)\b", re.I)
"""Matches ``<html lang``, not ``<p>html``."""

HEAD = re.compile(rb"WARC/\d\.\d+\s*")
"""The first line of a record: ``WARC/1.1``; not ``WARC/1.1 is a format``."""

NEXT = re.compile(rb"(?<=\n)WARC/\d\.\d+[ \t]*\r?\n(?=[A-Za-z-]+:)")
"""Where a record begins in the middle of what another claims: at the beginning of a line, with a field on the next."""

HEAD_BYTES = 1 << 20
"""How long the head of a record may be, and how much of a line between records is looked at."""

MOST_EMPTY = 1000
"""How many empty lines after a record are looked at together; two are the rule."""

N_RESCUED = 100
"""How many damaged records of one archive are passed over before the rest is given up: each may cost a look at 16 MB."""


def warc_pages(intake: Intake) -> Iterator[Record | Rejected]:
    """The answers and texts of a WARC file, in file order; a record without ``id`` is known by its place in the file.

    A record that is damaged costs itself where the next can be found.

    Raises:
        Unusable: the file is cut off in its compression, has too many damaged records, or holds no answer and no text.
    """
    n_rows = n_damaged = 0
    with reading.opened(intake.file.path, intake.name, intake.limits, again_at=b"WARC/") as stream:
        archive = _Archive(stream, intake.limits.max_record_bytes)
        for number, found in enumerate(archive, 1):
            n_damaged += found.problem is not None
            if n_damaged > N_RESCUED:
                raise Unusable(f"{intake.name} has more than {N_RESCUED} damaged records: fetch the archive again.")
            if found.has_row:
                n_rows += 1
                made = one_record(intake, number, found.raw, partial(_record, found, number, intake), "record")
                yield _with_url(made, found, intake.where(number, "record"))
    if not n_rows:
        raise Unusable(f"{intake.name} holds no page and no text: take it out, or fetch the pages again.")


def _with_url(made: Record | Rejected, found: "_Found", where: str) -> Record | Rejected:
    """The rejection with the address of the page after the place of the record: people know pages by it."""
    if isinstance(made, Record) or not found.url:
        return made
    return replace(made, reason=made.reason.replace(where, f"{where} ({on_one_line(found.url[:MOST_OF_URL])})", 1))


MOST_OF_URL = 100
"""Characters of an address that a message shows."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One WARC record: its fields (names in small letters), its block as far as a text may be long, the size and hash of
    all of it (no hash where it cannot be had), and what is wrong with it (null when nothing is): the sentence that goes on from its name.
    """

    fields: dict[str, str]
    block: bytes
    raw: tuple[int, str | None]
    problem: str | None = None

    @property
    def url(self) -> str | None:
        return self.fields.get("warc-target-uri", "").strip("<> ") or None

    @property
    def has_row(self) -> bool:
        """Whether it is an answer or a text, or may have been one."""
        kind = self.fields.get("warc-type", "").lower()
        return (kind in HELD and not (self.url or "").startswith(NO_PAGES)) or (not kind and self.problem is not None)


class _Archive:
    """The records of a WARC file. Where one does not end as it says, the next is looked for: in it, then after it."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream = stream
        self._again = io.BytesIO()
        self._most = most

    def __iter__(self) -> Iterator[_Found]:
        while (line := self._next_line()) is not None:
            if HEAD.fullmatch(line):
                yield self._record()
            elif line == reading.DAMAGED_PART:
                problem = "is damaged in its compressed bytes: fetch the archive again."
                yield _Found({}, b"", (0, None), problem)
            else:
                raw = self._pass_over(line)
                yield _Found({}, b"", raw, "does not begin as a WARC record does: write the archive again.")

    def _record(self) -> _Found:
        fields = self._head()
        length = fields.get("content-length", "")
        if not re.fullmatch(r"[0-9]{1,15}", length):
            raw = self._pass_over(b"")
            return _Found(fields, b"", raw, "does not say how long it is (Content-Length): write the archive again.")
        block, n_read, digest = self._block(int(length))
        found = _Found(fields, block, (n_read, digest))
        after = [self._line()]
        while after[-1] and not after[-1].strip() and len(after) < MOST_EMPTY:
            after.append(self._line())
        line = after[-1]
        if n_read == int(length) and (not line or _begins_anew(line)):
            self._put_back(line)
            return found
        m = NEXT.search(block)
        if m and n_read <= self._most:
            self._put_back(block[m.start() :] + b"".join(after))
            block = block[: m.start()]
            return _Found(
                fields,
                b"",
                (len(block), sha256(block)),
                "is damaged, for another record begins before its end: fetch the archive again.",
            )
        self._put_back(b"".join(after))
        if n_read < int(length):
            return _Found(
                fields,
                b"",
                found.raw,
                f"breaks off {int(length) - n_read:,} bytes before its end: fetch the archive again.",
            )
        if not after[0].strip():  # it ends well, and what comes next is no record
            return found
        self._pass_over(self._line())
        return _Found(fields, b"", found.raw, "goes on after its end (Content-Length): write the archive again.")

    def _head(self) -> dict[str, str]:
        """The fields up to the next empty line; of a name that stands twice the first."""
        fields: dict[str, str] = {}
        name, n_bytes = "", 0
        while (line := self._line()).strip() and n_bytes < HEAD_BYTES:
            if _begins_anew(line):  # the head of the next: this one broke off
                self._put_back(line)
                break
            n_bytes += len(line)
            text = line.decode("utf-8", "replace").rstrip()
            if text[:1] in (" ", "\t") and name:
                fields[name] += f" {text.strip()}"
                continue
            name, _, value = text.partition(":")
            name = name.strip().lower()
            fields.setdefault(name, value.strip())
        return fields

    def _block(self, length: int) -> tuple[bytes, int, str]:
        """The block as far as a text may be long, how many bytes of it there are (no more than ``length``), their hash."""
        kept, digest, n_read = bytearray(), hashlib.sha256(), 0
        while n_read < length and (piece := self._read(min(reading.CHUNK, length - n_read))):
            room = self._most - len(kept)
            kept += piece[:room]
            if n_read <= self._most < n_read + len(piece) and NEXT.search(
                kept
            ):  # the length is wrong, not the text long
                self._put_back(piece[room:])
                return bytes(kept), len(kept), sha256(bytes(kept))
            n_read += len(piece)
            digest.update(piece)
        return bytes(kept), n_read, digest.hexdigest()

    def _pass_over(self, line: bytes) -> tuple[int, str]:
        """Goes on to the next first line of a record; the size and hash of what was passed over, with ``line``."""
        digest, n_bytes = hashlib.sha256(), 0
        while not _begins_anew(line):
            digest.update(line)
            n_bytes += len(line)
            line = self._line()
            if not line:
                break
        self._put_back(line)
        return n_bytes, digest.hexdigest()

    def _next_line(self) -> bytes | None:
        """The next line that is not blank; null at the end."""
        while line := self._line():
            if line.strip():
                return line
        return None

    def _line(self) -> bytes:
        line = self._again.readline(HEAD_BYTES)
        return line if line.endswith(b"\n") else line + self._stream.readline(HEAD_BYTES)

    def _read(self, n_bytes: int) -> bytes:
        return self._again.read(n_bytes) or self._stream.read1(n_bytes)  # type: ignore[attr-defined]

    def _put_back(self, data: bytes) -> None:
        if data:
            self._again = io.BytesIO(data + self._again.read())


def _begins_anew(line: bytes) -> bool:
    """Whether this line is the first of a record, or stands for a damaged one."""
    return line == reading.DAMAGED_PART or HEAD.fullmatch(line) is not None


def _record(found: _Found, number: int, intake: Intake) -> Record | Rejected:
    where, most = intake.where(number, "record"), intake.limits.max_record_bytes
    n_bytes, digest = found.raw
    if found.problem or digest is None:
        raise Unusable(f"{where} {found.problem}")
    if n_bytes > most:
        raise Unusable(reading.too_long(where, n_bytes, intake.limits))
    kind, data, notes = found.fields.get("content-type", ""), found.block, []
    if "warc-truncated" in found.fields:
        notes.append(f"The crawler cut it off ({found.fields['warc-truncated'][:40]}).")
    if _is_altered(found):
        notes.append("Its bytes are not those whose checksum the archive gives (WARC-Block-Digest): it may be wrong.")
    if found.fields["warc-type"].lower() == "response" and (
        kind.lower().startswith("application/http") or data.startswith(b"HTTP/")
    ):
        kind, data, more = _answer(data, where, most)
        notes += more
    fields, more = _text(kind, data, where)
    return intake.record({**fields, "url": found.url}, number, (n_bytes, digest), "record", notes + more)


def _is_altered(found: _Found) -> bool:
    """Whether the archive gives the checksum of a block, in a way that we know, and it is another: brotli has none of its own."""
    name, _, given = found.fields.get("warc-block-digest", "").partition(":")
    if name.lower() not in ("sha1", "sha256", "md5"):
        return False
    digest = hashlib.new(name, found.block, usedforsecurity=False).digest()
    return given.strip().upper() not in (base64.b32encode(digest).decode(), digest.hex().upper())


def _text(kind: str, data: bytes, where: str) -> tuple[dict[str, Any], list[str]]:
    """The text of a body of this type with what is known about it, and notes.

    Raises:
        Unusable: it holds no text.
    """
    what = kind.partition(";")[0].strip().lower()
    if not data.strip():
        raise Unusable(f"{where} has an empty body: leave it out, or fetch the page again.")
    charset = m["name"] if (m := CHARSET.search(kind)) else None
    if what in PAGES or (not what and BEGINS_AS_PAGE.match(data)):
        page = page_of(data, where, charset)
        return {**page.metadata, "text": page.text}, page.notes
    if what in TEXTS:
        text, _, note = decoded(data, where, known_encoding(charset))
        return {"text": text}, [note] if note else []
    shown = f"is of the type {what[:60]}" if what else "does not say of which type it is (Content-Type)"
    raise Unusable(f"{where} {shown} and no page or plain text: leave it out, or give the text that is in it.")


STATUSES = (
    ("204 205", "is an answer without a body ({}): leave it out."),
    ("304", "is an answer that nothing had changed ({}): leave it out."),
    ("3", "is a redirect ({}) to {} and no page: leave it out, or fetch the page that it leads to."),
    ("401 402 403 407 451", "is an answer that the page may not be read ({}): leave it out."),
    ("404 410", "is an answer that the page was not found ({}): leave it out, or fetch it from where it is now."),
    ("429", "is an answer that there were too many requests ({}): fetch the page again."),
    ("4", "is an answer that the request was wrong ({}): leave it out, or fetch the page again."),
    ("5", "is an answer that the server failed ({}): leave it out, or fetch the page again."),
    ("", "is an answer without the page ({}): leave it out, or fetch the page again."),
)
"""What to say of an answer by its HTTP status (RFC 9110): the first line in which a number is what the status begins with."""


def _answer(block: bytes, where: str, most: int) -> tuple[str, bytes, list[str]]:
    """Content type and body of an HTTP answer, unpacked, and notes.

    Raises:
        Unusable: it is no answer, or the server gave no page.
    """
    body = io.BytesIO(block)
    if not block.startswith(b"HTTP/"):
        raise Unusable(f"{where} is no answer of a web server (no HTTP head): leave it out.")
    head: StatusAndHeaders = StatusAndHeadersParser(["HTTP/"], verify=False).parse(body)
    status = m[0] if (m := re.match(r"[0-9]{3}\b", head.get_statuscode())) else ""
    if not status.startswith("2") or status in ("204", "205"):
        telling = next(telling for begins, telling in STATUSES if status.startswith(tuple(begins.split()) or ""))
        target = head.get_header("Location") or "nowhere"
        raise Unusable(f"{where} {telling.format(status or 'no status', target[:200])}")
    notes = ["It is a part of the page only (206)."] if status == "206" else []
    data = body.read()
    if "chunked" in (head.get_header("Transfer-Encoding") or "").lower():
        data, note = _without_chunks(data, where)
        notes += [note] if note else []
    codings = [name.strip().lower() for name in (head.get_header("Content-Encoding") or "").split(",")]
    data, is_cut = _unpacked(data, [name for name in codings if name], where, most)
    if is_cut:
        notes.append("It is cut off: its compressed body ends too early.")
    return head.get_header("Content-Type") or "", data, notes


CHUNK_HEAD = re.compile(rb"[ \t]*(?P<size>[0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
r"""The line before a chunk (RFC 9112): its size, and what else may be said of it. Matches ``1f; last\n``, not ``2024 was a year``."""

INNER_HEAD = re.compile(rb"\r\n(?P<size>[0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r\n")
r"""What may be the head of a chunk after the end of another; ``_next_chunk`` asks whether a chunk of that size follows.
Matches ``\r\n1f\r\n``, not ``1f was``."""

BROKEN_HEAD = re.compile(rb"[^\r\n<]{0,64}\r?\n")
"""A line in the place of a chunk's head that is none (``zz``, an empty one); not a line of a page."""


def _without_chunks(data: bytes, where: str) -> tuple[bytes, str | None]:
    """A body without the lines between its chunks, and a note. One that is not in chunks (a crawler took them out) is unchanged.

    A chunk whose size is wrong ends where the next begins that is as long as it says.

    Raises:
        Unusable: there is no such next one.
    """
    made, note, at = bytearray(), None, 0
    while at < len(data):
        m = CHUNK_HEAD.match(data, at)
        start = m.end() if m else at
        size = int(m["size"], 16) if m else -1
        if size == 0:
            break
        if m and (ending := LINE_END.match(data, start + size)):
            made += data[start : start + size]
            at = ending.end()
            continue
        broken = m or BROKEN_HEAD.match(data, at)
        start = broken.end() if broken else at
        following = _next_chunk(data, max(start - 2, 0)) if broken or at else None
        if following is None:
            if not at and not m:
                return data, None
            if m and start + size >= len(data):
                made += data[start:]
                return bytes(made), note or (CUT_CHUNKS if start + size > len(data) else None)
            raise Unusable(
                f"{where} has a damaged body (its chunks are not as long as they say): fetch the page again."
            )
        note = "Its body is damaged (a chunk is not as long as it says): it may be wrong there."
        made += data[start:following]
        at = following + 2
    return bytes(made), note


LINE_END = re.compile(rb"\r?\n")
CUT_CHUNKS = "It is cut off: its last chunk ends too early."


def _next_chunk(data: bytes, at: int) -> int | None:
    """Where, at or after ``at``, a chunk ends that is followed by one that is as long as it says, or by the last; else null."""
    for m in INNER_HEAD.finditer(data, at):
        size = int(m["size"], 16)
        end = m.end() + size
        if (size and data.startswith(b"\r\n", end)) or (not size and data[end:].strip() == b""):
            return m.start()
    return None


def _unpacked(data: bytes, codings: list[str], where: str, most: int) -> tuple[bytes, bool]:
    """The body without its content codings, and whether it was cut off. What is packed twice over is unpacked twice.

    A crawler may have unpacked it and left the field: what is plainly not packed so is taken as it is.
    """
    is_cut = False
    for coding in reversed(codings):
        if coding in ("identity", "none") or known_encoding(coding):  # some servers name the charset here
            continue
        if coding not in UNPACKED:
            raise Unusable(
                f"{where} is packed in a way that we do not read ({', '.join(codings)[:60]}): fetch the page without it."
            )
        data, was_cut = UNPACKED[coding](data, where, most)
        is_cut = is_cut or was_cut
    for _ in range(reading.MOST_LAYERS):
        packing = next((name for name, magic in reading.MAGIC.items() if data.startswith(magic)), None)
        if packing is None:
            break
        data, was_cut = UNPACKED[packing](data, where, most)
        is_cut = is_cut or was_cut
    if len(data) > most:
        raise Unusable(f"{where} is longer unpacked than one text may be ({reading.megabytes(most)}): leave it out.")
    return data, is_cut


def _by_magic(packing: str, data: bytes, where: str, most: int) -> tuple[bytes, bool]:
    return reading.unpacked(data, packing, where, most) if data.startswith(reading.MAGIC[packing]) else (data, False)


def _inflated(data: bytes, where: str, most: int) -> tuple[bytes, bool]:
    """Of ``deflate``, which the standard says is zlib's format and some servers take for the bare stream."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        stream = zlib.decompressobj(bits)
        try:
            made = stream.decompress(data, most + 1)
        except zlib.error:
            continue
        return made, not stream.eof and len(made) <= most
    return _as_it_is(data, where, "deflate")


def _from_brotli(data: bytes, where: str, most: int) -> tuple[bytes, bool]:
    import brotli

    stream, made = brotli.Decompressor(), bytearray()
    try:
        while len(made) <= most:
            # a few bytes can stand for gigabytes, so that each call gives a limited number
            piece = stream.process(b"" if made else data, output_buffer_limit=reading.CHUNK)
            made += piece
            if stream.is_finished() or not piece:
                return bytes(made), not stream.is_finished()
    except brotli.error:
        if made:
            raise Unusable(f"{where} has a damaged body (brotli): fetch the page again.") from None
        return _as_it_is(data, where, "brotli")
    return bytes(made), False


def _as_it_is(data: bytes, where: str, packing: str) -> tuple[bytes, bool]:
    """The bytes of a body that is not packed as it says, if they are a page or a text."""
    try:
        if "<" in data.decode("utf-8"):
            return data, False
    except UnicodeDecodeError:
        pass
    raise Unusable(f"{where} has a damaged body ({packing}): fetch the page again.")


UNPACKED: dict[str, Callable[[bytes, str, int], tuple[bytes, bool]]] = {
    "gzip": partial(_by_magic, "gzip"),
    "x-gzip": partial(_by_magic, "gzip"),
    "zstd": partial(_by_magic, "zstd"),
    "deflate": _inflated,
    "br": _from_brotli,
}
"""How each content coding is undone: the body (at most one byte more than allowed) and whether it was cut off."""
