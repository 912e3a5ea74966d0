"""Neighbours that make one time: what two meanings say together, by the words between them.

"9:30 p.m." + "on" + "Tuesday" is one time of day, "June" + "of" + "last year" a month, "two days" + "after" + "5 March" a day.
Each kind of pair is one rule with an example; ``RULES`` lists them in the order they are asked.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeGuard

from pipelines.timewords.meaning import Anaphor, Calendar, Clock, Length, Meaning, Nth, Relative, Repeat
from pipelines.timewords.rules import clock as clock_rules
from pipelines.timewords.rules import length as length_rules

Rule = Callable[[Meaning, str, Meaning], Meaning | None]
"""What ``left``, the words between (lower case, without spaces around) and ``right`` mean together; null: this rule does not say."""


def one_time(left: Meaning, gap: str, right: Meaning, follower: str = "") -> Meaning | None:
    """What two neighbours with these words between them mean together; null when they are two times.

    ``follower`` is the word behind the second.
    """
    if _begins_range(left, gap, right, follower):
        return None
    return next((one for rule in RULES if (one := rule(left, gap, right)) is not None), None)


def _begins_range(left: Meaning, gap: str, right: Meaning, follower: str) -> bool:
    """As in "two weeks from 3 May to 17 May", and "two weeks from May": the range is a time of its own."""
    if not isinstance(left, Length) or gap != "from" or not isinstance(right, Calendar):
        return False
    return not right.day or follower in ("to", "until", "till", "through", "-")


# Times of day


def _holiday_on_weekday(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "Easter Sunday", "Good Friday": the weekday only repeats what the feast says."""
    is_feast = gap == "" and isinstance(left, Calendar) and left.holiday
    return left if is_feast and isinstance(right, Calendar) and right.bare and right.weekday else None


