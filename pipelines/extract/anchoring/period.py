"""One stretch of the calendar (a day, a week, a season, a century ...): where it begins and ends, its neighbours, its names.

Values follow TIMEX3 (ISO 8601 with TimeML's additions), names for other programs EDTF (ISO 8601-2).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

GRAINS = ("day", "weekend", "week", "month", "season", "quarter", "half", "year", "decade", "century", "millennium")
"""Kinds of stretch, from short to long."""

_SEASONS = {3: "SP", 6: "SU", 9: "FA", 12: "WI"}
_EDTF_SEASONS = {"SP": 21, "SU": 22, "FA": 23, "WI": 24}
_YEARS = {"year": 1, "decade": 10, "century": 100, "millennium": 1000}
_MONTHS = {"month": 1, "season": 3, "quarter": 3, "half": 6}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the proleptic Gregorian calendar, years 1 to 9999, named by its kind and its first day.

    ``bc`` marks a year before Christ: then ``first.year`` is its number (1 BC is year 1), and the period has a name
    but no place in the calendar of days. A winter is named by the year of its December; a week begins on Monday (ISO 8601); a weekend is Saturday and Sunday.
    """

    grain: str
    first: date
    bc: bool = False

    @classmethod
    def containing(cls, grain: str, day: date) -> "Period":
        """The period of that kind in which ``day`` falls (for a weekend: the one that ends its week).

        Raises:
            ValueError: the period begins before the year 1.
        """
        match grain:
            case "day":
                first = day
            case "week":
                first = day - timedelta(days=day.weekday())
            case "weekend":
                first = day - timedelta(days=day.weekday()) + timedelta(days=5)
            case "season":
                first = (
                    date(day.year - (day.month < 3), 12, 1)
                    if day.month in (12, 1, 2)
                    else date(day.year, day.month // 3 * 3, 1)
                )
            case "month" | "quarter" | "half":
                size = _MONTHS[grain]
                first = date(day.year, (day.month - 1) // size * size + 1, 1)
            case _:
                first = date(max(1, day.year // _YEARS[grain] * _YEARS[grain]), 1, 1)
        return cls(grain, first)

    @property
    def last(self) -> date:
        """The last day, inclusive; of a week or winter that the year 9999 does not hold to its end, that year's last day."""
        if self.grain == "day":
            return self.first
        if self.grain in ("week", "weekend"):
            n_days = 6 if self.grain == "week" else 1
            return self.first + min(timedelta(days=n_days), date.max - self.first)
        if self.grain in _MONTHS:
            count = self.first.month - 1 + _MONTHS[self.grain] - 1
            year, month = self.first.year + count // 12, count % 12 + 1
            return date(year, month, monthrange(year, month)[1]) if year <= date.max.year else date.max
        size = _YEARS[self.grain]
        return date(min(9999, self.first.year // size * size + size - 1), 12, 31)

    def shifted(self, count: int) -> "Period":
        """The period ``count`` periods later (earlier when negative).

        Raises:
            ValueError: outside the years 1 to 9999.
            OverflowError: far outside them.
        """
        if self.bc:
            years = count * _YEARS.get(self.grain, 0)
            return Period(self.grain, self.first.replace(year=self.first.year - years), bc=True)
        return Period.containing(self.grain, moved(self.first, self.grain, count))

    @property
    def value(self) -> str:
        """TIMEX3, as ``plain`` has it; ``BC0480-04`` before Christ."""
        return ("BC" if self.bc else "") + self.plain

    @property
    def plain(self) -> str:
        """TIMEX3: ``2022-03-16``, ``2022-W11``, ``2022-W11-WE``, ``2022-03``, ``2022-Q1``, ``2022-H1``, ``2022-SP``, ``2022``, ``202``, ``20``, ``2``."""
        first = self.first
        match self.grain:
            case "day":
                return first.isoformat()
            case "week" | "weekend":
                year, week, _ = first.isocalendar()
                return f"{year:04}-W{week:02}" + ("-WE" if self.grain == "weekend" else "")
            case "month":
                return f"{first.year:04}-{first.month:02}"
            case "season":
                return f"{first.year:04}-{_SEASONS[first.month]}"
            case "quarter":
                return f"{first.year:04}-Q{(first.month + 2) // 3}"
            case "half":
                return f"{first.year:04}-H{(first.month + 5) // 6}"
            case "year":
                return f"{first.year:04}"
            case "decade":
                return f"{first.year // 10:03}"
            case "century":
                return f"{first.year // 100:02}"
            case _:
                return f"{first.year // 1000}"

    @property
    def edtf(self) -> str:
        """ISO 8601-2: seasons 21 to 24, quarters 33 to 36, halves 40 and 41, ``199X``; a week as an interval of days."""
        year = f"{self.first.year:04}"
        if self.bc:
            return f"-{self.first.year - 1:04}"
        match self.grain:
            case "week" | "weekend":
                return f"{self.first.isoformat()}/{self.last.isoformat()}"
            case "season":
                return f"{year}-{_EDTF_SEASONS[_SEASONS[self.first.month]]}"
            case "quarter":
                return f"{year}-{32 + (self.first.month + 2) // 3}"
            case "half":
                return f"{year}-{39 + (self.first.month + 5) // 6}"
            case "decade":
                return year[:3] + "X"
            case "century":
                return year[:2] + "XX"
            case "millennium":
                return year[:1] + "XXX"
            case _:
                return self.value

    def halves(self) -> tuple[tuple[date, date], tuple[date, date]]:
        """First and last day of both halves: a month is cut behind its 15th, what is longer than a year between years."""
        if self.grain in ("decade", "century", "millennium"):
            middle = date(self.first.year // _YEARS[self.grain] * _YEARS[self.grain] + _YEARS[self.grain] // 2, 1, 1)
        elif self.grain == "month":
            middle = self.first.replace(day=16)
        else:
            middle = self.first + ((self.last - self.first) + timedelta(days=1)) / 2
        return (self.first, middle - timedelta(days=1)), (middle, self.last)

    def part(self, modifier: str) -> tuple[date, date] | None:
        """First and last day of the early, middle or late third (``START``, ``MID``, ``END``); null for a day.

        A year is cut between months, what is longer between years.
        """
        n_days = (self.last - self.first).days + 1
        if n_days < 3:
            return None
        if self.grain in _YEARS:
            size = _YEARS[self.grain]
            units, grain = (12, "month") if size == 1 else (size, "year")
            cuts = {
                "START": (0, units // 3),
                "MID": (units // 3, units - units // 3),
                "END": (units - units // 3, units),
            }
            if modifier not in cuts:
                return None
            begin, end = (moved(self.first, grain, cut) for cut in (cuts[modifier][0], cuts[modifier][1] - 1))
            return begin, min(Period.containing(grain, end).last, self.last)
        third = n_days // 3
        match modifier:
            case "START":
                return self.first, self.first + timedelta(days=third - 1)
            case "MID":
                return self.first + timedelta(days=third), self.last - timedelta(days=third)
            case "END":
                return self.last - timedelta(days=third - 1), self.last
            case _:
                return None


def moved(day: date, grain: str, count: int) -> date:
    """The day ``count`` units later; the 31st becomes the last day of a shorter month, 29 February the 28th.

    Raises:
        ValueError: outside the years 1 to 9999.
        OverflowError: far outside them.
    """
    if grain == "day":
        return day + timedelta(days=count)
    if grain in ("week", "weekend"):
        return day + timedelta(days=7 * count)
    months = count * (_MONTHS[grain] if grain in _MONTHS else 12 * _YEARS[grain]) + day.year * 12 + day.month - 1
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"year {year} is outside the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


Place = tuple[Period | None, str, str | None, str | None]
"""A period or null, what it hangs on (the column ``anchor``), the words or day it hangs on, the value of its other reading."""
