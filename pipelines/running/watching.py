"""When to ask for a run: whatever the sources hold now is published in the end, and nothing is asked for twice.

What the sources hold is compared with what the last publication found in them (the run writes that down), not with what
was seen a minute ago: a file that came and went, a run that failed, was stopped, was killed or never began all look the
same from here, as sources that differ from what is published. Knows no Dagster.
"""

import errno
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pipelines.ingest.files.formats import is_warehouse, walked_already
from pipelines.running.run import Stop

FIRST_WAIT, LONGEST_WAIT = 60.0, 3600.0
"""Seconds before the next run is asked for: after one that published nothing, doubled with each more, up to an hour."""


def look(sources: Sequence[Path], warehouse: Path | None = None) -> str:
    """A digest of the files that the sources hold now, by place, name, size and times: no file is opened.

    The walk is that of ``ingest.formats`` (hidden files and warehouses skipped, links followed, a folder read once) without
    what only reading needs: a million files take some seconds.

    Raises:
        Stop: a source is missing or cannot be looked into now, or there is no file in any of them.
    """
    hashed, n_files = hashlib.sha256(), 0
    for source in sources:
        hashed.update(b"\n" + os.fsencode(source) + b"\n")
        try:
            if not os.access(source, os.R_OK):  # raises nothing; what is not there is told by the next line
                source.stat()
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            if not source.is_dir():
                hashed.update(_signature(source.stat()))
                n_files += 1
                continue
            for path, signature in _files(str(source), warehouse):
                hashed.update(os.fsencode(path) + signature)
                n_files += 1
        except OSError as error:
            raise Stop(f"{source} cannot be looked at now ({error.strerror or error}).") from error
    if not n_files:
        raise Stop(f"There is no file in {', '.join(str(source) for source in sources)} now.")
    return hashed.hexdigest()


def _files(root: str, warehouse: Path | None) -> Iterator[tuple[str, bytes]]:
    """Path and signature of every file under a folder, in an order that depends on the names only.

    Raises:
        OSError: the folder itself cannot be listed; one below it that cannot is as an empty one, until it can.
    """
    seen = walked_already(warehouse)
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            status = Path(folder).stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name, reverse=True)
            if is_warehouse(entry.name for entry in entries):
                continue
        except OSError:
            if folder == root:
                raise
            yield folder, b" not to be listed\n"
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                if entry.is_dir():
                    folders.append(entry.path)
                else:
                    yield entry.path, _signature(entry.stat())
            except OSError:
                yield entry.path, b" not to be looked at\n"


def _signature(status: os.stat_result) -> bytes:
    return f" {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}\n".encode()


@dataclass(frozen=True)
class Watch:
    """What is remembered from one look to the next.

    ``since`` and ``n_asked`` make every request's key one that was never given before; ``n_vain`` counts the requests
    since something was last published, ``last`` is when the last of them was asked for or seen under way (seconds since
    1970), ``published`` what readers had then.
    """

    since: int
    n_asked: int = 0
    n_vain: int = 0
    last: float = 0.0
    published: str | None = None

    def written(self) -> str:
        """As text, for ``watch``."""
        return json.dumps(asdict(self))

    @property
    def key(self) -> str:
        """The key of the last request."""
        return f"{self.since}-{self.n_asked}"


def watch(written: str | None, now: float) -> Watch:
    """What was remembered; a fresh start where nothing was, or where it cannot be read."""
    try:
        return Watch(**json.loads(written or ""))
    except (ValueError, TypeError):
        return Watch(since=int(now))


def decide(before: Watch, holds: str, published: str | None, busy: str | None, now: float) -> tuple[Watch, str | None]:
    """What to remember, and why no run is asked for: null when one is.

    ``holds`` is the look at the sources now, ``published`` the look of what readers have (null: nothing, or unknown),
    ``busy`` says which run is queued or under way (null: none).
    """
    if holds == published:
        return replace(before, n_vain=0, published=published), "All that the sources hold now is published."
    if busy is not None:
        return replace(before, last=now), busy
    n_vain = before.n_vain if published == before.published else 0
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(n_vain - 1, 10)) if n_vain else 0.0
    left = before.last + wait - now
    if 0 < left <= wait:  # more is left only when the clock was put back
        runs = "a run was" if n_vain == 1 else f"{n_vain} runs were"
        return before, f"Nothing was published since {runs} asked for; the next is asked for in {left / 60:.0f} min."
    return replace(before, n_asked=before.n_asked + 1, n_vain=n_vain + 1, last=now, published=published), None
