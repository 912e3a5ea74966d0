"""What steps from another time: today and yesterday, last week, three months ago, two days later, that year, now."""

from dataclasses import replace

from pipelines.lexicon.entries import group
from pipelines.timewords.grammar import Found, Rulebook
from pipelines.timewords.meaning import (
    Anaphor,
    Calendar,
    Clock,
    Length,
    Meaning,
    Reference,
    Relative,
    Several,
    modified,
)
from pipelines.timewords.numbers import ordinal
from pipelines.timewords.rules.length import amount, duration

RULES = Rulebook()


@RULES.add("<t:timeword>", "Yesterday he spoke.")
def time_word(found: Found) -> Meaning | None:
    """Today, yesterday, tonight, now, recently."""
    return word_meaning(found.entry("t", "timeword"))


def word_meaning(value: str) -> Meaning:
    """What the lexicon's notation says: ``day-1``, ``NI+0``, ``PAST_REF``."""
    if value.endswith("_REF"):
        return Reference(value=value)
    unit, count = value[:-2], int(value[-2:])
    return Relative(grain="day", count=count, clock=Clock(part=unit) if unit != "day" else None)


@RULES.add("(the|its|their|his|her|our)? <s:step> (calendar)? {u:<unit1>} ({so:or so})?", "It changed last year.")
def step_unit(found: Found) -> Meaning | None:
    """Last week, this month, the following day, that year, the same day, the next year or so."""
    meaning = _step_unit(found)
    return modified(meaning, "APPROX" if found.has("so") else None) if meaning else None


def _step_unit(found: Found) -> Meaning | None:
    grain, word = found.entry("u", "unit"), found.form("s")
    count, where = int(found.entry("s", "step")), found.entry("s", "step", "anchor")
    has_the = found.forms()[0] in ("the", "its", "their", "his", "her", "our")
    length = Length(value=duration(1, grain), grain=grain, count=1, side=-1 if count < 0 else 1)
    if grain in ("second", "minute", "hour"):
        is_length = word == "past" or (has_the and word in ("last", "next", "coming"))
        return length if is_length else None
    headline = word == "past" and found.before() in ("over", "in", "during", "within", "for")  # "Over past day, ..."
    if word in ("same", "coming", "upcoming", "forthcoming", "past", "latest") and not has_the and not headline:
        return None
    if grain == "night":
        return _night(word, count, where)
    if grain == "fortnight":
        return Length(value="P2W", grain="week", count=2, side=count or None)
    if word == "past" or (has_the and _lasts(found, word, grain)):
        return length
    if word in ("that", "same"):
        return Anaphor(grain=grain)
    if grain == "weekend" and word in ("coming", "upcoming"):
        return Relative(grain=grain, count=0)
    if word == "latest":
        return Anaphor(grain=grain, count=0)
    if where == "context" or (word == "next" and has_the):
        return Anaphor(grain=grain, count=count)
    return Relative(grain=grain, count=count)


def _night(word: str, count: int, where: str) -> Meaning:
    """Last night, that night, tomorrow night: a part of a day."""
    night = Clock(part="NI")
    if word in ("last", "previous"):
        return Relative(grain="day", count=-1, clock=night, anchor=where)
    if where == "context" or word == "this":
        return Anaphor(grain="day", count=count, clock=night)
    return Relative(grain="day", count=count, clock=night)


def _lasts(found: Found, word: str, grain: str) -> bool:
    """Whether a step with an article is a length: "the last year", "for the next year", "over the coming decade"."""
    if word == "last":
        return grain != "quarter"
    if word == "coming":
        return grain in ("decade", "century")
    before = found.words.forms[found.first - 1] if found.first else ""
    is_long = grain in ("decade", "century")
    return word == "next" and (before in ("for", "within") or (before in ("over", "during") and is_long))


@RULES.add("(that|this) same {u:<unit1>}", "That same day he left.")
def that_same(found: Found) -> Meaning | None:
    """That same day."""
    grain = found.entry("u", "unit")
    return Anaphor(grain=grain) if grain not in ("second", "minute", "hour", "fortnight", "night") else None


@RULES.add("the {u:day|week|month|year} {w:after|before|following|afterwards}", "He left the day after.")
def unit_after(found: Found) -> Meaning | None:
    """The day after, the year before; an event that follows is named outside the span."""
    meaning = Relative(grain=found.form("u"), count=-1 if found.form("w") == "before" else 1, anchor="event")
    if found.followed_by_word() and found.form("w") in ("after", "before"):
        return Several(parts=((found.first, found.last - 1, meaning),)) if found.form("u") == "day" else None
    return meaning


