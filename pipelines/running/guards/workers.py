"""Worker processes: tasks out, results back. A process that is killed costs its task a second try, not the run.

Each process has a pipe of its own: in the shared queue of ``concurrent.futures`` one that is killed in the middle of an
answer leaves the others, and whoever reads it, waiting for ever. Nobody is left behind: a worker ends with the process
that started it, however that ends, and leaves Ctrl-C, which a terminal sends to all of them, to it.
"""

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
TRIES = 2
"""Processes that a task may cost before it is divided, and a task that cannot be divided before it is lost."""
MOST_LOST = 10
"""Tasks that may be lost before the fault is sought with the machine, not with the tasks."""
MOST_STILLBORN = 3
"""Processes that may end, one after another, before they are ready for a task."""


class Killed(Exception):  # noqa: N818 - it says what happened, like Stop
    """Processes are killed again and again, whatever they work on: by want of memory, most likely."""


@dataclass(frozen=True)
class Lost(Generic[T]):
    """A task that cannot be divided and whose process was killed each time."""

    task: T


def results(
    work: Callable[[T], R], tasks: Iterable[T], n_workers: int, divided: Callable[[T], Sequence[T]]
) -> Iterator[R | Lost[T]]:
    """What ``work`` gives for each task, as it is done, by so many spawned processes; tasks are read as they are needed.

    ``divided`` gives the smaller tasks that a task whose process was killed twice is done as; one or none for a task that is
    as small as can be.

    Raises:
        Killed: see there.
        Exception: what ``work`` raised, with the traceback of the worker as a note.
    """
    source = ((task, 0) for task in tasks)
    again: deque[tuple[T, int]] = deque()
    workers: dict[Connection, _Worker[T]] = {}
    n_lost = n_stillborn = 0

    def following() -> tuple[T, int] | None:
        return again.popleft() if again else next(source, None)

    try:
        while True:
            while len(workers) < n_workers and (given := following()) is not None:
                worker = _Worker(work, *given)
                workers[worker.pipe] = worker
            if not workers:
                return
            for pipe in wait(list(workers)):
                assert isinstance(pipe, Connection)
                worker = workers[pipe]
                try:
                    if not worker.is_ready:
                        pipe.recv()
                        pipe.send(worker.task)
                        worker.is_ready, n_stillborn = True, 0
                        continue
                    is_good, answer = pipe.recv()
                except (EOFError, OSError):
                    del workers[pipe]
                    worker.end()
                    if not worker.is_ready:
                        n_stillborn += 1
                        again.append((worker.task, worker.n_killed))
                    elif worker.n_killed + 1 < TRIES:
                        again.append((worker.task, worker.n_killed + 1))
                    elif len(parts := divided(worker.task)) > 1:
                        again.extend((part, 0) for part in parts)
                    else:
                        n_lost += 1
                        yield Lost(worker.task)
                    if n_lost > MOST_LOST or n_stillborn > MOST_STILLBORN:
                        raise Killed from None
                    continue
                if not is_good:
                    raise answer
                given = following()
                if given is None:
                    del workers[pipe]
                    worker.end()
                else:
                    worker.hand(*given)
                yield answer
    finally:
        for worker in workers.values():
            worker.end()


class _Worker(Generic[T]):
    """A process, the pipe to it, and what it works on; ``n_killed`` counts the processes that this task has cost."""

    def __init__(self, work: Callable[[T], Any], task: T, n_killed: int) -> None:
        self.task, self.n_killed, self.is_ready = task, n_killed, False
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # a process starts with its parent's mask
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()

    def hand(self, task: T, n_killed: int) -> None:
        """Give the next task to a process that waits for one; that it is gone shows when its answer is read."""
        self.task, self.n_killed = task, n_killed
        try:
            self.pipe.send(task)
        except OSError:
            return

    def end(self) -> None:
        """End the process, whatever it does: it holds nothing that must be put away."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _serve(pipe: Connection, work: Callable[[Any], Any]) -> None:
    """The life of a worker: say that it is there, then task after task until nobody is left to answer."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        pipe.send(None)
        while True:
            pipe.send(_answer(work, pipe.recv()))
    except (EOFError, OSError):
        return


def _answer(work: Callable[[Any], Any], task: Any) -> tuple[bool, Any]:
    try:
        return True, work(task)
    except MemoryError:
        os._exit(1)  # as if the system had killed it: with less to do, or without others beside it, it may fit
    except Exception as error:
        error.add_note(traceback.format_exc())
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 - our own, to see whether it travels
        except Exception:
            return False, RuntimeError(traceback.format_exc())
        return False, error


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
