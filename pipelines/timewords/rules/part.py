"""What is a part of another time or a day with a name: "the last week of", "the first half of", year-end, feasts."""

from pipelines.timewords.grammar import Found, Rulebook
from pipelines.timewords.meaning import Calendar, Meaning, Nth, Relative
from pipelines.timewords.numbers import ordinal
from pipelines.timewords.rules.calendar import AFTER_DATE, two_digits, year_in

RULES = Rulebook()


@RULES.add("<h:holiday> (day)? ((of|',')? {y:YEAR|<#shortyear>})?", "On Christmas Eve 2020 it snowed.")
def holiday(found: Found) -> Meaning | None:
    """Christmas Eve 2020, Orthodox Easter."""
    return Calendar(holiday=found.entry("h", "holiday"), year=year_in(found), century_open=two_digits(found))


@RULES.add("(the)? new year", "He left eight days before the new year.")
def new_year(found: Found) -> Meaning | None:
    """Before, after, until the new year: its first day; "in the new year" names no day, and other calendars have their own."""
    if found.before() not in ("before", "after", "until", "till", "by", "since", "from"):
        return None
    if found.followed_by_word() and found.words.forms[found.last] not in AFTER_DATE:
        return None
    return Calendar(holiday="01-01")


@RULES.add("<h:holiday> ({y2:<year>})? {u:week|weekend} ((of|',')? {y:YEAR})?", "They met over Easter weekend.")
def holiday_week(found: Found) -> Meaning | None:
    """Easter week, Labor Day weekend: the week or weekend that holds the day or lies beside it."""
    day = Calendar(holiday=found.entry("h", "holiday"), year=year_in(found) or year_in(found, "y2"))
    return Nth(number=0, grain=found.form("u"), of=day)


@RULES.add("(the)? week {n:<int>} (of {y:YEAR})?", "The course starts in week 31.")
def numbered_week(found: Found) -> Meaning | None:
    """Week 31 (ISO 8601)."""
    number = int(found.form("n"))
    return Calendar(week=number, year=year_in(found)) if 1 <= number <= 53 else None


@RULES.add("<e:edge> {u:year|month|week}", "The road will open by end of month.")
def edge_of_unit(found: Found) -> Meaning | None:
    """End of month, start of year."""
    if not found.form("e").endswith("of"):
        return None
    return Relative(grain=found.form("u"), count=0, modifier=found.entry("e", "modifier"))


@RULES.add(
    "(the)? year '-'? end | year <#poss> end | (the)? (<y:year>) year '-' end", "The road will open by year-end."
)
def year_end(found: Found) -> Meaning | None:
    """Year-end, year's end; since year-end: the last that was."""
    step = None if found.has("y") else -1 if found.before() == "since" else 0
    return Calendar(year=year_in(found), step=step, modifier="END", bare=False)


@RULES.add("(the)? {u:month|week|quarter} (<#poss>|'-') end", "The road will open at month's end.")
def unit_end(found: Found) -> Meaning | None:
    """Month's end, quarter-end."""
    return Relative(grain=found.form("u"), count=0, modifier="END")


@RULES.add(
    "(the)? {what:week|weekend} (of|beginning|starting|commencing|ending) (on)? | w '/' c",
    "The hearing is in the week of March 6.",
)
def week_of(found: Found) -> Meaning | None:
    """The week of ..., the week beginning ..., w/c ...: the week in which the day that follows falls."""
    if found.forms()[0] in ("week", "weekend"):
        follower = found.words.forms[found.last] if found.last < len(found.words.forms) else ""
        if not any(found.lexicon.known(follower, kind) for kind in ("month", "weekday", "holiday")):
            return None
    return Nth(number=0, grain=found.form("what") or "week")


@RULES.add("(the)? {n:first|second|last|latter} half of", "Prices fell in the first half of March.")
def half_part(found: Found) -> Meaning | None:
    """The first half of ...: an early or late part of the time that follows; of a year a half with a name of its own."""
    return Nth(number=1 if found.form("n") == "first" else 2, grain="half")


@RULES.add("(the)? (rest|remainder|remaining) of", "It will be shut for the rest of the year.")
def rest(_: Found) -> Meaning | None:
    """The rest of ...: what is left of the time that follows, from publication on."""
    return Nth(number=0, grain="rest")


@RULES.add(
    "(the|its|their)? {n:ORD|last} {what:day|week|month|year|decade|weekend|<weekday1>} {link:of|in}",
    "It was the last week of August 2020.",
)
def nth(found: Found) -> Meaning | None:
    """The last week of ...: a part of the time that follows."""
    number = ordinal(found.forms("n"), found.lexicon)
    if found.form("n") == "last":
        number = -1
    what = found.form("what")
    if number is None:
        return None
    follower = found.words.forms[found.last] if found.last < len(found.words.forms) else ""
    if found.form("link") == "in" and not (found.lexicon.known(follower, "month") or follower.isdigit()):
        return None  # "the last week in office"
    if what in found.lexicon.rows["weekday"]:
        return Nth(number=number, grain="day", weekday=int(found.lexicon.rows["weekday"][what]["value"]))
    return Nth(number=number, grain=what)
