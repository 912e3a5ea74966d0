"""Step two: give a meaning its place in the calendar, and say what it was hung on.

Explicit dates need nothing. Partial and relative ones hang on the publication date (tense and aspect decide past or
future) or, in narrative, on the date named last; what hangs on an event without a date stays unresolved, never guessed.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipelines.extract.anchoring.context import TimeContext
from pipelines.extract.anchoring.partial import inside, named_date
from pipelines.extract.anchoring.period import Period, Place, moved
from pipelines.extract.anchoring.steps import anaphor, from_base, nth, relative
from pipelines.timewords.find import Expression
from pipelines.timewords.meaning import Anaphor, Calendar, Clock, Length, Meaning, Nth, Reference, Relative, Repeat

UNKNOWN = {
    "day": "XXXX-XX-XX",
    "weekend": "XXXX-WXX-WE",
    "week": "XXXX-WXX",
    "month": "XXXX-XX",
    "season": "XXXX-XX",
    "quarter": "XXXX-QX",
    "half": "XXXX-HX",
    "year": "XXXX",
    "decade": "XXX",
    "century": "XX",
    "millennium": "X",
    "period": "XXXX",
    "moment": "XXXX-XX-XX",
    "hour": "XXXX-XX-XXTXX",
    "minute": "XXXX-XX-XXTXX",
    "second": "XXXX-XX-XXTXX",
    "night": "XXXX-XX-XX",
    "rest": "XXXX",
    "fortnight": "XXXX-WXX",
}


_EDGES = {"first": 1, "opening": 1, "initial": 1, "early": 1, "last": -1, "final": -1, "closing": -1}
"""Words that cut a length off the beginning (1) or the end (-1) of another time."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """An expression in the calendar: its TIMEX3 value, its period (null when unresolved), and what it was hung on.

    ``first`` and ``last`` bound a duration that ends or begins at a known day, and a period that is no plain one;
    ``part`` is the stretch within the period that is meant ("the first half of March").
    """

    type: str
    value: str
    period: Period | None = None
    first: date | None = None
    last: date | None = None
    modifier: str | None = None
    anchor: str = "none"
    anchor_text: str | None = None
    alternative: str | None = None
    offset: str | None = None
    quantifier: str | None = None
    frequency: str | None = None
    clock: Clock | None = None
    part: tuple[date, date] | None = None


def anchored(expression: Expression, context: TimeContext) -> Anchored:
    """The expression's place in the calendar, as far as the document fixes it."""
    meaning = expression.meaning
    match meaning:
        case Reference():
            return Anchored("DATE", meaning.value, anchor="none")
        case Repeat():
            return Anchored(
                "SET",
                meaning.value,
                modifier=meaning.modifier,
                quantifier=meaning.quantifier,
                frequency=meaning.frequency,
            )
        case Length():
            return _length(meaning, expression, context)
    try:
        period, how, why, other = _period(meaning, expression, context)
    except (ValueError, OverflowError):
        period, how, why, other = None, "none", None, None
    if period is None and how != "event":
        how, why = "none", None
    made = _made(meaning, period, how, why, other)
    if isinstance(meaning, Nth) and period is not None and not period.bc:
        if meaning.grain == "half":
            return replace(made, part=period.halves()[meaning.number - 1])
        if meaning.grain == "rest" and (day := context.published_on) and period.first <= day <= period.last:
            return replace(made, part=(day, period.last))
        first, last = _long_weekend(meaning, period, expression, context)
        return replace(made, first=first, last=last)
    return made


def _long_weekend(
    meaning: Nth, period: Period, expression: Expression, context: TimeContext
) -> tuple[date, date] | tuple[None, None]:
    """First and last day of a weekend that the feast beside it makes longer ("Labor Day weekend")."""
    feast = meaning.of
    if meaning.grain == "weekend" and isinstance(feast, Calendar) and feast.holiday:
        try:
            named = named_date(feast, expression, context)[0]
        except (ValueError, OverflowError):  # outside the calendar
            named = None
        if named is not None and -3 < (named.first - period.first).days < 4:
            return min(named.first, period.first), max(named.first, period.last)
    return None, None


