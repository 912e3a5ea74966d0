"""Bytes to text: a byte order mark, else UTF-8, else the code page in which the text reads best.

Bytes that are no text in any encoding that we know are refused rather than turned into nonsense.
"""

import re
import unicodedata
from typing import NamedTuple

from pipelines.ingest.files.codepages import code_page
from pipelines.ingest.files.reading import MARKS
from pipelines.ingest.files.record import Unusable

SAMPLE = 1 << 16
# Curly quotes, dashes, the ellipsis, the euro sign, the hard space and guillemets are the same bytes in the Windows pages.
SAME_IN_WINDOWS = re.compile(rb"[\x00-\x7f\x80\x85\x91-\x97\xa0\xa7\xa9\xab\xae\xb0\xb7\xbb]*")
"""Bytes that mean the same in all code pages of Windows; it matches all of a text or some of it, were it nothing."""
BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class Decoded(NamedTuple):
    """A text, the Python name of the encoding it came in, and a note (null when nothing was lost or guessed)."""

    text: str
    encoding: str
    note: str | None = None


def decoded(data: bytes, what: str, declared: str | None = None) -> Decoded:
    """The text of these bytes; a byte order mark is no part of it.

    ``what`` names the input in messages. ``declared`` is an encoding that the input itself names (an HTML meta tag); it is
    believed after UTF-8, where it fits.

    Raises:
        Unusable: the bytes are no text (binary), or no text in any encoding that we know.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            data = data[len(mark) :]
            while data.startswith(mark):  # set down twice by programs that add one to what has one
                data = data[len(mark) :]
            return _marked(data, encoding, what)
    if b"\x00" in data or _looks_binary(data):
        return _utf16(data) or _refused(data, what)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    if (found := _with_halves(data)) is not None:
        return found
    if declared and (text := _decodes(data, declared)) is not None:
        return Decoded(text, declared)
    return _broken_utf8(data) or _legacy(data, what)


def _marked(data: bytes, encoding: str, what: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") > 2 + len(text) // 1000:
            raise Unusable(
                f"{what} begins with the mark of {encoding.upper()} but is not written in it (byte {error.start:,}): save it again as UTF-8."
            ) from None
        return Decoded(text, encoding, f"{text.count(chr(0xFFFD))} broken character(s) stand as \ufffd.")


def _with_halves(data: bytes) -> Decoded | None:
    """UTF-8 in which halves of surrogate pairs are written each by itself (CESU-8), as Java and JavaScript dump what they hold.

    Two halves that belong together are one character; one that stands alone stands for none.
    """
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    n_lone = joined.count("\ufffd") - text.count("\ufffd")
    return Decoded(joined, "utf-8", f"{n_lone} half surrogate pair(s) stand as \ufffd." if n_lone else None)


def _utf16(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: nearly all characters are then letters and marks of the alphabets of Europe, or all of some script."""
    if len(data) < LEAST_UTF16 and b"\x00" not in data:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        sample = data[:SAMPLE].decode(encoding, "replace")
        if len(EUROPEAN.findall(sample)) >= 0.95 * len(sample) and (text := _decodes(data, encoding)) is not None:
            return Decoded(text, encoding, guessed(encoding))
    wide = wide_encoding(data)
    text = _decodes(data, wide) if wide else None
    return Decoded(text, wide, guessed(wide)) if wide and text is not None else None


