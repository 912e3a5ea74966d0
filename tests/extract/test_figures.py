"""The cases of ``tests/cases/figures.toml``, and what must hold for the figures of any text."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract.amounts.amount import amounts_in
from pipelines.extract.amounts.traps import Traps
from pipelines.extract.figures import figures_in
from pipelines.ingest.document import Document, Row, Segment
from pipelines.language import analyse
from pipelines.language.parsed import Parsed
from pipelines.language.tokens import english
from tests.conftest import ORIGINALS

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "figures.toml").read_text(encoding="utf-8"))["case"]
COLUMNS = [
    "figure_id",
    "document_id",
    "sentence_id",
    "start_char",
    "end_char",
    "text",
    "value",
    "value_max",
    "unit",
    "unit_text",
    "unit_basis",
    "kind",
    "modifier",
    "change",
    "part",
    "referent",
    "referent_start_char",
    "referent_end_char",
    "canonical_value",
    "canonical_value_max",
    "canonical_unit",
    "rule",
    "claim_id",
    "quantity_id",
    "is_chrome",
]
STATED = ("text", "value", "value_max", "unit", "kind", "modifier", "change")


def parsed_of(texts: list[str], kind: str = "body") -> list[Parsed]:
    """Texts, analysed, each one segment."""
    docs = analyse(texts)
    return [
        Parsed(Document("0" * 16, text), [Segment(0, len(text), kind)], doc)
        for text, doc in zip(texts, docs, strict=True)
    ]


def rows_of(text: str, *dates: Row) -> list[Row]:
    """The figures of one text."""
    return figures_in(parsed_of([text])[0], dates)


def unparsed(text: str) -> Parsed:
    """A text as it is where the language model is missing: tokens and one sentence."""
    doc = english().make_doc(text)
    for token in doc:
        token.is_sent_start = token.i == 0
    return Parsed(Document("0" * 16, text), [Segment(0, len(text), "body")], doc)


@pytest.fixture(scope="module")
def answers() -> dict[str, list[Row]]:
    """The rows of every case, parsed together."""
    texts = [case["text"] for case in CASES]
    return {parsed.document.text: figures_in(parsed, []) for parsed in parsed_of(texts)}


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:40] for case in CASES])
def test_case(case: dict[str, Any], answers: dict[str, list[Row]]) -> None:
    got = [{name: row[name] for name in STATED} for row in answers[case["text"]]]
    for row in got:
        if row["value"] is not None:
            row["value"] = pytest.approx(row["value"])
    want = [
        dict.fromkeys(STATED) | {name: row[name] for name in STATED if row.get(name) != "none" and name in row}
        for row in case["rows"]
    ]
    assert want == got


def test_referents_of_the_cases(answers: dict[str, list[Row]]) -> None:
    """Referents hang on the parse: of those the cases name, nine in ten share their words."""
    hits, n = 0, 0
    for case in CASES:
        for want, got in zip(case["rows"], answers[case["text"]], strict=True):
            expected, found = want.get("referent"), got["referent"]
            n += 1
            hits += (expected is None and found is None) or bool({*(expected or "").split()} & {*(found or "").split()})
    assert hits / n >= 0.9


def test_columns_and_order() -> None:
    rows = rows_of("Losses of 12 ships and $3m, said 40 sailors.")
    assert all(list(row) == COLUMNS for row in rows)
    assert [row["start_char"] for row in rows] == sorted(row["start_char"] for row in rows)
    assert all(row["claim_id"] is None and row["quantity_id"] is None and not row["is_chrome"] for row in rows)


def test_chrome_is_marked() -> None:
    rows = figures_in(parsed_of(["512 views 3 comments"], "chrome")[0], [])
    assert rows
    assert all(row["is_chrome"] for row in rows)


def test_numbers_of_dates_are_no_figures_and_durations_are() -> None:
    text = "In the spring of 300 they held out for seven or eight hours."
    date = {"type": "DATE", "start_char": 3, "end_char": 20}
    duration = {"type": "DURATION", "start_char": text.index("seven"), "end_char": len(text) - 1}
    assert [row["text"] for row in rows_of(text, date, duration)] == ["seven", "eight hours"]


def test_list_markers_are_no_figures() -> None:
    assert [row["value"] for row in rows_of("1. Bring two ropes.\n2) Bring 4 lamps.\n\n(3) Go.")] == [2, 4]


def test_without_a_parse_numbers_and_units_still_come_out() -> None:
    rows = figures_in(unparsed("They paid $5m for 30 ships and 12 km of rope in 2021."), [])
    assert [(row["value"], row["unit"]) for row in rows] == [(5e6, "USD"), (30, "ships"), (12, "km")]


PIECES = st.lists(
    st.sampled_from(
        [
            "$",
            "€",
            "%",
            "-",
            "–",
            ",",
            ".",
            ":",
            "(",
            ")",
            "/",
            "1",
            "12",
            "3.5",
            "1,000",
            "40",
            "000",
            "2020",
            "one",
            "two",
            "half",
            "a",
            "third",
            "of",
            "thousand",
            "million",
            "m",
            "bn",
            "k",
            "in",
            "to",
            "from",
            "between",
            "and",
            "or",
            "percent",
            "points",
            "years",
            "old",
            "per",
            "day",
            "soldiers",
            "the",
            "about",
            "at",
            "least",
            "up",
            "down",
            "rose",
            "fell",
            "\n",
            "\n\n",
            "½",
            "×",
            "10^3",
            "±",
            "May",
            "5",
            "pm",
            "'",
            "6",
            "ft",
            "No",
            "Article",
        ]
    ),
    max_size=25,
)


@settings(max_examples=120, deadline=None)
@given(PIECES.map(" ".join) | PIECES.map("".join) | st.text(max_size=60))
def test_any_text_gives_exact_spans_and_ordered_ranges(text: str) -> None:
    for row in figures_in(unparsed(text), []):
        assert row["text"] == text[row["start_char"] : row["end_char"]]
        assert row["start_char"] < row["end_char"]
        assert row["value_max"] is None or row["value"] <= row["value_max"]


@settings(max_examples=25, deadline=None)
@given(PIECES.map(" ".join))
def test_any_parsed_text_gives_exact_referents(text: str) -> None:
    rows = rows_of(text)
    assert len({row["figure_id"] for row in rows}) == len(rows)
    for row in rows:
        if row["referent"] is not None:
            assert row["referent"] == text[row["referent_start_char"] : row["referent_end_char"]]


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(["{:,}", "{}"]))
def test_digits_are_worth_what_they_say(number: int, written: str) -> None:
    text = f"They counted {written.format(number)} ships."
    if not 1000 <= number < 2200:
        assert [amount.value for amount in amounts_in(text, Traps(text))] == [number]


@pytest.mark.parametrize(
    "written",
    ["1,5e+400 %", "−1E−400 km²", "1e400 %", "2×10^400 km", "2 × 10⁴⁰⁰ km", "2×10⁻⁴⁰⁰ km", "2×10⁻ km", "2×10⁵⁻² km", "10^400 km", "10^−400 km",
     "2*10**400 km", "$1.5e+400 million", "1.5e+400km", "1.5e+4.5 km", "4.5±1e+400 km", "5e+400–6e+500 km", "1 000e+400 km", "٣e+400 km", "3·10^9.5 km", "10^(10^100) km"],
)  # fmt: skip
def test_an_exponent_out_of_range_is_no_figure(written: str) -> None:
    assert rows_of(f"The device shows {written} on its screen.") == []


@pytest.mark.parametrize(
    ("written", "value"),
    [("1.5e3 km", 1500), ("1E6 people", 10**6), ("1E−3 km", 0.001), ("1e+003 km", 1000), ("10^6 people", 10**6), ("2·10^6 km", 2 * 10**6), ("2.4×10⁶ km", 2.4e6),
     ("1.5e+99 km", 1.5e99), ("+400 km", 400), ("−400 km", -400), ("**400 people**", 400), ("3 x 400 km", 400), ("type e +400 km", 400)],
)  # fmt: skip
def test_an_exponent_in_range_and_a_sign_are_read(written: str, value: float) -> None:
    assert rows_of(f"They counted {written} in all.")[-1]["value"] == pytest.approx(value)


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the five reference texts are not beside this checkout")
def test_the_originals() -> None:
    texts = {path.name[:3]: path.read_text(encoding="utf-8") for path in sorted(ORIGINALS.glob("*.txt"))}
    found = {parsed.document.text: figures_in(parsed, []) for parsed in parsed_of(list(texts.values()))}
    rows = {name: {row["text"]: row for row in found[text]} for name, text in texts.items()}
    assert rows["001"] == {}
    cost = rows["002"]["$16 billion"]
    assert (cost["value"], cost["unit"], "sanctions" in cost["referent"]) == (16e9, "USD", True)
    soldiers = rows["003"]["30,000"]
    assert (soldiers["value"], soldiers["unit"], soldiers["modifier"]) == (30000, "soldier", "at_least")
    share = rows["000"]["90%"]
    assert (share["value"], share["unit"], share["modifier"], "population" in share["referent"]) == (
        90,
        "percent",
        "approx",
        True,
    )
    assert rows["000"]["5k"]["modifier"] == "approx"
    assert rows["003"]["three-quarters of Belarusians"]["unit"] == "Belarusian"
    assert rows["003"]["a quarter of a century"]["modifier"] == "more_than"
    assert rows["003"]["the vast majority of citizens"]["value"] is None
    assert rows["004"]["33 alleged mercenaries"]["unit"] == "mercenary"
    assert rows["004"]["two hundred kilometers"]["unit"] == "km"
    assert rows["004"]["68-year-old"]["kind"] == "age"
    assert rows["004"]["Hundreds of thousands of people"]["value_max"] == 1e6