def _made(meaning: Meaning, period: Period | None, how: str, why: str | None, other: str | None) -> Anchored:
    grain = getattr(meaning, "grain", None) or grain_of(meaning)
    offset = meaning.length if isinstance(meaning, Relative) else None
    value = period.value if period else UNKNOWN[grain]
    if isinstance(meaning, Calendar) and period is None:
        value = pattern(meaning)
    clock = meaning.clock
    if clock is None and isinstance(meaning, Calendar) and meaning.within is not None:
        clock = meaning.within.clock
    first = last = None
    if isinstance(meaning, Calendar) and meaning.fiscal and period and period.first.year > 1:
        first, last, other = (
            date(period.first.year - 1, 10, 1),
            date(period.first.year, 9, 30),
            f"{period.first.isoformat()}/{period.last.isoformat()}",
        )
    if clock is None:
        if grain in ("hour", "minute", "second"):
            return Anchored(
                "TIME", f"{value.partition('T')[0]}TXX", period, None, None, meaning.modifier, how, why, other, offset
            )
        return Anchored("DATE", value, period, first, last, meaning.modifier, how, why, other, offset)
    if period is not None and period.grain != "day":
        value = UNKNOWN["day"] if period.grain != "month" else period.value + "-XX"
    return Anchored(
        "TIME", f"{value}T{clock.value}", period, None, None, meaning.modifier, how, why, other, offset, clock=clock
    )


def grain_of(meaning: Meaning) -> str:
    if isinstance(meaning, Calendar):
        for name in ("day", "weekday", "holiday", "weekend", "week", "month", "season", "quarter", "half"):
            if getattr(meaning, name):
                return {"weekday": "day", "holiday": "day"}.get(name, name)
        if meaning.clock is not None and meaning.year is None:
            return "day"
        return "decade" if meaning.decade else "century" if meaning.century else "year"
    return "day"


def pattern(meaning: Calendar) -> str:
    """The value of a partial date that nothing completes: ``XXXX-03-05``, ``XXXX-WXX-5``, ``XXXX-SU``."""
    if meaning.month and meaning.day:
        return f"XXXX-{meaning.month:02}-{meaning.day:02}"
    if meaning.month:
        return f"XXXX-{meaning.month:02}"
    if meaning.day:
        return f"XXXX-XX-{meaning.day:02}"
    if meaning.weekday:
        return f"XXXX-WXX-{meaning.weekday}"
    if meaning.season:
        return "XXXX-" + {3: "SP", 6: "SU", 9: "FA", 12: "WI"}[meaning.season]
    if meaning.quarter:
        return f"XXXX-Q{meaning.quarter}"
    if meaning.half:
        return f"XXXX-H{meaning.half}"
    if meaning.holiday and len(meaning.holiday) == 5:
        return f"XXXX-{meaning.holiday}"
    return UNKNOWN[grain_of(meaning)]


def _period(meaning: Meaning, expression: Expression, context: TimeContext) -> Place:
    """The period of a meaning; one time inside another is settled from the outside in."""
    match meaning:
        case Calendar(within=Meaning() as within):
            outer, how, why, _ = _period(within, expression, context)
            return (inside(meaning, outer), how, why, None) if outer else (None, how, why, None)
        case Calendar():
            return named_date(meaning, expression, context)
        case Relative(base=Meaning() as base):
            place = _period(base, replace(expression, meaning=base), context)
            return from_base(meaning, place, context.text_of(expression))
        case Relative():
            return relative(meaning, expression, context)
        case Anaphor():
            return anaphor(meaning, expression, context)
        case Nth(of=Meaning() as whole):
            return nth(meaning, _period(whole, expression, context))
    return None, "none", None, None


_COUNTED_AS = {"fortnight": ("week", 2), "night": ("day", 1)}
"""Units that are no stretch of the calendar, and how they count in one that is."""


