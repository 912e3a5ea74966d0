"""What names a day, a month or a year of the calendar by itself: dates in every order, lists and pairs of them, weekdays."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from pipelines.lexicon.entries import entries, group
from pipelines.timewords.grammar import Found, Rulebook
from pipelines.timewords.meaning import Calendar, Clock, Meaning, Several, is_time
from pipelines.timewords.numbers import ordinal, year

RULES = Rulebook()


@cache
def events() -> frozenset[str]:
    """Nouns that make a name of an event out of a month or season before them."""
    return frozenset(row["form"] for row in entries("event_words"))


AFTER_DATE = group("time_contexts", "after_date")
"""Words after which a number ends a date; another word may be what the number counts ("March 3, 5 and 8 men")."""


def _month(found: Found, name: str = "m") -> int:
    return int(found.entry(name, "month").rstrip())


def year_in(found: Found, name: str = "y") -> int | None:
    """The year of a named part, of two digits where the text has two; null when it has none."""
    if not found.has(name):
        return None
    forms = found.forms(name)
    if forms[0][0] in "'’‘`":
        return int(forms[0][1:])
    return year(forms, found.lexicon)


def two_digits(found: Found, name: str = "y") -> bool:
    """Whether a named part is a year such as '68."""
    return found.has(name) and found.forms(name)[0][0] in "'’‘`"


def _weekday(found: Found, *names: str) -> int | None:
    for name in names:
        if found.has(name):
            return int(found.entry(name, "weekday"))
    return None


def full_year(number: int) -> int:
    """A year of which two digits stand inside a complete date: 00 to 68 are 2000 to 2068 (POSIX)."""
    return number if number > 99 else 2000 + number if number < 69 else 1900 + number


def _day(found: Found, name: str = "d") -> int | None:
    number = ordinal(found.forms(name), found.lexicon)
    return number if number is not None and 1 <= number <= 31 else None


@RULES.add(
    "(<w:weekday1> ','?)? <m:month> ((the|'/'|'-')? {d:DAY} | ',' {d2:<#ordinal>}) ((','|of|in)* {y:YEAR|<#shortyear>} | '-' {y3:<year>})?",
    "It was signed on Monday, March 26, 1996.",
)
def month_day(found: Found) -> Meaning | None:
    """March 26; Monday, March 26, 1996; May twenty-nine; October, 1st."""
    day = _day(found) or (_day(found, "d2") if found.has("d2") else None)
    if day is None or (found.has("y") and year_in(found) is None):
        return None
    number = year_in(found) or year_in(found, "y3")
    return Calendar(
        year=number, month=_month(found), day=day, weekday=_weekday(found, "w"), century_open=two_digits(found)
    )


@RULES.add("(<w:weekday1> ','?)? <m:month> '.' {d:<day>} ',' {y:<year>}", "It was signed on Monday, May. 12, 2008.")
def dotted_month_day(found: Found) -> Meaning | None:
    """May. 12, 2008: a dot behind a month that no one shortens, where a year follows."""
    return Calendar(year=year_in(found), month=_month(found), day=_day(found), weekday=_weekday(found, "w"))


@cache
def dated_events() -> Mapping[str, frozenset[tuple[int, int, int]]]:
    """Nouns for events that go by their day, to the year, month and day of each."""
    found: dict[str, frozenset[tuple[int, int, int]]] = {}
    for row in entries("dated_events"):
        day = date.fromisoformat(row["value"])
        found[row["form"]] = found.get(row["form"], frozenset()) | {(day.year, day.month, day.day)}
    return found


@RULES.add(
    f"<m:month> {{d:<day>|<#ordinal>}} {{what:{'|'.join(sorted(dated_events()))}}}",
    "After the Sept. 11 attacks everything changed.",
)
def dated_event(found: Found) -> Meaning | None:
    """The Sept. 11 attacks: those of 2001, whatever the year of the text; another day's attacks are of any year."""
    month, day = _month(found), _day(found)
    years = [year for year, *named in dated_events()[found.form("what")] if named == [month, day]]
    if not years:
        return None
    return Several(parts=((found.first, found.last - 1, Calendar(year=years[0], month=month, day=day)),))


