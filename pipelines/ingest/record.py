"""What reading yields: a record with its text and metadata, or a rejection that says why there is none."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

GENRES = ("news", "wire", "op_ed", "press_review", "forum_post", "other")
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
    the record's own line(s) in a file of records. ``text`` is as decoded, unchanged. ``notes`` are plain sentences about
    what was left out (a date that is no date), for people; they never cost the text.
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
        checked_text(text, self.name)
        return Record(self.unused(self.name), self.name, self.format, *raw, text, **metadata, notes=tuple(notes))

    def record(
        self,
        fields: Mapping[str, Any],
        number: int,
        raw: tuple[int, str],
        unit: str = "line",
        notes: Sequence[str] = (),
    ) -> Record | Rejected:
        """The record that these fields make, or why they make none; ``raw`` is the size and hash of its own bytes."""
        try:
            text = checked_text(_field(fields, "text"), self.where(number, unit))
        except Unusable as error:
            return self.rejected(str(error), number, raw, fields)
        metadata, more = metadata_of(fields)
        key = self.source_id(metadata.get("id"), number)
        if metadata.get("id") and key != metadata["id"]:
            more.append(f"id {_short(metadata['id'])} was given before, so this record is known as {key}.")
        return Record(key, self.name, self.format, *raw, text, **metadata, notes=(*notes, *more))

    def rejected(
        self, reason: str, number: int, raw: tuple[int, str | None], fields: Mapping[str, Any] = MappingProxyType({})
    ) -> Rejected:
        """What stands in a record's place when it cannot be used."""
        given = _field(fields, "id")
        key = self.source_id(_plain(given) if given is not None else None, number)
        return Rejected(key, self.name, self.format, *raw, reason)

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


def sha256(data: bytes) -> str:
    """The SHA-256 of these bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def checked_text(value: object, where: str) -> str:
    """The text of a record, unchanged.

    Raises:
        Unusable: there is none, or it holds what is no text: NUL characters or halves of surrogate pairs.
    """
    if value is None:
        raise Unusable(f"{where} has no text: give it a field named text.")
    if not isinstance(value, str):
        kind = _KINDS.get(type(value), "none")
        raise Unusable(f"{where} has a text that is {kind}: the field named text must be a string.")
    if not value.strip():
        raise Unusable(f"{where} has an empty text: fill it or remove the record.")
    if "\x00" in value:
        raise Unusable(
            f"{where} has NUL characters in its text (first at character {value.index(chr(0))}): remove them."
        )
    lone = _lone_surrogate(value)
    if lone is not None:
        raise Unusable(
            f"{where} has half of a surrogate pair in its text (at character {lone}), which stands for no character: "
            "remove it, or write the text out again from where it came."
        )
    return value


_KINDS = {bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object"}


def metadata_of(fields: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The metadata that these fields give, as keyword arguments of ``Record``, and a note for each that is unusable.

    Names of fields are matched without regard to case. ``published_on`` must begin with a whole date (2022-03-16, a time
    may follow). A genre outside the contract's list is left out.
    """
    found: dict[str, Any] = {}
    notes: list[str] = []
    for name in FIELDS:
        value = _field(fields, name)
        if value is None or (isinstance(value, str) and not value.strip()) or value != value:  # NaN is an empty cell
            continue
        parsed = _PARSERS.get(name, _plain)(value)
        if parsed is None:
            notes.append(f"{name} {_short(value)} is left out: {_EXPECTED.get(name, 'it is no plain text')}.")
        else:
            found[name] = parsed
    return found, notes


def _field(fields: Mapping[str, Any], name: str) -> Any:
    """The field of this name, or of this name in other letter case."""
    if name in fields:
        return fields[name]
    return next((value for given, value in fields.items() if str(given).strip().lower() == name), None)


def _plain(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    return None if "\x00" in text or _lone_surrogate(text) is not None else text


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not (m := _ISO_DATE.fullmatch(value.strip())):
        return None
    try:
        return date(int(m["year"]), int(m["month"]), int(m["day"]))
    except ValueError:
        return None


def _genre(value: object) -> str | None:
    name = re.sub(r"[\s-]+", "_", str(value).strip().lower())
    return name if name in GENRES else None


_ISO_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:[T ]\d\d:?\d\d.*)?", re.ASCII)
_PARSERS = {"published_on": _date, "genre": _genre}
_EXPECTED = {
    "published_on": "it is no date written year-month-day, as in 2022-03-16",
    "genre": f"it is none of {', '.join(GENRES)}",
}


def _lone_surrogate(text: str) -> int | None:
    """Where the first half of a surrogate pair stands (in code points), null when there is none."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return error.start
    return None


def _short(value: object) -> str:
    """The value as a message may show it: printable, one line, at most 40 characters."""
    shown = repr(value)
    shown = "".join(c if unicodedata.category(c)[0] != "C" else "?" for c in shown)
    return shown if len(shown) <= 40 else shown[:37] + "..."
