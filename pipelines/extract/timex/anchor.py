"""Step three: give a meaning its place in the calendar, and say what it was hung on.

Explicit dates need nothing. Partial and relative ones hang on the publication date (tense and aspect decide past or
future) or, in narrative, on the date named last; what hangs on an event without a date stays unresolved, never guessed.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipelines.extract.timex.context import Context
from pipelines.extract.timex.feasts import feast
from pipelines.extract.timex.find import Expression
from pipelines.extract.timex.length_rules import duration
from pipelines.extract.timex.meaning import Anaphor, Calendar, Clock, Length, Meaning, Nth, Reference, Relative, Repeat
from pipelines.extract.timex.period import Period, moved

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
    "hour": "XXXX-XX-XXTXX",
    "minute": "XXXX-XX-XXTXX",
    "second": "XXXX-XX-XXTXX",
    "night": "XXXX-XX-XX",
    "fortnight": "XXXX-WXX",
}


@dataclass(frozen=True, slots=True)
class Anchored:
    """An expression in the calendar: its TIMEX3 value, its period (null when unresolved), and what it was hung on.

    ``first`` and ``last`` bound a duration that ends or begins at a known day, and a period that is no plain one.
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


def anchored(expression: Expression, context: Context) -> Anchored:
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
    return _made(meaning, period, how, why, other, context)


def _made(
    meaning: Meaning, period: Period | None, how: str, why: str | None, other: str | None, context: Context
) -> Anchored:
    grain = getattr(meaning, "grain", None) or _grain_of(meaning)
    offset = meaning.length if isinstance(meaning, Relative) else None
    value = period.value if period else UNKNOWN[grain]
    if isinstance(meaning, Calendar) and period is None:
        value = _pattern(meaning)
    clock = meaning.clock
    if clock is None and isinstance(meaning, Calendar) and meaning.within is not None:
        clock = meaning.within.clock
    first = last = None
    if isinstance(meaning, Calendar) and meaning.fiscal and period:
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


def _grain_of(meaning: Meaning) -> str:
    if isinstance(meaning, Calendar):
        for name in ("day", "weekday", "holiday", "weekend", "week", "month", "season", "quarter", "half"):
            if getattr(meaning, name):
                return {"weekday": "day", "holiday": "day"}.get(name, name)
        if meaning.clock is not None and meaning.year is None:
            return "day"
        return "decade" if meaning.decade else "century" if meaning.century else "year"
    return "day"


def _pattern(meaning: Calendar) -> str:
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
    return UNKNOWN[_grain_of(meaning)]


Place = tuple[Period | None, str, str | None, str | None]
"""A period or null, what it hangs on, the words or day it hangs on, the other reading."""


def _period(meaning: Meaning, expression: Expression, context: Context) -> Place:
    match meaning:
        case Calendar():
            return _calendar(meaning, expression, context)
        case Relative():
            return _relative(meaning, expression, context)
        case Anaphor():
            return _anaphor(meaning, expression, context)
        case Nth():
            return _nth(meaning, expression, context)
    return None, "none", None, None


# ---------------------------------------------------------------- calendar dates


def _calendar(meaning: Calendar, expression: Expression, context: Context) -> Place:
    if meaning.other is not None:
        return _two_readings(meaning, expression, context)
    if meaning.within is not None:
        outer, how, why, _ = _period(meaning.within, expression, context)
        return (_inside(meaning, outer), how, why, None) if outer else (None, how, why, None)
    if meaning.year is not None:
        year = _opened(meaning, context) if meaning.century_open else meaning.year
        period = _of_year(meaning, year)
        return replace(period, bc=True) if period and meaning.before_christ else period, "explicit", None, None
    if _only_clock(meaning):
        return _clock_only(expression, context)
    if meaning.step is not None:
        return _stepped(meaning, expression, context)
    return _partial(meaning, expression, context)


def _only_clock(meaning: Calendar) -> bool:
    return meaning.clock is not None and replace(meaning, clock=None, bare=False, modifier=None) == Calendar()