@RULES.add(
    "(<w:weekday1> ','?)? (the)? {d:DAY} (of|'-'|'/')? <m:month> ((','|of|in|'-'|'/')? {y:YEAR|<#shortyear>} | <e:era> | {y3:<int>} <e3:era>)? (','? <w2:weekday1>)?",
    "It was signed on 26 March 1996.",
)
def day_month(found: Found) -> Meaning | None:
    """26 March 1996; the 25th of August; 14th December Friday; 5-Jan-99; but not the sum in $12 December 27."""
    day = _day(found)
    if day is None or (found.has("y") and year_in(found) is None):
        return None
    if found.first == found.match.start("d") and found.after_currency():
        return None
    if found.has("e"):
        return None
    number = int(found.form("y3")) if found.has("y3") else year_in(found)
    era = found.has("e3") and found.entry("e3", "era") == "BC"
    return Calendar(
        year=number,
        month=_month(found),
        day=day,
        weekday=_weekday(found, "w", "w2"),
        century_open=two_digits(found),
        before_christ=era,
    )


@RULES.add("{d:<day>} '-' <m:month> '-' {y:<short>}", "It was signed on 5-Jan-99.")
def dashed_date(found: Found) -> Meaning | None:
    """5-Jan-99."""
    return (
        Calendar(year=full_year(int(found.form("y"))), month=_month(found), day=int(found.form("d")))
        if found.tight(found.match.start("y"))
        else None
    )


@RULES.add("(the)? {what:<month>|<season>} (of|',')? {y:<int>} <e:era>", "The army crossed in April 480 BC.")
def month_of_era(found: Found) -> Meaning | None:
    """April 480 BC, the summer of 481 BC."""
    what, rows = found.form("what"), found.lexicon.rows
    bc = found.entry("e", "era") == "BC"
    if what in rows["month"]:
        return Calendar(year=int(found.form("y")), month=int(rows["month"][what]["value"]), before_christ=bc)
    return Calendar(year=int(found.form("y")), season=int(rows["season"][what]["value"]), before_christ=bc)


@RULES.add("{a:<int>} {link:'-'|to|and|until} {b:<int>} <e:era>", "The wars of 499-493 BC were long.")
def years_of_era(found: Found) -> Meaning | None:
    """499-493 BC: two years, of which the first borrows the era."""
    first, second, bc = int(found.form("a")), int(found.form("b")), found.entry("e", "era") == "BC"
    if (first <= second) == bc:
        return None
    parts = (
        (found.first, found.first + 1, Calendar(year=first, before_christ=bc)),
        (found.match.start("b"), found.last, Calendar(year=second, before_christ=bc)),
    )
    return Several(parts=parts, linked=found.form("link") != "and")


@RULES.add("(the)? <d:#decade> <e:era>", "It fell in the 470s BC.")
def decade_of_era(found: Found) -> Meaning | None:
    """The 470s BC."""
    digits = re.sub(r"\D", "", found.form("d"))
    return Calendar(year=int(digits), decade=True, before_christ=found.entry("e", "era") == "BC")


@RULES.add("(the month of|this)? <m:month> (','|of|in|'-'|'/')? {y:YEAR|<#shortyear>}", "It ended in March 1996.")
def month_year(found: Found) -> Meaning | None:
    """March 1996; the month of April 2014."""
    number = year_in(found)
    return None if number is None else Calendar(year=number, month=_month(found), century_open=two_digits(found))


@RULES.add("<y:year> ('-'|','|'/')? <m:month> (('-'|'/')? {d:DAY})?", "It ended in 1996 March.")
def year_month(found: Found) -> Meaning | None:
    """1996 March; 1996 March 5; 2019/Aug/05; a life from 1818 to March 5 is none."""
    marks = [n for n in range(found.first, found.last) if found.words.forms[n] in ("-", "/")]
    if any(not found.tight(n) or not found.tight(n + 1) for n in marks):
        return None
    return Calendar(year=year_in(found), month=_month(found), day=_day(found) if found.has("d") else None)


@RULES.add("<y:year> <s:season>", "The 1982 summer offensive failed.")
def year_season(found: Found) -> Meaning | None:
    """1982 summer; but the Summer Games of a year."""
    follower = found.words.forms[found.last] if found.last < len(found.words.forms) else ""
    if follower in events():
        return None
    return Calendar(year=year_in(found), season=int(found.entry("s", "season")))


@RULES.add("(the month of)? <m:month>", "It ended in March.")
def month(found: Found) -> Meaning | None:
    """A month alone."""
    return Calendar(month=_month(found), bare=True)


