"""Dates of which some parts are named: "5 March", "Monday", "summer", "last May", "'68", "03/04", a time of day.

The missing parts come from the publication date (tense and aspect decide past or future), from the last date of a
story, or from a neighbour that lends its year.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipelines.extract.anchoring.context import TimeContext
from pipelines.extract.anchoring.feasts import feast
from pipelines.extract.anchoring.period import Period, Place, moved
from pipelines.timewords.find import Expression
from pipelines.timewords.meaning import Calendar, Relative

_A_LONG_WAY_BACK = 240
"""Days back from the last date of a story at which a month is the next year's ("In December ... In January").

Measured on the development histories: 200 gives a value F1 of 86.7, 240 to 300 give 87.0 to 87.1.
"""


_JUST_OVER = 100
"""Days for which a season that is over may still be "this winter"."""


def named_date(meaning: Calendar, expression: Expression, context: TimeContext) -> Place:
    if meaning.other is not None:
        return _two_readings(meaning, expression, context)
    if meaning.year is not None:
        year = _opened(meaning, context) if meaning.century_open else meaning.year
        period = of_year(meaning, year)
        return replace(period, bc=True) if period and meaning.before_christ else period, "explicit", None, None
    if only_clock(meaning):
        return _clock_only(expression, context)
    if meaning.weekday and not meaning.day and (beside := _in_brackets(meaning, expression, context)):
        return beside
    if meaning.step is not None:
        return _stepped(meaning, expression, context)
    return _partial(meaning, expression, context)


def _in_brackets(meaning: Calendar, expression: Expression, context: TimeContext) -> Place | None:
    """The day that a date before or in brackets gives to a weekday ("on Sunday (13 March)"), where it is one."""
    for other in context.in_brackets(expression):
        day = other.meaning
        if isinstance(day, Relative) and day.grain == "day" and day.anchor == "publication" and context.published_on:
            known = moved(context.published_on, "day", day.count or 0)
            if known.isoweekday() == meaning.weekday:
                return Period("day", known), "publication", context.published_on.isoformat(), None
        if not isinstance(day, Calendar) or not day.day or not (day.month or day.weekday):
            continue
        period = named_date(replace(day, clock=None), other, context)[0]
        if period is not None and not period.bc and period.first.isoweekday() == meaning.weekday:
            return period, "context", context.text_of(other), None
    return None


def only_clock(meaning: Calendar) -> bool:
    return meaning.clock is not None and replace(meaning, clock=None, bare=False, modifier=None) == Calendar()


def _two_readings(meaning: Calendar, expression: Expression, context: TimeContext) -> Place:
    """03/04: the day and month order that the document shows elsewhere, else the reading nearer to publication."""
    first, second = replace(meaning, other=None), meaning.other
    assert second is not None
    one, two = named_date(first, expression, context), named_date(second, expression, context)
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


def of_year(meaning: Calendar, year: int) -> Period | None:
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


def _opened(meaning: Calendar, context: TimeContext) -> int:
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
    if last is not None:
        latest = context.published_on.year if context.published_on else 9999
        known = [century + step + short for step in (-100, 0, 100) if 0 < century + step + short <= latest]
        return min(known, key=lambda year: abs(year - anchor.year)) if known else century + short
    limit = anchor.year + (20 if meaning.day else 0 if meaning.decade else 5)
    return century + short if century + short <= limit else century - 100 + short


def inside(meaning: Calendar, outer: Period) -> Period | None:
    """The month, weekday ... that stands inside another time."""
    if meaning.weekday and not meaning.day:
        monday = outer.first - timedelta(days=outer.first.weekday())
        return Period("day", monday + timedelta(days=meaning.weekday - 1))
    if meaning.weekend:
        return Period.containing("weekend", outer.first)
    if meaning.day and not meaning.month:
        return Period("day", outer.first.replace(day=meaning.day))
    return of_year(meaning, outer.first.year)


def _clock_only(expression: Expression, context: TimeContext) -> Place:
    """A time of day: on the day named right behind it in brackets, or named last in the sentence or the story, or of publication."""
    behind = context.day_behind(expression)
    if behind is not None and isinstance(behind.meaning, Calendar):
        return named_date(replace(behind.meaning, clock=None), behind, context)
    if behind is not None and isinstance(behind.meaning, Relative) and context.published_on is not None:
        day = moved(context.published_on, "day", behind.meaning.count or 0)
        return Period("day", day), "publication", context.published_on.isoformat(), None
    last = context.named[-1] if context.named else None
    same = last is not None and context.same_sentence(last[0], expression.first)
    if last and last[1].grain == "day" and (context.manner == "narrative" or same):
        return last[1], "context", last[2], None
    if context.published_on is None or context.manner == "narrative":
        return None, "none", None, None
    return Period("day", context.published_on), "publication", context.published_on.isoformat(), None


def _stepped(meaning: Calendar, expression: Expression, context: TimeContext) -> Place:
    """Last May, next Friday, this summer, the following Monday."""
    step = meaning.step or 0
    anchor, how, why = _base(context, from_context=meaning.from_context)
    if anchor is None:
        return None, how, why, None
    if meaning.modifier == "END" and not (meaning.month or meaning.weekday or meaning.season):
        return Period.containing("year", anchor).shifted(min(step, 0)), how, why, None
    if meaning.weekday and not meaning.day:
        day = _weekday(anchor, meaning.weekday, step, expression, context, from_context=meaning.from_context)
        is_doubtful = step == 1 and not meaning.from_context and (day - anchor).days > 7
        return Period("day", day), how, why, (day - timedelta(days=7)).isoformat() if is_doubtful else None
    candidates = (of_year(meaning, anchor.year + n) for n in (-2, -1, 0, 1, 2))
    known = [candidate for candidate in candidates if candidate]
    if step < 0:
        period = _last_of(known, anchor, 30 if meaning.month and not meaning.day else 0)
    elif step > 0:
        period = next((candidate for candidate in known if candidate.first > anchor), None)
    else:
        may_be_over = meaning.season and context.manner != "narrative" and context.tense(expression) == "past"
        period = _this_of(known, anchor, _JUST_OVER if may_be_over else 0)
    return (period, how, why, None) if period else _NOWHERE


def _last_of(known: list[Period], anchor: date, gap: int) -> Period | None:
    """As in "last May": the last one that was over ``gap`` days before the anchor."""
    before = [candidate for candidate in known if candidate.last < anchor - timedelta(days=gap)]
    return before[-1] if before else None


def _this_of(known: list[Period], anchor: date, just_over: int) -> Period | None:
    """As in "this May": the one that runs, else one over for ``just_over`` days ("this winter was cold", in March), else the year's."""
    current = [candidate for candidate in known if candidate.first <= anchor <= candidate.last]
    over = [candidate for candidate in known if 0 < (anchor - candidate.last).days <= just_over]
    of_the_year = [candidate for candidate in known if candidate.first.year == anchor.year]
    return next(iter(current or over[-1:] or of_the_year), None)