def _two_readings(meaning: Calendar, expression: Expression, context: Context) -> Place:
    """03/04: the day and month order that the document shows elsewhere, else the reading nearer to publication."""
    first, second = replace(meaning, other=None), meaning.other
    assert second is not None
    one, two = _calendar(first, expression, context), _calendar(second, expression, context)
    if one[0] is None or two[0] is None:
        return one if one[0] else two
    if context.day_first is not None:
        chosen, rest = (one, two) if context.day_first else (two, one)
    elif context.published_on is not None:
        near = sorted(
            (one, two),
            key=lambda place: (
                abs((place[0].first - context.published_on).days) if place[0] and context.published_on else 0
            ),
        )
        chosen, rest = near[0], near[1]
    else:
        chosen, rest = one, two
    return chosen[0], chosen[1], chosen[2], rest[0].value if rest[0] else None


def _of_year(meaning: Calendar, year: int) -> Period | None:
    """The part of a year that the meaning names."""
    if not 1 <= year <= 9999 and not (meaning.century or meaning.decade):
        return None
    if meaning.month:
        if meaning.day:
            return Period("day", date(year, meaning.month, meaning.day))
        return Period("month", date(year, meaning.month, 1))
    if meaning.season:
        return Period("season", date(year, meaning.season, 1))
    if meaning.quarter:
        return Period("quarter", date(year, 3 * meaning.quarter - 2, 1))
    if meaning.half:
        return Period("half", date(year, 6 * meaning.half - 5, 1))
    if meaning.week:
        return Period("week", date.fromisocalendar(year, meaning.week, 1))
    if meaning.holiday:
        day = feast(meaning.holiday, year)
        return Period("day", day) if day else None
    if meaning.century:
        return Period("century", date(max(1, year * 100), 1, 1))
    if meaning.decade:
        return Period.containing("decade", date(year, 1, 1))
    return Period("year", date(year, 1, 1))


def _opened(meaning: Calendar, context: Context) -> int:
    """The year that '68 or '80s means: the latest one that is not after the anchor's year."""
    short = (meaning.year or 0) % 100
    last = (
        context.last_of("day", "month", "season", "quarter", "year", "decade")
        if context.manner == "narrative"
        else None
    )
    anchor = last.first if last else context.published_on
    if anchor is None:
        return 1900 + short if short > 30 or meaning.decade else 2000 + short
    century = anchor.year // 100 * 100
    limit = anchor.year + (20 if meaning.day else 0 if meaning.decade else 5)
    return century + short if century + short <= limit else century - 100 + short


def _inside(meaning: Calendar, outer: Period) -> Period | None:
    """The month, weekday ... that stands inside another time."""
    if meaning.weekday and not meaning.day:
        monday = outer.first - timedelta(days=outer.first.weekday())
        return Period("day", monday + timedelta(days=meaning.weekday - 1))
    if meaning.weekend:
        return Period.containing("weekend", outer.first)
    if meaning.day and not meaning.month:
        return Period("day", outer.first.replace(day=meaning.day))
    return _of_year(meaning, outer.first.year)


def _clock_only(expression: Expression, context: Context) -> Place:
    last = context.named[-1] if context.named else None
    same = last is not None and context.same_sentence(last[0], expression.first)
    if last and last[1].grain == "day" and (context.manner == "narrative" or same):
        return last[1], "context", last[2], None
    if context.published_on is None or context.manner == "narrative":
        return None, "none", None, None
    return Period("day", context.published_on), "publication", context.published_on.isoformat(), None


def _stepped(meaning: Calendar, expression: Expression, context: Context) -> Place:
    """Last May, next Friday, this summer, the following Monday."""
    step = meaning.step or 0
    anchor, how, why = _base(context, from_context=meaning.from_context)
    if anchor is None:
        return None, how, why, None
    if meaning.modifier == "END" and not (meaning.month or meaning.weekday or meaning.season):
        return Period.containing("year", anchor), how, why, None
    other = None
    if meaning.weekday and not meaning.day:
        day = _weekday(anchor, meaning.weekday, step, expression, context, from_context=meaning.from_context)
        if step == 1 and not meaning.from_context and (day - anchor).days > 7:
            other = (day - timedelta(days=7)).isoformat()
        return Period("day", day), how, why, other
    candidates = [_of_year(meaning, anchor.year + n) for n in (-2, -1, 0, 1, 2)]
    known = [candidate for candidate in candidates if candidate]
    if step < 0:
        gap = timedelta(days=45 if meaning.month and not meaning.day else 0)
        before = [candidate for candidate in known if candidate.last < anchor - gap]
        return before[-1], how, why, None
    if step > 0:
        after = [candidate for candidate in known if candidate.first > anchor]
        return after[0], how, why, None
    current = [candidate for candidate in known if candidate.first <= anchor <= candidate.last]
    return (current or [c for c in known if c.first.year == anchor.year])[0], how, why, None


