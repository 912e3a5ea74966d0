"""Times that are a step from another: "three months ago", "two days later", "that year", "the last week of August"."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from pipelines.extract.anchoring.context import TimeContext
from pipelines.extract.anchoring.partial import named_date
from pipelines.extract.anchoring.period import Period, Place, moved
from pipelines.timewords.find import Expression
from pipelines.timewords.meaning import Anaphor, Calendar, Nth, Relative


def relative(meaning: Relative, expression: Expression, context: TimeContext) -> Place:
    """A step from publication, from the date named last, or from an event, which leaves it unresolved."""
    if meaning.anchor in ("context", "event") and (beside := _apposed(meaning, expression, context)):
        return beside
    if meaning.count is None:
        return None, "event", None, None
    if meaning.anchor == "event":
        return _from_event(meaning, expression, context)
    if meaning.anchor == "context":
        return _from_context(meaning, expression, context)
    if context.last is not None and _told_long_ago(meaning, expression, context):
        return shifted(meaning, context.last), "context", context.named[-1][2], None
    quarter = (
        context.quarter_in_talk(expression)
        if meaning.counted and (meaning.grain, meaning.count) == ("year", -1)
        else None
    )
    if quarter is not None:
        return shifted(meaning, quarter[0]), "context", quarter[1], None
    anchor, how, why = _now(context)
    if anchor is None:
        return None, "none", None, None
    if (meaning.grain, meaning.count) == ("weekend", 0) and _is_over(anchor, expression, context):
        return Period.containing("weekend", anchor).shifted(-1), how, why, None
    return shifted(meaning, Period("day", anchor)), how, why, None


def _apposed(meaning: Relative | Anaphor, expression: Expression, context: TimeContext) -> Place | None:
    """The time of a step that the date right behind it tells ("two days later, on March 5"); null where none does."""
    other = context.apposed(expression)
    if other is None or not isinstance(other.meaning, Calendar):
        return None
    period = named_date(replace(other.meaning, clock=None), other, context)[0]
    if period is None or period.bc or meaning.grain not in ("day", "week", "month", "year"):
        return None
    return Period.containing(meaning.grain, period.first), "context", context.text_of(other), None


def _is_over(anchor: date, expression: Expression, context: TimeContext) -> bool:
    """Whether "this weekend" is the one before: by the verb until Wednesday, in the press on Monday unless it looks ahead."""
    tense = context.tense(expression)
    reported = anchor.weekday() < 2 and context.manner != "post" and tense != "future"
    return anchor.weekday() < 3 and (tense == "past" or reported)


def _from_event(meaning: Relative, expression: Expression, context: TimeContext) -> Place:
    """The day after: from the last date named, unless the words go on with an event."""
    last = context.last_of("day") if meaning.grain in ("day", "week") else context.last
    adverb = context.words.forms[expression.last - 1] in ("after", "following", "before", "afterwards")
    if last is None or not adverb or context.event_follows(expression):
        return None, "event", None, None
    return shifted(meaning, last), "context", context.named[-1][2], None


def _told_long_ago(meaning: Relative, expression: Expression, context: TimeContext) -> bool:
    """Whether "this month", "two years ago" belong to a story told years later: "today" and "yesterday" stay the teller's."""
    if context.manner != "narrative" or context.last is None:
        return False
    if context.published_on is not None and context.published_on.year - context.last.first.year <= 2:
        return False
    return meaning.counted or meaning.grain != "day" or context.words.forms[expression.first] == "this"


def _now(context: TimeContext) -> tuple[date | None, str, str | None]:
    if context.published_on is not None:
        return context.published_on, "publication", context.published_on.isoformat()
    return None, "none", None


def shifted(meaning: Relative, base: Period) -> Period | None:
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
    order = ("day", "weekend", "week", "month", "quarter", "half", "year", "decade", "century", "millennium")
    grain = meaning.grain if meaning.grain in order else "day"
    if base.grain in order and order.index(base.grain) > order.index(grain):
        return None
    first = moved(base.first, grain, meaning.count)
    if meaning.base is not None and base.grain == "day" and meaning.counted:
        return Period("day", first)
    return Period.containing(meaning.grain, first)


