"""``python -m benchmarks.language [FILE ...]``: words per CPU second, load time and memory of the analysis.

Without files it reads the texts in ``seeds/texts``. What is analysed once is not counted twice: identical paragraphs
are dropped before the clock starts, so the figure is for text that was never seen.
"""

import argparse
import resource
import sys
import time
from pathlib import Path

import onnxruntime
from spacy.about import __version__ as spacy_version

from pipelines.language import analyse
from pipelines.language.model import FOLDER, opened
from pipelines.language.tokens import english
from pipelines.lexicon.entries import SEEDS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.language", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--words", type=int, default=20_000, help="how many to read at most (default: %(default)s)")
    given = parser.parse_args()
    english()
    before = time.process_time()
    opened(FOLDER)
    loaded = time.process_time() - before
    texts = _texts(given.files or sorted((SEEDS / "texts").rglob("*.txt")), given.words)
    list(analyse(["The first sentence takes longer than the others."]))
    before = time.process_time()
    words = sum(sum(not token.is_space for token in doc) for doc in analyse(texts))
    spent = time.process_time() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{words} words in {len(texts)} paragraphs, {words / spent:.0f} words per CPU second on one thread\n"
        f"loaded in {loaded:.2f} s of CPU beside spaCy's import, {memory:.0f} MiB resident at most\n"
        f"spaCy {spacy_version}, onnxruntime {onnxruntime.__version__}\n"
    )


def _texts(files: list[Path], most: int) -> list[str]:
    """Distinct paragraphs, up to ``most`` words by white space."""
    found: dict[str, None] = {}
    left = most
    for file in files:
        for paragraph in file.read_text(encoding="utf-8", errors="replace").split("\n\n"):
            if left > 0 and paragraph.strip() not in found:
                found[paragraph.strip()] = None
                left -= len(paragraph.split())
    return list(found)


if __name__ == "__main__":
    main()