def _twelve_named(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "12:00 midnight"."""
    is_named = gap == "" and is_hour(left) and is_hour(right)
    return right if is_named and left.clock is not None and left.clock.value == "12:00" else None


def _clock_of_day(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "9:30 p.m. on Tuesday", "the morning of 5 March"; "in the morning, Tuesday" is two times."""
    if gap not in ("", "on", ",", "of", ", on", "on the") or not (is_clock(left) and _is_day(right)):
        return None
    return None if _is_part(left) and gap == "," else firm(replace(right, clock=_merged(left.clock, right.clock)))


_AT = frozenset(["", "at", ",", "@", "in", ", at", "at about", "around", "-", "from", "at around", "on", "during"])
"""Words between a day and its time of day."""


def _day_at_clock(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "Tuesday at 9:30 p.m.", "5 March in the morning"; "Tuesday, the morning" is two times."""
    if gap not in _AT or not (_is_day(left) and is_clock(right)):
        return None
    if gap in (",", "-", ", at") and right.clock is not None and right.clock.part:
        return None
    return firm(replace(left, clock=_merged(left.clock, right.clock)))


def _hour_in_part(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "Tuesday 9:30" + "evening"."""
    has_hour = isinstance(left, Calendar) and left.weekday and left.clock is not None and left.clock.hour is not None
    is_part = gap == "" and _is_part(right) and is_clock(right)
    return replace(left, clock=_merged(left.clock, right.clock)) if has_hour and is_part else None


def _repeat_at_clock(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "every Tuesday at 9:30"."""
    if gap not in ("", "at") or not isinstance(left, Repeat) or not left.value.startswith("XXXX"):
        return None
    if not is_clock(right) or right.clock is None:
        return None
    return replace(left, value=left.value.partition("T")[0] + "T" + right.clock.value)


# Parts, and steps from a date


def _half_of(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "the second half of the year", which has a name of its own, and "the rest of June": other parts are early or late."""
    if not isinstance(left, Nth) or left.of is not None or left.grain not in ("half", "rest"):
        return None
    if gap not in ("", "the") or is_clock(right) or right.modifier is not None:
        return None
    if left.grain == "half" and isinstance(right, Relative | Anaphor) and right.grain == "year":
        return Calendar(half=left.number, within=right)
    if isinstance(right, Relative | Anaphor):
        fits = right.grain not in ("night", "hour", "minute", "second") and (
            left.grain == "rest" or right.grain != "day"
        )
    else:
        fits = isinstance(right, Calendar) and not (right.day or right.weekday or right.holiday or right.weekend)
    return replace(left, of=firm(right), modifier="START" if left.number == 1 else "END") if fits else None


def _nth_of(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "the last week of" + "August"."""
    if not isinstance(left, Nth) or left.of is not None or left.grain in ("half", "rest"):
        return None
    return (
        replace(left, of=right)
        if gap in ("", "the") and isinstance(right, Calendar | Relative | Anaphor | Nth)
        else None
    )


_AWAY = {"before": -1, "prior to": -1, "after": 1, "from": 1, "following": 1}
"""Words between a length and the time it is counted from, and in which direction."""


def _length_from(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "two days after 5 March"."""
    sign = _AWAY.get(gap)
    if sign is None or not isinstance(left, Length) or left.count is None or left.side is not None:
        return None
    if not isinstance(right, Calendar | Relative | Anaphor) or is_clock(right) or _is_vague(right):
        return None
    return Relative(
        grain=left.grain,
        count=sign * left.count,
        anchor="event",
        length=("-" if sign < 0 else "+") + left.value,
        base=right,
        modifier=left.modifier,
        counted=True,
    )


def _is_vague(meaning: Meaning) -> bool:
    """Whether only a bare word says that this is a time, and it names no month, year or weekday."""
    return isinstance(meaning, Calendar) and meaning.bare and not (meaning.month or meaning.year or meaning.weekday)


def _unit_beside(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "the day" + "before" + "5 March"."""
    side = _BESIDE.get(gap)
    if side is None or not _is_unit(left) or not _is_date(right):
        return None
    length = ("-" if side < 0 else "+") + length_rules.duration(1, left.grain)
    return Relative(grain=left.grain, count=side, anchor="event", length=length, base=right)


_BESIDE = {
    "before": -1,
    "preceding": -1,
    "prior to": -1,
    "before the": -1,
    "after": 1,
    "following": 1,
    "after the": 1,
}
"""Words between "the day" and a date that count from that date, and in which direction."""


def _is_unit(meaning: Meaning) -> TypeGuard[Relative | Anaphor]:
    """Whether the words are "the day", "the week", "the year", which what follows may place."""
    if meaning.clock is not None or meaning.modifier is not None:
        return False
    if isinstance(meaning, Relative):
        return meaning.anchor == "event" and meaning.base is None and not meaning.counted and meaning.count in (-1, 1)
    return (
        isinstance(meaning, Anaphor)
        and meaning.strict
        and meaning.count == 0
        and meaning.grain in ("day", "week", "month", "year")
    )


def _is_date(meaning: Meaning) -> bool:
    """Whether a time is sure to be one: a date of its own, a named day, a weekday; not "May" or a number alone."""
    if isinstance(meaning, Calendar):
        if is_clock(meaning) or meaning.decade or meaning.century:
            return False
        return bool(meaning.day or meaning.weekday or meaning.holiday or meaning.year)
    return isinstance(meaning, Relative) and meaning.grain == "day" and meaning.anchor == "publication"


# A time inside another


def _weekday_of_nth_week(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "the first week of May, on Monday"."""
    is_week = isinstance(left, Nth) and left.of is not None and left.grain == "week" and left.weekday is None
    if not is_week or gap not in ("on", ",") or not is_weekday(right) or right.clock is not None:
        return None
    return replace(right, within=left, bare=False)


def _weekday_step_dated(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "last Monday, 5 March"."""
    if gap not in ("", ",", "-") or not _is_weekday_step(left) or not _is_month_day(right):
        return None
    return replace(right, weekday=left.weekday, bare=False)


def _part_of_year(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "the summer of 1998", "June last year", "the first quarter in that year"."""
    if not _is_open_date(left) or _size(right) != "year":
        return None
    if not (left.month or left.season or left.quarter or left.half or left.week):
        return None
    if isinstance(right, Calendar):
        return replace(left, year=right.year, century_open=right.century_open) if gap == "of" else None
    is_inside = gap in ("", "of", ",") or (gap == "in" and left.quarter)
    return replace(left, within=right, bare=False) if is_inside else None


def _weekday_of_week(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "Monday of last week", "the weekend of that week"."""
    if not _is_open_date(left) or gap not in ("", "of", ",") or _size(right) != "week":
        return None
    return replace(left, within=right, bare=False) if (left.weekday or left.weekend) and not left.day else None


def _day_of_month(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "the 5th of last month"."""
    if not _is_open_date(left) or gap not in ("", "of", "in") or _size(right) != "month":
        return None
    return replace(left, within=right, bare=False) if left.day and left.month is None else None


def _weekday_dated(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "Monday, the 5th"."""
    if gap not in ("", ",", ", the", "the") or not _is_open_date(left) or not isinstance(right, Calendar):
        return None
    is_dated = left.weekday and not left.month and right.day and right.weekday is None and right.step is None
    return replace(right, weekday=left.weekday, bare=False) if is_dated else None


def _quarter_of_counted_year(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "a year earlier" + "third quarter": the year is counted."""
    is_year = isinstance(left, Relative) and left.counted and left.grain == "year"
    return replace(right, within=left) if is_year and gap == "" and _is_open(right) and right.quarter else None


def _part_of_years(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "last year's summer"."""
    is_year = gap == "'s" and isinstance(left, Relative | Anaphor) and left.grain == "year"
    if not is_year or not _is_open(right):
        return None
    is_part = right.quarter or right.season or right.month or right.half
    return replace(right, within=left, bare=False) if is_part else None


def _quarter_of_named_year(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "1998's first quarter"."""
    if gap not in ("", "'s") or not isinstance(left, Calendar) or not _is_open(right):
        return None
    is_year = left.bare and left.year and not left.month
    return replace(right, year=left.year) if is_year and right.quarter else None


def _week_then_weekday(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    """As in "last week on Monday"."""
    is_week = gap in ("", "on", ",") and isinstance(left, Relative | Anaphor) and left.grain == "week"
    if not is_week or not _is_open(right):
        return None
    return replace(right, within=left, bare=False) if right.weekday and not right.day else None


RULES: tuple[Rule, ...] = (
    _holiday_on_weekday,
    _half_of,
    _nth_of,
    _twelve_named,
    _clock_of_day,
    _day_at_clock,
    _hour_in_part,
    _repeat_at_clock,
    _length_from,
    _unit_beside,
    _weekday_of_nth_week,
    _weekday_step_dated,
    _part_of_year,
    _weekday_of_week,
    _day_of_month,
    _weekday_dated,
    _quarter_of_counted_year,
    _part_of_years,
    _quarter_of_named_year,
    _week_then_weekday,
)


# What a meaning is


def _is_open(meaning: Meaning) -> TypeGuard[Calendar]:
    """Whether a date says neither its year, nor a step ("last"), nor what it stands in."""
    return isinstance(meaning, Calendar) and meaning.year is None and meaning.step is None and meaning.within is None


def _is_open_date(meaning: Meaning) -> TypeGuard[Calendar]:
    return _is_open(meaning) and not is_clock(meaning)


def _size(meaning: Meaning) -> str | None:
    """The grain of a time that others may stand in: a year alone, "last week", "next May"; null for the rest."""
    if isinstance(meaning, Relative | Anaphor):
        return meaning.grain
    if not isinstance(meaning, Calendar):
        return None
    parts = meaning.month or meaning.decade or meaning.century or meaning.quarter or meaning.season
    if meaning.year is not None and not parts:
        return "year"
    return "month" if meaning.month and not meaning.day and meaning.step is not None else None


def firm(meaning: Meaning) -> Meaning:
    """The meaning without the doubt that a bare word raises: it has a neighbour that supports it."""
    return replace(meaning, bare=False) if isinstance(meaning, Calendar) else meaning


def _merged(first: Clock | None, second: Clock | None) -> Clock | None:
    if first is None or second is None:
        return first or second
    if first.hour is not None and second.part:
        return clock_rules.with_part(first, second.part)
    if second.hour is not None and first.part:
        return clock_rules.with_part(second, first.part)
    return first


def is_clock(meaning: Meaning) -> bool:
    return (
        isinstance(meaning, Calendar)
        and meaning.clock is not None
        and replace(meaning, clock=None, bare=False, modifier=None) == Calendar()
    )


def is_hour(meaning: Meaning) -> bool:
    return is_clock(meaning) and meaning.clock is not None and meaning.clock.hour is not None


def is_weekday(meaning: Meaning) -> TypeGuard[Calendar]:
    return isinstance(meaning, Calendar) and meaning.weekday is not None and meaning.step is None and not meaning.day


def _is_weekday_step(meaning: Meaning) -> TypeGuard[Calendar]:
    return isinstance(meaning, Calendar) and meaning.weekday is not None and meaning.step is not None


def _is_month_day(meaning: Meaning) -> TypeGuard[Calendar]:
    return (
        isinstance(meaning, Calendar)
        and meaning.month is not None
        and meaning.day is not None
        and meaning.weekday is None
        and meaning.step is None
    )


def _is_part(meaning: Meaning) -> bool:
    return meaning.clock is not None and meaning.clock.part is not None


def _is_day(meaning: Meaning) -> bool:
    if meaning.clock is not None and meaning.clock.hour is not None:
        return False
    if isinstance(meaning, Calendar):
        return bool(meaning.day or meaning.weekday or meaning.holiday)
    return isinstance(meaning, Relative | Anaphor) and meaning.grain == "day"