def guessed(encoding: str) -> str:
    """The note on a text that does not say its encoding."""
    return f"It is no UTF-8, names no encoding, and is read as {encoding}."


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by ``head``, how the bytes begin; null for any other encoding.

    In the right one all characters are assigned, and some are ASCII: digits, spaces and line ends stand in every script's
    texts, and in the wrong order of bytes they come out as other characters.
    """
    if b"\x00" not in head or _is_narrow(head):
        return None
    whole = head[: min(len(head), SAMPLE) // 4 * 4]
    for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        sample = whole.decode(encoding, "replace")
        n_ascii = sum(character < "\x7f" for character in sample)
        if n_ascii >= LEAST_ASCII * len(sample) > 0 and all(
            map(_is_text, sample[:-1])
        ):  # the last may be half of a pair
            return encoding
    return None


LEAST_ASCII = 0.02
"""Share of ASCII that any text has as spaces, digits and line ends; chosen low, not measured."""


def _is_narrow(head: bytes) -> bool:
    """Text of one byte a letter in which some NUL bytes stand: without them it is UTF-8 and has no control characters.

    UTF-16 of an alphabet has one high byte in every second place, which is a control character; that of Chinese or Korean is
    hardly ever UTF-8 (of 10,000 pieces of 24 such letters and a space, none was).
    """
    rest = head.replace(b"\x00", b"")
    if len(rest) * 4 < len(head) * 3 or _looks_binary(rest):
        return False
    try:
        rest.decode()
    except UnicodeDecodeError as error:
        return error.start > len(rest) - 4  # cut inside its last letter
    return True


def _is_text(character: str) -> bool:
    return character in "\t\n\r\f" or unicodedata.category(character) not in ("Cc", "Cn", "Co", "Cs")


EUROPEAN = re.compile(r"[\t\n\r\x20-\x7e\xa0-\u052f\u1e00-\u1fff\u2000-\u2122]")


LEAST_UTF16 = 16
"""Bytes from which on a text may be told to be UTF-16 by its letters alone, without a NUL in it."""


def _refused(data: bytes, what: str) -> Decoded:
    if b"\x00" in data and data.count(0) * 50 < len(data) and not _looks_binary(data.replace(b"\x00", b"")):
        raise Unusable(f"{what} has NUL bytes in its text (first at byte {data.index(0):,}): remove them.")
    raise Unusable(f"{what} is no text but binary: take it out, or give the text that is in it.")


def _broken_utf8(data: bytes) -> Decoded | None:
    """UTF-8 in which other bytes stand: pieces of a Windows page that were pasted in, or a few that are broken (a cut, a bad copy)."""
    text = data.decode("utf-8", "replace")
    n_broken = text.count("\ufffd")
    n_whole = sum(1 for character in text if character > "\x7f") - n_broken
    if n_whole < n_broken:
        return None
    if (mixed := _mixed(data, n_broken)) is not None:
        return Decoded(mixed, "utf-8", f"{n_broken} byte(s) are no UTF-8 and are read as Windows-1252.")
    if n_whole < 20 * n_broken:
        return None
    return Decoded(text, "utf-8", f"{n_broken} broken byte(s) stand as \ufffd.")


def _mixed(data: bytes, n_broken: int) -> str | None:
    """UTF-8 in which single bytes between ASCII are letters or marks of Windows-1252; null when they read as nothing."""
    if n_broken > MOST_MIXED:
        return None
    pieces, at = [], 0
    while True:
        try:
            pieces.append(data[at:].decode("utf-8"))
            return "".join(pieces)
        except UnicodeDecodeError as error:
            start, end = at + error.start, at + error.start + 1
            letter = data[start:end].decode("cp1252", "replace")
            beside = data[start - 1 : start] + data[end : end + 1]
            if not (letter.isalpha() or letter in MARKS_OF_WINDOWS) or not beside.isascii() or end == len(data):
                return None
            pieces += [data[at:start].decode("utf-8"), letter]
            at = end


MOST_MIXED = 200
"""Broken bytes that are looked at one by one; with more a file is in another encoding, not damaged."""
MARKS_OF_WINDOWS = frozenset("“”„‘’‚«»–—…€£§°©®\u00a0•")


def _legacy(data: bytes, what: str) -> Decoded:
    if SAME_IN_WINDOWS.fullmatch(data):
        return Decoded(data.decode("cp1252"), "cp1252", guessed("cp1252"))
    sample = _telling(data)
    page = code_page(sample) or _found_by_library(sample)
    if page is not None:
        if (text := _decodes(data, page)) is not None:
            return Decoded(text, page, guessed(page))
        text = data.decode(page, "replace")
        n_broken = text.count("\ufffd")
        if n_broken * 1000 < len(text) and not any(c in text for c in C1):
            return Decoded(text, page, f"{guessed(page)} {n_broken} broken byte(s) stand as \ufffd.")
    raise Unusable(f"{what} is in no encoding that we can name: save it as UTF-8.")


def _found_by_library(sample: bytes) -> str | None:
    """What charset-normalizer finds in bytes that read in none of our code pages: the scripts of Asia and Africa."""
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=[*OTHER_SCRIPTS]).best()
    letters = [c for c in str(found or "") if c.isalpha()]
    return str(found.encoding) if found and sum(c > "\x7f" for c in letters) > 0.5 * len(letters) else None


OTHER_SCRIPTS = ("gb18030", "big5", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949", "cp1255", "cp1256", "iso8859_7")


def _telling(data: bytes) -> bytes:
    """The part of the bytes that tells most: from a little before the first byte that is not ASCII."""
    first = next((at for at in range(0, len(data), SAMPLE) if not data[at : at + SAMPLE].isascii()), 0)
    return data[max(0, first - 100) : first + SAMPLE]


def _decodes(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    return None if any(c in text for c in C1) else text


C1 = [chr(n) for n in range(0x80, 0xA0) if n != 0x85]
"""Control characters that no text holds: where they come out, the encoding is the wrong one."""


def _looks_binary(data: bytes) -> bool:
    """Whether one byte in a hundred, or a file's first bytes, are control characters that texts do not hold."""
    sample = data[:SAMPLE]
    return len(BINARY.findall(sample)) * 100 > len(sample) or sample.startswith(SIGNATURES)


SIGNATURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF-",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"PAR1",
    b"BZh",
    b"\xfd7zXZ",
    b"Rar!",
    b"\x7fELF",
)
