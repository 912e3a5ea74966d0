"""The cases of ``tests/cases/dates.toml``, the examples of every rule and lexicon row, and what must hold for any text."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipelines.extract.anchoring.feasts import feast
from pipelines.extract.anchoring.period import Period
from pipelines.extract.dates import dates_in
from pipelines.ingest.document import Document, Row, Segment
from pipelines.language import analyse
from pipelines.language.parsed import Parsed
from pipelines.language.tokens import english
from pipelines.lexicon.entries import entries
from pipelines.timewords.find import find, rules
from schemas.columns import RULE

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "dates.toml").read_text(encoding="utf-8"))["case"]
LEXICONS = "months weekdays seasons time_units dayparts date_numbers date_steps date_words date_modifiers frequencies time_zones holidays eras".split()  # noqa: SIM905
COLUMNS = [
    "date_id",
    "document_id",
    "sentence_id",
    "start_char",
    "end_char",
    "text",
    "type",
    "value",
    "edtf",
    "start_on",
    "end_on",
    "modifier",
    "anchor",
    "anchor_text",
    "claim_id",
    "is_chrome",
    "alternative_value",
    "range_id",
    "relation",
    "offset_value",
    "quantifier",
    "frequency",
    "rule",
]
NAMES = {"offset": "offset_value", "alternative": "alternative_value"}


def rows_of(
    text: str, published_on: date | None = None, *, parse: bool = True, kind: str = "body", **known: date
) -> list[Row]:
    """The rows of a text; without ``parse`` there are tokens only, as where the language model is missing."""
    document = Document("0" * 16, text, published_on=published_on, **known)
    segments = [Segment(0, len(text), kind)]
    doc: Doc = next(iter(analyse([text]))) if parse else english().make_doc(text)
    if not parse:
        for token in doc:
            token.is_sent_start = token.i == 0
    return dates_in(Parsed(document, segments, doc))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_case(case: dict) -> None:
    rows = rows_of(case["text"], case["published_on"])
    by_text = {row["text"]: row for row in rows}
    for wanted in case.get("rows", ()):
        row = by_text.get(wanted["text"])
        assert row is not None, f"{wanted['text']!r} not among {list(by_text)}"
        if "days" in wanted:
            assert f"{row['start_on']}/{row['end_on']}" == wanted["days"]
        for name, value in wanted.items():
            if name != "days":
                assert row[NAMES.get(name, name)] == value, name
    for nothing in case.get("none", ()):
        assert not any(nothing in row["text"] or row["text"] in nothing for row in rows), rows
    if "range" in case:
        first, last = (by_text[text]["range_id"] for text in case["range"])
        assert first == last is not None


@pytest.mark.parametrize("name", LEXICONS)
def test_each_word_is_found_in_its_example(name: str) -> None:
    for entry in entries(name):
        words, found = find(entry["example"])
        form = entry["form"].replace("-", " ")
        spans = [
            words.text[words.starts[e.first] : words.ends[e.last - 1]].lower().replace("-", " ").replace("’", "'")
            for e in found
        ]
        assert any(form in span for span in spans), (entry["form"], entry["example"], spans)


def test_each_rule_matches_its_own_example() -> None:
    for rule in rules():
        found = [name for expression in find(rule.example)[1] for name in expression.rule.split("+")]
        if rule.name == "age":  # it keeps its words from other rules, and is no time
            assert not found, (found, rule.example)
        else:
            assert rule.name in found, (rule.name, rule.example, found)


@pytest.mark.parametrize("entry", entries("dated_events"), ids=lambda entry: f"{entry['form']} {entry['value']}")
def test_the_year_of_an_event_that_goes_by_its_day(entry: dict) -> None:
    (row,) = rows_of(entry["example"], date(2024, 3, 16))
    assert (row["value"], row["rule"]) == (entry["value"], "dated_event")
    assert rows_of("After the May 3 attacks everything changed.", date(2024, 3, 16))[0]["rule"] != "dated_event"


@pytest.mark.parametrize("entry", entries("event_words"), ids=lambda entry: entry["form"])
def test_event_names_are_no_dates(entry: dict) -> None:
    assert rows_of(entry["example"], date(2022, 3, 16)) == []


@pytest.mark.parametrize("entry", entries("label_words"), ids=lambda entry: entry["form"])
def test_labelled_numbers_are_no_years(entry: dict) -> None:
    assert rows_of(entry["example"], date(2022, 3, 16), parse=False) == []


@pytest.mark.parametrize("entry", entries("future_words"), ids=lambda entry: entry["form"])
def test_words_that_look_ahead(entry: dict) -> None:
    friday = next(row for row in rows_of(entry["example"], date(2022, 3, 16)) if "Friday" in row["text"])
    assert friday["start_on"] == date(2022, 3, 18)


def test_row_has_exactly_the_columns() -> None:
    assert [list(row) for row in rows_of("He left on Monday.", date(2022, 3, 16))] == [COLUMNS]


def test_a_row_names_the_rule_that_found_it() -> None:
    rows = rows_of(
        "He left on 26 March 1996. She came at 9 p.m. on Friday, and stayed about two days.", date(2022, 3, 16)
    )
    assert [row["rule"] for row in rows] == ["day_month", "hour+weekday", "length"]


def test_no_two_rules_have_one_name() -> None:
    named = {rule.build: rule.name for rule in rules() if rule.name != "phrase"}  # one may have several patterns
    names = list(named.values())
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(RULE, name) for name in names)


def test_chrome_is_labelled_and_never_anchors() -> None:
    text = "Joined Jul 11, 2013\nIn August he left."
    document = Document("0" * 16, text)
    doc = next(iter(analyse([text])))
    chrome, told = dates_in(Parsed(document, [Segment(0, 19, "chrome"), Segment(20, len(text), "body")], doc))
    assert [chrome["is_chrome"], told["is_chrome"]] == [True, False]
    assert (told["value"], told["start_on"]) == ("XXXX-08", None)


def test_a_range_of_publication_settles_what_both_ends_agree_on() -> None:
    known = {"published_earliest_on": date(2022, 6, 1), "published_latest_on": date(2022, 8, 31)}
    month, week = rows_of("The law passed in May. It was read last week.", None, **known)
    assert (month["value"], month["start_on"]) == ("2022-05", date(2022, 5, 1))
    assert (week["value"], week["start_on"]) == ("XXXX-WXX", None)


def test_without_any_date_of_publication_nothing_is_guessed() -> None:
    for row in rows_of("He left on Friday, in March, last year and two days ago; she leaves tomorrow."):
        assert (row["start_on"], row["anchor"]) == (None, "none")


def test_news_of_an_unknown_day_borrows_no_year() -> None:
    text = "It is the first vote since 2019. The vote will take place on July 4, he said on Tuesday."
    assert {row["text"]: row["value"] for row in rows_of(text, None)} == {
        "2019": "2019",
        "July 4": "XXXX-07-04",
        "Tuesday": "XXXX-WXX-2",
    }
    text = "It was the smallest gain since December 2017, and the largest since May 2015. June was worse than the prior month."
    assert [row["value"] for row in rows_of(text, None)] == ["2017-12", "2015-05", "XXXX-06", "XXXX-XX"]
    told = rows_of("In March 1871 the dam broke, and in May the town moved.", None)
    assert [row["value"] for row in told] == ["1871-03", "1871-05"]


def test_every_unit_can_be_counted() -> None:
    """No length or step in any unit is beyond the calendar's reach."""
    forms = [entry["form"] for entry in entries("time_units")]
    patterns = (
        "It will end in two {}.",
        "It rained for the past two {}.",
        "It broke two {} ago.",
        "Two {} later it broke.",
    )
    text = " ".join(pattern.format(form) for form in forms for pattern in patterns)
    for published_on in (None, date(2022, 3, 16)):
        check(text, rows_of(text, published_on))


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("easter+0", [date(1961, 4, 2), date(2022, 4, 17), date(2024, 3, 31), date(2038, 4, 25)]),
        ("easter-2", [date(2022, 4, 15)]),
        ("orthodox+0", [date(2022, 4, 24), date(2024, 5, 5), date(2025, 4, 20)]),
    ],
)
def test_easter(rule: str, days: list[date]) -> None:
    assert [feast(rule, day.year) for day in days] == days


