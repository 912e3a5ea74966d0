"""Reading aside: in a process of its own, what is read by a library that odd bytes can bring down with its whole process.

Arrow checks much of what a Parquet file says and ends the process on some of the rest (one flipped bit in a footer is
enough), which no exception tells. Here it is the process beside us that ends: its file is rejected, and the next one is
read by another. The process is started for the first such file and kept for those that follow.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from typing import Any

from pipelines.ingest.files.record import Intake, Record, Rejected, Unusable

AT_ONCE_BYTES = 1 << 20
AT_ONCE = 256
"""About how much, and how many records, go over at once."""
LONGEST_SECONDS = 600.0
"""Time on the clock in which something must come over: far beyond what reading takes on a machine that has other work."""

Read = Callable[[Intake], Iterator[Record | Rejected]]


def read_aside(read: Read, intake: Intake) -> Iterator[Record | Rejected]:
    """What ``read`` (a function of a module's own level) gives for this file, read by another process.

    Raises:
        Unusable: what ``read`` raises; or reading ended the process that read, or took beyond all time.
        Exception: what else ``read`` raises.
    """
    helper = _Helper.free()
    is_whole = False
    try:
        helper.pipe.send((read, intake))
        while True:
            if not helper.pipe.poll(LONGEST_SECONDS):
                raise Unusable(f"{intake.name} takes beyond all time to read: fetch or write it again.")
            items, error = helper.pipe.recv()
            for item in items:
                intake.taken.add(item.source_id)
                yield item
            if error is not None:
                is_whole = True
                if isinstance(error, BaseException):
                    raise error
                return
    except (EOFError, ConnectionError):
        raise Unusable(
            f"{intake.name} ends the program that reads it, by damage or for want of memory: fetch or write it again."
        ) from None
    finally:
        helper.put_back() if is_whole else helper.end()


class _Helper:
    """A process that reads, and the pipe to it. One that is free is kept for the next file."""

    _kept: "_Helper | None" = None
    _lock = threading.Lock()

    def __init__(self) -> None:
        self.pipe, theirs = Pipe()
        begin = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve({theirs.fileno()})"
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", begin],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # what a library says as it goes down is told in our words
            start_new_session=True,  # it is stopped by us, not by a terminal's Ctrl-C
        )
        theirs.close()
        self._owner = os.getpid()

    @classmethod
    def free(cls) -> "_Helper":
        """The one that is kept, if it is ours and still there, else a new one."""
        with cls._lock:
            kept, cls._kept = cls._kept, None
        if kept is not None and kept._owner == os.getpid() and kept._process.poll() is None:
            return kept
        return cls()

    def put_back(self) -> None:
        """Keep it for the next file."""
        with self._lock:
            kept, type(self)._kept = type(self)._kept, self
        if kept is not None:
            kept.end()

    def end(self) -> None:
        """End it, whatever it does: it holds nothing that must be put away."""
        self._process.kill()
        self._process.wait()
        self.pipe.close()


def serve(handle: int) -> None:
    """The life of the process: file after file from the pipe of this number, until nobody is left to answer."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    pipe = Connection(handle)
    with suppress(EOFError, ConnectionError, OSError):
        while True:
            _answer(pipe, *pipe.recv())


def _answer(pipe: Connection, read: Read, intake: Intake) -> None:
    items: list[Record | Rejected] = []
    size = 0
    end: Any = True
    try:
        for item in read(intake):
            items.append(item)
            size += item.n_bytes
            if size > AT_ONCE_BYTES or len(items) >= AT_ONCE:
                pipe.send((items, None))
                items, size = [], 0
    except MemoryError:
        os._exit(1)
    except Unusable as error:
        end = error
    except OSError as error:
        end = OSError(error.errno, error.strerror)
    except Exception as error:
        end = RuntimeError(f"{type(error).__name__}: {error}")  # itself it might not travel
    pipe.send((items, end))


def _end_with(parent: int) -> None:
    """End as soon as the process that started this one is no more: the pipe tells it only between two files."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
