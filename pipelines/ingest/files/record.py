"""What reading yields: a record with its text and metadata, or a rejection that says why there is none."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipelines import damage
from pipelines.ingest.given import GENRES, days_given, genre_given, language_given

FIELDS = ("id", "published_on", "title", "publisher", "author", "url", "language", "genre")

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one input may cost before it is refused with a plain message instead of filling the memory.

    ``max_record_bytes``: one text, line or table row, decompressed. ``max_file_bytes``: one file, decompressed.
    ``max_expansion``: how many times its size a compressed file may grow once it is past ``max_record_bytes``; prose
    grows 3 to 10 times and log files about 50 times, a file made to fill a disk 1,000 times.
    """

    max_record_bytes: int = 16 * MEBIBYTE
    max_file_bytes: int = 64 * 1024 * MEBIBYTE
    max_expansion: int = 200


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file found where the pipeline was told to look.

    ``name`` is its path relative to the folder that was named (POSIX slashes): the base of every ``source_id`` in it.
    ``problem`` says why it cannot even be opened (a folder that may not be listed, a link to nothing), else null.
    """

    path: Path
    name: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One text as it was found, with the metadata its source gave; what the source did not give is null.

    ``source_id`` is the file's relative path, or in a file of records the record's ``id``, else ``path#line`` (``line``
    counts from 1; in Parquet it is the row). ``n_bytes`` and ``bytes_sha256`` are of the file as it lies on disk, or of
    the record's own line(s) in a file of records. ``text`` is as decoded, wrong decoding before it came here undone,
    otherwise unchanged. ``published_earliest_on`` and ``published_latest_on`` are null unless the source gives a month,
    week or year and no day. ``notes`` are plain sentences about what was left out or mended (a date that is no date), for
    people; they never cost the text.
    """

    source_id: str
    path: str
    format: str
    n_bytes: int
    bytes_sha256: str
    text: str
    id: str | None = None
    published_on: date | None = None
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    language: str | None = None
    genre: str | None = None
    published_earliest_on: date | None = None
    published_latest_on: date | None = None
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Rejected:
    """One record that was found and could not be used: ``reason`` is one sentence that says what, where and what to do.

    ``bytes_sha256`` is null where the bytes could not be read to their end.
    """

    source_id: str
    path: str
    format: str
    n_bytes: int
    bytes_sha256: str | None
    reason: str


class Unusable(Exception):  # noqa: N818 (it is no error of the program)
    """Input that cannot become a record; the message is the sentence that ``Rejected.reason`` carries."""


@dataclass(frozen=True, slots=True)
class Intake:
    """One file being read: what it is called, what it may cost, and the ``source_id`` that were given so far."""

    file: SourceFile
    format: str
    limits: Limits
    taken: set[str]

    @property
    def name(self) -> str:
        return self.file.name

    def where(self, number: int, unit: str = "line") -> str:
        """A place in the file, for a message: ``news.jsonl line 7``."""
        return f"{self.name} {unit} {number}"

    def whole(self, text: str, raw: tuple[int, str], metadata: Mapping[str, Any], notes: Sequence[str]) -> Record:
        """The record of a file that is one text. ``raw`` is the size and hash of the file as it lies on disk.

        Raises:
            Unusable: the text is empty, or no text.
        """
        text, more = _read_text(text, self.name, notes)
        return Record(self.unused(self.name), self.name, self.format, *raw, text, **metadata, notes=(*notes, *more))

    def record(
        self,
        fields: "Fields",
        number: int,
        raw: tuple[int, str],
        unit: str = "line",
        notes: Sequence[str] = (),
    ) -> Record | Rejected:
        """The record that these fields make, or why they make none; ``raw`` is the size and hash of its own bytes."""
        metadata, more = metadata_of(fields)
        try:
            text, about_text = _read_text(named(fields)[0].get("text"), self.where(number, unit), notes)
        except Unusable as error:
            return self.rejected(str(error), number, raw, fields)
        key = self.source_id(metadata.get("id"), number)
        if metadata.get("id") and key != metadata["id"]:
            more.append(f"id {short(metadata['id'])} was given before, so this record is known as {key}.")
        return Record(key, self.name, self.format, *raw, text, **metadata, notes=(*notes, *about_text, *more))

    def rejected(
        self, reason: str, number: int, raw: tuple[int, str | None], fields: "Fields" = MappingProxyType({})
    ) -> Rejected:
        """What stands in a record's place when it cannot be used."""
        key = self.source_id(_one_line(named(fields)[0].get("id")), number)
        return Rejected(key, self.name, self.format, *raw, on_one_line(reason))

    def source_id(self, given: str | None, number: int) -> str:
        """The ``id`` that the record gives, if no record before had it, else ``path#line``."""
        if given and given not in self.taken:
            self.taken.add(given)
            return given
        return self.unused(f"{self.name}#{number}")

    def unused(self, name: str) -> str:
        """The name, numbered where it was taken before."""
        number, free = 1, name
        while free in self.taken:
            number += 1
            free = f"{name}~{number}"
        self.taken.add(free)
        return free


