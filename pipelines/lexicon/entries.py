"""Reads ``seeds/lexicon/*.csv``: words as data, each with its example and its source, read once and frozen."""

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pipelines.lexicon.checked import LEXICONS, faults_in

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


class BadLexicon(ValueError):  # noqa: N818 - it says what is wrong
    """A lexicon that cannot be used: one sentence with file, line and what to do."""


@cache
def entries(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of ``seeds/lexicon/<name>.csv`` in file order, each a read-only mapping from column to text.

    An empty cell is the empty string. Lines that begin with ``#`` are comments.

    Raises:
        FileNotFoundError: there is no lexicon of that name.
        BadLexicon: a column is missing, or a row has more or fewer cells than there are columns.
    """
    with (SEEDS / "lexicon" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        rows = [dict(row) for row in csv.DictReader(lines)]
    wanted = LEXICONS[name].columns if name in LEXICONS else {}
    if any(None in row or None in row.values() for row in rows) or (rows and not wanted.keys() <= rows[0].keys()):
        raise BadLexicon(next(faults_in(name, (SEEDS / "lexicon" / f"{name}.csv").read_text("utf-8"))))
    return tuple(MappingProxyType(row) for row in rows)


@cache
def group(name: str, value: str) -> frozenset[str]:
    """The forms of ``seeds/lexicon/<name>.csv`` whose ``value`` is this one.

    Raises:
        FileNotFoundError: there is no lexicon of that name.
        BadLexicon: it cannot be read, or has no row of this value.
    """
    found = frozenset(row["form"] for row in entries(name) if row["value"] == value)
    if not found:
        raise BadLexicon(f"{name}.csv has no row of the value {value}: the rules that read them would be mute.")
    return found


def alternation(forms: Iterable[str]) -> str:
    """These words as the inside of a pattern, longest first: ``lads|man``."""
    return "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))


@cache
def either(name: str, value: str) -> str:
    """The forms of a group as the inside of a pattern.

    Raises:
        FileNotFoundError: there is no lexicon of that name.
        BadLexicon: it cannot be read, or has no row of this value.
    """
    return alternation(group(name, value))
