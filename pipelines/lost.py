"""What rules wanted and did not get: noted for who asks why (``hearsay explain``), at no cost for who does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Lost(NamedTuple):
    """Characters ``[start, end)`` of a text that ``rule`` would have made a row of ``table`` from, and ``why`` it did not."""

    table: str
    start: int
    end: int
    rule: str
    why: str


_NOTED: ContextVar[list[Lost] | None] = ContextVar("lost", default=None)


@contextmanager
def noted() -> Iterator[list[Lost]]:
    """A list that fills with what is lost while it lasts."""
    found: list[Lost] = []
    token = _NOTED.set(found)
    try:
        yield found
    finally:
        _NOTED.reset(token)


def lose(table: str, start: int, end: int, rule: str, why: str) -> None:
    """Notes that a rule wanted these characters, when somebody listens."""
    found = _NOTED.get()
    if found is not None:
        found.append(Lost(table, start, end, rule, why))