VALUE = re.compile(
    r"(?:BC)?(?:\d{4}|XXXX)(?:-(?:\d\d|XX)(?:-(?:\d\d|XX))?|-W(?:\d\d|XX)(?:-(?:[1-7]|WE))?|-[QH](?:\d|X)|-(?:SP|SU|FA|WI))?"
    r"(?:T(?:\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?|MO|MI|AF|EV|NI|DT|XX))?"
    r"|(?:BC)?(?:\d{3}|\d{2}|\d|XXX|XX|X)"
    r"|P(?:(?:\d+(?:\.\d+)?|X)(?:Y|M|W|D|DE|CE|ML|Q|WE))*(?:T(?:(?:\d+(?:\.\d+)?|X)[HMS])+)?|PXX"
    r"|PRESENT_REF|PAST_REF|FUTURE_REF"
)
"""TIMEX3 values as the TimeML guidelines and this project's brief write them."""

_DAY = r"(?:\d{4}|-\d{4})(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?~?"
EDTF = re.compile(
    rf"{_DAY}(?:/{_DAY})?"
    r"|\d{3}X|\d{2}XX|\dXXX|(?:\d{4}|XXXX)-(?:2[1-4]|3[3-6]|4[01])~?"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?"
    r"|XXXX-\d\d(?:-\d\d)?|XXXX-XX-\d\d"
)
"""The part of EDTF (ISO 8601-2, Library of Congress specification of 2019) that the project writes."""