def _from_context(meaning: Relative, expression: Expression, context: TimeContext) -> Place:
    """Two days later, a year earlier: from the last time named that is fine enough."""
    if meaning.grain == "year" and meaning.counted and (quarter := context.quarter_in_talk(expression)):
        return shifted(meaning, quarter[0]), "context", quarter[1], None
    fine = {"day": ("day",), "week": ("day", "week"), "month": ("day", "week", "month"), "quarter": ("quarter",)}
    at = context.last_named(*fine[meaning.grain]) if meaning.grain in fine else len(context.named) - 1
    is_told_on = meaning.grain in ("day", "week", "month") and context.manner == "narrative"
    if at is not None and at >= (len(context.named) - 1 if is_told_on else 0):
        _, period, why = context.named[at]
        return shifted(meaning, period), "context", why, None
    if meaning.grain == "year" and context.published_on and context.manner != "narrative":
        return (
            shifted(meaning, Period("day", context.published_on)),
            "publication",
            context.published_on.isoformat(),
            None,
        )
    return None, "event", None, None


def anaphor(meaning: Anaphor, expression: Expression, context: TimeContext) -> Place:
    """That year, the same day, the following month; "at that time" is known only to lie in the story."""
    rules = _ANAPHORS.get(meaning.grain, _ANAPHORS["else"])
    places = (place for rule in rules if (place := rule(meaning, expression, context)) is not None)
    return next(places, (None, "none", None, None))


def _beside_day(meaning: Anaphor, expression: Expression, context: TimeContext) -> Place | None:
    """As in "that day, 5 March"."""
    return _apposed(meaning, expression, context)


def _quarter_ended(_: Anaphor, expression: Expression, context: TimeContext) -> Place | None:
    """As in "the quarter ended 31 March"."""
    end = context.ended(expression)
    if end is None or not isinstance(end.meaning, Calendar):
        return None
    last, how, why, _other = named_date(end.meaning, end, context)
    return (Period.containing("quarter", last.last) if last else None), how, why, None


def _quarter_latest(_: Anaphor, expression: Expression, context: TimeContext) -> Place | None:
    """As in "the latest quarter"."""
    return _latest_quarter(expression, context)


def _quarter_in_talk(meaning: Anaphor, expression: Expression, context: TimeContext) -> Place | None:
    """As in "in the quarter", where the text talks of one: that one, else the one named last, and from there the steps."""
    found = context.quarter_in_talk(expression) or next(reversed(context.quarters.values()), None)
    if found is None:
        return None
    period, why = found
    return (period.shifted(meaning.count) if meaning.grain == "quarter" else period), "context", why, None


def _period_vague(meaning: Anaphor, _: Expression, __: TimeContext) -> Place | None:
    """As in "in that period", which is no certain one."""
    return None if meaning.strict else (None, "none", None, None)


_FIRST_YEAR = 1000
"""Counts above it are years: "the same period of 1998"."""


def _period_of_year(meaning: Anaphor, expression: Expression, context: TimeContext) -> Place | None:
    """As in "the same period of 1998": the quarter in talk, of that year."""
    if meaning.count <= _FIRST_YEAR:
        return None
    if quarter := context.quarter_in_talk(expression):
        return Period("quarter", quarter[0].first.replace(year=meaning.count)), "context", quarter[1], None
    return Period("year", date(meaning.count, 1, 1)), "explicit", None, None


def _period_named(_: Anaphor, __: Expression, context: TimeContext) -> Place | None:
    """As in "the same period" behind a quarter, half or year."""
    last = context.last_of("quarter", "year", "half")
    return (last, "context", context.named[-1][2], None) if last else None


def _in_post(meaning: Anaphor, _: Expression, context: TimeContext) -> Place | None:
    """As in "that week" in a post that has named no time: of its publication."""
    if context.manner != "post" or context.named or meaning.grain == "day":
        return None
    return _of_publication(meaning, context)


_FITTING = {
    "day": ("day",),
    "week": ("day", "week"),
    "month": ("day", "week", "month"),
    "quarter": ("quarter",),
    "year": ("day", "week", "month", "season", "quarter", "half", "year"),
    "weekend": ("day", "weekend"),
}
"""Grains of the times that "that day", "that week" ... may refer to; any time for the rest."""


def _in_story(meaning: Anaphor, expression: Expression, context: TimeContext) -> Place | None:
    """As in "In May 1998 ... That year": the time named last that fits, else the one named next."""
    if meaning.strict and meaning.grain in ("week", "month", "year", "day") and context.manner != "narrative":
        return None
    fitting = _FITTING.get(meaning.grain)
    at = len(context.named) - 1 if fitting is None else context.last_named(*fitting)
    if at is not None and at >= 0:
        _, period, why = context.named[at]
        again = replace(Period.containing(meaning.grain, period.first), bc=period.bc)
        return again.shifted(meaning.count), "context", why, None
    ahead = context.named_ahead(expression, meaning.grain)
    if ahead and meaning.count == 0:
        return Period.containing(meaning.grain, ahead[0].first), "context", ahead[1], None
    return None