_NOWHERE: Place = (None, "none", None, None)
"""Of "next 9/11", which is one day of 2001 only, and "this 29 February" in a year that has none."""


def _weekday(
    anchor: date, weekday: int, step: int, expression: Expression, context: TimeContext, *, from_context: bool
) -> date:
    monday = anchor - timedelta(days=anchor.weekday())
    if step < 0:
        if (
            context.manner == "post"
            and not from_context
            and context.words.forms[expression.first] not in ("this", "past")
        ):
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


def _base(context: TimeContext, *, from_context: bool) -> tuple[date | None, str, str | None]:
    """The day that a step starts from."""
    if from_context or (context.manner == "narrative" and context.named):
        last = context.named[-1] if context.named else None
        if last is not None:
            return last[1].first, "context", last[2]
    if context.published_on is not None:
        return context.published_on, "publication", context.published_on.isoformat()
    return None, "none", None


def _partial(meaning: Calendar, expression: Expression, context: TimeContext) -> Place:
    """A date without its year, a weekday, a season: past or future by the verb, or by the story so far."""
    for place_of in (_in_borrowed_year, _beside_event, _in_story):
        if (place := place_of(meaning, expression, context)) is not None:
            return place
    if context.published_on is None:
        return _NOWHERE
    near = _Near(meaning, expression, context, context.published_on, _tense(meaning, expression, context))
    return next(place for rule in _NEAR_PUBLICATION if (place := rule(near)) is not None)


def _is_weekday(meaning: Calendar) -> bool:
    """Whether a weekday stands alone: "Monday", and not "Monday the 5th"."""
    return bool(meaning.weekday) and not meaning.day


def _is_day_of_month(meaning: Calendar) -> bool:
    """Whether a day stands without its month: "the 5th"."""
    return bool(meaning.day) and not meaning.month


def _in_borrowed_year(meaning: Calendar, expression: Expression, context: TimeContext) -> Place | None:
    """As in "5 March and 7 May 1998": the year of a neighbour."""
    borrowed = context.borrowed_year(expression)
    if borrowed is None or _is_weekday(meaning) or _is_day_of_month(meaning):
        return None
    year, why, is_bc = borrowed
    period = of_year(meaning, year)
    return (replace(period, bc=is_bc), "context", why, None) if period else None


