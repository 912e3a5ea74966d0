"""Ctrl-C, SIGTERM and SIGHUP: what was begun ends at once, and in order.

Whatever a run keeps survives ``kill -9`` at any moment, so there is nothing to unwind, and nothing is unwound. An exception
that a signal raises wherever the program happens to be may be swallowed there, told as a fault, or wait for a long
computation to end; so the work is done in a thread, and the main thread, to which signals come, does nothing but wait.
"""

import signal
import threading
from collections.abc import Callable
from concurrent import futures
from types import FrameType
from typing import TypeVar

T = TypeVar("T")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """A signal came, of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def stoppable(work: Callable[[], T]) -> T:
    """What ``work`` returns or raises; a signal that this process ignores (``nohup``) stays ignored.

    Raises:
        Stopped: a signal came first. The work goes on in its thread, and no further signal is taken: end the process.
    """
    if threading.current_thread() is not threading.main_thread():  # signals are somebody else's
        return work()
    done: futures.Future[T] = futures.Future()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)  # the launcher holds them back until here
    threading.Thread(target=_settle, args=(done, work), daemon=True).start()
    futures.wait([done])
    for number, handler in before.items():
        signal.signal(number, handler)
    return done.result()


def _settle(done: "futures.Future[T]", work: Callable[[], T]) -> None:
    try:
        done.set_result(work())
    except BaseException as error:
        done.set_exception(error)


def _stop(number: int, _: FrameType | None) -> None:
    for other in SIGNALS:  # ``timeout`` and terminals send two, and one sentence is enough
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(number)
