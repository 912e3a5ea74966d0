"""Run on disks of every size from tiny to just enough: python -m benchmarks.full_disk (as root: it mounts small disks).

On each a run has room for so many kilobytes: in an empty warehouse, and in one where something is published. What must hold:
one plain sentence and status 1, or all is done; what was published is unchanged; the next run, with room, gives the bytes of
a run that had room at once.
"""

import argparse
import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.kills import bytes_of
from benchmarks.scripted import text
from pipelines.cli import DONE, NOTHING, SIGNALLED, main

ROOM_KB = 64 << 10


def hearsay(*arguments: object) -> tuple[int, str]:
    """Call the command line in this process: (exit status, what it complained of)."""
    err = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(err):
        status = main([str(argument) for argument in arguments])
    if status > SIGNALLED:
        raise KeyboardInterrupt
    return status, err.getvalue()


@contextmanager
def disk(folder: Path, n_kilobytes: int) -> Iterator[Path]:
    """A disk of this size, mounted there inside the block."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={n_kilobytes}k", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def resize(folder: Path, n_kilobytes: int) -> None:
    """Give a mounted disk another size."""
    subprocess.run(["mount", "-o", f"remount,size={n_kilobytes}k", str(folder)], check=True)


def used_kilobytes(folder: Path) -> int:
    """What is taken on the disk that a folder is."""
    status = os.statvfs(folder)
    return (status.f_blocks - status.f_bfree) * status.f_frsize // 1024


def trial(scratch: Path, before: Path | None, n_kilobytes: int, calm: dict[str, str]) -> tuple[bool, str, list[str]]:
    """One run with this much room, then one with all: whether the first came through, what it said, and what is wrong."""
    source, wrong = scratch / "in", []
    with disk(scratch / "disk", ROOM_KB) as place:
        warehouse = place / "w"
        if before is not None:
            shutil.copytree(before, warehouse, symlinks=True)
        was = bytes_of(warehouse) if before is not None else {}
        resize(place, used_kilobytes(place) + n_kilobytes)
        try:
            status, said = hearsay("run", "--source", source, "--warehouse", warehouse, "--workers", 1)
        except Exception as error:
            status, said = NOTHING, ""
            wrong.append(f"{type(error).__name__} was raised: {error}")
        is_told = status == NOTHING and len(said.splitlines()) == 1 and "Traceback" not in said
        if status != DONE and not is_told:
            wrong.append(f"status {status}, and it said {said}")
        now = bytes_of(warehouse) if (warehouse / "current").exists() else {}
        if now not in (was, calm):
            wrong.append("what was published has changed")
        resize(place, ROOM_KB)
        after, why = hearsay("run", "--source", source, "--warehouse", warehouse, "--workers", 1)
        if after != DONE or bytes_of(warehouse) != calm:
            wrong.append(f"with room again: status {after}, {why}, the same bytes: {bytes_of(warehouse) == calm}")
    return status == DONE, said, wrong


def series(
    scratch: Path, before: Path | None, calm: dict[str, str], step_kb: int, said: Counter[str]
) -> tuple[int, list[str]]:
    """Trials from no room on, in steps, until three in a row came through: how many there were, and what was wrong."""
    n_trials, n_good, room, wrong = 0, 0, 4, []  # a disk of no size is one without a limit
    while n_good < 3:
        came_through, sentence, faults = trial(scratch, before, room, calm)
        wrong += [f"{'empty' if before is None else 'published'}, {room} KB: {line}" for line in faults]
        said[sentence.replace(str(scratch), "").strip()[:400]] += 1
        n_good = n_good + 1 if came_through else 0
        n_trials, room = n_trials + 1, room + (4 if room < 64 else step_kb)
    return n_trials, wrong


def campaign(scratch: Path, step_kb: int) -> tuple[int, Counter[str], list[str]]:
    """Number of trials, what was said how often, and what was wrong."""
    source = scratch / "in"
    source.mkdir()
    for n in range(4):
        (source / f"{n}.txt").write_text(text(n), "utf-8")
    before, fresh = scratch / "before", scratch / "fresh"
    assert hearsay("run", "--source", source, "--warehouse", fresh, "--workers", 1)[0] == DONE
    shutil.copytree(fresh, before, symlinks=True)
    said: Counter[str] = Counter()
    n_empty, wrong = series(scratch, None, bytes_of(fresh), step_kb, said)
    for n in range(4, 8):
        (source / f"{n}.txt").write_text(text(n), "utf-8")
    assert hearsay("run", "--source", source, "--warehouse", fresh, "--workers", 1)[0] == DONE
    n_more, more = series(scratch, before, bytes_of(fresh), step_kb, said)
    return n_empty + n_more, said, wrong + more


def program() -> int:
    """Exit status 0 when every trial ended as it must."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.full_disk", description=__doc__.splitlines()[0])
    parser.add_argument("--step", type=int, default=48, metavar="KB", help="from one size to the next")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        n_trials, said, wrong = campaign(Path(scratch), options.step)
    for sentence, n in said.most_common():
        sys.stdout.write(f"{n:4}  {sentence}\n")
    for line in wrong:
        sys.stdout.write(f"WRONG: {line}\n")
    sys.stdout.write(f"{n_trials} disks: {len(wrong) or 'nothing'} wrong.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(program())