def check(text: str, rows: list[Row]) -> None:
    """What holds for the rows of any text."""
    at = (0, 0)
    for row in rows:
        assert row["text"] == text[row["start_char"] : row["end_char"]] != ""
        assert row["text"] == row["text"].strip()
        assert at <= (row["start_char"], row["end_char"])
        at = (row["start_char"], row["end_char"])
        assert row["type"] in ("DATE", "TIME", "DURATION", "SET")
        assert row["anchor"] in ("explicit", "publication", "context", "event", "none")
        assert VALUE.fullmatch(row["value"]), row["value"]
        assert row["edtf"] is None or EDTF.fullmatch(row["edtf"]), row["edtf"]
        assert (row["start_on"] is None) == (row["end_on"] is None)
        assert row["start_on"] is None or row["start_on"] <= row["end_on"]
    assert len({row["date_id"] for row in rows}) == len(rows)


WORDS = st.sampled_from(
    [
        "the",
        "a",
        "this",
        "last",
        "next",
        "of",
        "in",
        "on",
        "since",
        "until",
        "from",
        "to",
        "and",
        "-",
        ",",
        ".",
        "'",
        "/",
        "(",
        ")",
        "'s",
        "early",
        "late",
        "mid",
        "more",
        "than",
        "about",
        "every",
        "each",
        "that",
        "same",
        "Monday",
        "May",
        "March",
        "august",
        "Dec.",
        "spring",
        "fall",
        "winter",
        "day",
        "week",
        "weekend",
        "month",
        "quarter",
        "year",
        "decade",
        "century",
        "hours",
        "minutes",
        "second",
        "1",
        "2",
        "3",
        "12",
        "29",
        "30",
        "31",
        "99",
        "'68",
        "1990s",
        "1914",
        "2022",
        "480",
        "BC",
        "AD",
        "0001",
        "9999",
        "2024-02-30",
        "31/02/2021",
        "03/04/2022",
        "9:30",
        "25:99",
        "p.m.",
        "am",
        "GMT",
        "two",
        "twenty",
        "hundred",
        "thousand",
        "half",
        "few",
        "several",
        "third",
        "fiscal",
        "ago",
        "later",
        "earlier",
        "before",
        "after",
        "Easter",
        "Thanksgiving",
        "9/11",
        "twice",
        "morning",
        "night",
        "noon",
        "today",
        "yesterday",
        "now",
        "year-old",
        "two-day",
        "Q3",
        "FY22",
        "the",
        "nineties",
        "nineteen",
        "\n",
        "\n\n",
    ]
)
DATES = st.none() | st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=30).map(" ".join), DATES)
@example("next 9/11", date(2021, 3, 3))
@example("this 29 February", date(2021, 3, 3))
@example("last 9/11", date(1990, 3, 3))
def test_any_sequence_of_temporal_words(text: str, published_on: date | None) -> None:
    check(text, rows_of(text, published_on, parse=False))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), DATES)
def test_any_text(text: str, published_on: date | None) -> None:
    check(text, rows_of(text, published_on, parse=False))


@settings(max_examples=25, deadline=None)
@given(st.lists(WORDS, max_size=20).map(" ".join), DATES)
def test_any_sequence_with_a_parse(text: str, published_on: date | None) -> None:
    check(text, rows_of(text, published_on))


@settings(max_examples=100, deadline=None)
@given(
    st.dates(min_value=date(2500, 1, 1), max_value=date(7500, 12, 31)),
    st.sampled_from(["day", "week", "month", "season", "quarter", "half", "year", "decade", "century"]),
    st.integers(-20, 20),
)
def test_periods_follow_one_another(day: date, grain: str, count: int) -> None:
    period = Period.containing(grain, day)
    assert period.first <= day <= period.last
    assert period.shifted(count).shifted(-count) == period
    assert (period.shifted(1).first - period.last).days == 1


GIVES = frozenset(
    "before_year before_date before_month_and_day before_day before_short_year before_far_year before_numbers at_a_period in_time".split()  # noqa: SIM905
)
GIVES_NONE = frozenset({"weather", "counted", "before_noun", "owner"})


@pytest.mark.parametrize("value", sorted({row["value"] for row in entries("time_contexts")}))
def test_each_word_beside_a_time_does_in_its_example_what_its_value_says(value: str) -> None:
    for entry in entries("time_contexts"):
        if entry["value"] == value:
            found = rows_of(entry["example"], date(2022, 3, 16))
            if value in GIVES | {"before_over"}:
                assert len(found) == 1, entry
                assert (found[0]["modifier"] == "MORE_THAN") == (value == "before_over"), entry
            elif value in GIVES_NONE:
                assert found == [], entry
            elif value == "after_date":
                assert found[0]["text"] == "March 3", entry
