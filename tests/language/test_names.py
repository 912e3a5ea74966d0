"""From scores of name tags to names: spans first, types for the whole span, nothing across a sentence's start."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipelines.language.labels import NAMES, Labels
from pipelines.language.names import best_names

LABELS = Labels((), ())


def scored(*rows: dict[str, float]) -> np.ndarray:
    """Scores of words that are 0 where a row says nothing, and -5 for outside where it says something else."""
    found = np.zeros((len(rows), len(NAMES)), np.float32)
    for at, row in enumerate(rows):
        found[at, 0] = 0.0 if not row else -5.0
        for name, score in row.items():
            found[at, NAMES.index(name)] = score
        if not row:
            found[at, 0] = 5.0
    return found


def tags(scores: np.ndarray, *starts: int) -> list[str]:
    first = np.zeros(len(scores), bool)
    first[[0, *starts]] = True
    return [NAMES[at] for at in best_names(scores, first, LABELS)]


def test_the_words_of_a_name_choose_its_type_together() -> None:
    doubtful = scored({"B-LOC": 2.1, "B-ORG": 2.0}, {"I-ORG": 6.0, "I-LOC": 1.0}, {})
    assert tags(doubtful) == ["B-ORG", "I-ORG", "O"]


def test_a_name_begins_anew_with_a_sentence() -> None:
    assert tags(scored({"B-PERSON": 5.0}, {"I-PERSON": 5.0, "B-PERSON": 4.0}), 1) == ["B-PERSON", "B-PERSON"]


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 4))
def test_the_spans_are_those_of_the_best_path(data: st.DataObject, n: int) -> None:
    scores = data.draw(arrays(np.float32, (n, len(NAMES)), elements=st.integers(-8, 8).map(float)))
    starts = np.array([True, *data.draw(st.lists(st.booleans(), min_size=n - 1, max_size=n - 1))])
    parts = np.stack([scores[:, 0], scores[:, 1::2].max(axis=1), scores[:, 2::2].max(axis=1)], axis=1)

    def allowed(path: tuple[int, ...]) -> bool:
        return all(step != 2 or (not starts[at] and path[at - 1] != 0) for at, step in enumerate(path))

    def worth(path: tuple[int, ...]) -> float:
        return float(sum(parts[at, step] for at, step in enumerate(path)))

    found = best_names(scores, starts, LABELS)
    path = tuple(0 if tag == 0 else 1 if NAMES[tag][0] == "B" else 2 for tag in found)
    assert allowed(path)
    assert worth(path) == max(worth(other) for other in product(range(3), repeat=n) if allowed(other))
    for at in range(1, n):
        assert path[at] != 2 or NAMES[found[at]][2:] == NAMES[found[at - 1]][2:]