def _weekday(
    anchor: date, weekday: int, step: int, expression: Expression, context: Context, *, from_context: bool
) -> date:
    monday = anchor - timedelta(days=anchor.weekday())
    if step < 0:
        if context.manner == "post" and not from_context and context.words.forms[expression.first] not in ("this", "past"):
            return monday - timedelta(days=8 - weekday)
        back = (anchor.isoweekday() - weekday) % 7 or 7
        return anchor - timedelta(days=back)
    if step > 0:
        if from_context or context.words.forms[expression.first] in ("this", "coming", "the"):
            return anchor + timedelta(days=(weekday - anchor.isoweekday()) % 7 or 7)
        return monday + timedelta(days=7 + weekday - 1)
    day = monday + timedelta(days=weekday - 1)
    if day < anchor and not from_context and context.tense(expression) == "future":
        day += timedelta(days=7)
    return day


def _base(context: Context, *, from_context: bool) -> tuple[date | None, str, str | None]:
    """The day that a step starts from."""
    if from_context or (context.manner == "narrative" and context.named):
        last = context.named[-1] if context.named else None
        if last is not None:
            return last[1].first, "context", last[2]
    if context.published_on is not None:
        return context.published_on, "publication", context.published_on.isoformat()
    return None, "none", None


def _partial(meaning: Calendar, expression: Expression, context: Context) -> Place:
    """A date without its year, a weekday, a season: past or future by the verb, or by the story so far."""
    borrowed = context.borrowed_year(expression)
    if borrowed is not None and not (meaning.weekday and not meaning.day):
        period = _of_year(meaning, borrowed[0]) if not (meaning.day and not meaning.month) else None
        if period:
            return period, "context", borrowed[1], None
    story = context.story(expression)
    if story is not None:
        return _from_story(meaning, story, context)
    anchor = context.published_on
    if anchor is None:
        return None, "none", None, None
    why = anchor.isoformat()
    tense = context.tense(expression)
    before = context.words.forms[expression.first - 1] if expression.first else ""
    if before in ("effective", "payable", "due"):
        tense = "future"
    elif tense == "past" and before in ("through", "until", "till", "by"):
        tense = None
    if meaning.weekday and not meaning.day:
        after = context.words.forms[expression.last] if expression.last < len(context.words.forms) else ""
        if after == "'s" and tense != "future":
            tense = "past"
        if tense is None and context.manner == "post":
            tense = "future"
        return Period("day", _near_weekday(anchor, meaning.weekday, tense)), "publication", why, None
    if meaning.weekend:
        weekend = Period.containing("weekend", anchor)
        coming = tense in ("future", "present", "ahead") or (tense is None and context.manner == "post")
        if not coming and anchor < weekend.first:
            weekend = weekend.shifted(-1)
        return weekend, "publication", why, None
    if meaning.day and meaning.weekday and not meaning.month:
        months = [moved(anchor.replace(day=1), "month", n) for n in range(-9, 10)]
        days = [
            month.replace(day=meaning.day)
            for month in months
            if meaning.day <= Period.containing("month", month).last.day
        ]
        fitting = [day for day in days if day.isoweekday() == meaning.weekday]
        return (
            (Period("day", min(fitting, key=lambda day: abs((day - anchor).days))) if fitting else None),
            "publication",
            why,
            None,
        )
    if meaning.day and not meaning.month:
        last = context.last
        if last is not None and last.grain in ("month", "day"):
            return _day_of_month(last.first, meaning.day, "nearest"), "context", context.named[-1][2], None
        return _day_of_month(anchor, meaning.day, tense), "publication", why, None
    known = [period for n in (-1, 0, 1) if (period := _safe_of_year(meaning, anchor.year + n))]
    if meaning.day == 29 and meaning.month == 2 and not known:
        known = [period for n in range(-4, 5) if (period := _safe_of_year(meaning, anchor.year + n))]
    return _choose(known, anchor, tense, meaning), "publication", why, None


def _safe_of_year(meaning: Calendar, year: int) -> Period | None:
    try:
        return _of_year(meaning, year)
    except ValueError:
        return None


