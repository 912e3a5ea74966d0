"""Figures that give the same number, too long to be said of two things by chance.

"977 civilians" in a headline and again below are one quantity, whatever else the sentences say. Within a document three
digits of a count tell it, zeros behind not counted, and four of money; five tell it in another document too. Two equal
numbers of one sentence are two things, and so are two with different nouns.
"""

from collections.abc import Iterable

from pipelines.ingest.document import Row

_DIGITS_WITHIN = {"count": 3, "money": 4}
_DIGITS_ACROSS = 5
"""Digits from which a number is hardly met twice by chance, whatever it counts."""


def same_numbers(figures: Iterable[Row]) -> list[list[Row]]:
    """The figures of one document in groups of one number each; groups of one only where the number tells it anywhere."""
    alike: dict[tuple[str, float, float], list[Row]] = {}
    for figure in figures:
        if figure["value"] is not None and n_digits(figure) >= _DIGITS_WITHIN.get(figure["kind"], 99):
            top = figure["value"] if figure["value_max"] is None else figure["value_max"]
            alike.setdefault((figure["kind"], figure["value"], top), []).append(figure)
    return [same for same in alike.values() if (len(same) > 1 or tells_anywhere(same[0])) and _is_one_thing(same)]


def _is_one_thing(same: list[Row]) -> bool:
    units = {figure["unit"] for figure in same} - {None}
    return len(units) <= 1 and len({figure["sentence_id"] for figure in same}) == len(same)


def tells_anywhere(figure: Row) -> bool:
    """Whether the number is so long that another document with it means the same."""
    return n_digits(figure) >= _DIGITS_ACROSS


def n_digits(figure: Row) -> int:
    """How many digits a figure's number has, without the zeros before and behind: 3 for 1,210,000."""
    return len(f"{figure['value']:.15g}".split("e")[0].replace(".", "").strip("-0"))


def key_of(same: list[Row], document_id: str) -> tuple[str, ...]:
    """What is equal for figures of one number: its kind and value, money's unit, and the document of a shorter one."""
    first = same[0]
    unit = first["unit"] if first["kind"] == "money" else ""
    where = "" if tells_anywhere(first) else document_id
    return "number", first["kind"], unit, f"{first['value']:.15g}", f"{first['value_max'] or 0:.15g}", where