def _beside_event(meaning: Calendar, expression: Expression, context: TimeContext) -> Place | None:
    """As in "any Monday", which is none, and "the Monday before the vote", which only the event dates."""
    if not _is_weekday(meaning):
        return None
    if context.any_such(expression):
        return _NOWHERE
    return (None, "event", None, None) if context.beside_event(expression) else None


def _in_story(meaning: Calendar, expression: Expression, context: TimeContext) -> Place | None:
    """As in "In May 1998 ... In June": the date named last dates the next."""
    story = context.story(expression)
    return None if story is None else _from_story(meaning, story)


@dataclass(frozen=True, slots=True)
class _Near:
    """A date that only publication (``anchor``) and the tense of its verb place."""

    meaning: Calendar
    expression: Expression
    context: TimeContext
    anchor: date
    tense: str | None

    @property
    def is_ahead(self) -> bool:
        return self.tense in _AHEAD

    def place(self, period: Period | None) -> Place:
        return period, "publication", self.anchor.isoformat(), None


_AHEAD = ("future", "present", "ahead")
"""Tenses whose weekdays and weekends are to come."""


def _tense(meaning: Calendar, expression: Expression, context: TimeContext) -> str | None:
    """Past or future as the words right before the date say, else as the verb does: "due Monday", "through Friday"."""
    forms = context.words.forms
    before = forms[expression.first - 1] if expression.first else ""
    tense = context.tense(expression, aims=meaning.month is not None)
    if before in ("effective", "payable", "due"):
        return "future"
    if meaning.month and context.modifies(expression):
        return "past" if tense in ("past", None) else None  # "the 5 March attack"
    if tense == "past" and before in ("through", "until", "till", "by"):
        return "future" if meaning.weekday and before == "until" else None
    return tense


def _weekday_near(near: _Near) -> Place | None:
    """As in "on Monday": the nearest on the side of the verb; "Monday's vote" is past, "join us Monday" to come."""
    meaning, expression, context, tense = near.meaning, near.expression, near.context, near.tense
    if not meaning.weekday or meaning.day:
        return None
    forms = context.words.forms
    if tense != "future" and expression.last < len(forms) and forms[expression.last] == "'s":
        tense = "past"
    if tense is None and (context.manner == "post" or context.commands(expression)):
        tense = "future"
    if partner := context.partner(expression):
        return near.place(_in_range(meaning.weekday, partner, near.anchor, tense))
    return near.place(Period("day", _near_weekday(near.anchor, meaning.weekday, tense)))


def _weekend_near(near: _Near) -> Place | None:
    """As in "at the weekend": this one, or the last where it has not begun and nothing says that it is to come."""
    if not near.meaning.weekend:
        return None
    weekend = Period.containing("weekend", near.anchor)
    is_coming = near.is_ahead or (near.tense is None and near.context.manner == "post")
    return near.place(weekend if is_coming or near.anchor >= weekend.first else weekend.shifted(-1))


_MONTHS_AROUND = 9
"""Months before and after publication in which "Monday the 5th" is looked for."""


def _weekday_and_day_near(near: _Near) -> Place | None:
    """As in "Monday the 5th": the nearest 5th that is a Monday."""
    meaning, anchor = near.meaning, near.anchor
    if not meaning.weekday or not meaning.day or meaning.month:
        return None
    around = range(-_MONTHS_AROUND, _MONTHS_AROUND + 1)
    months = [Period.containing("month", moved(anchor.replace(day=1), "month", n)) for n in around]
    days = [month.first.replace(day=meaning.day) for month in months if meaning.day <= month.last.day]
    fitting = [day for day in days if day.isoweekday() == meaning.weekday]
    return near.place(Period("day", min(fitting, key=lambda day: abs((day - anchor).days))) if fitting else None)


def _day_near(near: _Near) -> Place | None:
    """As in "the 5th": of the month named last, else on the side of the verb."""
    meaning, last = near.meaning, near.context.last
    if not meaning.day or meaning.month:
        return None
    if last is not None and last.grain in ("month", "day"):
        return _day_of_month(last.first, meaning.day, "nearest"), "context", near.context.named[-1][2], None
    return near.place(_day_of_month(near.anchor, meaning.day, near.tense))


def _part_of_year_near(near: _Near) -> Place:
    """As in "5 March", "June", "summer": in the year that the verb means, and not before the range that it ends began."""
    meaning = near.meaning
    known = _around(meaning, near.anchor.year, 1)
    if not known and (meaning.month, meaning.day) == (2, 29):
        known = _around(meaning, near.anchor.year, 4)
    chosen = _choose(known, near.anchor, near.tense, meaning)
    begun = _begun(near.expression, near.context) if meaning.month and chosen is not None else None
    if begun is not None and chosen is not None and chosen.first < begun.first:
        chosen = next((period for period in known if period.first >= begun.first), chosen)
    return near.place(chosen)


