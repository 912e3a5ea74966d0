"""What records give, as they write it: the day of publication, the language, the genre.

Nothing is guessed: what can be read in two ways is not read, and the answer says what to write instead.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any, NamedTuple

GENRES = (
    "news", "wire", "op_ed", "press_review", "forum_post", "interview", "transcript", "press_release", "live_blog", "other",
)  # fmt: skip


class Days(NamedTuple):
    """The first and the last day that a value may mean; the same day twice where it names one."""

    first: date
    last: date


LONGEST_DATE = 80
"""A longer value is no date; the longest that programs write by themselves have 62 characters."""

YEARS = range(1400, 2101)
"""Years in which a text may have been published; programs write 0001-01-01 and 9999-12-31 where they know no day."""

# 2024-05-16, 2024/5/6, 2024.05.16, 20240516, 2024年5月16日; a time or a zone may follow, and changes nothing.
# Not 2024-0516, nor 2024-05-16/2024-05-18.
YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?:(?P<part>[-/.])(?P<month>\d\d?)(?P=part)(?P<day>\d\d?)|[年년]\s?(?P<month_2>\d\d?)[月월]\s?(?P<day_2>\d\d?)[日일]"
    r"|(?P<month_3>\d\d)(?P<day_3>\d\d))(?:[Tt ]\d\d(?::?\d\d.*)?|Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
"""Matches ``2021-05-03T10:30``, not ``05-03``."""
# 2024-W20-4, 2024W204 and the week without its day; a time may follow.
WEEK = re.compile(r"(?P<year>\d{4})-?W(?P<week>\d\d)(?:-?(?P<day>[1-7]))?(?:T\d\d.*)?", re.ASCII | re.IGNORECASE)
"""Matches ``2021-W18``, not ``2021-18``."""
# 2024-137, the day of the year; a time may follow.
DAY_OF_YEAR = re.compile(r"(?P<year>\d{4})-(?P<day>\d{3})(?:T\d\d.*)?", re.ASCII)
# 2024, 2024-05, 2024/5, 05/2024, 5.2024.
MONTH_OR_YEAR = re.compile(
    r"(?P<year>\d{4})(?:[-/.](?P<month>\d\d?))?|(?P<month_2>\d\d?)[-/.](?P<year_2>\d{4})", re.ASCII
)
"""Matches ``05/2021``, not ``lamps``."""
SECONDS = re.compile(r"\d{8,12}\.\d{1,12}", re.ASCII)
ONE_YEAR = re.compile(r"(?<!\d)(?:1[4-9]|20|21)\d\d(?!\d)", re.ASCII)


def days_given(value: object) -> Days | str:
    """The day of publication that a value names, or its month or year; else what is wrong with it, as a message ends.

    Read are days written year first (ISO 8601 with weeks and days of the year), days with the name of a month in any of
    ``LANGUAGES``, days whose number cannot be a month's, months and years, and seconds (or thousandths and smaller parts)
    since 1970 in UTC. A time of day and its zone change nothing: the day is the one that is written.
    """
    found = _days(value)
    if isinstance(found, str) or found.first.year in YEARS:
        return found
    return f"it lies outside the years {YEARS[0]} to {YEARS[-1]}, as days do that stand for none"


def _days(value: object) -> Days | str:
    if isinstance(value, datetime):
        return Days(value.date(), value.date())
    if isinstance(value, date):
        return Days(value, value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _of_number(value) or NO_DATE
    if not isinstance(value, str) or len(value) > LONGEST_DATE:
        return NO_DATE
    text = value.strip()
    if text.isascii() and text.isdigit():
        return _of_number(int(text)) or NO_DATE
    for pattern, read in (
        (YEAR_FIRST, _year_first),
        (WEEK, _week),
        (DAY_OF_YEAR, _day_of_year),
        (MONTH_OR_YEAR, _month_or_year),
    ):
        if m := pattern.fullmatch(text):
            return _possible(read, m) or NO_DATE
    if SECONDS.fullmatch(text):
        return _of_number(float(text)) or NO_DATE
    return _of_words(text)


NO_DATE = "it is no date that we read; write it year-month-day, as in 2022-03-16"


def _possible(read: Any, m: re.Match[str]) -> Days | None:
    """What the reader makes of the match; null where there is no such day."""
    try:
        found: Days = read(m)
    except ValueError:
        return None
    return found


def _year_first(m: re.Match[str]) -> Days:
    month, day = (m["month"] or m["month_2"] or m["month_3"]), (m["day"] or m["day_2"] or m["day_3"])
    found = date(int(m["year"]), int(month), int(day))
    return Days(found, found)


def _week(m: re.Match[str]) -> Days:
    monday = date.fromisocalendar(int(m["year"]), int(m["week"]), 1)
    if m["day"]:
        found = monday + timedelta(days=int(m["day"]) - 1)
        return Days(found, found)
    return Days(monday, monday + timedelta(days=6))


def _day_of_year(m: re.Match[str]) -> Days:
    found = datetime.strptime(f"{m['year']} {m['day']}", "%Y %j").date()
    return Days(found, found)


def _month_or_year(m: re.Match[str]) -> Days:
    year, month = int(m["year"] or m["year_2"]), m["month"] or m["month_2"]
    return _month(year, int(month)) if month else Days(date(year, 1, 1), date(year, 12, 31))


def _month(year: int, month: int) -> Days:
    first = date(year, month, 1)
    return Days(first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1))


def _of_number(number: float | Decimal) -> Days | None:
    """A year, a day written as one number (20240516), or time since 1970; null for any other number.

    A number that could be a day so written would as seconds lie in 1970: nobody means that.
    """
    if (isinstance(number, Decimal) and not number.is_finite()) or not 0 < number < 1e20:  # as neither NaN is
        return None
    number = int(number) if number == int(number) else float(number)
    digits = str(number)
    if isinstance(number, int) and (m := MONTH_OR_YEAR.fullmatch(digits) or YEAR_FIRST.fullmatch(digits)):
        found = _possible(_month_or_year if len(digits) == 4 else _year_first, m)
        if found is not None and found.first.year in YEARS:
            return found
    for parts_a_second in (1, 1_000, 1_000_000, 1_000_000_000):
        seconds = number / parts_a_second
        if LEAST_SECONDS <= seconds < MOST_SECONDS:
            day = datetime.fromtimestamp(int(seconds), UTC).date()
            return Days(day, day)
    return None


LEAST_SECONDS = 100_000_000
"""March 1973; of fewer digits are days that there are none of (20241345), and smaller numbers are counts, years and months run together (202405), or placeholders."""
MOST_SECONDS = 4_102_444_800
"""The year 2100; larger numbers count thousandths of seconds, or still smaller parts."""


def _of_words(text: str) -> Days | str:
    """A day, month or year written with words, or in numbers of which only one can be the month, by dateutil.

    dateutil fills in what is missing and chooses where it may: so it is asked with two days to fill in from, and with both
    orders of day, month and year. What comes out different was not there, or is not clear.
    """
    if (
        len(ONE_YEAR.findall(text)) != 1 or not text[0].isalnum()
    ):  # none, from one day to another, or a year before Christ
        return NO_DATE
    text = re.sub(r"(?<=\d{4}):(?=\d\d:)", " ", text)  # 16/May/2024:10:30:00 +0000, as web servers write it
    readings = {
        found
        for day_first, year_first in product((False, True), repeat=2)
        if (found := _read(text, day_first, year_first))
    }
    if not readings:
        return NO_DATE
    if len(readings) == 1:
        return readings.pop()
    either = " or ".join(str(found.first) for found in sorted(readings))
    return f"it is no date that reads in one way only; write year-month-day: {either}"


def _read(text: str, day_first: bool, year_first: bool) -> Days | None:
    parser = _date_parser()
    try:
        one, other = (
            parser.parse(text, default=default, ignoretz=True, dayfirst=day_first, yearfirst=year_first).date()
            for default in (datetime(2000, 1, 1), datetime(2004, 2, 2))
        )
    except Exception:  # dateutil raises whatever its steps do, on input that it does not understand
        return None
    if one == other:
        return Days(one, one)
    has_name = any(word in month_names() for word in re.findall(r"[^\W\d_]+", text.lower()))
    return _month(one.year, one.month) if has_name and (one.year, one.month) == (other.year, other.month) else None


@cache
def _date_parser() -> Any:
    from dateutil.parser import parser, parserinfo

    months: list[list[str]] = [[] for _ in range(12)]
    for name, number in month_names().items():
        months[number - 1].append(name)

    class Info(parserinfo):
        """Names of months in many languages; the names of days are passed over, for dateutil makes up dates from them."""

        MONTHS = [tuple(names) for names in months]  # noqa: RUF012 (as the library has it)
        JUMP = [*parserinfo.JUMP, *WORDS_BETWEEN, *weekday_names()]  # noqa: RUF012
        WEEKDAYS: list[tuple[str, ...]] = []  # noqa: RUF012

    return parser(Info())


WORDS_BETWEEN = (
    *(
        "the",
        "de",
        "del",
        "den",
        "der",
        "le",
        "el",
        "il",
        "er",
        "º",
        "um",
        "uhr",
        "kl",
        "klo",
        "à",
        "às",
        "alle",
        "ore",
    ),
    *("г", "года", "год", "р", "року", "рік", "roku", "r", "в", "о"),
)
"""What stands between the parts of a date in one language or another: "16 de mayo de 2024", "16 мая 2024 г."."""

LANGUAGES = (
    *("be", "bg", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "is", "it", "lt", "lv"),
    *("mk", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sr_Latn", "sv", "tr", "uk"),
)
"""Languages whose names of months and days are known."""


@cache
def month_names(languages: tuple[str, ...] = LANGUAGES) -> dict[str, int]:
    """Names of months in these languages, lower case (CLDR, by babel), without those that mean another month in another of them."""
    names: dict[str, set[int]] = {}
    for number, name in _calendar_names("months", languages):
        names.setdefault(name, set()).add(int(number))
    names["sept"] = {9}
    return {name: numbers.pop() for name, numbers in names.items() if len(numbers) == 1 and len(name) > 2}


@cache
def weekday_names() -> frozenset[str]:
    """Names of days of the week in ``LANGUAGES``, lower case, without those that are also names of months."""
    return frozenset(name for _, name in _calendar_names("days", LANGUAGES) if len(name) > 1) - month_names().keys()


def _calendar_names(kind: str, languages: tuple[str, ...]) -> Iterator[tuple[Any, str]]:
    from babel import Locale

    for language in languages:
        named = getattr(Locale.parse(language), kind)
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in named[form][width].items():
                    yield number, name.lower().rstrip(".")


def genre_given(value: object) -> str | None:
    """The genre of the contract's list that a value names (``Op-Ed`` is ``op_ed``), else null."""
    name = re.sub(r"[\s-]+", "_", value.strip().lower()) if isinstance(value, str) else ""
    return name if name in GENRES else None


