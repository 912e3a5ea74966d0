"""Whether four bare digits are a year or a count: one judge, so that every number is a date, a figure, or named by neither twice."""

import tomllib
from pathlib import Path

import pytest

from pipelines.at_once import Given, parsed_of
from pipelines.lexicon.entries import entries
from pipelines.tables import rows_of

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "bare_years.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_years_are_dates_and_counts_are_figures(case: dict[str, list[str]]) -> None:
    rows = rows_of(parsed_of(Given("a text", str(case["text"]))))
    dates = [(row["start_char"], row["end_char"]) for row in rows["dates"] if row["type"] == "DATE"]
    figures = [(row["start_char"], row["end_char"]) for row in rows["figures"]]
    assert not [one for one in figures for other in dates if one[0] < other[1] and other[0] < one[1]]
    texts = {row["text"] for row in rows["dates"]}
    assert set(case.get("years", ())) <= texts
    numbers = [str(int(row["value"])) for row in rows["figures"] if row["value"] is not None and row["value"] >= 10]
    assert numbers == list(case.get("counts", ()))


@pytest.mark.parametrize("row", list(entries("year_words")), ids=lambda row: row["example"])
def test_each_word_beside_a_year_does_in_its_example_what_its_kind_says(row: dict[str, str]) -> None:
    rows = rows_of(parsed_of(Given("a text", row["example"])))
    counts = [row for row in rows["figures"] if row["value"] is not None and 1700 <= row["value"] < 2100]
    assert bool(counts) == (row["kind"] in ("capacity", "count"))
    if row["kind"] in ("yearly", "singular"):
        assert any(len(row["text"]) == 4 for row in rows["dates"])