@RULES.add(
    "{u:week|month|year} after next | {v:week|month|year} before last | the {x:week|month|year} after next | the {y:week|month|year} before last",
    "He leaves the week after next.",
)
def after_next(found: Found) -> Meaning | None:
    """The week after next, the year before last."""
    count = 2 if found.forms()[-1] == "next" else -2
    return Relative(grain=next(found.form(name) for name in "uvxy" if found.has(name)), count=count)


@RULES.add("(the)? <s:step> ('-')? {what:<weekday1>|<month>|<season>|<holiday>}", "He left last Friday.")
def step_name(found: Found) -> Meaning | None:
    """Last Friday, next May, this summer, the following Monday, last Christmas."""
    what, lexicon = found.form("what"), found.lexicon
    word, count, where = found.form("s"), int(found.entry("s", "step")), found.entry("s", "step", "anchor")
    if (
        word in ("this", "that", "same", "current")
        and lexicon.rows["month"].get(what, {}).get("ambiguous")
        and found.raw("what")[0].islower()
    ):
        return None
    if word == "following" and not any(form in ("the", "its", "their") for form in found.forms()[:1]):
        meaning = named(what, found)
        return (
            Several(parts=((found.match.start("what"), found.last, replace(meaning, bare=True)),)) if meaning else None
        )
    if word == "that" and what not in lexicon.rows["weekday"] and what not in lexicon.rows["season"]:
        return None
    if word in ("past", "latest", "prior", "preceding", "subsequent") and found.forms()[0] != "the":
        where = "context"
    meaning = named(what, found)
    return (
        replace(meaning, step=count, from_context=where == "context" and word not in ("that", "same"))
        if meaning and lexicon
        else None
    )


def named(what: str, found: Found) -> Calendar | None:
    """The weekday, month, season or named day of that form."""
    rows = found.lexicon.rows
    if what in rows["weekday"]:
        return Calendar(weekday=int(rows["weekday"][what]["value"]))
    if what in rows["month"]:
        return Calendar(month=int(rows["month"][what]["value"]))
    if what in rows["season"]:
        return Calendar(season=int(rows["season"][what]["value"]))
    if what in rows["holiday"]:
        return Calendar(holiday=rows["holiday"][what]["value"])
    return None


@RULES.add("<m:month> <s:step> | <w:weekday1> <s2:step> | <e:season> <s3:step>", "He left in July last.")
def name_step(found: Found) -> Meaning | None:
    """July last, Monday next."""
    word = found.forms()[-1]
    follower = found.words.forms[found.last] if found.last < len(found.words.forms) else ""
    if word not in ("last", "next") or found.lexicon.known(follower, "unit"):
        return None
    what = named(found.forms()[0], found)
    return replace(what, step=-1 if word == "last" else 1) if what else None


@RULES.add("(the)? <s:step> (<m:month> {d:DAY} | {e:<#ordinal>|<day>} (of)? <n:month>)", "He left last May 5.")
def step_date(found: Found) -> Meaning | None:
    """Last May 5, next 6th of April; this coming Sunday is ``step_step``."""
    day_name, month_name = ("d", "m") if found.has("d") else ("e", "n")
    day = ordinal(found.forms(day_name), found.lexicon)
    if day is None or not 1 <= day <= 31 or (day_name == "e" and found.form("s") not in ("last", "next", "this")):
        return None
    return Calendar(month=int(found.entry(month_name, "month")), day=day, step=int(found.entry("s", "step")))


@RULES.add(
    "(this|these) {s:coming|upcoming|past|next|last} {what:<weekday1>|<month>|<season>|<holiday>|weekend|week|month|year}",
    "He leaves this coming Sunday.",
)
def step_step(found: Found) -> Meaning | None:
    """Times such as "this coming Sunday", "this past summer"."""
    count = int(found.lexicon.rows["step"][found.form("s")]["value"])
    what = found.form("what")
    if what in ("weekend", "week", "month", "year"):
        return Relative(grain=what, count=count)
    meaning = named(what, found)
    return replace(meaning, step=count) if meaning else None


