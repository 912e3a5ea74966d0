"""How fast figures are found, the parse given: ``python -m pipelines.extract.figures_benchmark [FILE ...]``."""

import sys
import time
from pathlib import Path

from pipelines.extract.figures import figures_in
from pipelines.ingest.document import Document, Segment
from pipelines.language import analyse
from pipelines.language.parsed import Parsed
from pipelines.lexicon import SEEDS


def main(paths: list[str]) -> None:
    """Print words, figures and words a second of processor time over the files, by default the sample texts."""
    files = [Path(path) for path in paths] or sorted((SEEDS / "texts").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    documents = [
        Parsed(Document(path.name, text), [Segment(0, len(text), "body")], doc)
        for path, text, doc in zip(files, texts, analyse(texts), strict=True)
    ]
    for parsed in documents:  # the lexicons are read on first use
        figures_in(parsed, [])
    rounds = 1 + 20_000 // max(1, sum(len(text.split()) for text in texts))
    started = time.process_time()
    n_figures = sum(len(figures_in(parsed, [])) for _ in range(rounds) for parsed in documents) // rounds
    n_words = sum(len(text.split()) for text in texts)
    speed = rounds * n_words / (time.process_time() - started)
    sys.stdout.write(f"{n_words} words, {n_figures} figures, {speed:,.0f} words a CPU second\n")


if __name__ == "__main__":
    main(sys.argv[1:])
