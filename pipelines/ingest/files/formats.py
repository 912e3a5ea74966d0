"""Files to records: every file under a folder, and every record of a file, or the reason why it is none.

Nothing raises for what an input holds: what cannot be used comes out as ``Rejected``, so that one bad line costs no other.
"""

import codecs
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from pipelines.ingest.files import reading
from pipelines.ingest.files.decoding import decoded
from pipelines.ingest.files.faults import one_record, unforeseen
from pipelines.ingest.files.jsonlines import json_fields
from pipelines.ingest.files.reading import Line
from pipelines.ingest.files.record import Intake, Limits, Record, Rejected, SourceFile, Unusable, on_one_line, sha256
from pipelines.ingest.files.tabular import Opened, csv_rows, text_stream

__all__ = [
    "FORMATS",
    "Limits",
    "Record",
    "Rejected",
    "SourceFile",
    "files_under",
    "format_of",
    "is_warehouse",
    "printable",
    "records_in",
    "rest_of",
    "walked_already",
]

FORMATS = {
    ".txt": "txt",
    ".md": "md",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".warc": "warc",
}
"""What a file's suffix (before ``.gz`` or ``.zst``) says it is; any other is ``unknown`` and is quarantined."""


DEFAULT_LIMITS = Limits()


def files_under(path: Path, without: Path | None = None) -> Iterator[SourceFile]:
    """Every file at or under ``path``, sorted by name; ``name`` is relative to the folder (a single file: its own name).

    Hidden files and folders (a leading dot) are skipped, links are followed, a folder that two ways lead to is read once.
    A warehouse is no source: neither the folder ``without`` nor any that holds what a warehouse holds is walked.
    What is no file, or may not be listed, comes out with a ``problem``.

    Raises:
        FileNotFoundError: there is nothing at ``path``; the message is a plain sentence.
    """
    if not os.path.lexists(path):
        raise FileNotFoundError(f"There is no file or folder {printable(str(path))}: check the path.")
    if not path.is_dir():
        yield SourceFile(path, printable(path.name), _problem(path))
        return
    found: list[SourceFile] = []
    links: list[Path] = []
    seen = walked_already(without)
    _walk(path, path, found, links, seen)
    while links:  # after the real folders, so that a folder has its own name and not that of a link to it
        _walk(links.pop(0), path, found, links, seen)
    yield from sorted(found, key=lambda file: file.name)


def walked_already(folder: Path | None) -> set[tuple[int, int]]:
    """What a walk has seen that is to leave out this folder: its device and inode; nothing where there is no such folder."""
    if folder is None or not folder.is_dir():
        return set()
    status = folder.stat()
    return {(status.st_dev, status.st_ino)}


def is_warehouse(names: Iterable[str]) -> bool:
    """Whether a folder that holds entries of these names is one that hearsay publishes to."""
    return {"ledger.sqlite", "snapshots"} <= set(names)


def format_of(name: str) -> str:
    """``txt``, ``md``, ``html``, ``jsonl``, ``csv``, ``parquet``, ``warc`` or ``unknown``, by the suffix, compression aside."""
    suffixes = [suffix.lower() for suffix in Path(name).suffixes]
    if suffixes and suffixes[-1] in reading.COMPRESSIONS:
        suffixes.pop()
    return FORMATS.get(suffixes[-1], "unknown") if suffixes else "unknown"


def records_in(
    file: SourceFile, limits: Limits = DEFAULT_LIMITS, taken: set[str] | None = None
) -> Iterator[Record | Rejected]:
    """The records of one file in file order, as a stream; what cannot be used comes out as ``Rejected`` in its place.

    Whatever a reader raises while it reads one record is that record's; whatever it raises outside one is the file's, and
    what was read before it stays. Memory is bounded by ``limits``, whatever the file holds. A ``source_id`` is given once: a record whose
    ``id`` was taken before, in this file or in one that was given the same ``taken`` set, gets ``path#line`` instead.
    """
    name = file.name
    intake = Intake(file, format_of(name), limits, set() if taken is None else taken)
    n_found = 0
    try:
        if file.problem:
            raise Unusable(file.problem)
        reader = READERS.get(intake.format)
        if reader is None:
            raise Unusable(_unknown(name))
        for found in _with_care(reader, intake):
            n_found += 1
            yield found
        if not n_found:  # every file has a row in sources
            raise Unusable(f"{name} holds no records: fill it or take it out.")
    except Unusable as error:
        yield _rejected_file(intake, str(error), n_found)
    except FileNotFoundError:
        yield _rejected_file(intake, f"{name} was gone when it was read: it was moved or deleted meanwhile.", n_found)
    except PermissionError:
        yield _rejected_file(intake, f"{name} may not be read by this user: change its permissions.", n_found)
    except OSError as error:
        problem = error.strerror or type(error).__name__
        yield _rejected_file(intake, f"{name} could not be read ({problem}): check the disk and the file.", n_found)
    except MemoryError:
        raise
    except Exception as error:  # whatever else a reader or its library raises is this file's, and stops no other
        yield _rejected_file(intake, unforeseen(name, error), n_found)


