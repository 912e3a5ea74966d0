"""What a warehouse reads: the sources it remembers, each with the name it was given once.

A warehouse keeps them in ``sources.json``, a small file beside its tables that a person may read. Which paths a run reads:
those it is given, else those of ``HEARSAY_SOURCE``, else those that the warehouse remembers; only a warehouse that holds
nothing yet reads the sample texts. What a run reads is what the warehouse remembers from then on.

A folder's name is what stands before the paths of its files in ``source_id``, so it must not depend on which other
folders are read beside it, nor in which order. It is given when the folder is first read, and stays: none for a folder
that is the first of its warehouse and comes alone, the last part of its path for any other. A file, or a folder in a
folder that has a name, goes by the name of the folder it lies in; a folder that was moved keeps its name.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.ingest.files.formats import files_under, printable
from pipelines.paths import entered
from pipelines.running.ledger import OUTSIDE, files_in
from pipelines.running.run import Source, Stop, signature

SAMPLES = Path(__file__).resolve().parents[2] / "seeds" / "texts"
FILE = "sources.json"
GIVEN, ENVIRONMENT, REMEMBERED, SAMPLE_TEXTS = "given", "HEARSAY_SOURCE", "remembered", "samples"


@dataclass(frozen=True)
class _Memory:
    """What ``sources.json`` holds: the paths that were read last, whether those were the samples, the folders' names."""

    paths: tuple[Path, ...] = ()
    samples: bool = False
    names: Mapping[Path, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """What a run reads, and why: ``basis`` is GIVEN, ENVIRONMENT, REMEMBERED or SAMPLE_TEXTS.

    ``memory`` is what the warehouse remembered until now; ``names`` are those of all folders that it ever read, these
    included.
    """

    basis: str
    sources: tuple[Source, ...]
    memory: _Memory
    names: Mapping[Path, str]

    def replaced(self) -> tuple[Path, ...]:
        """The paths that were read last and are not read any more."""
        was_read = self.memory.samples or self.memory.names  # else a first run was told of them and found nothing
        before = ((SAMPLES,) if self.memory.samples else self.memory.paths) if was_read else ()
        return tuple(path for path in before if not any(_same(path, source.path) for source in self.sources))


def choose(warehouse: Path, given: Sequence[str | Path] = ()) -> Choice:
    """Which sources a run of this warehouse reads. Nothing is written: see ``remember``.

    Raises:
        Stop: what the warehouse remembers cannot be read, or it holds texts and nobody knows from where.
    """
    memory = _read(warehouse / FILE)
    environment = [part for part in os.environ.get(ENVIRONMENT, "").split(os.pathsep) if part]
    if not all(str(path).strip() for path in given):
        raise Stop("A source without a name was given: is a variable empty? Name a file or folder with --source.")
    if given or environment:
        basis = GIVEN if given else ENVIRONMENT
        paths = _distinct(entered(path) for path in given or environment)
    elif memory.paths:
        basis, paths = REMEMBERED, list(memory.paths)
    elif memory.samples or _holds_nothing_else(warehouse):
        return Choice(SAMPLE_TEXTS, (Source(SAMPLES),), memory, memory.names)
    else:
        raise Stop(
            f"The warehouse {warehouse} does not say where its texts come from (an earlier version made it, or {FILE} was "
            "removed): name them once with --source."
        )
    sources, names = _named(paths, memory, warehouse)
    return Choice(basis, tuple(sources), memory, names)


def remember(warehouse: Path, choice: Choice) -> None:
    """From now on this warehouse reads these sources; written in one step, before anything is read.

    Raises:
        OSError: the file cannot be written.
    """
    _write(warehouse / FILE, choice, choice.names)


def remember_first(warehouse: Path, choice: Choice) -> None:
    """Remember, if nothing is yet, what this warehouse is to read, though nobody has looked whether it is there.

    So a first run that is stopped, or whose source turns out to be empty, is not followed by one over the samples.

    Raises:
        OSError: the file cannot be written.
    """
    if choice.memory == _Memory():
        _write(warehouse / FILE, choice, {})


def _write(file: Path, choice: Choice, names: Mapping[Path, str]) -> None:
    samples = choice.basis == SAMPLE_TEXTS
    body = {
        "about": "What this warehouse reads, and what stands before the paths of each folder's files in source_id.",
        "reads": SAMPLE_TEXTS if samples else [str(source.path) for source in choice.sources],
        "names": {str(path): name for path, name in sorted(names.items())},
    }
    text = json.dumps(body, indent=1, ensure_ascii=True) + "\n"
    if file.exists() and file.read_text("utf-8") == text:
        return
    beside = file.with_name(f".{FILE}-{os.getpid()}")
    with beside.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)


# ---------------------------------------------------------------- the file