def language_given(value: object) -> str | None:
    """The ISO 639 code of the language that a value names, else null.

    ``en``, ``EN``, ``eng`` and ``English`` are ``en``, and so are ``en-GB`` and ``en_US.UTF-8``; ``und``, ``mul`` and
    ``x-default`` name none.
    """
    if not isinstance(value, str) or len(value) > 60:
        return None
    name = value.strip().lower()
    code = re.split(r"[-_.@]", name)[0]
    codes, names = _languages()
    if re.fullmatch(r"[a-z]{2,3}", code):
        return codes.get(code)
    return names.get(name) or _own_names().get(name)


NO_LANGUAGES = frozenset({"und", "mul", "mis", "zxx", "root"})


@cache
def _languages() -> tuple[dict[str, str], dict[str, str]]:
    """Codes and English names of languages (CLDR, by babel) with the code that each has in ISO 639, the shorter where it has two."""
    from babel import Locale
    from babel.core import get_global

    known = {code: name for code, name in Locale("en").languages.items() if re.fullmatch(r"[a-z]{2,3}", code)}
    codes = {code: code for code in known if code not in NO_LANGUAGES}
    for old, new in get_global("language_aliases").items():
        if re.fullmatch(r"[a-z]{2,3}", old) and new.split("_")[0] in codes:
            codes.setdefault(old, new.split("_")[0])
    return codes, {known[code].lower(): code for code in codes if code in known}


@cache
def _own_names() -> dict[str, str]:
    """The names that ``LANGUAGES`` have for themselves, lower case, and their codes."""
    from babel import Locale

    found = ((language.split("_")[0], Locale.parse(language)) for language in LANGUAGES)
    return {str(locale.languages[code]).lower(): code for code, locale in found}