@RULES.add("(the)? <s:step> (fiscal)? '-'? {q:ORD} '-'? quarter", "Sales fell last third quarter.")
def step_quarter(found: Found) -> Meaning | None:
    """Last fourth quarter."""
    number = ordinal(found.forms("q"), found.lexicon)
    if found.form("s") in ("that", "this", "same"):
        return None
    return Calendar(quarter=number, step=int(found.entry("s", "step"))) if number and 1 <= number <= 4 else None


@RULES.add(
    "(the)? (first|second|last|latter) half of (the|this|last|next) {u:year|decade|century}",
    "Sales fell in the first half of the year.",
)
def half_of(found: Found) -> Meaning | None:
    """The first half of the year."""
    forms = found.forms()
    if forms[-1] != "year":
        return None
    second = forms[1 if forms[0] == "the" else 0] != "first"
    step = {"last": -1, "next": 1}.get(forms[-2], 0)
    return Calendar(half=2 if second else 1, within=Relative(grain="year", count=step))


@RULES.add(
    "(this|that|the same) period (of time)? | (this|that) time",
    "Many left the town during this period.",
)
def that_time(found: Found) -> Meaning | None:
    """During this period, at that time: a time of no known size, which only histories mean by it."""
    forms = found.forms()
    if "period" in forms:
        return Anaphor(grain="period") if found.before() in _AT_A_PERIOD else None
    return Anaphor(grain="moment") if found.before() in _AT_A_TIME else None


_AT_A_PERIOD = group("time_contexts", "at_a_period")
_AT_A_TIME = group("time_contexts", "at_a_time")


@RULES.add("{n:COUNT} {u:<unit>} ({half:and a half}|or so|or more)? {w:ago|back}", "Three months ago he was free.")
def ago(found: Found) -> Meaning | None:
    """Three months ago."""
    if found.form("w") == "back" and not found.has("n"):
        return None
    return _counted(found, -1, "publication")


@RULES.add(
    "{n:COUNT} {u:<unit>} ({half:and a half}|or so|or more)? {w:later|afterwards|afterward|thereafter|earlier|before|previously|beforehand|prior}",
    "Two days later he left.",
)
def later(found: Found) -> Meaning | None:
    """Two days later, a year earlier: from the last time named."""
    word = found.form("w")
    if word in ("before", "prior") and found.followed_by_word():
        return None
    return _counted(found, -1 if word in ("earlier", "before", "previously", "beforehand", "prior") else 1, "context")


_INTO = {("year", "month"): ("month", 12), ("week", "day"): ("day", 7), ("hour", "minute"): ("minute", 60)}
"""Two units in which a step is counted, the finer one, and how many of it make one of the other."""


@RULES.add(
    "{n:COUNT} {u:<unit>} (',')? (and)? {n2:NUM} {u2:<unit>} {w:ago|later|earlier}",
    "Two weeks and two days ago he left.",
)
def counted_twice(found: Found) -> Meaning | None:
    """Two weeks and two days ago; one year and two months later."""
    units = found.entry("u", "unit"), found.entry("u2", "unit")
    count, more = amount(found.forms("n"), found.lexicon), amount(found.forms("n2"), found.lexicon)
    if units not in _INTO or count is None or more is None or count != int(count) or more != int(more):
        return None
    grain, size = _INTO[units]
    sign = 1 if found.form("w") == "later" else -1
    text = ("-" if sign < 0 else "+") + duration(count, units[0]) + duration(more, units[1])[1:].removeprefix("T")
    anchor = "publication" if found.form("w") == "ago" else "context"
    return Relative(
        grain=grain, count=sign * int(count * size + more), anchor=anchor, length=text, exact=True, counted=True
    )


@RULES.add("{n:COUNT} {u:<unit>} (from now|hence|from today)", "Two days from now he leaves.")
def from_now(found: Found) -> Meaning | None:
    """Two days from now."""
    return _counted(found, 1, "publication")


@RULES.add("<units> later | <units> earlier | <units> ago | <units> afterwards", "Weeks later he left.")
def units_later(found: Found) -> Meaning | None:
    """Weeks later, years ago."""
    grain = found.lexicon.rows["unit"][found.forms()[0]]["value"]
    word = found.forms()[-1]
    if word == "ago":
        return Reference(value="PAST_REF")
    sign = -1 if word == "earlier" else 1
    return Relative(
        grain=grain, count=None, anchor="context", length=("-" if sign < 0 else "+") + duration(None, grain)
    )


