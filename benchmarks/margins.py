"""``python -m benchmarks.margins``: which cases stand on a parse that a rounding might tip.

A last bit rounded otherwise early in the network comes out as noise of some per cent in its scores, because each layer
rounds to int8 again. The tests of language and extraction are run with such noise on every score, some times; a case that
fails once has no margin, and would fail on a processor that rounds otherwise (arm64): it needs a clearer wording.
"""

import argparse
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from pipelines.language.model import Model, Reading
from tests.instruction_sets import PROJECT, TESTS

NOISE = {"names": 0.04, "starts": 0.16, "arcs": 0.55, "dependent": 0.02, "head": 0.017}
"""Standard deviations of the difference between two roundings of the same network over 1,560 words: of MultiHeadAttention
and its parts on one machine, and of arm64 and x86-64."""

_PINNED = ("tests/language/test_instruction_sets.py", "tests/train")


def pytest_configure(config: pytest.Config) -> None:  # noqa: ARG001 - pytest calls it so
    """Puts noise on what the model says; this module is the plugin of the pytest that ``main`` starts."""
    times, seed = float(os.environ["HEARSAY_NOISE"]), int(os.environ["HEARSAY_NOISE_SEED"])
    read = Model.read

    def noisy(self: Model, pieces: Sequence[tuple[list[int], int]]) -> Reading:
        reading = read(self, pieces)
        # a window always gets the same noise, since tests ask that a text is always analysed alike
        words = np.array([seed, *(at for own, _ in pieces for at in own)], np.uint32)
        random = np.random.default_rng(words)
        return replace(
            reading,
            **{
                name: (score := getattr(reading, name))
                + random.normal(0, deviation * times, score.shape).astype(np.float32)
                for name, deviation in NOISE.items()
            },
        )

    Model.read = noisy  # type: ignore[method-assign]


def failed(seed: int, times: float, tests: Sequence[str]) -> list[str]:
    """The tests that fail with the noise of one seed."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "benchmarks.margins",
        *(f"--deselect={path}" for path in _PINNED),
        *tests,
    ]
    environment = os.environ | {
        "HEARSAY_NOISE": str(times),
        "HEARSAY_NOISE_SEED": str(seed),
        "PYTHONPATH": str(PROJECT),
    }
    ran = subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)
    if ran.returncode not in (0, 1):
        raise RuntimeError(ran.stdout + ran.stderr)
    lines = [line.split(" ", 1)[1] for line in ran.stdout.splitlines() if line.startswith("FAILED ")]
    return [line.split(" - ")[0] for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.margins", description=__doc__)
    parser.add_argument("--seeds", type=int, default=6, help="how often (default: %(default)s)")
    parser.add_argument("--times", type=float, default=1.0, help="how many times the noise that was measured")
    parser.add_argument("tests", nargs="*", default=TESTS)
    given = parser.parse_args()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        runs = list(pool.map(lambda seed: failed(seed, given.times, given.tests), range(given.seeds)))
    counts = Counter(test for run in runs for test in run)
    for test, count in counts.most_common():
        sys.stdout.write(f"{count} of {given.seeds}: {test}\n")
    sys.stdout.write(f"{len(counts)} tests failed at least once with {given.seeds} kinds of noise\n")


if __name__ == "__main__":
    main()