def _with_care(reader: "Reader", intake: Intake) -> Iterator[Record | Rejected]:
    """What the reader finds; of lines in a file with damaged compression with a note, and no further than the first that is none.

    Compressed bytes that are wrong come out as wrong letters for some thousand characters before anything notices. Which
    they are cannot be known, so that each record is told of it, and the first that is no record shows where it began.
    """
    path = intake.file.path
    if intake.format not in ("jsonl", "csv") or not reading.is_damaged(path, intake.name, intake.limits):
        yield from reader(intake)
        return
    for found in reader(intake):
        if isinstance(found, Rejected):
            raise Unusable(f"{intake.name} is damaged in its compressed bytes: fetch the file again.")
        yield replace(found, notes=(*found.notes, "The compressed file is damaged, so this text may be wrong."))


def _walk(folder: Path, root: Path, found: list[SourceFile], links: list[Path], seen: set[tuple[int, int]]) -> None:
    """Adds the files under ``folder`` to ``found`` and the links to folders to ``links``."""
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen:
            return
        seen.add((status.st_dev, status.st_ino))
        paths = sorted(folder.iterdir())
        if is_warehouse(path.name for path in paths):
            return
    except OSError as error:
        name = _name(folder, root)
        found.append(
            SourceFile(
                folder, name, f"The folder {name} could not be listed ({error.strerror}): change its permissions."
            )
        )
        return
    for path in paths:
        if path.name.startswith("."):
            continue
        try:
            mode = path.lstat().st_mode
        except PermissionError:
            problem = (
                f"The folder {_name(folder, root)} may be listed but not entered: change its permissions (it lacks x)."
            )
            found.append(SourceFile(folder, _name(folder, root), problem))
            return
        except OSError:
            mode = 0  # gone since it was listed: reading it says so
        if not _is_folder(path):
            found.append(SourceFile(path, _name(path, root), _problem(path)))
        elif stat.S_ISLNK(mode):
            links.append(path)
        else:
            _walk(path, root, found, links, seen)


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:  # which Path.is_dir lets through in some versions of Python
        return False


def _problem(path: Path) -> str | None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if path.is_symlink():
            return f"{printable(path.name)} is a link to a file that is not there: mend or remove the link."
        return None
    except OSError as error:
        return f"{printable(path.name)} could not be opened ({error.strerror}): check its permissions."
    if not stat.S_ISREG(mode):
        return f"{printable(path.name)} is no regular file (a pipe, socket or device): save its contents as a file."
    return None


def _name(path: Path, root: Path) -> str:
    return printable(path.relative_to(root).as_posix()) or "."


def printable(name: str) -> str:
    """The name as valid text of one line: bytes that are no UTF-8, and line breaks, tabs and the like, by their hexadecimal value."""
    return on_one_line(os.fsencode(name).decode("utf-8", "backslashreplace"))


def _unknown(name: str) -> str:
    suffix = "".join(Path(name).suffixes[-2:]) or "no suffix"
    return f"{name} is of no format that we read ({suffix}): use one of {', '.join(FORMATS)}, each also with .gz or .zst, or take it out."


def rest_of(file: SourceFile, taken: set[str], reason: str) -> Rejected:
    """What stands for the rest of a file whose reading had to be stopped; ``taken`` are the ids that it has given."""
    return _rejected_file(Intake(file, format_of(file.name), DEFAULT_LIMITS, taken), reason, len(taken))