def _choose(known: list[Period], anchor: date, tense: str | None, meaning: Calendar) -> Period | None:
    """Of the same date in several years the one that the verb means; without a clear verb the nearest.

    A weekday given with the date decides. A past that lies ten months back when the same day comes within three months
    is not meant: writers name the year then.
    """
    if meaning.weekday and (fitting := [period for period in known if period.first.isoweekday() == meaning.weekday]):
        known = fitting
    past = [period for period in known if period.first <= anchor]
    future = [period for period in known if period.last >= anchor]
    if meaning.quarter and past and (anchor - past[-1].last).days <= 120:
        return past[-1]
    if meaning.season or meaning.quarter or meaning.half:
        if tense == "future" and future:
            return future[0]
        if meaning.season and tense != "past" and future:
            return min(known, key=lambda period: _days_between(period, anchor))
        return past[-1] if past else (future or [None])[0]
    if not known:
        return None
    nearest = min(known, key=lambda period: _days_between(period, anchor))
    if tense == "past" and past:
        return nearest if (anchor - past[-1].last).days > 330 else past[-1]
    if tense == "future" and future:
        return future[0]
    if tense == "ahead" and future and (future[0].first - anchor).days <= 300:
        return future[0]
    return nearest


def _days_between(period: Period, day: date) -> int:
    """Days from a day to a period; none when it falls inside."""
    return max((period.first - day).days, (day - period.last).days, 0)


def _near_weekday(anchor: date, weekday: int, tense: str | None) -> date:
    back = (anchor.isoweekday() - weekday) % 7
    if tense in ("future", "present", "ahead") and back:
        return anchor + timedelta(days=7 - back)
    return anchor - timedelta(days=back)


def _day_of_month(anchor: date, day: int, tense: str | None) -> Period | None:
    candidates = []
    for n in (-1, 0, 1):
        month = moved(anchor.replace(day=1), "month", n)
        try:
            candidates.append(Period("day", month.replace(day=day)))
        except ValueError:
            continue
    if tense == "past":
        candidates = [c for c in candidates if c.first <= anchor] or candidates
        return candidates[-1]
    if tense in ("future", "present", "ahead"):
        return next((c for c in candidates if c.first >= anchor), candidates[-1])
    same = [c for c in candidates if (c.first.year, c.first.month) == (anchor.year, anchor.month)]
    return (same or candidates)[0]


def _from_story(meaning: Calendar, story: tuple[Period, str], context: Context) -> Place:
    """The missing part from the date named last: the same year, or the next when that would lead half a year back."""
    last, why = story
    anchor = last.first
    if meaning.weekday and not meaning.day:
        forward = (meaning.weekday - anchor.isoweekday()) % 7
        return (Period("day", anchor + timedelta(days=forward)) if last.grain == "day" else None), "context", why, None
    if meaning.weekend:
        return (Period.containing("weekend", anchor) if last.grain == "day" else None), "context", why, None
    if meaning.day and not meaning.month:
        if last.grain not in ("day", "month"):
            return None, "none", None, None
        return Period("day", anchor.replace(day=meaning.day)), "context", why, None
    if last.grain in ("decade", "century", "millennium"):
        return None, "none", None, None
    period = _safe_of_year(meaning, anchor.year)
    if period is not None and last.bc:
        return replace(period, bc=True), "context", why, None
    if period is not None and last.grain != "year":
        back = (anchor - period.first).days
        if back > 200 and meaning.season != 12:
            period = _safe_of_year(meaning, anchor.year + 1) or period
        if meaning.season == 12 and anchor.month <= 3:
            period = Period("season", date(anchor.year - 1, 12, 1))
    return period, "context", why, None


# ---------------------------------------------------------------- steps


