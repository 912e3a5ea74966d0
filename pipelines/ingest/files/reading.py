"""Bytes off the disk: opened, decompressed and counted, so that no input can take more memory than its limit."""

import codecs
import hashlib
import io
import os
import re
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pipelines.ingest.files.record import Limits, Unusable, sha256

CHUNK = 1 << 16
ZSTD_PIECE = (
    1 << 10
)  # one compressed KiB can stand for 40 MB: the decompressor takes no output limit, so feed it little
ZSTD_WINDOW = 1 << 27  # 128 MiB, what the zstd tool accepts by itself


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line: its number from 1, its bytes and its line end apart (null when longer than the limit), size, hash."""

    number: int
    data: bytes | None
    end: bytes
    n_bytes: int
    sha256: str

    @property
    def raw(self) -> tuple[int, str]:
        return self.n_bytes, self.sha256


def opened(path: Path, name: str, limits: Limits, again_at: bytes | None = None) -> BinaryIO:
    """The file's bytes as a buffered stream: decompressed where its name ends in ``.gz`` or ``.zst`` or its bytes begin as such do.

    What was packed twice is unpacked twice. Where a part of the file (a gzip member, a zstd frame) is damaged and the bytes of a
    later one begin with ``again_at``, reading goes on there. In the place of a part that holds one record, which is all that
    begins with ``again_at`` in it, stands ``DAMAGED_PART`` then; without ``again_at`` the damage ends the file.

    Reading from it raises ``Unusable`` where the compression is broken or the limits are passed, ``OSError`` where the disk is.
    """
    raw = path.open("rb", buffering=CHUNK)
    stream: BinaryIO = raw
    packing, size = COMPRESSIONS.get(path.suffix.lower()) or _packing(raw), os.fstat(raw.fileno()).st_size
    for _ in range(MOST_LAYERS):
        if packing is None:
            return stream
        unpack = _gunzipped if packing == "gzip" else _unzstd
        stream = buffered(_counted(unpack(stream, name, again_at), raw, size, name, limits))
        packing = _packing(stream)
    if packing is not None:
        raw.close()
        raise Unusable(f"{name} is compressed more than {MOST_LAYERS} times over: decompress it yourself.")
    return stream


COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
MAGIC = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd"}
MOST_LAYERS = 3
"""Compressions within one another that are undone; more is an attack or a mistake."""

DAMAGED_PART = b"(here a part of the file was damaged in its compression)\r\n"
"""The line that stands for a damaged part of a compressed file of records."""

MOST_HELD = 16 << 20
"""How much of a part is held back until its checksum is known; what a longer one holds cannot be taken back."""


def is_packed(stream: BinaryIO) -> bool:
    """Whether what ``opened`` gave is unpacked as it is read, and not the file as it lies on disk."""
    return isinstance(getattr(stream, "raw", None), _Stream)


def _packing(stream: BinaryIO) -> str | None:
    """How the bytes that come next are packed, by what they begin with; null when they are not."""
    head = stream.peek(4) if isinstance(stream, io.BufferedReader) else b""
    return next((name for name, magic in MAGIC.items() if head.startswith(magic)), None)


def buffered(pieces: Iterator[bytes]) -> BinaryIO:
    """A readable stream over pieces of bytes."""
    return io.BufferedReader(_Stream(pieces), CHUNK)


class CutOff(Unusable):
    """Compressed bytes that end too early: what came before is whole."""


class Damaged(Unusable):
    """Compressed bytes that are wrong somewhere: what came shortly before it was noticed may be wrong too."""


def is_damaged(path: Path, name: str, limits: Limits) -> bool:
    """Whether the file is compressed and its compressed bytes are wrong somewhere; one that is only cut off is not.

    Most damage shows at the end alone, by a checksum, so that the whole file is unpacked for this.
    """
    try:
        with opened(path, name, limits) as stream:
            while is_packed(stream) and stream.read(CHUNK):
                pass
    except Damaged:
        return True
    except (Unusable, OSError):  # which reading it says
        return False
    return False


def unpacked(data: bytes, packing: str, what: str, most: int) -> tuple[bytes, bool]:
    """Bytes that are held in memory, unpacked (``packing`` is gzip or zstd), at most ``most`` + 1 of them; whether they are cut off.

    Raises:
        Unusable: they are damaged.
    """
    return up_to_cut(buffered((_gunzipped if packing == "gzip" else _unzstd)(io.BytesIO(data), what)), most + 1)


def up_to_cut(stream: BinaryIO, most: int) -> tuple[bytes, bool]:
    """At most so many bytes of the stream, and whether its compression was cut off before them."""
    made = bytearray()
    try:
        while len(made) < most and (piece := read1(stream, min(CHUNK, most - len(made)))):
            made += piece
    except CutOff:
        return bytes(made), True
    return bytes(made), False


def read1(stream: BinaryIO, n_bytes: int) -> bytes:
    """The next bytes, at most so many: those that are there, without a further look, which could raise and lose them."""
    return stream.read1(n_bytes) if isinstance(stream, io.BufferedReader) else stream.read(n_bytes)


def whole(stream: BinaryIO, what: str, limits: Limits) -> tuple[bytes, bool]:
    """Everything in the stream, and whether its compression was cut off.

    Raises:
        Unusable: it holds more than one record may.
    """
    data, is_cut = up_to_cut(stream, limits.max_record_bytes + 1)
    if len(data) > limits.max_record_bytes:
        raise Unusable(too_long(what, None, limits))
    return data, is_cut


def too_long(what: str, n_bytes: int | None, limits: Limits) -> str:
    """The message about a text over the limit."""
    size = "" if n_bytes is None else f" ({megabytes(n_bytes)})"
    return f"{what} is longer{size} than one text may be ({megabytes(limits.max_record_bytes)}): split it into parts."


def lines(stream: BinaryIO, limits: Limits) -> Iterator[Line]:
    """The physical lines of the stream; of one that is longer than a record may be, only the size and the hash are kept."""
    number = 0
    while piece := stream.readline(limits.max_record_bytes + 2):
        number += 1
        if len(piece) <= limits.max_record_bytes + 1 or piece.endswith(b"\n"):
            data = piece.rstrip(b"\r\n")
            yield Line(number, data, piece[len(data) :], len(data), sha256(data))
            continue
        digest, size = hashlib.sha256(), 0
        while piece:
            body = piece.removesuffix(b"\n")
            digest.update(body)
            size += len(body)
            piece = b"" if len(body) < len(piece) else stream.readline(CHUNK)
        yield Line(number, None, b"\n", size, digest.hexdigest())


def as_utf8(stream: BinaryIO) -> BinaryIO:
    """The stream without a byte order mark, in UTF-8 if the mark says it is UTF-16 or UTF-32; without a mark, the same stream."""
    head = stream.peek(4)[:4] if isinstance(stream, io.BufferedReader) else b""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            stream.read(len(mark))
            return stream if encoding == "utf-8" else buffered(_transcoded(stream, encoding))
    return stream


MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def file_digest(path: Path) -> str | None:
    """SHA-256 of a file's bytes as they lie on disk; null when they cannot be read to the end."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def megabytes(n: int) -> str:
    """A size for a message: ``16 MB``, or in bytes when it is small."""
    return f"{n / 1_048_576:,.0f} MB" if n >= 1_048_576 else f"{n:,} bytes"


