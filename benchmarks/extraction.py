"""``python -m benchmarks.extraction [FILE ...]``: words per CPU second of every layer, the parse given.

Without files it reads the texts in ``seeds/texts``. Lexicons are read before the clock starts; each round sees every
text anew, so that nothing that a layer remembers of a text counts for it.
"""

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.extract.claims import claims_in
from pipelines.extract.dates import dates_in
from pipelines.extract.figures import figures_in
from pipelines.extract.mentions import names_in
from pipelines.ingest.document import Document
from pipelines.ingest.layout.segments import segments_of
from pipelines.language import analyse
from pipelines.language.parsed import Parsed
from pipelines.lexicon.entries import SEEDS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--words", type=int, default=30_000, help="how many to read in all (default: %(default)s)")
    given = parser.parse_args()
    files = given.files or sorted((SEEDS / "texts").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    segments = [segments_of(text) for text in texts]
    starts = [[segment.start_char for segment in found] for found in segments]
    docs = list(analyse(texts, starts))

    def fresh() -> list[Parsed]:
        return [
            Parsed(Document(path.name, text), found, doc)
            for path, text, found, doc in zip(files, texts, segments, docs, strict=True)
        ]

    words = sum(len(text.split()) for text in texts)
    rounds = 1 + given.words // max(1, words)
    sys.stdout.write(f"{words:,} words in {len(texts)} texts, {rounds} times\n")
    for name, n_rows, seconds in timed(fresh, rounds):
        sys.stdout.write(f"{name:8} {n_rows:6,} rows {rounds * words / seconds:10,.0f} words per CPU second\n")


def timed(fresh: Callable[[], list[Parsed]], rounds: int) -> list[tuple[str, int, float]]:
    """Each layer's name, its rows in one round, and the CPU seconds of all rounds together."""
    seconds: defaultdict[str, float] = defaultdict(float)
    n_rows: Counter[str] = Counter()

    @contextmanager
    def clocked(layer: str) -> Iterator[None]:
        began = time.process_time()
        yield
        seconds[layer] += time.process_time() - began

    for at in range(rounds + 1):
        for parsed in fresh():
            with clocked("names"):
                names = names_in(parsed)
            with clocked("dates"):
                dates = dates_in(parsed)
            with clocked("figures"):
                figures = figures_in(parsed, dates)
            with clocked("claims"):
                claims, _ = claims_in(parsed, names, dates, figures)
            n_rows.update(names=len(names), dates=len(dates), figures=len(figures), claims=len(claims))
        if at == 0:  # the lexicons are read now
            seconds.clear()
            n_rows.clear()
    return [(layer, n_rows[layer] // rounds, spent) for layer, spent in seconds.items()]


if __name__ == "__main__":
    main()