@RULES.add("(a|an)? <w:weekday1>", "He left on Monday.")
def weekday(found: Found) -> Meaning | None:
    """A weekday alone, a Monday."""
    return Calendar(weekday=_weekday(found, "w"), bare=True)


@RULES.add("(<w:weekday1> ','?)? <f:#fulldate>", "It was signed on 16.03.2022.")
def full_date(found: Found) -> Meaning | None:
    """16.03.2022; 03/04/2022; 4/13/22; 2022/3/16: the other reading is kept when both are dates."""
    first, second, third = (int(part) for part in re.split(r"[/.-]", found.form("f")))
    raw = re.split(r"[/.-]", found.form("f"))
    if len(raw[0]) == 4:
        return _checked(first, second, third)
    if len(raw[0]) == 3 or ("." in found.form("f") and len(raw[2]) == 2 and len(raw[0]) == 1 and len(raw[1]) == 1):
        return None
    number = third if len(raw[2]) == 4 else full_year(third)
    day_first, month_first = _checked(number, second, first), _checked(number, first, second)
    if number != third:
        day_first, month_first = (known and replace(known, century_open=True) for known in (day_first, month_first))
    if day_first and month_first and day_first != month_first and "." not in found.form("f"):
        return replace(day_first, other=month_first)
    known = day_first or month_first
    return known and replace(known, numeric=day_first is not None if not (day_first and month_first) else None)


def _checked(number: int, month: int, day: int) -> Calendar | None:
    return (
        Calendar(year=number, month=month, day=day)
        if 1 <= month <= 12 and 1 <= day <= 31 and 1 <= number <= 9999
        else None
    )


@RULES.add("(<w:weekday1> (','|'(')?)? {a:<day>} ('/'|'-'|'.') {b:<day>}", "The call is on 7/26.")
def short_date(found: Found) -> Meaning | None:
    """7/26, 22/04: a month and a day, only with a slash or after a weekday (otherwise a fraction, a score, a range)."""
    a, b = found.match.start("a"), found.match.start("b")
    mark = found.words.forms[a + 1]
    if not (found.tight(a + 1) and found.tight(b)) or (mark != "/" and not found.has("w")):
        return None
    first, second = int(found.form("a")), int(found.form("b"))
    month_first = Calendar(month=first, day=second, weekday=None) if first <= 12 else None
    day_first = Calendar(month=second, day=first) if second <= 12 else None
    if month_first is None or day_first is None:
        known = month_first or day_first
        return known and replace(known, bare=not found.has("w"))
    return replace(day_first, other=month_first if month_first != day_first else None, bare=not found.has("w"))


_BEFORE_NUMBERS = group("time_contexts", "before_numbers")
"""Words after which two numbers with a mark between them are a month and its year, not a score or the number of a decree."""


@RULES.add("{d:<day>} '.' {m:<monthnumber>} '.' {y:<year>}", "It was signed on 16. 3. 2022 in Brno.")
def spaced_date(found: Found) -> Meaning | None:
    """16. 3. 2022, as much of Europe writes it."""
    if not (found.tight(found.first + 1) and found.tight(found.first + 3)):
        return None
    return _checked(int(found.form("y")), int(found.form("m")), int(found.form("d")))


@RULES.add("{m:<monthnumber>} ('/'|'-') {y:<year>}", "It was sold in 12/2015.")
def month_number_year(found: Found) -> Meaning | None:
    """12/2015, 03-2022: a month and its year, only where a preposition asks for a time."""
    if not (found.tight(found.first + 1) and found.tight(found.first + 2)) or found.before() not in _BEFORE_NUMBERS:
        return None
    return Calendar(year=year_in(found), month=int(found.form("m")))


