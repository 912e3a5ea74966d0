"""An input that shows a fault, made smaller while it still does (delta debugging; Zeller and Hildebrandt 2002)."""

import gzip
import time
import zlib
from collections.abc import Callable, Collection
from dataclasses import replace

from benchmarks.fuzz_inputs import Input


def smaller(given: Input, faults: Callable[[Input], Collection[object]], seconds: float) -> Input:
    """The smallest input found in that time which shows the first fault of ``given``; ``given`` itself where it shows none.

    What is packed is unpacked first, if the fault stays.
    """
    given = replace(given, texts=None)
    shown = list(faults(given))
    if not shown:
        return given
    fault, until = shown[0], time.monotonic() + seconds

    def shows(one: Input) -> bool:
        return fault in faults(one)

    for plain in (replace(given, name="news" + given.name[given.name.index(".") :]), _unpacked(given)):
        if plain is not None and shows(plain):
            given = plain
    size = len(given.data) // 2
    while size and time.monotonic() < until:
        at, before = 0, len(given.data)
        while at < len(given.data) and time.monotonic() < until:
            less = replace(given, data=given.data[:at] + given.data[at + size :])
            if less.data and shows(less):
                given = less
            else:
                at += size
        size = min(size, len(given.data)) // 2 if len(given.data) == before or size > 1 else size
    return given


def _unpacked(given: Input) -> Input | None:
    try:
        return replace(given, name=given.name.removesuffix(".gz"), data=gzip.decompress(given.data))
    except (OSError, EOFError, zlib.error):
        return None
