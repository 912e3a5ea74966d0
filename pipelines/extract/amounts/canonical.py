"""Figures in units that can be compared: 42 cents and $0.44, 3 km and 2 miles, three-quarters and 75 percent.

Only what holds wherever it is written: an hour has 3,600 seconds, a month has no fixed length; a barrel, a ton and a pint
are several; a share or a rate has no base unit here. Currencies are not converted.
"""

import re
from collections.abc import Mapping
from fractions import Fraction

from pipelines.ingest.document import Row

_TO_BASE: Mapping[str, tuple[str, Fraction]] = {
    unit: (base, Fraction(factor))
    for base, factors in {
        "m": {
            "um": "1e-6", "mm": "0.001", "cm": "0.01", "dm": "0.1", "m": "1", "km": "1000", "in": "0.0254", "ft": "0.3048",
            "yard": "0.9144", "mi": "1609.344", "nautical mile": "1852",
        },
        "m2": {
            "cm2": "0.0001", "m2": "1", "ha": "10000", "km2": "1000000", "sq ft": "0.09290304", "square yard": "0.83612736",
            "acre": "4046.8564224", "sq mi": "2589988.110336",
        },
        "m3": {"m3": "1", "L": "0.001", "cL": "0.00001", "mL": "0.000001", "cubic foot": "0.028316846592"},
        "g": {
            "ug": "1e-6", "mg": "0.001", "g": "1", "kg": "1000", "t": "1000000", "lb": "453.59237", "oz": "28.349523125",
            "stone": "6350.29318", "carat": "0.2",
        },
        "s": {"ms": "0.001", "second": "1", "minute": "60", "hour": "3600", "day": "86400", "week": "604800",
              "fortnight": "1209600"},
        "m/s": {"m/s": "1", "km/h": "5/18", "mph": "0.44704", "knot": "463/900"},
        "K": {"kelvin": "1"},
        "percent": {"percent": "1"},
    }.items()
    for unit, factor in factors.items()
}  # fmt: skip
"""Units, as ``seeds/lexicon/units.csv`` writes them, to the base unit and how many of it they are, exactly."""

_CURRENCY = re.compile(r"[A-Z]{3}")
_MANY_DOLLARS = frozenset({"$", "dollar", "dollars", "buck", "bucks"})
"""Signs and words of money that several countries have; the amount is read as one of theirs."""
_KINDS = {
    "m": "distance", "m2": "area", "m3": "other", "g": "mass", "s": "duration", "m/s": "speed", "K": "temperature",
    "percent": "percent",
}  # fmt: skip
"""The kind of figure that a base unit measures: a fluid ounce is no mass."""


def canonical(value: float | None, value_max: float | None, unit: str | None, kind: str) -> Row:
    """``canonical_value``, ``canonical_value_max`` and ``canonical_unit`` of a figure; all null where no unit is certain."""
    base, factor = _base(unit or "", kind)
    try:
        return {
            "canonical_value": _times(value, factor) if base else None,
            "canonical_value_max": _times(value_max, factor) if base else None,
            "canonical_unit": base,
        }
    except OverflowError:  # a number that is none in a smaller unit
        return {"canonical_value": None, "canonical_value_max": None, "canonical_unit": None}


def _base(unit: str, kind: str) -> tuple[str | None, Fraction]:
    """The unit that a figure can be compared in, and how many of it the figure's own is; null where none is certain."""
    if kind == "fraction":
        return "percent", Fraction(100)
    if kind == "money" and _CURRENCY.fullmatch(unit):
        return unit, Fraction(1)
    base, factor = _TO_BASE.get(unit, ("", Fraction(1)))
    return (base, factor) if base and kind == _KINDS[base] else (None, Fraction(1))


def _times(value: float | None, factor: Fraction) -> float | None:
    """The value so many times, rounded once: 0.3 km is 300 m and not 299.99999999999994."""
    return None if value is None else float(Fraction(repr(value)) * factor)


def unit_basis(unit: str | None, kind: str, unit_text: str | None) -> str | None:
    """``written`` or ``inferred``, as the schema says; null where there is no unit, or its words stand elsewhere."""
    if unit is None or unit_text is None:
        return None
    return "inferred" if kind == "money" and unit_text.strip().casefold() in _MANY_DOLLARS else "written"