def _relative(meaning: Relative, expression: Expression, context: Context) -> Place:
    if meaning.base is not None:
        base, how, why, _ = _period(meaning.base, replace(expression, meaning=meaning.base), context)
        if base is None or meaning.count is None:
            return None, "event" if how == "none" else how, why, None
        why = context.text_of(expression)
        return _shifted(meaning, base), how if how != "explicit" else "explicit", why, None
    if meaning.count is None:
        return None, "event", None, None
    if meaning.anchor == "event":
        last = context.last_of("day") if meaning.grain in ("day", "week") else context.last
        return (
            (_shifted(meaning, last), "context", context.named[-1][2], None)
            if last
            and context.words.forms[expression.last - 1] in ("after", "following", "before", "afterwards")
            and not context.event_follows(expression)
            else (None, "event", None, None)
        )
    if meaning.anchor == "context":
        return _from_context(meaning, expression, context)
    if (
        meaning.count == 0
        and context.manner == "narrative"
        and context.named
        and meaning.grain != "day"
        or _this_day(meaning, expression, context)
    ):
        period = context.last
        return (_shifted(meaning, period) if period else None), "context", context.named[-1][2], None
    anchor, how, why = _now(context)
    if (
        meaning.grain == "year"
        and meaning.counted
        and meaning.count == -1
        and (quarter := context.quarter_in_talk(expression))
    ):
        return _shifted(meaning, quarter[0]), "context", quarter[1], None
    if anchor is None:
        return None, "none", None, None
    return _shifted(meaning, Period("day", anchor)), how, why, None


def _this_day(meaning: Relative, expression: Expression, context: Context) -> bool:
    """Whether a story's "this day", "this morning" is the day it has just told of."""
    return bool(
        meaning.count == 0
        and context.manner == "narrative"
        and context.named
        and context.words.forms[expression.first] == "this"
    )


def _now(context: Context) -> tuple[date | None, str, str | None]:
    if context.published_on is not None:
        return context.published_on, "publication", context.published_on.isoformat()
    return None, "none", None


def _shifted(meaning: Relative, base: Period) -> Period | None:
    """The period so many units away, no finer than the base."""
    if meaning.count is None:
        return None
    if base.bc:
        return (
            replace(base, grain="year", first=date(base.first.year, 1, 1)).shifted(meaning.count)
            if meaning.grain == "year"
            else None
        )
    if meaning.grain in ("second", "minute", "hour"):
        return base if base.grain == "day" else None
    if meaning.grain == "year" and base.grain == "quarter" and meaning.counted:
        return base.shifted(4 * meaning.count)
    order = ("day", "week", "month", "quarter", "half", "year", "decade", "century", "millennium")
    grain = meaning.grain if meaning.grain in order else "day"
    if base.grain in order and order.index(base.grain) > order.index(grain):
        return None
    first = moved(base.first, grain, meaning.count)
    if meaning.base is not None and base.grain == "day":
        return Period("day", first)
    return Period.containing(meaning.grain, first)


def _from_context(meaning: Relative, expression: Expression, context: Context) -> Place:
    """Two days later, a year earlier: from the last time named that is fine enough."""
    if meaning.grain == "year" and meaning.counted and (quarter := context.quarter_in_talk(expression)):
        return _shifted(meaning, quarter[0]), "context", quarter[1], None
    fine = {"day": ("day",), "week": ("day", "week"), "month": ("day", "week", "month"), "quarter": ("quarter",)}
    for _, period, why in reversed(context.named):
        if meaning.grain not in fine or period.grain in fine[meaning.grain]:
            return _shifted(meaning, period), "context", why, None
        if meaning.grain in ("day", "week", "month") and context.manner == "narrative":
            break
    if meaning.grain == "year" and context.published_on and context.manner != "narrative":
        return (
            _shifted(meaning, Period("day", context.published_on)),
            "publication",
            context.published_on.isoformat(),
            None,
        )
    return None, "event", None, None