@RULES.add("<n:#long>", "It was signed on 20220316.")
def compact_date(found: Found) -> Meaning | None:
    """20220316 (ISO 8601, basic format), only where a preposition asks for a time."""
    digits = found.form("n")
    if len(digits) != 8 or found.before() not in _BEFORE_NUMBERS or not 1900 <= int(digits[:4]) <= 2099:
        return None
    return _checked(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


@RULES.add("<f:#iso>", "It was signed on 2022-03-16.")
def iso_date(found: Found) -> Meaning | None:
    """2022-03-16, 2022-03-16T21:30Z."""
    text = found.form("f")
    day = _checked(int(text[:4]), int(text[5:7]), int(text[8:10]))
    if day is None or len(text) == 10:
        return day
    hour, minute = int(text[11:13]), int(text[14:16])
    zone = re.search(r"z$|[+-]\d\d:?\d\d$", text)
    return (
        replace(
            day, clock=Clock(hour=hour, minute=minute, zone=zone.group().upper() if zone else None, meridiem_known=True)
        )
        if hour < 24 and is_time(hour, minute)
        else day
    )


@RULES.add("{y:<year>|<cardinal> '-'? (<tens> ('-'? <cardinal>)?|<cardinal>)}", "He left in 1996.")
def year_alone(found: Found) -> Meaning | None:
    """1996; nineteen ninety-six. Whether the digits are a year is for the words around them to say."""
    number = year_in(found)
    return None if number is None else Calendar(year=number, bare=found.form("y").isdigit())


@RULES.add(
    "{y:two thousand (and)? (<cardinal>|<tens> ('-'? <cardinal>)?) | twenty '-'? (<tens> ('-'? <cardinal>)?)}",
    "They met in two thousand and twenty.",
)
def spoken_year(found: Found) -> Meaning | None:
    """In two thousand and twenty; twenty twenty-one: years as they are spoken, where nothing follows that they could count."""
    number = year_in(found)
    if number is None or found.before() not in ("in", "since", "until", "by", "of", "year"):
        return None
    if found.followed_by_word() and found.words.forms[found.last] not in AFTER_DATE:
        return None
    return Calendar(year=number)


@RULES.add("(the)? year (of)? {y:YEAR|<year3>}", "He left in the year 2000.")
def the_year(found: Found) -> Meaning | None:
    """The year 2000; in "the academic year 2021-2022" the years stand for themselves."""
    number = year_in(found)
    if found.words.forms[found.last : found.last + 1] in (["-"], ["/"]) and found.tight(found.last):
        return None
    return None if number is None else Calendar(year=number)


@RULES.add("<y:#shortyear>", "It happened back in '68.")
def short_year(found: Found) -> Meaning | None:
    """'68: the latest such year that is not after the anchor."""
    return Calendar(year=int(found.form("y")[1:]), century_open=True, bare=True)


@RULES.add("<y:year> ('-'|'/') {s:<short>|<year>|<monthnumber>}", "The 2021/22 season went well.")
def years(found: Found) -> Meaning | None:
    """2021/22, 1915-17, 1998-1999: two years."""
    first, last = year_in(found), found.form("s")
    tight = found.tight(found.match.start("s")) and found.tight(found.match.start("s") - 1)
    if first is None or not (tight or (len(last) == 2 and "–" in found.raw())):
        return None
    if len(last) == 1:
        return Calendar(year=first, month=int(last)) if found.before() in _BEFORE_NUMBERS else None
    second = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    if len(last) == 2 and second <= first and int(last) <= 12:
        return Calendar(year=first, month=int(last)) if first % 100 + 1 != int(last) else None
    if second <= first or (len(last) == 2 and second - first > 40):
        return None
    at = found.first
    return Several(
        parts=((at, at + 1, Calendar(year=first, bare=True)), (at + 2, at + 3, Calendar(year=second, bare=True))),
        linked=True,
    )


@RULES.add(
    "(<w:weekday1> ','?)? (the)? {a:DAY} {link:to|and|'-'|or|until|till|through|','|'/'} (the)? {d:DAY} (of)? <m:month> (','? {y:YEAR|<#shortyear>})?",
    "They met on 3 and 5 March 2020.",
)
def days_month(found: Found) -> Meaning | None:
    """3 and 5 March 2020: two days, of which the first borrows the month."""
    first, second = _day(found, "a"), _day(found)
    if first is None or second is None or first >= second or (found.has("y") and year_in(found) is None):
        return None
    whole = Calendar(year=year_in(found), month=_month(found), day=second, century_open=two_digits(found))
    cut, resume = found.match.end("a"), found.match.end("link")
    return Several(
        parts=((found.first, cut, replace(whole, day=first)), (resume, found.last, whole)),
        linked=found.form("link") not in ("and", "or", ","),
    )


@RULES.add(
    "<m:month> (the)? {a:DAY} {link:to|and|'-'|or|until|till|through|'/'} (the)? {d:DAY} (','? {y:YEAR|<#shortyear>})?",
    "They met on March 3-5, 2020.",
)
def month_days(found: Found) -> Meaning | None:
    """March 3-5, 2020: two days, of which the second borrows the month."""
    first, second = _day(found, "a"), _day(found)
    if first is None or second is None or first >= second or (found.has("y") and year_in(found) is None):
        return None
    whole = Calendar(year=year_in(found), month=_month(found), day=second, century_open=two_digits(found))
    cut, resume = found.match.end("a"), found.match.end("link")
    return Several(
        parts=((found.first, cut, replace(whole, day=first)), (resume, found.last, whole)),
        linked=found.form("link") not in ("and", "or"),
    )


def _listed(found: Found, name: str, whole: Calendar) -> list[tuple[int, int, Meaning]] | None:
    """The days of a list in rising order, each with the month of ``whole``; null when they do not rise."""
    start, end = found.match.span(name)
    parts: list[tuple[int, int, Meaning]] = []
    forms, last = found.words.forms, 0
    for n in range(start, end):
        if not forms[n][0].isdigit():
            continue
        day = int(re.sub(r"\D", "", forms[n]))
        if not last < day <= 31:
            return None
        parts.append((n, n + 1, replace(whole, day=day)))
        last = day
    return parts


_NEXT_DAY = "(',' (and|or)? | and | or | '-' | to | through) (<day>|<#ordinal>)"


@RULES.add(
    f"<m:month> {{l:(<day>|<#ordinal>) {_NEXT_DAY} {_NEXT_DAY} ({_NEXT_DAY})*}} (','? <y:year>)?",
    "They met on March 3, 5 and 8.",
)
def month_day_list(found: Found) -> Meaning | None:
    """March 3, 5 and 8; May 2-3, 9-10: days of which all but the first borrow the month."""
    whole = Calendar(year=year_in(found), month=_month(found))
    parts = _listed(found, "l", whole)
    if parts is None:
        return None
    if not found.has("y") and found.followed_by_word() and found.words.forms[found.last] not in AFTER_DATE:
        return None
    parts[0] = (found.first, *parts[0][1:])
    parts[-1] = (parts[-1][0], found.last, parts[-1][2])
    return Several(parts=tuple(parts))


@RULES.add(
    f"{{l:(<day>|<#ordinal>) {_NEXT_DAY} {_NEXT_DAY} ({_NEXT_DAY})*}} (of)? <m:month> (','? <y:year>)?",
    "They met on 3, 5 and 8 March.",
)
def day_list_month(found: Found) -> Meaning | None:
    """3, 5 and 8 March 2022: days of which all but the last borrow the month."""
    parts = _listed(found, "l", Calendar(year=year_in(found), month=_month(found)))
    before = found.before()
    name = before and found.words.text[found.words.starts[found.first - 1]].isupper() and before not in _BEFORE_NUMBERS
    if parts is None or found.after_currency() or name:
        return None  # the first number may belong to a name ("Apollo 5, and 22 to 24 March")
    parts[-1] = (parts[-1][0], found.last, parts[-1][2])
    return Several(parts=tuple(parts))


@RULES.add("<w:weekday1> {d:<day>}", "They will meet on Monday 21.")
def weekday_number(found: Found) -> Meaning | None:
    """Monday 21, where no word follows that the number could count."""
    return None if found.followed_by_word() else Calendar(day=int(found.form("d")), weekday=_weekday(found, "w"))


@RULES.add("<w:weekday1> (the)? (<d:#ordinal>|{d2:<tens> '-'? <ordinal>|<ordinal>})", "They will meet on Monday 13th.")
def weekday_day(found: Found) -> Meaning | None:
    """Monday 13th: a day of the nearest month in which it falls on that weekday."""
    day = _day(found, "d" if found.has("d") else "d2")
    follower = found.words.forms[found.last] if found.followed_by_word() else "and"
    counted = "the" not in found.forms() or follower not in (
        "and",
        "or",
        "to",
        "at",
        "of",
        "for",
        "in",
        "until",
        "with",
    )
    if day is None or (found.has("d2") and counted):
        return None
    return Calendar(day=day, weekday=_weekday(found, "w"))


@RULES.add("{the:the}? <d:#ordinal>", "They will meet on the 18th.")
def day_alone(found: Found) -> Meaning | None:
    """The 18th; on 18th, where nothing follows that it could number: a day of a month that the context names."""
    day = _day(found)
    if not found.has("the") and (found.before() != "on" or found.followed_by_word()):
        return None
    return None if day is None else Calendar(day=day, bare=True)