def _rejected_file(intake: Intake, reason: str, n_found: int) -> Rejected:
    """Stands for a whole file, or for what was left of it when reading had to stop after ``n_found`` records."""
    if n_found:
        reason = f"After {n_found:,} record{'' if n_found == 1 else 's'}, kept as read, {reason}"
    size, digest = 0, None
    try:
        status = intake.file.path.stat()
        if stat.S_ISREG(status.st_mode):
            size, digest = status.st_size, reading.file_digest(intake.file.path)
    except OSError:
        pass
    return Rejected(intake.unused(intake.name), intake.name, intake.format, size, digest, on_one_line(reason))


def _plain_text(intake: Intake) -> Iterator[Record]:
    """A file that is one text."""
    data, raw, notes = _whole_file(intake)
    text, _, note = decoded(data, intake.name)
    yield intake.whole(text, raw, {}, [*notes, note] if note else notes)


def _web_page(intake: Intake) -> Iterator[Record]:
    """A page that is one text: its main text."""
    from pipelines.ingest.files.web import page_of

    data, raw, notes = _whole_file(intake)
    page = page_of(data, intake.name)
    yield intake.whole(page.text, raw, page.metadata, notes + page.notes)


def _whole_file(intake: Intake) -> tuple[bytes, tuple[int, str], list[str]]:
    """The bytes of the file, decompressed, the size and the hash of the file as it lies on disk, and notes.

    Of a file whose compression is cut off, what comes before is true as far as it goes: it is read, with a note. What is
    damaged elsewhere is not: wrong bytes could be taken for its words.
    """
    path = intake.file.path
    with reading.opened(path, intake.name, intake.limits) as stream:
        data, is_cut = reading.whole(stream, intake.name, intake.limits)
        is_packed = reading.is_packed(stream)
    if is_cut:
        data = _without_half_a_letter(data)
    if not data.strip():
        raise Unusable(
            f"{intake.name} is {'cut off before its first word' if is_cut else 'empty'}: fill it or take it out."
        )
    if not is_packed:
        return data, (len(data), sha256(data)), []
    notes = ["The file is cut off: its compression ends too early, and what came before is read."] if is_cut else []
    return data, (path.stat().st_size, reading.file_digest(path) or ""), notes


def _without_half_a_letter(data: bytes) -> bytes:
    """UTF-8 without the letter that a cut left unfinished at its end; other bytes unchanged."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(data)
    except UnicodeDecodeError:
        return data
    return data.removesuffix(decoder.getstate()[0])


def _json_lines(intake: Intake) -> Iterator[Record | Rejected]:
    """A file with one JSON object a line."""
    n_found = 0
    with reading.opened(intake.file.path, intake.name, intake.limits) as compressed:
        opened = text_stream(compressed, intake.name)
        for line in reading.lines(opened.stream, intake.limits):
            if line.data is None or line.data.strip():
                n_found += 1
                if n_found == 1 and line.data is not None and line.data.strip() in (b"[", b"{"):
                    raise Unusable(
                        f"{intake.name} is one JSON value over many lines: write each record on a line of its own."
                    )
                yield one_record(intake, line.number, line.raw, partial(_json_record, line, opened, intake))
    if not n_found:
        raise Unusable(f"{intake.name} holds no records: fill it or take it out.")


def _json_record(line: Line, opened: Opened, intake: Intake) -> Record | Rejected:
    where = intake.where(line.number)
    try:
        if line.data is None:
            raise Unusable(reading.too_long(where, line.n_bytes, intake.limits))
        text, _, note = decoded(line.data, where, opened.encoding)
        fields = json_fields(text, where)
    except Unusable as error:
        return intake.rejected(str(error), line.number, line.raw)
    return intake.record(fields, line.number, line.raw, notes=opened.notes_with(note))


def _parquet(intake: Intake) -> Iterator[Record | Rejected]:
    """The rows of a Parquet file, read aside."""
    from pipelines.ingest.files.aside import read_aside
    from pipelines.ingest.files.parquet import parquet_rows

    yield from read_aside(parquet_rows, intake)


def _web_archive(intake: Intake) -> Iterator[Record | Rejected]:
    """The pages and texts of a web archive."""
    from pipelines.ingest.files.warc import warc_pages

    yield from warc_pages(intake)


Reader = Callable[[Intake], Iterator[Record | Rejected]]

READERS: dict[str, Reader] = {
    "txt": _plain_text,
    "md": _plain_text,
    "html": _web_page,
    "jsonl": _json_lines,
    "csv": csv_rows,
    "parquet": _parquet,
    "warc": _web_archive,
}
"""How each format is read; a new format is a line here and one in ``FORMATS``."""
