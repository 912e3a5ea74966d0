"""What a warehouse reads: the sources it remembers, each with the name it was given once.

A warehouse keeps them in ``sources.json``, a small file beside its tables that a person may read. Which paths a run reads:
those it is given, else those of ``HEARSAY_SOURCE``, else those that the warehouse remembers; only a warehouse that holds
nothing yet reads the sample texts. What a run reads is what the warehouse remembers from then on.

A folder's name is what stands before the paths of its files in ``source_id``, so it must not depend on which other
folders are read beside it, nor in which order. It is given when the folder is first read, and stays: none for a folder
that is the first of its warehouse, the last part of its path for any other. A file that is given by itself goes by the
folder it lies in, and a folder that was moved keeps its name where the last part of its path is still the same.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.ingest.formats import printable
from pipelines.ledger import Ledger
from pipelines.paths import entered
from pipelines.run import Source, Stop

SAMPLES = Path(__file__).resolve().parent.parent / "seeds" / "texts"
FILE = "sources.json"
GIVEN, ENVIRONMENT, REMEMBERED, SAMPLE_TEXTS = "given", "HEARSAY_SOURCE", "remembered", "samples"


@dataclass(frozen=True)
class Choice:
    """What a run reads, and why: ``basis`` is GIVEN, ENVIRONMENT, REMEMBERED or SAMPLE_TEXTS.

    ``before`` are the paths that the warehouse remembered until now; ``names`` are those of all folders that it ever
    read, these included.
    """

    basis: str
    sources: tuple[Source, ...]
    before: tuple[Path, ...]
    names: Mapping[Path, str]

    def replaced(self) -> tuple[Path, ...]:
        """The paths that were remembered and are not read any more."""
        return tuple(path for path in self.before if not any(_same(path, source.path) for source in self.sources))


def choose(warehouse: Path, given: Sequence[str | Path] = ()) -> Choice:
    """Which sources a run of this warehouse reads. Nothing is written: see ``remember``.

    Raises:
        Stop: what the warehouse remembers cannot be read, or it holds texts and nobody knows from where.
    """
    memory = _read(warehouse / FILE)
    environment = [part for part in os.environ.get(ENVIRONMENT, "").split(os.pathsep) if part]
    if given or environment:
        basis = GIVEN if given else ENVIRONMENT
        paths = _distinct(entered(path) for path in given or environment)
    elif memory.paths:
        basis, paths = REMEMBERED, list(memory.paths)
    elif memory.samples or _holds_nothing_else(warehouse):
        return Choice(SAMPLE_TEXTS, (Source(SAMPLES, ""),), memory.paths, memory.names)
    else:
        raise Stop(
            f"The warehouse {warehouse} does not say where its texts come from (an earlier version made it, or {FILE} was "
            "removed): name them once with --source."
        )
    names = _with_names(paths, memory)
    chosen = tuple(Source(path, names[_folder(path, names)]) for path in paths)
    return Choice(basis, chosen, (SAMPLES,) if memory.samples else memory.paths, names)


def remember(warehouse: Path, choice: Choice) -> None:
    """From now on this warehouse reads these sources; written in one step, before anything is read.

    Raises:
        OSError: the file cannot be written.
    """
    samples = choice.basis == SAMPLE_TEXTS
    body = {
        "about": "What this warehouse reads, and what stands before the paths of each source's files in source_id.",
        "reads": SAMPLE_TEXTS if samples else [str(source.path) for source in choice.sources],
        "names": {str(path): name for path, name in sorted(choice.names.items())},
    }
    file = warehouse / FILE
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


@dataclass(frozen=True)
class _Memory:
    """What ``sources.json`` holds: the paths that were read last, whether those were the samples, the folders' names."""

    paths: tuple[Path, ...] = ()
    samples: bool = False
    names: Mapping[Path, str] = field(default_factory=dict)


def _read(file: Path) -> _Memory:
    try:
        body: dict[str, Any] = json.loads(file.read_text("utf-8"))
        samples = body["reads"] == SAMPLE_TEXTS
        paths = () if samples else tuple(Path(path) for path in body["reads"])
        names = {Path(path): str(name) for path, name in body["names"].items()}
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
    """Whether a warehouse that remembers nothing holds nothing either, or just the sample texts."""
    ledger = warehouse / "ledger.sqlite"
    if not ledger.exists():
        return not os.path.lexists(warehouse / "current")
    files = Ledger.paths_in(ledger)
    return files <= {path.name for path in SAMPLES.iterdir()}


# ---------------------------------------------------------------- names


def _folder(path: Path, named: Mapping[Path, str]) -> Path:
    """The folder that a source's files are named from: the source itself, or where it lies if it is a file."""
    return path if path in named or path.is_dir() else path.parent


def _with_names(paths: Sequence[Path], memory: _Memory) -> dict[Path, str]:
    """Every folder that has a name, those of these paths included; new ones are named whatever the order they come in."""
    named = dict(memory.names)
    new: list[Path] = []
    for folder in dict.fromkeys(_folder(path, named) for path in paths):
        known = next((other for other in named if _same(other, folder)), None)
        if known is not None:
            named[folder] = named[known]
        elif not any(_same(folder, other) for other in new):
            new.append(folder)
    alone = not named and len(new) == 1
    for folder in sorted(new, key=lambda folder: (folder.name, str(folder))):
        moved = next((other for other in named if other.name == folder.name and not os.path.lexists(other)), None)
        named[folder] = "" if alone else _name(folder, named) if moved is None else named.pop(moved)
    for folder in (_folder(path, named) for path in paths):
        if folder not in named:  # another way to write one of the new ones
            named[folder] = next(name for other, name in named.items() if _same(other, folder))
    return named


def _name(folder: Path, named: Mapping[Path, str]) -> str:
    """The last part of a folder's path, numbered where another folder has that name."""
    taken = set(named.values())
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
