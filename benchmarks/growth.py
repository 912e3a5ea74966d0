"""How the time of every stage grows with a text's length, for texts that grow without end in one way each.

    python -m benchmarks.growth                       # every kind of text of tests/storms.py, 10,000 and 20,000 characters
    python -m benchmarks.growth --length 40000 base64 quotations
    python -m benchmarks.growth --all                 # also the stages that keep the proportion

Prints a line per kind of text and stage whose CPU time grows faster than the text (more than ``--ratio`` times for twice
the length), or that takes more than ``--slow`` ms per 1,000 characters. The least of ``--tries`` measurements counts, and
what seems to grow is measured again. A stage that takes less than 20 ms (the analysis: 500 ms) is no measurement. One
that takes longer than ``--limit`` seconds is given up, and with it the rest of that kind of text. Exit status 1 when
anything grew too fast.
"""

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from spacy.tokens import Doc

from pipelines.ingest.document import Document
from pipelines.ingest.documents import borders
from pipelines.ingest.layout.segments import segments_of
from pipelines.ingest.metadata import describe
from pipelines.ingest.normal import fingerprint
from pipelines.ingest.publication import publication_date
from pipelines.language import analyse, analysis
from pipelines.language.parsed import Parsed
from pipelines.running.guards.budget import TooLong, at_most
from pipelines.tables import PER_DOCUMENT, named
from tests.storms import STORMS

LEAST_SECONDS = 0.02
"""What takes less is not measured: the clock and the memory's housekeeping weigh more than the work."""

LEAST_ANALYSED = 0.5
"""The same for the analysis, which reads a text in windows: within one its time grows with the square, as it may."""

PUBLISHED = date(2022, 4, 14)


Reading = Callable[[str, Sequence[int]], Doc]
"""From a text and the offsets at which a sentence must start to its analysis."""


def read(text: str, cuts: Sequence[int]) -> Doc:
    """The text as the shipped model reads it, nothing of it remembered from before."""
    analysis._block.cache_clear()
    return next(iter(analyse([text], [cuts])))


def stages(text: str, tries: int, limit: float, reading: Reading = read) -> Iterator[tuple[str, float]]:
    """Each stage from text to rows with its CPU seconds, in the order of work; infinite, and the last, where it is given up.

    ``reading`` makes the analysis on which the tables are built.
    """

    def timed(work: Callable[[], Any]) -> tuple[Any, float]:
        best = float("inf")
        result = None
        gc.disable()
        try:
            for _ in range(tries):
                with at_most(limit):
                    started = time.process_time()
                    result = work()
                    best = min(best, time.process_time() - started)
                if best < LEAST_SECONDS or best > limit / 10:
                    break
        finally:
            gc.enable()
        return result, best

    name = "segments_of"
    try:
        layout, seconds = timed(lambda: segments_of(text))
        yield name, seconds
        name = "describe"
        about, seconds = timed(lambda: describe(text, layout, {}))
        yield name, seconds
        name = "publication_date"
        _, seconds = timed(lambda: publication_date(text, layout, about["title"]))
        yield name, seconds
        name = "borders"
        cuts, seconds = timed(lambda: borders(text, layout))
        yield name, seconds
        name = "analyse"
        doc, seconds = timed(lambda: reading(text, cuts))
        yield name, seconds
        document = Document(document_id="0123456789abcdef", text=text, published_on=PUBLISHED)
        name = "fingerprint"
        _, seconds = timed(lambda: fingerprint(text, layout))
        yield name, seconds
        results: dict[str, Any] = {}
        for step in PER_DOCUMENT:
            name = step.__name__

            def work(step: Callable[..., Any] = step) -> Any:
                # what a document remembers of itself is counted where it is first asked for
                results["parsed"] = Parsed(document, layout, doc)
                return step(**{given: results[given] for given in named(step)})

            results[name], seconds = timed(work)
            yield name, seconds
    except TooLong:
        yield name, float("inf")
    except Exception as error:
        print(f"{name} raised {type(error).__name__}: {str(error)[:80]}")
        yield name, float("inf")


def _measured(kind: str, given: argparse.Namespace, tries: int) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds by stage, for the shorter text and for the longer."""
    text = STORMS[kind]
    return dict(stages(text(given.length), tries, given.limit)), dict(
        stages(text(2 * given.length), tries, given.limit)
    )


def _growth(short: dict[str, float], long: dict[str, float]) -> dict[str, float]:
    """How many times as long each stage takes for the longer text; what is too short to be measured is left out."""
    found = {}
    for stage, seconds in long.items():
        before = max(short.get(stage, 0.0), LEAST_SECONDS / 2)
        if seconds >= (LEAST_ANALYSED if stage == "analyse" else LEAST_SECONDS):
            found[stage] = seconds / before if before < float("inf") else float("inf")
    return found


def main() -> int:
    """Measure and print; 1 when something grew faster than its text."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__.split("\n")[0])
    options.add_argument("kinds", nargs="*", help="kinds of text of tests/storms.py (all of them when none is named)")
    options.add_argument("--length", type=int, default=10_000, help="characters of the shorter text")
    options.add_argument("--tries", type=int, default=2, help="measurements of each, of which the least counts")
    options.add_argument("--ratio", type=float, default=2.3, help="how many times as long the double may take")
    options.add_argument(
        "--slow", type=float, default=float("inf"), help="ms per 1,000 characters that are shown as slow"
    )
    options.add_argument("--limit", type=float, default=20.0, help="CPU seconds after which a stage is given up")
    options.add_argument("--all", action="store_true", help="show every stage that could be measured")
    given = options.parse_args()
    for _ in stages("Anna Berg, mayor of Oslo, said on 3 May 2020 that 40 houses had burned down.", 1, 60):
        pass
    too_fast = 0
    print(f"{'text':36s} {'stage':18s} {'growth':>7s} {'ms per 1,000 characters':>24s}")
    for kind in given.kinds or STORMS:
        short, long = _measured(kind, given, given.tries)
        if any(growth > given.ratio for growth in _growth(short, long).values()):  # or was it the machine?
            once_more = _measured(kind, given, given.tries + 2)
            short, long = (
                {stage: min(one[stage], other.get(stage, one[stage])) for stage in one}
                for one, other in zip((short, long), once_more, strict=True)
            )
        for stage, growth in _growth(short, long).items():
            cost = 500_000 * long[stage] / given.length
            grows = growth > given.ratio
            too_fast += grows
            if grows or cost > given.slow or given.all:
                print(f"{kind:36s} {stage:18s} {growth:7.2f} {cost:24.1f}{'  <--' if grows else ''}", flush=True)
    print(f"{too_fast} stages grew more than {given.ratio} times for twice the length.")
    return int(bool(too_fast))


if __name__ == "__main__":
    sys.exit(main())
