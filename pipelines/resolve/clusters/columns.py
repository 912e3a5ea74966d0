"""Tables as columns of numbers: a pass over a million mentions is one of NumPy's, not a million of Python's."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
HALF = 32
"""Two numbers of so many bits make one."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of numbers, one behind the other: list ``i`` is ``values[bounds[i]:bounds[i + 1]]``."""

    values: Numbers
    bounds: Numbers

    def __getitem__(self, at: int) -> Numbers:
        """One list."""
        return self.values[self.bounds[at] : self.bounds[at + 1]]

    @property
    def lengths(self) -> Numbers:
        """How many numbers each list holds."""
        return np.diff(self.bounds)

    def of(self, owners: Numbers) -> tuple[Numbers, Numbers]:
        """All numbers of these lists, list by list: the position in ``owners`` of the list that each is of, and the number."""
        starts = self.bounds[owners]
        lengths = self.bounds[owners + 1] - starts
        position = np.repeat(np.arange(len(owners)), lengths)
        return position, self.values[np.arange(len(position)) + (starts - lengths.cumsum() + lengths)[position]]


def lists(owners: Numbers, values: Numbers, n_lists: int) -> Lists:
    """For each of the owners 0 to ``n_lists`` the distinct values that stand beside it, ascending."""
    pairs, _ = counted(owners << HALF | values)
    return Lists(pairs & (1 << HALF) - 1, np.searchsorted(pairs, np.arange(n_lists + 1) << HALF))


def counted(values: Numbers) -> tuple[Numbers, Numbers]:
    """The distinct values, ascending, and how often each stands. (Ten times as fast as ``np.unique``, which hashes.)"""
    ordered = np.sort(values)
    bounds = runs(ordered)
    return ordered[bounds[:-1]], np.diff(bounds)


def runs(values: Numbers) -> Numbers:
    """Where runs of equal values begin, and the end of the last."""
    if not len(values):
        return np.zeros(1, dtype=np.int64)
    return np.concatenate(([0], np.flatnonzero(np.diff(values)) + 1, [len(values)]))


def column(table: Any, name: str, kind: pa.DataType) -> pa.Array:
    """A column of a pandas or Arrow table in one piece; one that is not there is all null."""
    is_arrow = isinstance(table, pa.Table)
    if name not in (table.column_names if is_arrow else table.columns):
        return pa.nulls(table.num_rows if is_arrow else len(table), kind)
    found = table[name] if is_arrow else pa.array(table[name], from_pandas=True)
    found = found.cast(kind)
    return pa.concat_arrays(found.chunks or [pa.array([], kind)]) if isinstance(found, pa.ChunkedArray) else found


def numbered(texts: pa.Array) -> tuple[Numbers, list[str]]:
    """Each text as the number of its like, and the distinct texts in ascending order."""
    encoded = texts.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)  # by UTF-8, which is by code point
    number = np.empty(len(order), dtype=np.int64)
    number[order.to_numpy()] = np.arange(len(order))
    indices = encoded.indices.to_numpy(zero_copy_only=False)
    return number[indices] if len(number) else np.zeros(0, dtype=np.int64), encoded.dictionary.take(order).to_pylist()


class Spelled:
    """Texts as numbers while they come, a few bytes each however many they are."""

    PIECE = 1 << 16

    def __init__(self) -> None:
        """None yet."""
        self._waiting: list[str] = []
        self._pieces: list[pa.Array] = []

    def extend(self, texts: Iterable[str]) -> None:
        """More texts, behind those before."""
        self._waiting.extend(texts)
        if len(self._waiting) >= self.PIECE:
            self._pieces.append(pa.array(self._waiting, pa.large_string()).dictionary_encode())
            self._waiting = []

    def numbered(self) -> tuple[Numbers, pa.Array]:
        """Each text as the number of its like, and the distinct texts."""
        self._pieces.append(pa.array(self._waiting, pa.large_string()).dictionary_encode())
        self._waiting = []
        whole = pa.chunked_array(self._pieces).unify_dictionaries()
        codes = np.concatenate([piece.indices.to_numpy().astype(np.int64) for piece in whole.chunks])
        return codes, whole.chunk(0).dictionary
