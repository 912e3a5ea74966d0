"""One lock a file: every package of an environment, pinned, with its hashes; base, and one for each extra."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "locks"

_LINE = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[a-z0-9.+!]+)(?: ; (?P<marker>[^#\\]+?))?")
"""``numpy==2.4.6 ; python_full_version < '3.12'``: no extra in brackets, no address, no range."""
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


class BadLock(ValueError):  # noqa: N818 - it says what is wrong
    """A line of a lock is not a pinned package with its hashes."""


@dataclass(frozen=True)
class Pin:
    """One package of a lock; ``marker`` says where it is wanted, None everywhere."""

    name: str
    version: str
    marker: str | None
    hashes: tuple[str, ...]


def names() -> list[str]:
    """What can be set up: base first, then the extras."""
    return sorted((path.stem for path in FOLDER.glob("*.txt")), key=lambda name: (name != "base", name))


def path_of(name: str) -> Path:
    """Where the lock of this name lies."""
    return FOLDER / f"{name}.txt"


def pins(text: str) -> list[Pin]:
    """The packages of a lock.

    Raises:
        BadLock: a line is anything but ``name==version``, perhaps a marker, and sha256 hashes.
    """
    return list(_pins(text))


def _pins(text: str) -> Iterator[Pin]:
    for entry in re.sub(r"[ \t]*\\\n[ \t]*", "\t", text).splitlines():
        if not entry.strip():
            continue
        head, *hashes = entry.split("\t")
        match = _LINE.fullmatch(head)
        if match is None:
            raise BadLock(f"'{head}' is no package pinned as name==version.")
        if not hashes or not all(_HASH.fullmatch(given) for given in hashes):
            raise BadLock(f"'{head}' has no sha256 hashes, or something else beside them.")
        yield Pin(match["name"], match["version"], match["marker"], tuple(hashes))
