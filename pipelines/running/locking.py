"""One run at a time in one warehouse: a second one says so, waits, and goes on when the first is done."""

import fcntl
import gc
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.ingest.files.formats import printable
from pipelines.running.run import Stop

LOCK = ".lock"


def is_held(warehouse: Path) -> bool:
    """Whether any process, of whatever machine, holds the warehouse for writing at this moment."""
    try:
        with (warehouse / LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


@contextmanager
def only_run(warehouse: Path) -> Iterator[None]:
    """Hold the warehouse for writing; the system lets go of it when the process ends, however it ends.

    Raises:
        Stop: the warehouse cannot be made or written, or its path cannot be told to those who write it.
    """
    if {"?", "\\"} & set(printable(str(warehouse))):  # bytes that are no UTF-8 are shown with a backslash
        raise Stop(
            f"The warehouse {printable(str(warehouse))} has a character in its path that SQLite or DuckDB takes for something "
            "else (?, a backslash, or a byte that is no UTF-8): name another with --warehouse."
        )
    try:
        handle = _taken(warehouse)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise Stop(f"The warehouse {warehouse} cannot be written ({why}): name another with --warehouse.") from error
    try:
        yield
    finally:
        os.close(handle)


def _taken(warehouse: Path) -> int:
    """The open lock file that lies in the warehouse, locked; who waited may hold one that was removed meanwhile.

    Raises:
        OSError: the warehouse cannot be made or written.
    """
    while True:
        warehouse.mkdir(parents=True, exist_ok=True)
        handle = os.open(warehouse / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _wait_for(handle, warehouse)
            if _lies_in(warehouse, handle):
                os.ftruncate(handle, 0)
                os.pwrite(handle, str(os.getpid()).encode(), 0)
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _lies_in(warehouse: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), (warehouse / LOCK).stat())
    except FileNotFoundError:
        return False


def _wait_for(handle: int, warehouse: Path) -> None:
    told = cleared = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not told:
                holder = os.pread(handle, 20, 0).decode("ascii", "replace") or "unknown"
                if holder == str(os.getpid()) and not cleared:
                    cleared = True
                    gc.collect()  # a run of this process that Dagster gave up in the middle holds it until it is cleared away
                    continue
                told = True
                sys.stderr.write(f"Another run (process {holder}) is working on {warehouse}; waiting for it to end.\n")
                sys.stderr.flush()
            time.sleep(0.2)
        else:
            return