def _length(meaning: Length, expression: Expression, context: TimeContext) -> Anchored:
    """A duration; with an interval when it ends or begins at a known day."""
    if meaning.grain in _COUNTED_AS:
        grain, factor = _COUNTED_AS[meaning.grain]
        meaning = replace(meaning, grain=grain, count=meaning.count and meaning.count * factor)
    side = meaning.side
    if context.distributes(expression):
        return Anchored("SET", meaning.value, modifier=meaning.modifier)
    first = last = None
    how: str = "none"
    why = None
    if side is None and (event := context.event_of(expression)):
        sign = "-" if event[0] == "before" else "+"
        return Anchored(
            "DURATION",
            meaning.value,
            modifier=meaning.modifier,
            anchor="event",
            anchor_text=event[1],
            offset=sign + meaning.value,
        )
    if (whole := _part(meaning, expression, context)) is not None:
        return whole
    if side is None and context.ends_now(expression):
        side = -1
    if side is None and context.begins_now(expression) and context.published_on is not None:
        return _ahead(meaning, context.published_on)
    if (
        side is not None
        and context.published_on is not None
        and meaning.anchor == "publication"
        and context.manner != "narrative"
    ):
        how, why = "publication", context.published_on.isoformat()
        counts = {"business", "working", "trading"} & set(context.words.forms[expression.first : expression.last])
        try:
            first, last = (_workdays if counts else _beside)(meaning, side, context.published_on)
        except (ValueError, OverflowError):
            how, why = "none", None
    return Anchored("DURATION", meaning.value, None, first, last, meaning.modifier, how, why)


def _beside(meaning: Length, side: int, day: date) -> tuple[date, date] | tuple[None, None]:
    """First and last day of a length that ends (-1) on a day or begins (1) after it; quarters are those of the calendar."""
    if not meaning.count or meaning.grain in ("second", "minute", "hour"):
        return None, None
    if meaning.grain == "quarter":
        quarter = Period.containing("quarter", day)
        ends = quarter.shifted(side), quarter.shifted(side * meaning.count)
        return min(period.first for period in ends), max(period.last for period in ends)
    other = moved(day, meaning.grain, side * meaning.count)
    return (other, day) if side < 0 else (day + timedelta(days=1), other)


def _workdays(meaning: Length, side: int, day: date) -> tuple[date, date] | tuple[None, None]:
    """As ``_beside``, counting Mondays to Fridays; the public holidays of a country are not known."""
    if not meaning.count or meaning.grain != "day" or meaning.count > _MOST_WORKDAYS:
        return None, None
    days: list[date] = []
    other = day
    while len(days) < meaning.count:
        other += timedelta(days=side)
        days += [other] if other.isoweekday() <= 5 else []
    return min(days), max(days)


_MOST_WORKDAYS = 366
"""Beyond a year of days nobody counts in working days; a bound for cost, not measured."""


def _ahead(meaning: Length, day: date) -> Anchored:
    """A length that leads to a day ahead ("he will leave in two days"): still a duration, which ends in that day, week ..."""
    then = None
    if meaning.count and meaning.grain not in ("second", "minute", "hour"):
        try:
            then = Period.containing(meaning.grain, moved(day, meaning.grain, meaning.count))
        except (ValueError, OverflowError):
            then = None
    return Anchored(
        "DURATION",
        meaning.value,
        None,
        then.first if then else None,
        then.last if then else None,
        meaning.modifier,
        "publication",
        day.isoformat(),
        offset="+" + meaning.value,
    )


def _part(meaning: Length, expression: Expression, context: TimeContext) -> Anchored | None:
    """The first or last so many units of a named time ("the last four months of 2021"); null when it is no such part."""
    words = context.words.forms[expression.first : expression.last]
    outer = context.whole_of(expression)
    edge = next((word for word in words if word in _EDGES), None)
    if outer is None or edge is None or not meaning.count or meaning.grain in ("second", "minute", "hour", "night"):
        return None
    try:
        period, how, _, _ = _period(outer.meaning, outer, context)
        if period is None or period.bc:
            return None
        if _EDGES[edge] > 0:
            first, last = period.first, moved(period.first, meaning.grain, meaning.count) - timedelta(days=1)
        else:
            first, last = moved(period.last + timedelta(days=1), meaning.grain, -meaning.count), period.last
    except (ValueError, OverflowError):
        return None
    return Anchored("DURATION", meaning.value, None, first, last, meaning.modifier, how, context.text_of(outer))