def _around(meaning: Calendar, year: int, reach: int) -> list[Period]:
    """The date in the years from ``year - reach`` to ``year + reach`` that have it."""
    periods = (_safe_of_year(meaning, year + n) for n in range(-reach, reach + 1))
    return [period for period in periods if period is not None]


_NEAR_PUBLICATION: tuple[Callable[[_Near], Place | None], ...] = (
    _weekday_near,
    _weekend_near,
    _weekday_and_day_near,
    _day_near,
    _part_of_year_near,
)


def _begun(expression: Expression, context: TimeContext) -> Period | None:
    """The month or day that begins the range which the expression ends, as it was read: no range ends before it begins."""
    other = context.begun(expression)
    last = context.named[-1] if context.named else None
    return last[1] if other is not None and last is not None and last[0] == other.first else None


def _in_range(weekday: int, partner: tuple[Expression, int], anchor: date, tense: str | None) -> Period:
    """One end of a range of weekdays: the second in the past, or the first ahead, is the nearest; the other lies beside it."""
    other, side = partner
    assert isinstance(other.meaning, Calendar)
    assert other.meaning.weekday
    ahead = tense in ("future", "present", "ahead")
    if (side > 0) == ahead:
        return Period("day", _near_weekday(anchor, weekday, tense))
    lead = _near_weekday(anchor, other.meaning.weekday, tense)
    if ahead:
        return Period("day", lead + timedelta(days=(weekday - lead.isoweekday()) % 7))
    return Period("day", lead - timedelta(days=(lead.isoweekday() - weekday) % 7))


def _safe_of_year(meaning: Calendar, year: int) -> Period | None:
    try:
        return of_year(meaning, year)
    except ValueError:
        return None


def _choose(known: list[Period], anchor: date, tense: str | None, meaning: Calendar) -> Period | None:
    """Of the same date in several years the one that the verb means; without a clear verb the nearest.

    A weekday given with the date decides.
    """
    if meaning.weekday:
        known = [period for period in known if period.first.isoweekday() == meaning.weekday] or known
    past = [period for period in known if period.first <= anchor]
    future = [period for period in known if period.last >= anchor]
    if meaning.quarter and past and (anchor - past[-1].last).days <= _QUARTER_JUST_OVER:
        return past[-1]
    if meaning.season or meaning.quarter or meaning.half:
        is_coming = _season_is_coming if meaning.season else _quarter_is_coming
        if future and is_coming(future[0], anchor, tense):
            return future[0]
        if meaning.season and tense != "past" and future:
            return _nearest(known, anchor)
        return past[-1] if past else next(iter(future), None)
    return _choose_date(known, past, future, anchor, tense, _PAST_DAYS if meaning.day else _PAST_MONTHS)


_QUARTER_JUST_OVER = 120
"""Days for which a quarter that is over is the one that is meant, whatever the verb: companies report it."""
_SEASON_AHEAD = 240
"""Days ahead at which a season may begin that a present verb means."""
_DATE_AHEAD = 300
"""Days ahead of a day or month that a verb such as "plans to" means."""
_PAST_DAYS, _PAST_MONTHS = 330, 300
"""Days back from which a day, or a month, is not meant though the verb is past: writers name the year then."""


def _season_is_coming(season: Period, anchor: date, tense: str | None) -> bool:
    return tense == "future" or (tense in ("present", "ahead") and (season.first - anchor).days <= _SEASON_AHEAD)


def _quarter_is_coming(_: Period, __: date, tense: str | None) -> bool:
    return tense == "future"


def _choose_date(
    known: list[Period], past: list[Period], future: list[Period], anchor: date, tense: str | None, past_reach: int
) -> Period | None:
    """A day or month: the last one for a past verb, the next for a future one, unless it lies too far; else the nearest."""
    if tense == "past" and past and (anchor - past[-1].last).days <= past_reach:
        return past[-1]
    if tense == "future" and future:
        return future[0]
    if tense == "ahead" and future and (future[0].first - anchor).days <= _DATE_AHEAD:
        return future[0]
    return _nearest(known, anchor) if known else None


def _nearest(known: list[Period], anchor: date) -> Period:
    return min(known, key=lambda period: _days_between(period, anchor))


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
    for n in (-2, -1, 0, 1, 2):
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
    return min(same or candidates, key=lambda c: abs((c.first - anchor).days))


def _from_story(meaning: Calendar, story: tuple[Period, str]) -> Place:
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
        if back > _A_LONG_WAY_BACK and meaning.season != 12:
            period = _safe_of_year(meaning, anchor.year + 1) or period
        if meaning.season == 12 and anchor.month <= 3:
            period = Period("season", date(anchor.year - 1, 12, 1))
    return period, "context", why, None
