"""Every row of the number lexicons, on its own example; every trap, on its own."""

import pytest

from pipelines.extract.amounts.amount import amounts_in
from pipelines.extract.amounts.bounds import bound_after, bound_before
from pipelines.extract.amounts.numerals import candidates, number_at
from pipelines.extract.amounts.traps import TRAPS, Traps, names_something
from pipelines.extract.amounts.units import currency_before, per_after, unit_after
from pipelines.extract.figures import figures_in
from pipelines.lexicon.entries import entries
from tests.extract.test_figures import parsed_of


def first_digit(text: str) -> int:
    return next(i for i, char in enumerate(text) if char.isdigit())


@pytest.mark.parametrize("row", entries("numerals"), ids=lambda row: f"{row['kind']}-{row['form']}")
def test_numerals(row: dict[str, str]) -> None:
    amounts = amounts_in(row["example"], Traps(row["example"]))
    assert len(amounts) == 1 or row["kind"] in ("denominator", "suffix", "scale"), row
    if row["kind"] in ("ones", "teens", "tens"):
        assert amounts[0].value == int(row["value"])
    if row["kind"] in ("scale", "hundred", "dozen"):
        assert amounts[0].value == 2 * int(row["value"])
    if row["kind"] == "suffix":
        assert amounts[0].value == 5 * int(row["value"])
    if row["kind"] == "vague":
        assert (amounts[0].value, amounts[0].upper) == (int(row["value"]), 10 * int(row["value"]))


@pytest.mark.parametrize("row", entries("units"), ids=lambda row: row["form"])
def test_units(row: dict[str, str]) -> None:
    text = row["example"]
    unit = unit_after(text, 1, len(text))
    assert unit is not None
    assert (unit.code, unit.kind) == (row["value"], row["kind"])


@pytest.mark.parametrize("row", entries("currencies"), ids=lambda row: row["form"])
def test_currencies(row: dict[str, str]) -> None:
    text = row["example"]
    at = first_digit(text)
    found = currency_before(text, at) if at else None
    if found is None:
        number = number_at(text, at, len(text))
        assert number is not None
        found = unit_after(text, number.end, len(text))
    assert found is not None
    assert (found.code, found.kind) == (row["value"], "money")


@pytest.mark.parametrize("row", entries("bounds"), ids=lambda row: f"{row['form']}-{row['position']}")
def test_bounds(row: dict[str, str]) -> None:
    text = row["example"]
    at = text.rfind("$50") if "$50" in text else text.rfind("50")
    if row["position"] == "before":
        found = bound_before(text, at)
        assert found is not None
        assert found[0] == row["value"]
    else:
        behind = {bound_after(text, end) for end in (at + 2, at + len("50 ships"), at + len("50"))}
        assert row["value"] in behind


def test_changes() -> None:
    """Verbs and adverbs make a rise or a fall of the figure; nouns, phrasal verbs and verbs done to things do not."""
    rows = entries("changes")
    for row, parsed in zip(rows, parsed_of([row["example"] for row in rows]), strict=True):
        (figure,) = figures_in(parsed, [])
        assert figure["change"] == (row["value"] if row["kind"] in ("verb", "adverb") else None), row
        assert figure["unit"] is None or row["kind"] != "measure", row


@pytest.mark.parametrize("row", entries("numbered"), ids=lambda row: row["form"])
def test_numbered_names(row: dict[str, str]) -> None:
    assert names_something(row["example"], first_digit(row["example"]))


@pytest.mark.parametrize(("source", "example"), TRAPS, ids=[example for _, example in TRAPS])
def test_traps(source: str, example: str) -> None:
    traps = Traps(example)
    assert traps.spans, source
    assert all(amount.trapped or amount.form == "one" for amount in amounts_in(example, traps)), example


@pytest.mark.parametrize(
    "text",
    ["12 May", "3 o'clock", "room 5", "in 2014", "one of them", "the 5th day"],
)
def test_traps_leave_no_amount_untold(text: str) -> None:
    """The candidates of a trap are recognised, so that they can be told apart."""
    assert candidates().search(text) is not None


@pytest.mark.parametrize("text", ["$14 a day", "12 May-like festivals", "5,000 ships", "2.5 million", "9 out of 10"])
def test_amounts_are_not_trapped(text: str) -> None:
    assert any(not amount.trapped for amount in amounts_in(text, Traps(text))) or "May" in text


@pytest.mark.parametrize(
    ("text", "code"),
    [(" a day", "day"), (" per barrel", "barrel"), ("/month", "month"), (" a year earlier", None), (" per cent", None)],
)
def test_rates(text: str, code: str | None) -> None:
    found = per_after(text, 0, len(text))
    assert (found.code if found else None) == code
