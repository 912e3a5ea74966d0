"""Columns of numbers against the plain loops that they stand for."""

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipelines.resolve.alike.romanise import fold
from pipelines.resolve.clusters.blocking import Block
from pipelines.resolve.clusters.book import Book, Mentions
from pipelines.resolve.clusters.columns import Spelled, column, counted, lists, numbered, runs

SMALL = st.integers(0, 6)
TEXTS = st.text("aż𝔄 Łz", max_size=4)


@given(st.lists(st.tuples(SMALL, SMALL)), st.lists(SMALL, max_size=5))
def test_lists_hold_what_stands_beside_their_owner(pairs: list[tuple[int, int]], chosen: list[int]) -> None:
    owners, values = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    found = lists(owners, values, 7)
    beside = [sorted({value for owner, value in pairs if owner == which}) for which in range(7)]
    assert [found[which].tolist() for which in range(7)] == beside
    assert found.lengths.tolist() == [len(values) for values in beside]
    position, value = found.of(np.array(chosen, dtype=np.int64))
    together = list(zip(position.tolist(), value.tolist(), strict=True))
    assert together == [(at, value) for at, which in enumerate(chosen) for value in beside[which]]


@given(st.lists(SMALL))
def test_runs_and_counts(values: list[int]) -> None:
    ordered = np.array(sorted(values), dtype=np.int64)
    bounds = runs(ordered).tolist()
    assert [ordered[start] for start in bounds[:-1]] == sorted(set(values))
    distinct, counts = counted(np.array(values, dtype=np.int64))
    assert dict(zip(distinct.tolist(), counts.tolist(), strict=True)) == {
        value: values.count(value) for value in values
    }


@given(st.lists(TEXTS))
def test_texts_are_numbered_in_their_order(texts: list[str]) -> None:
    numbers, distinct = numbered(pa.array(texts, pa.large_string()))
    assert distinct == sorted(set(texts))
    assert [distinct[number] for number in numbers.tolist()] == texts


@given(st.lists(st.lists(TEXTS, max_size=4)))
def test_spelled_texts_come_back(batches: list[list[str]]) -> None:
    spelled = Spelled()
    spelled.PIECE = 5
    for batch in batches:
        spelled.extend(batch)
    numbers, distinct = spelled.numbered()
    assert distinct.take(pa.array(numbers)).to_pylist() == [text for batch in batches for text in batch]
    assert len(set(distinct.to_pylist())) == len(distinct)


@given(st.integers(0, 60), st.integers(1, 60))
def test_each_name_of_a_block_meets_those_that_follow_it(n: int, reach: int) -> None:
    ones, others = Block(np.arange(n) * 3, reach).pairs()
    expected = [(a * 3, b * 3) for a in range(n) for b in range(a + 1, min(n, a + 1 + reach))]
    assert list(zip(ones.tolist(), others.tolist(), strict=True)) == expected


@given(st.text("aZ1 .'é-&", max_size=12) | st.sampled_from(["The Hague", "the", "THE  A", "a b", ""]))
def test_a_book_folds_as_everybody(text: str) -> None:
    assert Book(Mentions(pa.array([], pa.large_string()))).fold(text) == (fold(text).removeprefix("the ") or text)


def test_columns_of_any_table() -> None:
    frame = pd.DataFrame({"a": ["x", None], "b": [None, None]})
    for table in (frame, pa.table(frame), pa.concat_tables([pa.table(frame[:1]), pa.table(frame[1:])])):
        assert column(table, "a", pa.large_string()).to_pylist() == ["x", None]
        assert column(table, "b", pa.large_string()).to_pylist() == [None, None]
        assert column(table, "none of its columns", pa.int64()).to_pylist() == [None, None]
