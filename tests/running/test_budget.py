"""A bound in CPU time stops what goes on for ever, in the main thread and in others, and nothing that ends in time."""

import re
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

import pytest

from pipelines.running.guards.budget import TooLong, at_most


def for_ever() -> None:
    """What some libraries do: go on, whatever goes wrong."""
    while True:
        try:
            sum(range(1000))
        except Exception:
            continue


def endless_match() -> None:
    re.match(r"(?:a|a)*b", "a" * 40)


def outcome(work: Callable[[], object], seconds: float) -> str:
    try:
        with at_most(seconds):
            work()
    except TooLong:
        return "stopped"
    return "done"


def in_thread(work: Callable[[], object], seconds: float) -> str:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(outcome(work, seconds)))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.parametrize("watched", [outcome, in_thread])
def test_what_goes_on_for_ever_is_stopped(watched: Callable[[Callable[[], object], float], str]) -> None:
    assert watched(for_ever, 0.3) == "stopped"
    assert watched(lambda: 1, 0.3) == "done"


def test_so_is_a_regular_expression_in_the_main_thread() -> None:
    assert outcome(endless_match, 0.3) == "stopped"


@pytest.mark.parametrize("watched", [outcome, in_thread])
def test_waiting_uses_nothing_up(watched: Callable[[Callable[[], object], float], str]) -> None:
    assert watched(lambda: time.sleep(1.5), 0.3) == "done"


def test_what_was_stopped_in_a_thread_leaves_the_others_as_fast_as_they_were() -> None:
    """CPython 3.11 looked for something to raise at every step, for ever where a function was traced."""
    assert in_thread(for_ever, 0.2) == "stopped"
    assert in_thread(lambda: 1, 0.2) == "done"
    lines: list[int] = []

    def traced() -> int:
        return 1

    def trace(frame: FrameType, event: str, argument: object) -> object:
        lines.append(frame.f_lineno)
        return trace

    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        assert traced() == 1
    finally:
        sys.settrace(None)
    assert lines


def test_nothing_is_stopped_after_the_block() -> None:
    assert outcome(for_ever, 0.2) == "stopped"
    assert in_thread(for_ever, 0.2) == "stopped"
    until = time.process_time() + 1.2
    while time.process_time() < until:
        sum(range(1000))
