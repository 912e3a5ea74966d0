"""Every regular expression of the pipeline against texts made to trouble it: one repetition at a time is pumped up.

    python -m benchmarks.pumped

A text is made from the pattern itself, with one of its unbounded parts repeated 300 and 600 times and something behind it that
cannot match; where twice the length takes more than 2.8 times the time, the pattern is told. It is then to be bounded, made
atomic, or asked of short lines only: what is matched at one place, or in a window of some characters, may stay.
"""

import importlib
import inspect
import pkgutil
import random
import re
import re._constants as kinds
import re._parser as parser  # type: ignore[import-not-found]
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pipelines
from pipelines.at_once import Given, parsed_of
from pipelines.running.guards.budget import TooLong, at_most
from pipelines.tables import rows_of

LENGTHS = (300, 600)
TELL_FROM_SECONDS = 0.006
GROWTH = 2.8
LONGEST_SECONDS = 1.0
"""What takes longer is told, however it grows."""
TRIES = 5
"""Texts for each repetition: another branch is taken at each."""
TAILS = ("\x00", "x" * 90 + "!")
REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)
SOME = {kinds.CATEGORY_DIGIT: "7", kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_NOT_WORD: "-"}


def patterns() -> dict[str, re.Pattern[str]]:
    """The patterns of all modules, by where they stand; those that functions without arguments make among them."""
    found: dict[tuple[str, int], tuple[str, re.Pattern[str]]] = {}
    rows_of(parsed_of(Given("a text", "Ana Berg said on 3 May that 40 houses had burned.")))
    for module in pkgutil.walk_packages(pipelines.__path__, "pipelines."):
        if ".train" in module.name or module.name.endswith("cli"):
            continue
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            for one in _made(value, module.name):
                if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                    found.setdefault((one.pattern, one.flags), (f"{module.name}.{name}", one))
    return {f"{name} {at}" if at else name: one for at, (name, one) in enumerate(found.values())}


def _made(value: Any, module: str) -> Iterator[Any]:
    yield value
    if hasattr(value, "cache_info") and value.__module__ == module and not inspect.signature(value).parameters:
        made = value()
        yield from made if isinstance(made, list | tuple) else [made]


def text_of(tree: Any, pumped: int, times: int, counter: list[int]) -> str:
    """A text that the pattern matches, or nearly, with the repetition of this number so many times in it."""
    pieces = []
    for kind, value in tree:
        if kind is kinds.LITERAL:
            pieces.append(chr(value))
        elif kind is kinds.NOT_LITERAL:
            pieces.append("a" if value != ord("a") else "b")
        elif kind is kinds.ANY:
            pieces.append("a")
        elif kind is kinds.IN:
            pieces.append(_one_of(value))
        elif kind is kinds.BRANCH:
            pieces.append(text_of(random.choice(value[1]), pumped, times, counter))
        elif kind is kinds.SUBPATTERN:
            pieces.append(text_of(value[3], pumped, times, counter))
        elif kind is kinds.ATOMIC_GROUP:
            pieces.append(text_of(value, pumped, times, counter))
        elif kind in REPEATS:
            least, most, inner = value
            number = counter[0]
            counter[0] += 1
            if number == pumped and most >= 50:
                pieces.append(text_of(inner, -1, 0, [0]) * times)
            else:
                pieces += [text_of(inner, pumped, times, counter) for _ in range(max(least, 1 if most else 0))]
    return "".join(pieces)


def _one_of(members: Any) -> str:
    is_negated = members[0][0] is kinds.NEGATE
    as_pattern = re.compile(
        f"[{''.join(_escaped(kind, value) for kind, value in members if kind is not kinds.NEGATE)}]"
    )
    return next((char for char in "a Z7-.,:|\n" + '"(©€@#' if bool(as_pattern.match(char)) != is_negated), "ж")


def _escaped(kind: Any, value: Any) -> str:
    if kind is kinds.LITERAL:
        return re.escape(chr(value))
    if kind is kinds.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    name = str(value)
    letter = "d" if "DIGIT" in name else "s" if "SPACE" in name else "w"
    return f"\\{letter.upper() if 'NOT' in name else letter}"


def _n_repeats(tree: Any) -> int:
    counter = [0]
    text_of(tree, -1, 0, counter)
    return min(counter[0], 40)


def worst(pattern: re.Pattern[str]) -> tuple[float, str]:
    """The seconds that the longer of the worst pair of texts takes, and how it begins; 0 where time keeps to length."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    found = 0.0, ""
    for number in range(_n_repeats(tree)):
        for tail in TAILS * TRIES:
            random.random()
            state, seconds, text = random.getstate(), [], ""
            for times in LENGTHS:
                random.setstate(state)
                text = text_of(tree, number, times, [0]) + tail
                started = time.perf_counter()
                with suppress(TooLong), at_most(LONGEST_SECONDS):
                    for _ in pattern.finditer(text):
                        pass
                seconds.append(time.perf_counter() - started)
                if seconds[-1] > LONGEST_SECONDS:
                    return seconds[-1], text[:40]
            if len(text) > LENGTHS[1] and seconds[1] > max(TELL_FROM_SECONDS, GROWTH * seconds[0]):
                found = max(found, (seconds[1], text[:40]))
    return found


def main() -> int:
    """Prints the patterns that take more than their share, the worst first."""
    random.seed(1)
    told = [(*worst(pattern), name) for name, pattern in patterns().items()]
    for seconds, begins, name in sorted((one for one in told if one[0]), reverse=True):
        print(f"{seconds:8.3f} s  {name}  {begins!r}")
    print(f"{len(told)} patterns, {sum(1 for one in told if one[0])} told.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
