"""Figures in units that can be compared, and those that have none."""

import pytest

from pipelines.extract.amounts.canonical import canonical, unit_basis


@pytest.mark.parametrize(
    ("value", "unit", "kind", "wanted"),
    [
        (3.0, "km", "distance", (3000.0, "m")),
        (0.3, "km", "distance", (300.0, "m")),
        (2.0, "mi", "distance", (3218.688, "m")),
        (5.0, "t", "mass", (5_000_000.0, "g")),
        (90.0, "minute", "duration", (5400.0, "s")),
        (36.0, "km/h", "speed", (10.0, "m/s")),
        (10.0, "ha", "area", (100_000.0, "m2")),
        (90.0, "percent", "percent", (90.0, "percent")),
        (0.75, "voter", "fraction", (75.0, "percent")),
        (5e6, "USD", "money", (5e6, "USD")),
    ],
)
def test_what_is_certain_is_told_in_the_base_unit(
    value: float, unit: str, kind: str, wanted: tuple[float, str]
) -> None:
    row = canonical(value, value, unit, kind)
    assert (row["canonical_value"], row["canonical_unit"]) == wanted
    assert row["canonical_value_max"] == wanted[0]


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("month", "duration"),  # of 28 to 31 days
        ("ton", "mass"),  # three of them
        ("crown", "money"),  # of no known country
        ("cent", "money"),
        ("oz", "other"),  # fluid
        ("celsius", "temperature"),  # no multiple of a kelvin
        ("percentage point", "percent"),  # no share
        ("year of age", "age"),
        ("USD per barrel", "rate"),
        ("soldier", "count"),
        ("m", "count"),
        (None, "count"),
    ],
)
def test_what_is_not_certain_is_null(unit: str | None, kind: str) -> None:
    row = canonical(3.0, None, unit, kind)
    assert row == {"canonical_value": None, "canonical_value_max": None, "canonical_unit": None}


def test_a_vague_amount_has_a_unit_and_no_value() -> None:
    row = canonical(None, None, "voter", "fraction")
    assert row == {"canonical_value": None, "canonical_value_max": None, "canonical_unit": "percent"}


def test_a_number_beyond_all_numbers_stops_nothing() -> None:
    assert canonical(1e308, None, "km", "distance")["canonical_unit"] is None


def test_a_sign_of_many_countries_leaves_the_unit_to_be_inferred() -> None:
    assert [unit_basis("USD", "money", text) for text in ("$", "dollars", "US$", "USD")] == [
        "inferred", "inferred", "written", "written",
    ]  # fmt: skip
    assert unit_basis("soldier", "count", "soldiers") == "written"
    assert unit_basis("soldier", "count", None) is None
    assert unit_basis(None, "count", None) is None
