"""Says how far the work is: one line that moves on a terminal, plain lines now and then elsewhere."""

import sys
import time
from typing import TextIO

EVERY_SECONDS = 10.0
"""Between two lines of progress where nobody watches a terminal."""


class Progress:
    """Call it with (what is being done, how much of it is done, how much there is); time left is told from the rate."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._moving = self._out.isatty()
        self._what = ""
        self._since = self._told = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        """Say it, unless something was said a moment ago."""
        now = time.monotonic()
        if what != self._what:
            self.end()
            self._what, self._since, self._told = what, now, now
            if not self._moving:
                return
        if now - self._told < (0.2 if self._moving else EVERY_SECONDS) and done != total:
            return
        if not self._moving and done == total and now - self._since < EVERY_SECONDS:
            return
        self._told = now
        self._out.write(
            f"\r\x1b[K{self._line(done, total, now)}" if self._moving else self._line(done, total, now) + "\n"
        )
        self._out.flush()

    def _line(self, done: int, total: int, now: float) -> str:
        seconds = now - self._since
        line = f"{self._what} {done:,} of {total:,}"
        if not done or seconds < 1:
            return line
        rate = done / seconds
        left = (total - done) / rate
        return f"{line}, {rate:,.1f} a second, {_duration(left)} left"

    def end(self) -> None:
        """Clear the moving line."""
        if self._moving and self._what:
            self._out.write("\r\x1b[K")
            self._out.flush()


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
