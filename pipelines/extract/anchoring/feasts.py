"""The day on which a named day falls in a year: fixed, on a certain weekday, from Easter, or by another calendar."""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from importlib import import_module

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

_LUNISOLAR = {
    "hebrew": ("hebrew", "_HebrewLunisolar"),
    "chinese": ("chinese", "_ChineseLunisolar"),
    "hindu": ("hindu", "_HinduLunisolar"),
    "buddhist": ("buddhist", "_BuddhistLunisolar"),
}
"""Module and class of the ``holidays`` library that compute a calendar's feasts, tabulated for 1930 to 2070."""

_WEEKDAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}


@cache
def feast(rule: str, year: int) -> date | None:
    """The day in ``year`` of a rule of ``seeds/lexicon/holidays.csv``; null when it cannot be computed.

    Raises:
        ValueError: the rule cannot be read.
    """
    if whole := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", rule):
        return date(*(int(part) for part in whole.groups()))
    if fixed := re.fullmatch(r"(\d\d)-(\d\d)", rule):
        return date(year, int(fixed[1]), int(fixed[2]))
    if moving := re.fullmatch(r"(easter|orthodox)([+-]\d+)", rule):
        method = EASTER_WESTERN if moving[1] == "easter" else EASTER_ORTHODOX
        sunday: date = easter(year, method)
        return sunday + timedelta(days=int(moving[2]))
    if nth := re.fullmatch(r"(?P<month>\d\d)-(?P<weekday>[a-z]{3})-(?P<number>\d|last)(?P<more>\+\d+)?", rule):
        return _nth(year, int(nth["month"]), _WEEKDAYS[nth["weekday"]], nth["number"]) + timedelta(
            days=int(nth["more"] or 0)
        )
    if rule == "11-tue-after-mon":
        return _nth(year, 11, 1, "1") + timedelta(days=1)
    calendar, _, name = rule.partition(":")
    if not name:
        raise ValueError(f"cannot read the rule {rule!r}")
    return _other_calendar(calendar, name, year)


def _nth(year: int, month: int, weekday: int, number: str) -> date:
    if number == "last":
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.isoweekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (int(number) - 1))


def _other_calendar(calendar: str, name: str, year: int) -> date | None:
    """A feast of the Islamic, Hebrew, Chinese, Hindu or Buddhist calendar, from the ``holidays`` library; the first of two in one year."""
    if not 1930 <= year <= 2070:
        return None
    if calendar == "islamic":
        from holidays.calendars.islamic import _IslamicLunar

        return min(
            (day for day, _ in getattr(_IslamicLunar(), f"{name}_dates")(year) if day.year == year), default=None
        )
    module, lunisolar = _LUNISOLAR[calendar]
    library = getattr(import_module(f"holidays.calendars.{module}"), lunisolar)()
    return min(_dates(getattr(library, f"{name}_date")(year), year), default=None)


def _dates(answer: object, year: int) -> list[date]:
    """The days of that year in the library's answer: a date, or nested sequences of dates and whether they are estimates."""
    if isinstance(answer, date):
        return [answer] if answer.year == year else []
    if isinstance(answer, bool | None):
        return []
    return [day for item in answer for day in _dates(item, year)]  # type: ignore[attr-defined]