def on_one_line(text: str) -> str:
    """The text with line breaks, tabs and the like as what they are written as in code: a sentence about input is one line."""
    return _BREAKS.sub(lambda m: m[0].encode("unicode_escape").decode("ascii"), text)


_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def sha256(data: bytes) -> str:
    """The SHA-256 of these bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def checked_text(value: object, where: str) -> str:
    """The text of a record, unchanged.

    Raises:
        Unusable: there is none, or it holds NUL characters.
    """
    if value is None or (isinstance(value, float) and value != value):  # NaN is an empty cell
        raise Unusable(f"{where} has no text: give it a field named text.")
    if isinstance(value, Unread):
        raise Unusable(f"{where} has a text that cannot be read: {value.why}. Write it again as UTF-8.")
    if not isinstance(value, str):
        kind = _KINDS.get(type(value), "none")
        raise Unusable(f"{where} has a text that is {kind}: the field named text must be a string.")
    if not value.strip():
        raise Unusable(f"{where} has an empty text: fill it or remove the record.")
    if "\x00" in value:
        raise Unusable(
            f"{where} has NUL characters in its text (first at character {value.index(chr(0))}): remove them."
        )
    return value


def _read_text(value: object, where: str, notes: Sequence[str]) -> tuple[str, list[str]]:
    """The text of a record with wrong decoding undone, and notes about that which are not among those given.

    Halves of surrogate pairs, which stand for no character and cannot be written, become U+FFFD.

    Raises:
        Unusable: as ``checked_text``.
    """
    text, more = checked_text(value, where), []
    if _lone_surrogate(text) is not None:
        n_halves, text = len(SURROGATE.findall(text)), SURROGATE.sub(damage.LOST, text)
        more.append(f"{n_halves:,} half(s) of surrogate pairs, which are no characters, stand as {damage.LOST}.")
    mended = damage.decoded_anew(text)
    more += [mended.note] if mended.note else []
    n_lost = mended.text.count(damage.LOST)
    if n_lost and not any(damage.LOST in note for note in (*notes, *more)):
        more.append(f"{n_lost:,} character(s) stand as {damage.LOST}: they were lost before the text came here.")
    return mended.text, more


SURROGATE = re.compile("[\ud800-\udfff]")
_KINDS = {bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object"}


def metadata_of(fields: "Fields") -> tuple[dict[str, Any], list[str]]:
    """The metadata that these fields give, as keyword arguments of ``Record``, and a note for each that is unusable or mended.

    Names of fields are matched as ``named`` does. A ``published_on`` that names a month or a year becomes
    ``published_earliest_on`` and ``published_latest_on``; a language becomes its ISO 639 code; a genre outside the
    contract's list is left out. No value raises.
    """
    given, notes = named(fields)
    found: dict[str, Any] = {}
    for name in FIELDS:
        value = given.get(name)
        if _is_empty(value):
            continue
        parsed = f"{value.why}" if isinstance(value, Unread) else _PARSERS.get(name, _plain)(value, name)
        if isinstance(parsed, str):
            notes.append(f"{name} {'' if isinstance(value, Unread) else short(value) + ' '}is left out: {parsed}.")
            continue
        if name in MENDED and (mended := damage.decoded_anew(parsed[name])).text != parsed[name]:
            notes.append(f"{name} was decoded wrongly where it came from and is read as {short(mended.text)}.")
            parsed = {name: mended.text}
        if name not in parsed:
            first, last = parsed.values()
            notes.append(
                f"{name} {short(value)} names no day, so published_on is null: it lies from {first} to {last}."
            )
        found |= parsed
    return found, notes


MENDED = ("title", "publisher", "author")
"""Fields that are words. Wrong decoding is not undone in an id or an address: they are names of something."""

KNOWN = frozenset((*FIELDS, "text"))
Fields = Mapping[str, Any] | Sequence[tuple[str, Any]]
"""What one record gives: names and values, as pairs where a name may come twice."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Stands for a value that is there and cannot be had; ``why`` ends a message: "its bytes are no UTF-8 (at byte 7)"."""

    why: str


