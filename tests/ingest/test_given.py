"""What records give, as they write it: days, languages, genres. What reads in two ways is not read."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.files.record import metadata_of
from pipelines.ingest.given import Days, days_given, genre_given, language_given

SIXTEENTH = [
    "2024-05-16", "2024-5-16", "2024/05/16", "2024.05.16", "20240516", "2024-05-16Z", "2024-05-16+02:00", "2024-05-16T10",
    "2024-05-16T23:30:00-07:00", "2024-05-16 00:10 +1400", "2024-05-16t10:30:00z", "20240516T101500Z", "2024年5月16日", "2024년 5월 16일",
    "2024-W20-4", "2024W204", "2024-137", "2024-137T10:00",
    "16 May 2024", "May 16, 2024", "16 May 2024 10:30 GMT", "16th May 2024", "the 16th of May, 2024", "May 16th, 2024 at 10:30 AM",
    "MAY 16 2024", "2024 May 16", "16-May-2024", "Thursday 16 May 2024", "Thu, 16 May 2024 23:30:00 -0700",
    "Thu May 16 10:30:00 UTC 2024", "Thu May 16 2024 10:30:00 GMT+0200 (CEST)", "16/May/2024:10:30:00 +0000",
    "16. Mai 2024", "Donnerstag, den 16. Mai 2024", "16 mai 2024 à 10h30", "16 de mayo de 2024", "16 maja 2024 r.", "16 мая 2024 г., 10:30",
    "16 травня 2024 року", "16 Μαΐου 2024", "16 Mayıs 2024", "16. května 2024",
    "16.05.2024", "16/05/2024", "05/16/2024", "16-5-2024",
    1715854200, 1715854200.5, 1715854200123, 1715854200123456, 1715854200123456789, 20240516, "1715854200", "1715854200.25", "1715854200123",
    Decimal("1715854200.000"), datetime(2024, 5, 16, 23, 59, tzinfo=UTC), date(2024, 5, 16),
]  # fmt: skip
RANGES = {
    "2024-05": ("2024-05-01", "2024-05-31"),
    "2024/5": ("2024-05-01", "2024-05-31"),
    "05/2024": ("2024-05-01", "2024-05-31"),
    "May 2024": ("2024-05-01", "2024-05-31"),
    "Thursday May 2024": ("2024-05-01", "2024-05-31"),
    "февраль 2024": ("2024-02-01", "2024-02-29"),
    "2023-12": ("2023-12-01", "2023-12-31"),
    "2024": ("2024-01-01", "2024-12-31"),
    2024: ("2024-01-01", "2024-12-31"),
    "2024-W20": ("2024-05-13", "2024-05-19"),
}
TWO_WAYS = {
    "05/06/2024": "2024-05-06 or 2024-06-05",
    "05.06.2024": "2024-05-06 or 2024-06-05",
    "5-6-2024 10:30": "2024-05-06 or 2024-06-05",
}
NONE = [
    20241345, "20241345", 19700230, 99_999_999, "12345678.5", "soon", "soon 2024", "updated 16 May 2024", "16 May", "16 May 24", "'24", "04-03-24", "10:30", "Spring 2024", "week 20 of 2024", "2024-13",
    "2024-13-04", "2024-02-30", "31 Feb 2024", "13/13/2024", "0000-00-00", "0001-01-01", "9999-12-31", "2199-01-01", "16 May 2204", "-2024-05-16",
    "2024-05-16/2024-05-18", "2024-05-16 to 2024-05-20", "2024-05-??", "16 listopad 2024", "1st 2024", "٢٠٢٤-٠٥-١٦", "-", "1e9", "9" * 20, "9" * 5000,
    "a" * 10**6, "5 " * 39, 0, -5, 7, 202405, 45428, 1e300, 10**5000, float("inf"), float("nan"), -0.0, Decimal("NaN"), Decimal("sNaN"), True, None, [], ["2024-05-16"],
    {"year": 2024}, b"2024", date(1, 1, 1), datetime.max,
]  # fmt: skip


@pytest.mark.parametrize("value", SIXTEENTH, ids=str)
def test_a_day_is_the_day_that_is_written_whatever_the_time_and_its_zone(value: object) -> None:
    assert days_given(value) == Days(date(2024, 5, 16), date(2024, 5, 16))


@pytest.mark.parametrize("value", RANGES)
def test_a_month_or_a_year_is_a_range_and_no_day(value: object) -> None:
    first, last = RANGES[value]  # type: ignore[index]
    assert days_given(value) == Days(date.fromisoformat(first), date.fromisoformat(last))
    found, notes = metadata_of({"published_on": value})
    assert found == {
        "published_earliest_on": date.fromisoformat(first),
        "published_latest_on": date.fromisoformat(last),
    }
    assert str(value) in notes[0]
    assert len(notes) == 1


@pytest.mark.parametrize("value", TWO_WAYS)
def test_a_day_that_reads_in_two_ways_is_not_guessed_and_the_note_says_what_to_write(value: str) -> None:
    found, notes = metadata_of({"published_on": value})
    assert found == {}
    assert len(notes) == 1
    assert value in notes[0]
    assert TWO_WAYS[value] in notes[0]


def test_two_orders_of_the_same_day_are_one_day() -> None:
    assert days_given("05/05/2024") == Days(date(2024, 5, 5), date(2024, 5, 5))


@pytest.mark.parametrize("value", NONE, ids=lambda value: repr(value)[:20] if not isinstance(value, int) else "number")
def test_what_is_no_date_is_none(value: object) -> None:
    assert isinstance(days_given(value), str)


@given(
    st.one_of(
        st.text(),
        st.integers(),
        st.floats(),
        st.decimals(),
        st.dates(),
        st.datetimes(),
        st.from_regex(r"[\d/.: T+-]{4,20}"),
    )
)
@settings(max_examples=300, deadline=None)
def test_no_value_raises_and_every_day_lies_in_its_years(value: Any) -> None:
    days = days_given(value)
    assert isinstance(days, str) or 1400 <= days.first.year <= days.last.year <= 2100


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
@settings(max_examples=100, deadline=None)
def test_a_day_comes_back_from_every_way_to_write_it(day: date) -> None:
    for form in (
        "%Y-%m-%d",
        "%Y%m%d",
        "%d %B %Y",
        "%B %d, %Y",
        "%a, %d %b %Y 23:59:59 -0900",
        "%G-W%V-%u",
        "%Y-%j",
        "%Y/%m/%d",
    ):
        assert days_given(day.strftime(form)) == Days(day, day), form


LANGUAGES = {
    "en": ["en", "EN", " en ", "eng", "English", "en-GB", "en_US.UTF-8", "en-Latn-US"],
    "de": ["de", "ger", "deu", "German", "Deutsch"],
    "ru": ["русский", "rus"],
    "zh": ["zh-Hant", "chi", "Chinese"],
    "fr": ["français", "fre"],
    "sr": ["sr-Latn", "srp"],
}


@pytest.mark.parametrize(("code", "value"), [(code, value) for code, values in LANGUAGES.items() for value in values])
def test_a_language_is_its_iso_code(code: str, value: str) -> None:
    assert language_given(value) == code


@pytest.mark.parametrize(
    "value", ["xx", "und", "mul", "x-default", "C", "Klingonish", "42", "", "e", 7, None, ["en"], {"en": 1}, "\ud800"]
)
def test_what_is_no_language_is_none(value: object) -> None:
    assert language_given(value) is None


def test_a_genre_is_one_of_the_list() -> None:
    assert [genre_given(value) for value in ("Op-Ed", "press review", "NEWS", "sonnet", 7, ["news"], None)] == [
        "op_ed", "press_review", "news", None, None, None, None,
    ]  # fmt: skip
