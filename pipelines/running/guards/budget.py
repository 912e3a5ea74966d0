"""How long one input may take: a bound in CPU time, so that no text holds up the others for ever."""

import ctypes
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from types import FrameType

AGAIN_SECONDS = 0.5
"""How soon it is said again, where somebody else's code caught it: a library may catch all that it did not expect."""


class TooLong(BaseException):
    """An input has used up its time. No ``Exception``: code that goes on after whatever goes wrong must not catch it."""


@contextmanager
def at_most(cpu_seconds: float) -> Iterator[None]:
    """Stop what is done inside when its thread has used so much CPU time; blocks do not nest.

    In a process's main thread Python's code and its regular expressions can be stopped; in another thread the code
    alone, after the expression that is being matched.

    Raises:
        TooLong: the time is up.
    """
    watched = _by_signal if threading.current_thread() is threading.main_thread() else _by_watcher
    with watched(cpu_seconds):
        yield


@contextmanager
def _by_signal(cpu_seconds: float) -> Iterator[None]:
    is_inside = True

    def stop(_number: int, _frame: FrameType | None) -> None:
        if is_inside:
            raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, cpu_seconds, AGAIN_SECONDS)
    try:
        yield
    finally:
        is_inside = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def _by_watcher(cpu_seconds: float) -> Iterator[None]:
    watcher, thread = _watcher(), threading.get_ident()
    watcher.watch(thread, cpu_seconds)
    try:
        yield
    finally:
        if watcher.leave(thread):
            _take_late()


def _take_late() -> None:
    """Take what was sent when the block was being left. It comes with the next steps of the code, or came already.

    It is not called back: to send nothing in its place leaves CPython 3.11 looking for something to raise at every step,
    and for ever in a function that is traced.
    """
    with suppress(TooLong):
        for _ in range(100):
            pass


@cache
def _watcher() -> "_Watcher":
    return _Watcher()


class _Watcher:
    """A thread that looks every half second at how much time those have used that are inside a block."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[int, float] = {}
        self._told: set[int] = set()
        self._is_needed = threading.Event()
        threading.Thread(target=self._look, daemon=True, name="budget").start()

    def watch(self, thread: int, cpu_seconds: float) -> None:
        """Stop this thread when it has used so much more."""
        with self._lock:
            self._until[thread] = _used(thread) + cpu_seconds
            self._told.discard(thread)
            self._is_needed.set()

    def leave(self, thread: int) -> bool:
        """Let this thread go on; whether it was told to stop."""
        with self._lock:
            self._until.pop(thread, None)
            if not self._until:
                self._is_needed.clear()
            return thread in self._told

    def _look(self) -> None:
        while self._is_needed.wait():
            time.sleep(AGAIN_SECONDS)
            with self._lock:
                for thread, until in self._until.items():
                    if _used(thread) > until:
                        self._told.add(thread)
                        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TooLong))


def _used(thread: int) -> float:
    """CPU seconds that a thread has used; by the clock on the wall where the system does not tell (macOS)."""
    clock_of = getattr(time, "pthread_getcpuclockid", None)
    return time.clock_gettime(clock_of(thread)) if clock_of is not None else time.monotonic()