def named(fields: Fields) -> tuple[dict[str, Any], list[str]]:
    """The fields of a record that have a meaning, by name, and a note for each that was given more than once.

    Letter case and spaces around a name make no difference. Of several fields of one name the first that is not empty is
    read, those first that are written exactly so (``text`` before ``Text``). Bytes are read as UTF-8.
    """
    found: dict[str, Any] = {}
    left: Counter[str] = Counter()
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    for given, value in sorted(pairs, key=lambda pair: str(pair[0]) not in KNOWN):  # written exactly so first
        name = str(given).strip().lower()
        if name not in KNOWN:
            continue
        if name in found and not _is_empty(found[name]):
            left[name] += 1
        else:
            left[name] += name in found
            found[name] = _as_text(value) if isinstance(value, bytes) else value
    notes = [
        f"There are {n + 1} fields named {name}: the first that is not empty is read (if there is one, of those written exactly so)."
        for name, n in left.items()
        if n
    ]
    return found, notes


def _as_text(value: bytes) -> "str | Unread":
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        return no_utf8(error)


def no_utf8(error: UnicodeDecodeError) -> Unread:
    """What stands for a value whose bytes are no UTF-8."""
    return Unread(f"its bytes are no UTF-8 (first at byte {error.start:,} of {len(error.object):,})")


def _is_empty(value: object) -> bool:
    """Whether there is no value: null, NaN (an empty cell to pandas), or nothing but white space."""
    return (
        value is None or (isinstance(value, str) and not value.strip()) or (isinstance(value, float) and value != value)
    )


Parsed = dict[str, Any] | str
"""Keyword arguments of ``Record``, or why there are none, as a message ends."""


def _plain(value: object, name: str) -> Parsed:
    text = _one_line(value)
    return "it is no plain text of at most 10,000 characters" if text is None else {name: text}


def _one_line(value: object) -> str | None:
    """A string or a whole number as text; null for any other value, and for what is too long or has characters that are none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    try:
        text = str(value).strip()
    except ValueError:  # Python writes out no number of more than 4,300 digits
        return None
    return None if "\x00" in text or _lone_surrogate(text) is not None or len(text) > LONGEST else text


LONGEST = 10_000
"""How many characters a title, an id or any other metadata may have: what is longer is a text in the wrong place."""


def _published(value: object, name: str) -> Parsed:
    days = days_given(value)
    if isinstance(days, str):
        return days
    if days.first == days.last:
        return {name: days.first}
    return {"published_earliest_on": days.first, "published_latest_on": days.last}


def _language(value: object, name: str) -> Parsed:
    code = language_given(value)
    return {name: code} if code else "it is no language; write its ISO 639 code, as in en"


def _genre(value: object, name: str) -> Parsed:
    genre = genre_given(value)
    return {name: genre} if genre else f"it is none of {', '.join(GENRES)}"


_PARSERS = {"published_on": _published, "language": _language, "genre": _genre}


def _lone_surrogate(text: str) -> int | None:
    """Where the first half of a surrogate pair stands (in code points), null when there is none."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return error.start
    return None


def short(value: object) -> str:
    """The value as a message may show it: printable, one line, at most 40 characters, whatever it is."""
    if isinstance(value, list | tuple | dict) and _is_deep(value):
        shown = "(a list or an object with much in it)"
    else:
        try:
            plain = str(value) if isinstance(value, date | Decimal) else value
            shown = repr(plain[:60] if isinstance(plain, str | bytes) else plain)
        except (ValueError, RecursionError):  # a number of more than 4,300 digits
            shown = f"({_KINDS.get(type(value), 'a value')})"
    shown = "".join(c if unicodedata.category(c)[0] != "C" else "?" for c in shown[:60])
    return shown if len(shown) <= 40 else shown[:37] + "..."


def _is_deep(value: object) -> bool:
    """Whether lists and objects stand in one another more than ``DEEP`` levels, or hold more than a message may show; asked without recursion."""
    level = [value]
    for _ in range(DEEP):
        level = [
            inner
            for outer in level
            for inner in (
                outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list | tuple) else ()
            )
        ]
        if not level:
            return False
        if len(level) > 100:
            return True
    return True


DEEP = 10
"""Levels of a value that a message shows."""