def _read(file: Path) -> _Memory:
    try:
        body: dict[str, Any] = json.loads(file.read_text("utf-8"))
        samples = body["reads"] == SAMPLE_TEXTS
        paths = () if samples else tuple(Path(path) for path in body["reads"])
        names = {Path(path): str(name) for path, name in body["names"].items()}
        if not all(path.is_absolute() for path in (*paths, *names)):
            raise ValueError("a path is not absolute")
    except FileNotFoundError:
        return _Memory()
    except PermissionError:
        raise Stop(f"{file} may not be read: give this user the permission to read it.") from None
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise Stop(
            f"{file} is damaged ({type(error).__name__}): mend it, or remove it and name the sources with --source."
        ) from None
    return _Memory(paths, samples, names)


def _holds_nothing_else(warehouse: Path) -> bool:
    """Whether a warehouse that remembers nothing holds nothing either, or just the sample texts.

    Raises:
        Stop: its ledger cannot be read.
    """
    held = _ledger_files(warehouse)
    if not held:
        return not os.path.lexists(warehouse / "current")
    samples = {hashlib.sha256(path.read_bytes()).hexdigest() for path in SAMPLES.iterdir() if path.is_file()}
    return set().union(*(digests for _, digests in held.values())) <= samples


def _ledger_files(warehouse: Path) -> dict[str, tuple[int, set[str]]]:
    ledger = warehouse / "ledger.sqlite"
    try:
        return files_in(ledger)
    except sqlite3.Error as error:
        raise Stop(f"{ledger} cannot be used ({error}): remove it, and the next run makes it anew.") from error


# ---------------------------------------------------------------- names


def _named(paths: Sequence[Path], memory: _Memory, warehouse: Path) -> tuple[list[Source], dict[Path, str]]:
    """These paths as sources, and every folder that has a name; new ones are named whatever the order they come in."""
    names = dict(memory.names)
    folders = {path: path if path.is_dir() or path in names else path.parent for path in paths}
    new: list[Path] = []
    for folder in dict.fromkeys(folders.values()):
        if _known(folder, names) is None and not any(_same(folder, other) for other in new):
            new.append(folder)
    new.sort(key=lambda folder: (folder.name, str(folder)))
    new = [folder for folder in new if not any(other in folder.parents for other in new)]  # it goes by the other's name
    alone = not names and len(new) == 1
    for folder in new:
        moved = _moved(folder, new, names, warehouse)
        names[folder] = "" if alone else _name(folder, names) if moved is None else names[moved]
    sources = []
    for path in paths:
        goes_by = _known(folders[path], names)
        assert goes_by is not None  # it has just been named
        sources.append((path, goes_by, _inside(folders[path], goes_by)))
    _apart({folder for _, folder, _ in sources}, names, memory)
    return [Source(path, names[folder], inside) for path, folder, inside in sources], names


def _apart(folders: Iterable[Path], names: dict[Path, str], memory: _Memory) -> None:
    """Give another name to a folder that is read beside one of its name: it came back, and that had moved from there."""
    by_name: dict[str, Path] = {}
    for folder in sorted(folders, key=lambda folder: (folder not in memory.paths, str(folder))):
        other = by_name.setdefault(names[folder], folder)
        if not _same(other, folder):
            names[folder] = _name(folder, names)


def _known(folder: Path, names: Mapping[Path, str]) -> Path | None:
    """The folder by whose name this one goes: itself, however it was written, else the nearest that it lies in."""
    itself = next((other for other in names if _same(other, folder)), None)
    return itself or next((other for other in folder.parents if other in names), None)


def _inside(folder: Path, named: Path) -> str:
    """Where a folder lies in the one whose name it goes by; empty when it is that one."""
    return "" if _same(folder, named) else "/".join(printable(part) for part in folder.relative_to(named).parts)


def _moved(folder: Path, new: Sequence[Path], names: Mapping[Path, str], warehouse: Path) -> Path | None:
    """The folder that lay elsewhere when it was read last: it is gone from there, and most of its files are here."""
    gone = [other for other in names if not os.path.lexists(other)]
    taken = {names[other] for other in new if other in names}
    if not gone:
        return None
    here = {file.name: signature(file.path).n_bytes for file in files_under(folder)}
    held = _ledger_files(warehouse)
    for other in gone:
        source = Source(other, names[other])
        sizes = {key.rpartition(OUTSIDE)[2]: size for key, (size, _) in held.items() if source.owns(key)}
        n_alike = sum(here.get(file) == size for file, size in sizes.items())
        if names[other] not in taken and 2 * n_alike > len(sizes):
            return other
    return None


def _name(folder: Path, names: Mapping[Path, str]) -> str:
    """The last part of a folder's path, numbered where another folder has that name."""
    taken = set(names.values())
    first = printable(folder.name) or "root"
    number, name = 1, first
    while name in taken:
        number += 1
        name = f"{first}~{number}"
    return name


def _distinct(paths: Iterable[Path]) -> list[Path]:
    """The paths without those that lead to the same place as one before."""
    kept: list[Path] = []
    for path in paths:
        if not any(_same(path, other) for other in kept):
            kept.append(path)
    return kept


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one place: written alike, or leading to the same folder or file."""
    try:
        return one == other or one.samefile(other)
    except OSError:
        return False