def _counted(found: Found, sign: int, anchor: str) -> Meaning | None:
    grain = found.entry("u", "unit")
    count = amount(found.forms("n"), found.lexicon)
    if count is not None and found.has("half"):
        count += 0.5
    if count is None:
        if anchor == "publication" and sign < 0:
            return Reference(value="PAST_REF")
        return Relative(
            grain=grain, count=None, anchor=anchor, length=("-" if sign < 0 else "+") + duration(None, grain)
        )
    modifier = "APPROX" if "so" in found.forms() or "couple" in found.forms("n") else None
    text = ("-" if sign < 0 else "+") + duration(count, grain)
    scale = {"fortnight": ("week", 2.0), "night": ("day", 1.0)}
    unit, factor = scale.get(grain, (grain, 1.0))
    total = count * factor
    if total != int(total):
        finer = {
            "year": ("month", 12),
            "week": ("day", 7),
            "decade": ("year", 10),
            "century": ("year", 100),
            "hour": ("minute", 60),
            "month": ("day", 30),
            "day": ("hour", 24),
        }
        if unit not in finer:
            return None
        unit, times = finer[unit][0], finer[unit][1]
        total = round(total * times)
    return Relative(grain=unit, count=sign * int(total), anchor=anchor, length=text, modifier=modifier, counted=True)


@RULES.add(
    "the (same|comparable|corresponding|equivalent) (period|quarter|month) (of|in)? ((the)? last year|the (previous|prior|preceding) year|a year (earlier|ago|before)) | a (year|month|week|quarter) earlier | {u:year|month|week|quarter} '-' (earlier|ago) | the (comparable|corresponding)? {v:year|month|week|quarter} '-'? (earlier|ago) (comparable|corresponding)? (period|quarter)",
    "In the year-earlier period it lost money.",
)
def year_earlier(found: Found) -> Meaning | None:
    """The year-earlier period, a year earlier, year-ago quarter."""
    if "month" in found.forms() and "year" in found.forms():
        return Relative(grain="month", count=-12, anchor="context", length="-P1Y", counted=True)
    grain = next(form for form in reversed(found.forms()) if form in ("year", "month", "week", "quarter"))
    grain = "year" if "year" in found.forms() else grain
    count = 1
    text = "-" + duration(count, grain)
    return Relative(grain=grain, count=-1, anchor="context", length=text, counted=True)


@RULES.add(
    "the (quarter|period) (a year) (ago|earlier) | the (year) (ago|earlier) (quarter|period)",
    "In the quarter a year ago it lost money.",
)
def quarter_year_ago(_: Found) -> Meaning | None:
    """The quarter a year ago."""
    return Relative(grain="year", count=-1, anchor="context", length="-P1Y", counted=True)


@RULES.add("the {u:quarter|year|week|month|weekend|decade|century|night|day}", "The year was good for the bank.")
def the_unit(found: Found) -> Meaning | None:
    """The quarter, the year, the weekend: the one that the text is about."""
    grain = found.form("u")
    follower = found.words.forms[found.last : found.last + 2]
    if follower[:1] == ["-"] and found.tight(found.last) and follower[1:] and follower[1][0].isalpha():
        return None
    if grain == "night":
        return Anaphor(grain="day", clock=Clock(part="NI"), strict=True)
    if grain == "weekend":
        return Calendar(weekend=True)
    return Anaphor(grain=grain, strict=True)


@RULES.add(
    "the (latest|current|comparable|corresponding) period | the {y:<year>} (period|quarter) | the (fiscal|full) year | the (current|latest) fiscal year",
    "In the latest period it lost money.",
)
def period(found: Found) -> Meaning | None:
    """The latest period; the 1988 period; the fiscal year."""
    forms = found.forms()
    if found.has("y"):
        return Anaphor(grain="period", count=int(found.form("y")), strict=True)
    if forms[-1] == "year":
        return Relative(grain="year", count=-1 if "latest" in forms else 0)
    return Anaphor(grain="period", strict=True)


@RULES.add(
    "recent <u:units> | coming <u2:units> | (the)? coming <u3:units> | {w:past} <u4:units>",
    "In recent months arrests grew.",
)
def recent(found: Found) -> Meaning | None:
    """Recent months, the coming weeks."""
    grain = found.lexicon.rows["unit"][found.forms()[-1]]["value"]
    coming = "coming" in found.forms()
    return Length(value=duration(None, grain), grain=grain, count=None, side=1 if coming else -1)