def _near_publication(meaning: Anaphor, _: Expression, context: TimeContext) -> Place | None:
    """As in "the year", "the following month" in the news; "the following day" needs a day that is named."""
    if context.manner == "narrative" or meaning.grain == "quarter" or not (meaning.strict or meaning.count):
        return None
    return None if meaning.grain == "day" and meaning.count else _of_publication(meaning, context)


def _of_publication(meaning: Anaphor, context: TimeContext) -> Place | None:
    day = context.published_on
    if day is None:
        return None
    return Period.containing(meaning.grain, day).shifted(meaning.count), "publication", day.isoformat(), None


_Rule = Callable[[Anaphor, Expression, TimeContext], Place | None]

_ANY: tuple[_Rule, ...] = (_in_post, _in_story, _near_publication)
_ANAPHORS: dict[str, tuple[_Rule, ...]] = {
    "moment": (),
    "day": (_beside_day, *_ANY),
    "quarter": (_quarter_ended, _quarter_latest, _quarter_in_talk, *_ANY),
    "period": (_period_vague, _period_of_year, _quarter_latest, _quarter_in_talk, _period_named),
    "else": _ANY,
}
"""The rules for each grain, in the order they are asked."""


def _latest_quarter(expression: Expression, context: TimeContext) -> Place | None:
    """The latest quarter, the latest period: the one in talk where it was over at publication, else the last that was."""
    if "latest" not in context.words.forms[expression.first : expression.last] or context.published_on is None:
        return None
    day = context.published_on
    talk = context.quarter_in_talk(expression) or next(reversed(context.quarters.values()), None)
    if talk and talk[0].last < day:
        return talk[0], "context", talk[1], None
    return Period.containing("quarter", day).shifted(-1), "publication", day.isoformat(), None


def nth(meaning: Nth, place: Place) -> Place:
    """A numbered part of another time, which ``place`` has settled."""
    outer, how, why, _ = place
    if outer is None:
        return None, how, why, None
    if meaning.grain in ("half", "rest"):
        return outer, how, why, None
    if meaning.weekday:
        days = [outer.first + timedelta(days=n) for n in range(min(400, (outer.last - outer.first).days + 1))]
        fitting = [day for day in days if day.isoweekday() == meaning.weekday]
        at = meaning.number if meaning.number < 0 else meaning.number - 1
        return (Period("day", fitting[at]) if -len(fitting) <= at < len(fitting) else None), how, why, None
    if meaning.number == 0:
        if meaning.grain == "weekend" and outer.grain == "day" and outer.first.isoweekday() <= 2:
            return Period.containing("weekend", outer.first).shifted(-1), how, why, None
        return (Period.containing(meaning.grain, outer.first) if outer.grain == "day" else None), how, why, None
    if meaning.grain == "week":
        return _nth_week(meaning.number, outer), how, why, None
    if meaning.number < 0:
        inner = Period.containing(meaning.grain, outer.last)
        late = meaning.grain == "weekend" and inner.first > outer.last
        return inner.shifted(meaning.number + (0 if late else 1)), how, why, None
    inner = Period.containing(meaning.grain, outer.first)
    early = meaning.grain == "weekend" and inner.first < outer.first  # a weekend belongs where its Saturday falls
    return inner.shifted(meaning.number - (0 if early else 1)), how, why, None


def _nth_week(number: int, outer: Period) -> Period:
    """The numbered week of a month or year; a week belongs where its Thursday falls (ISO 8601)."""
    edge = outer.first if number > 0 else outer.last
    week = Period.containing("week", edge)
    thursday = week.first + timedelta(days=3)
    if number > 0:
        return week.shifted(number - (1 if thursday >= outer.first else 0))
    return week.shifted(number + (1 if thursday <= outer.last else 0))


def from_base(meaning: Relative, place: Place, text: str) -> Place:
    """A step from a time that the expression itself names ("two days after 5 March")."""
    base, how, why, _ = place
    if base is None or meaning.count is None:
        return None, "event" if how == "none" else how, why, None
    return shifted(meaning, base), how, text, None