class _Stream(io.RawIOBase):
    """Pieces of bytes as a file that can only be read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        n = min(len(buffer), len(self._left))
        buffer[:n] = self._left[:n]
        self._left = self._left[n:]
        return n

    def close(self) -> None:
        if not self.closed and hasattr(self._pieces, "close"):
            self._pieces.close()
        super().close()


def _gunzipped(raw: BinaryIO, name: str, again_at: bytes | None = None) -> Iterator[bytes]:
    """Every byte before the end or the damage, and then ``Unusable``; with ``again_at`` what can be found after it too."""
    return _parts(raw, "gzip", partial(_no_whole_gzip, name), again_at)


def _parts(
    raw: BinaryIO, packing: str, problem: Callable[[Exception], Unusable], again_at: bytes | None
) -> Iterator[bytes]:
    import zstandard

    unpack, size = (_member, CHUNK) if packing == "gzip" else (_frame, ZSTD_PIECE)
    is_first, data = True, raw.read(size)
    while data := data.lstrip(b"\x00") or _not_zeros(raw):  # some tools fill up the last block with zeros
        start = raw.tell() - len(data) if raw.seekable() else None
        held = _Held(None if start is None else again_at)
        try:
            data = yield from held.part(unpack(raw, data))
        except (zlib.error, zstandard.ZstdError, EOFError) as error:
            is_found = start is not None and again_at is not None and _found_again(raw, start + 1, packing, again_at)
            is_one = held.is_one_record and (is_found or not (is_first or isinstance(error, EOFError)))
            yield from held.rest(is_one, is_checksum=is_found and str(error).rpartition(" incorrect ")[2] in CHECKS)
            if not is_found:
                if is_one:  # it is told of where it stands
                    return
                raise problem(error) from None
            data = raw.read(size)
        is_first = False


CHECKS = ("data check", "length check")
"""What zlib calls incorrect at the end of a member, when all of it was unpacked."""


class _Held:
    """What comes of one part of a file, held back until the part is known to be whole, where it may have to be taken back."""

    def __init__(self, again_at: bytes | None) -> None:
        self._again_at = again_at
        self._made: list[bytes] = []
        self._n_made = 0
        self._is_out = again_at is None

    def part(self, pieces: Generator[bytes, None, bytes]) -> Generator[bytes, None, bytes]:
        """The pieces, in the end or when they are too many to hold; returns what the generator does."""
        while True:
            try:
                piece = next(pieces)
            except StopIteration as stop:
                yield from self._made
                return bytes(stop.value)
            if self._is_out:
                yield piece
                continue
            self._made.append(piece)
            self._n_made += len(piece)
            if self._n_made > MOST_HELD:
                self._is_out = True
                yield from self._made
                self._made.clear()

    @property
    def is_one_record(self) -> bool:
        """Whether all is held and nothing in it begins as a second record does."""
        return not self._is_out and b"\n" + (self._again_at or b"") not in b"".join(self._made)

    def rest(self, is_one: bool, is_checksum: bool) -> Iterator[bytes]:
        """What stands for the part when it is damaged: of many records, those that came before the damage."""
        if not is_one:
            yield from self._made
        if self._again_at is not None:
            yield b"\r\n\r\n"
            if is_one or (is_checksum and not self._is_out):
                yield DAMAGED_PART


def _not_zeros(raw: BinaryIO) -> bytes:
    """The next bytes that are not all zero; none at the end."""
    while data := raw.read(CHUNK):
        if data := data.lstrip(b"\x00"):
            return data
    return b""


def _member(raw: BinaryIO, data: bytes) -> Generator[bytes, None, bytes]:
    """One gzip member, which begins with ``data``; returns what was read beyond its end.

    Raises:
        zlib.error: it is damaged; every byte before the damage was yielded.
        EOFError: it is cut off.
    """
    member = zlib.decompressobj(GZIP)
    while True:
        before = member.copy()
        try:
            piece = member.decompress(data, CHUNK)
        except zlib.error:
            yield from _up_to_damage(before, data)
            raise
        if piece:
            yield piece
        if member.eof:
            return member.unused_data
        data = member.unconsumed_tail
        if not data and len(piece) < CHUNK:  # else more may come of what was given
            data = raw.read(CHUNK)
            if not data:
                raise EOFError


GZIP = 16 + zlib.MAX_WBITS


def _frame(raw: BinaryIO, data: bytes) -> Generator[bytes, None, bytes]:
    """One zstd frame, which begins with ``data``; returns what was read beyond its end.

    Raises:
        zstandard.ZstdError: it is damaged.
        EOFError: it is cut off.
    """
    import zstandard

    frame = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()
    while data:
        for at in range(0, len(data), ZSTD_PIECE):
            if piece := frame.decompress(data[at : at + ZSTD_PIECE]):
                yield piece
            if frame.eof:
                return frame.unused_data + data[at + ZSTD_PIECE :]
        data = raw.read(ZSTD_PIECE)
    raise EOFError


def _no_whole_gzip(name: str, error: Exception) -> Unusable:
    if isinstance(error, EOFError):
        return CutOff(f"{name} is cut off (the gzip stream ends too early): fetch the file again.")
    problem = _plainly(error).rpartition(": ")[2]  # without zlib's "Error -3 while decompressing data"
    return Damaged(f"{name} is no whole gzip file ({problem}): fetch or compress it again.")


def _up_to_damage(member: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """What comes of these bytes before the one that is wrong: zlib gives up all that it made in the call in which it fails."""
    made = bytearray()
    try:
        for at in range(len(data)):
            made += member.decompress(data[at : at + 1])
            if len(made) >= CHUNK:
                yield bytes(made)
                made.clear()
    except zlib.error:
        pass
    if made:
        yield bytes(made)


def _found_again(raw: BinaryIO, start: int, packing: str, beginning: bytes) -> bool:
    """Goes to the first part at or after ``start`` whose unpacked bytes begin so, or that is damaged; false where there is none."""
    window = 1 << 12  # enough of a part to unpack its first bytes
    magic = PART_BEGINS[packing]
    while True:
        raw.seek(start)
        data = raw.read(CHUNK + window)
        for m in magic.finditer(data):
            if m.start() < CHUNK and _begins(packing, data[m.start() : m.start() + window], beginning):
                raw.seek(start + m.start())
                return True
        if len(data) <= CHUNK:
            return False
        start += CHUNK


PART_BEGINS = {
    "gzip": re.compile(rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]", re.S),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd"),
}
"""The head of a part (RFC 1952: magic, flags, time, extra flags, system); other bytes look so once in 10^12."""


def _begins(packing: str, data: bytes, beginning: bytes) -> bool:
    """Whether a part that begins with this data begins with ``beginning`` unpacked. One that cannot be unpacked may have."""
    import zstandard

    try:
        if packing == "gzip":
            head = zlib.decompressobj(GZIP).decompress(data, len(beginning))
        else:
            with zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).stream_reader(data) as reader:
                head = reader.read(len(beginning))
    except zlib.error:
        return True
    except zstandard.ZstdError:
        return False
    return head == beginning


def _unzstd(raw: BinaryIO, name: str, again_at: bytes | None = None) -> Iterator[bytes]:
    """As ``_gunzipped``."""
    return _parts(raw, "zstd", partial(_no_whole_zstd, name), again_at)


def _no_whole_zstd(name: str, error: Exception) -> Unusable:
    if isinstance(error, EOFError):
        return CutOff(f"{name} is cut off (the zstd stream ends too early): fetch the file again.")
    return Damaged(f"{name} is no whole zstd file ({_plainly(error)}): fetch or compress it again.")


def _counted(pieces: Iterator[bytes], raw: BinaryIO, size: int, name: str, limits: Limits) -> Iterator[bytes]:
    """The same pieces, until they add up to more than the limits allow for ``raw``, the file of this size."""
    n_out = 0
    try:
        for piece in pieces:
            for at in range(0, len(piece), CHUNK):
                n_out += min(CHUNK, len(piece) - at)
                n_in = max(size if raw.closed else raw.tell(), 1)  # closed by a layer below, which came to its end
                if n_out > limits.max_record_bytes and n_out > n_in * limits.max_expansion:
                    raise Unusable(
                        f"{name} grows more than {limits.max_expansion} times when decompressed, as files do that are made "
                        "to fill a disk: decompress it yourself if it is meant."
                    )
                if n_out > limits.max_file_bytes:
                    raise Unusable(
                        f"{name} decompresses to more than {megabytes(limits.max_file_bytes)}: split it into parts."
                    )
                yield piece[at : at + CHUNK]
    finally:
        raw.close()


def _transcoded(stream: BinaryIO, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    while data := read1(stream, CHUNK):
        yield decoder.decode(data).encode("utf-8")
    yield decoder.decode(b"", final=True).encode("utf-8")


def _plainly(error: BaseException) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
