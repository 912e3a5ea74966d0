"""Reads ``seeds/lexicon/*.csv``: words as data, each with its example and its source, read once and frozen."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@cache
def entries(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of ``seeds/lexicon/<name>.csv`` in file order, each a read-only mapping from column to text.

    An empty cell is the empty string. Lines that begin with ``#`` are comments.

    Raises:
        FileNotFoundError: there is no lexicon of that name.
    """
    with (SEEDS / "lexicon" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return tuple(MappingProxyType(dict(row)) for row in csv.DictReader(lines))