def _anaphor(meaning: Anaphor, expression: Expression, context: Context) -> Place:
    """That year, the same day, the following month."""
    if meaning.grain == "period":
        if meaning.strict and meaning.count > 1000:
            quarter = context.quarter_in_talk(expression)
            year = Period("year", date(meaning.count, 1, 1))
            return (
                (Period("quarter", quarter[0].first.replace(year=meaning.count)) if quarter else year),
                "context" if quarter else "explicit",
                quarter[1] if quarter else None,
                None,
            )
        if quarter := context.quarter_in_talk(expression):
            return quarter[0], "context", quarter[1], None
        if context.quarters:
            period, why = list(context.quarters.values())[-1]
            return period, "context", why, None
        last = context.last_of("quarter", "year", "half")
        return last, "context" if last else "none", context.named[-1][2] if last else None, None
    if meaning.grain == "quarter" and (quarter := context.quarter_in_talk(expression)):
        return quarter[0].shifted(meaning.count), "context", quarter[1], None
    if meaning.grain == "quarter" and context.quarters:
        period, why = list(context.quarters.values())[-1]
        return period.shifted(meaning.count), "context", why, None
    grains = {
        "day": ("day",),
        "week": ("day", "week"),
        "month": ("day", "week", "month"),
        "quarter": ("quarter",),
        "year": ("day", "week", "month", "season", "quarter", "half", "year"),
        "weekend": ("day", "weekend"),
    }
    fitting = grains.get(meaning.grain)
    if context.manner == "post" and not context.named and context.published_on and meaning.grain != "day":
        return (
            Period.containing(meaning.grain, context.published_on).shifted(meaning.count),
            "publication",
            context.published_on.isoformat(),
            None,
        )
    use_story = not (
        meaning.strict and meaning.grain in ("week", "month", "year", "day") and context.manner != "narrative"
    )
    if use_story:
        for _, period, why in reversed(context.named):
            if (fitting is None or period.grain in fitting) and period.bc:
                again = Period.containing(meaning.grain, period.first)
                return replace(again, bc=True).shifted(meaning.count), "context", why, None
            if fitting is None or period.grain in fitting:
                return Period.containing(meaning.grain, period.first).shifted(meaning.count), "context", why, None
    ahead = context.named_ahead(expression, meaning.grain)
    if ahead and meaning.count == 0 and use_story:
        return Period.containing(meaning.grain, ahead[0].first), "context", ahead[1], None
    if (
        (meaning.strict or meaning.count)
        and context.published_on
        and context.manner != "narrative"
        and meaning.grain not in ("quarter",)
        and not (meaning.grain == "day" and meaning.count)
    ):
        return (
            Period.containing(meaning.grain, context.published_on).shifted(meaning.count),
            "publication",
            context.published_on.isoformat(),
            None,
        )
    return None, "none", None, None


def _nth(meaning: Nth, expression: Expression, context: Context) -> Place:
    assert meaning.of is not None
    outer, how, why, _ = _period(meaning.of, expression, context)
    if outer is None:
        return None, how, why, None
    if meaning.weekday:
        days = [outer.first + timedelta(days=n) for n in range(min(400, (outer.last - outer.first).days + 1))]
        fitting = [day for day in days if day.isoweekday() == meaning.weekday]
        at = meaning.number if meaning.number < 0 else meaning.number - 1
        return (Period("day", fitting[at]) if -len(fitting) <= at < len(fitting) else None), how, why, None
    if meaning.number == 0:
        return (Period.containing(meaning.grain, outer.first) if outer.grain == "day" else None), how, why, None
    if meaning.grain == "week":
        return _nth_week(meaning.number, outer), how, why, None
    if meaning.number < 0:
        inner = Period.containing(meaning.grain, outer.last)
        return inner.shifted(meaning.number + 1), how, why, None
    inner = Period.containing(meaning.grain, outer.first)
    return inner.shifted(meaning.number - 1), how, why, None


def _nth_week(number: int, outer: Period) -> Period:
    """The numbered week of a month or year; a week belongs where its Thursday falls (ISO 8601)."""
    edge = outer.first if number > 0 else outer.last
    week = Period.containing("week", edge)
    thursday = week.first + timedelta(days=3)
    if number > 0:
        return week.shifted(number - (1 if thursday >= outer.first else 0))
    return week.shifted(number + (1 if thursday <= outer.last else 0))


# ---------------------------------------------------------------- durations


def _length(meaning: Length, expression: Expression, context: Context) -> Anchored:
    """A duration; with an interval when it ends or begins at a known day."""
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
    if side is None and context.ends_now(expression):
        side = -1
    if (
        side is not None
        and context.published_on is not None
        and meaning.anchor == "publication"
        and context.manner != "narrative"
    ):
        how, why = "publication", context.published_on.isoformat()
        if meaning.count and meaning.grain not in ("second", "minute", "hour"):
            grain = "day" if meaning.grain == "night" else meaning.grain
            try:
                other = moved(context.published_on, grain, side * meaning.count)
                first, last = (
                    (other, context.published_on) if side < 0 else (context.published_on + timedelta(days=1), other)
                )
            except (ValueError, OverflowError):
                how, why = "none", None
    return Anchored("DURATION", meaning.value, None, first, last, meaning.modifier, how, why)


__all__ = ["Anchored", "anchored", "duration"]
