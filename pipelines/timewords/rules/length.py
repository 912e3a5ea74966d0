"""Durations ("two years", "the past three months", "a two-year ban") and repetitions ("every Tuesday", "twice a month")."""

from collections.abc import Sequence

from pipelines.timewords.grammar import Found, Rulebook
from pipelines.timewords.meaning import Calendar, Length, Meaning, Reference, Repeat, Several
from pipelines.timewords.numbers import number
from pipelines.timewords.words import Lexicon

RULES = Rulebook()
_LETTERS = {
    "second": "TS",
    "minute": "TM",
    "hour": "TH",
    "day": "D",
    "night": "D",
    "week": "W",
    "weekend": "WE",
    "month": "M",
    "quarter": "Q",
    "year": "Y",
    "decade": "DE",
    "century": "CE",
    "millennium": "ML",
}
_SIZES = (
    "second",
    "minute",
    "hour",
    "night",
    "day",
    "weekend",
    "week",
    "fortnight",
    "month",
    "quarter",
    "year",
    "decade",
    "century",
    "millennium",
)
_MOST = {"second": 60, "minute": 60, "hour": 24, "day": 32, "week": 53, "month": 12}
"""From how many of a unit on "three years, two months" are two lengths of a list and not one."""

_IN_YEARS = {"decade": 10, "century": 100, "millennium": 1000}
_FINER = {
    "year": ("month", 12),
    "day": ("hour", 24),
    "hour": ("minute", 60),
    "minute": ("second", 60),
    "week": ("day", 7),
}


def amount(forms: Sequence[str], lexicon: Lexicon) -> float | None:
    """The number a count says, 2 for "a couple of", null for "several", "a few"."""
    if "couple" in forms:
        return 2.0
    if "dozen" in forms and "of" not in forms:
        if {"few", "several", "many", "some"} & set(forms):
            return None
        return 6.0 if "half" in forms else 12.0 * (number(forms[:1], lexicon) or 1.0 if forms[0] != "dozen" else 1.0)
    if any(
        form in ("few", "several", "many", "some", "numerous", "multiple", "countless", "handful", "number", "of")
        for form in forms
    ):
        return None
    return number(forms, lexicon)


def duration(count: float | None, grain: str) -> str:
    """The ISO 8601 duration; ``X`` for an unknown number; halves go into the next smaller unit."""
    if grain == "fortnight":
        grain, count = "week", None if count is None else count * 2
    if grain == "quarter" and count is not None:
        grain, count = "month", count * 3
    if grain in _IN_YEARS and count is not None:
        grain, count = "year", count * _IN_YEARS[grain]
    letter = _LETTERS[grain]
    time, letter = ("T", letter[1]) if letter[0] == "T" and len(letter) == 2 else ("", letter)
    if count is None:
        return f"P{time}X{letter}"
    if count == int(count):
        return f"P{time}{int(count)}{letter}"
    if grain in _FINER:
        finer, size = _FINER[grain]
        rest = (count - int(count)) * size
        if abs(rest - round(rest)) < 1e-9:
            small = duration(round(rest), finer)
            head = f"P{time}{int(count)}{letter}" if int(count) else ("P" + time if time else "P")
            tail = small[1:]
            return head + (tail[1:] if time and tail.startswith("T") else tail) if int(count) else small
    return f"P{time}{count:g}{letter}"


@RULES.add(
    "(the)? {n:COUNT} (more|additional|full|long|whole|consecutive|straight|successive|business|working|calendar|further|extra|other|short)? {u:<unit>} (and {n2:NUM} {u2:<unit>} | ',' {n3:NUM} {u3:<unit>} | {n4:NUM} {u4:<unit>} | {h:and a half})? ({so:or so|or more|or two|or less})?",
    "It took two years.",
)
def length(found: Found) -> Meaning | None:
    """Two years; an hour and a half; one hour and 30 minutes; a year or two; several more weeks."""
    forms, grain = found.forms("n"), found.entry("u", "unit")
    singular = found.lexicon.rows["unit"][found.form("u")]["number"] != "plural"
    if any(is_other(found, forms, grain, singular) for is_other in _NO_LENGTHS):
        return None
    count = amount(forms, found.lexicon)
    if found.has("h") and count is not None:
        count += 0.5
    value = duration(count, grain)
    for n, u in (("n2", "u2"), ("n3", "u3"), ("n4", "u4")):
        if found.has(n):
            longer = _with_more(found, n, u, value, count)
            if longer is None:
                return None
            value, count = longer, None
    modifier = "APPROX" if found.has("so") or "couple" in forms else None
    whole = int(count) if count is not None and count == int(count) else None
    meaning = Length(value=value, grain=grain, count=whole, modifier=modifier)
    if found.forms()[0] == "the" and singular and count not in (None, 1, 0.5):
        return Several(parts=((found.first + 1, found.last, meaning),))
    return meaning


def _is_apart(found: Found, _: list[str], __: str, ___: bool) -> bool:
    """As in "5 h" in a table: the letter is an hour only where it touches its number."""
    return found.form("u") == "h" and not found.tight(found.match.start("u"))


def _goes_on(found: Found, _: list[str], __: str, ___: bool) -> bool:
    """As in "two year-long courses", "three years-ago": other rules read these."""
    return found.words.forms[found.last : found.last + 2] in (
        ["-", "long"],
        ["-", "earlier"],
        ["-", "ago"],
        ["-", "to"],
    )


def _is_year_and_unit(_: Found, forms: list[str], __: str, singular: bool) -> bool:
    """As in "the 2019 season": a year before a unit in the singular."""
    return len(forms) == 1 and forms[0].isdigit() and 1900 <= int(forms[0]) <= 2100 and singular


def _disagrees(_: Found, forms: list[str], __: str, singular: bool) -> bool:
    """As in "some day", "a days": word and unit do not agree in number."""
    return forms == ["some"] if singular else forms in (["a"], ["an"], ["another"])


def _is_one_weekend(_: Found, forms: list[str], grain: str, __: bool) -> bool:
    """As in "a weekend", which is a kind of day and no length."""
    return grain == "weekend" and forms in (["a"], ["an"])


def _is_other_word(found: Found, forms: list[str], grain: str, _: bool) -> bool:
    """As in "a second", "the quarter", which mean other things as often."""
    return (
        grain in ("second", "quarter")
        and forms[0] in ("a", "an", "the", "another")
        and found.first == found.match.start("n")
    )


_NO_LENGTHS = (_is_apart, _goes_on, _is_year_and_unit, _disagrees, _is_one_weekend, _is_other_word)
"""What looks like a number and its unit and is no length of time."""


def _with_more(found: Found, n: str, u: str, value: str, count: float | None) -> str | None:
    """A length with a smaller one behind it, "one hour and 30 minutes"; null where the second is none of it."""
    grain, smaller = found.entry("u", "unit"), found.entry(u, "unit")
    if found.forms("n") in (["a"], ["an"]) and n == "n3":
        return None  # "three days a week, eight hours a day"
    if _SIZES.index(smaller) >= _SIZES.index(grain) or count != int(count or 0):
        return None
    if n == "n3" and (amount(found.forms(n), found.lexicon) or 0) >= _MOST.get(smaller, 0):
        return None
    more = duration(amount(found.forms(n), found.lexicon), smaller)
    if "X" in value or "X" in more:
        return None
    return value + (more[2:] if "T" in value and more.startswith("PT") else more[1:])


RULES.add(
    "(the)? {n:COUNT} (more|additional|full|long|whole|business|working|calendar|further)? {u:<unit>}",
    "It took two years.",
)(length)


@RULES.add(
    "(the)? <s:step> {n:NUM FRACTION?|few|several|couple|couple of|couple (of)?|many} (consecutive|full|business|working|calendar|fiscal|short)? {u:<units>} ({so:or so})?",
    "Over the past three years rents doubled.",
)
def past_length(found: Found) -> Meaning | None:
    """The past three years, the next few days: ends or begins at publication, or at the last time named."""
    word = found.form("s")
    if word in ("this", "that", "latest", "current") and word not in ("latest",):
        return None
    grain, count = found.entry("u", "unit"), amount(found.forms("n"), found.lexicon)
    side = int(found.entry("s", "step"))
    where = found.entry("s", "step", "anchor")
    whole = int(count) if count is not None and count == int(count) else None
    modifier = "APPROX" if found.has("so") else None
    return Length(
        value=duration(count, grain), grain=grain, count=whole, side=side or None, anchor=where, modifier=modifier
    )


@RULES.add("(the)? <s:step> {u:<unit1>} and a half", "Rents doubled over the past year and a half.")
def past_half(found: Found) -> Meaning | None:
    """The previous year and a half."""
    grain, side = found.entry("u", "unit"), int(found.entry("s", "step"))
    if not side or found.form("s") == "latest":
        return None
    return Length(value=duration(1.5, grain), grain=grain, side=side, anchor=found.entry("s", "step", "anchor"))


@RULES.add(
    "(the)? {n:NUM|few|several} <s:step> {u:<units>}",
    "Over the three past years rents doubled.",
)
def length_past(found: Found) -> Meaning | None:
    """The four previous weeks, the 2 next days."""
    word = found.form("s")
    if word in ("this", "that", "latest", "current", "same"):
        return None
    grain, count = found.entry("u", "unit"), amount(found.forms("n"), found.lexicon)
    whole = int(count) if count is not None and count == int(count) else None
    side, where = int(found.entry("s", "step")), found.entry("s", "step", "anchor")
    return Length(value=duration(count, grain), grain=grain, count=whole, side=side or None, anchor=where)


@RULES.add(
    "the {u:<units>} ({w:ahead}|(before|after|since|leading|that|following|preceding))",
    "In the weeks before the attack he hid.",
)
def the_units(found: Found) -> Meaning | None:
    """The weeks before an event, the years that followed, the weeks ahead: a length that nobody counted."""
    grain = found.entry("u", "unit")
    if grain in ("second", "minute", "quarter", "night"):
        return None
    meaning = Length(value=duration(None, grain), grain=grain, side=1 if found.has("w") else None)
    return meaning if found.has("w") else Several(parts=((found.first, found.last - 1, meaning),))


@RULES.add(
    "(the)? (first|final|opening|closing|initial|early) {n:NUM|few|several} {u:<units>}",
    "In the first nine months it lost money.",
)
def first_length(found: Found) -> Meaning | None:
    """The first nine months."""
    grain, count = found.entry("u", "unit"), amount(found.forms("n"), found.lexicon)
    whole = int(count) if count is not None and count == int(count) else None
    return Length(value=duration(count, grain), grain=grain, count=whole)


@RULES.add("(the)? {a:NUM} {link:to|or|'-'} {b:NUM} {u:<units>}", "It took two to six days.")
def two_lengths(found: Found) -> Meaning | None:
    """Two to six days: two lengths, of which the first borrows the unit."""
    grain = found.entry("u", "unit")
    parts = []
    for name, first, last in (("a", found.first, found.match.end("a")), ("b", found.match.start("b"), found.last)):
        count = amount(found.forms(name), found.lexicon)
        if count is None:
            return None
        parts.append((first, last, Length(value=duration(count, grain), grain=grain, count=int(count))))
    return Several(parts=tuple(parts))


@RULES.add("{n:NUM|several|multi|half} '-' {u:<unit>} ('-' {old:old|long})?", "A two-year ban followed.")
def adjective(found: Found) -> Meaning | None:
    """A two-year ban, an eight-month-old truce, a decades-long war; a 28-year-old is a person's age, no time."""
    grain = found.entry("u", "unit")
    if found.form("n") == "half" and grain in ("quarter", "second"):
        return None
    if found.form("old") == "old" and grain == "year":
        return None
    if found.form("u") in ("h", "quarter", "quarters", "second"):
        return None
    count = None if found.form("n") in ("several", "multi") else amount(found.forms("n"), found.lexicon)
    return Length(
        value=duration(count, grain), grain=grain, count=int(count) if count and count == int(count) else None
    )


@RULES.add("{n:NUM} '-'? and '-'? a '-'? half '-' <u:unit>", "A three-and-a-half-year ban followed.")
def adjective_half(found: Found) -> Meaning | None:
    """A three-and-a-half-year ban."""
    grain, count = found.entry("u", "unit"), amount(found.forms("n"), found.lexicon)
    return None if count is None else Length(value=duration(count + 0.5, grain), grain=grain)


@RULES.add("<u:unit> '-' long | {v:<units>} '-' old", "A decades-long war ended.")
def unit_long(found: Found) -> Meaning | None:
    """Decades-long, month-long."""
    form = found.forms()[0]
    row = found.lexicon.rows["unit"][form]
    return Length(value=duration(1 if row["number"] != "plural" else None, row["value"]), grain=row["value"])


@RULES.add("{n:NUM} {u:<unit>} old", "He was 28 years old.")
def age(found: Found) -> Meaning | None:
    """28 years old: an age, no time; the match keeps the words from being read as a duration."""
    return Reference(value="") if found.entry("u", "unit") == "year" else None


@RULES.add(
    "(a)? (quarter|third) of (a|an) {u:<unit1>} | (a)? quarter '-' {v:century|hour}",
    "It lasted a quarter of a century.",
)
def fraction(found: Found) -> Meaning | None:
    """A quarter of a century."""
    part = 0.25 if "quarter" in found.forms() else 1 / 3
    grain = found.lexicon.rows["unit"][found.form("u") or found.form("v")]["value"]
    years = {"century": 100, "millennium": 1000, "decade": 10}
    if grain in years:
        return Length(value=duration(round(part * years[grain]), "year"), grain="year")
    smaller = {"hour": ("minute", 60), "year": ("month", 12)}
    return (
        Length(value=duration(round(part * smaller[grain][1]), smaller[grain][0]), grain=grain)
        if grain in smaller
        else None
    )


@RULES.add(
    "(all|whole) {u:day|week|month|year|night} (long)? | (the|a) (whole|entire) {v:day|week|month|year|decade|century|hour}",
    "It lasted all day.",
)
def whole(found: Found) -> Meaning | None:
    """All day, the whole week."""
    grain = found.form("u") or found.form("v")
    return Length(value=duration(1, grain), grain=grain, count=1)


@RULES.add("the (fiscal|financial)? year to", "In the year to March it lost money.")
def year_to(found: Found) -> Meaning | None:
    """The year to March: its length; the time up to which it is counted stands behind it."""
    rest = found.words.forms[found.last : found.last + 2]
    if not any(found.lexicon.known(form, "month") for form in rest) and rest[:1] != ["the end of"]:
        return None
    return Several(parts=((found.first, found.last - 1, Length(value="P1Y", grain="year", count=1)),))


@RULES.add("the (fiscal)? year (ended|ending)", "In the year ended March 31 it lost money.")
def year_ended(found: Found) -> Meaning | None:
    """The year ended ...: its length; the day on which it ended stands behind it."""
    return Several(parts=((found.first, found.last - 1, Length(value="P1Y", grain="year", count=1)),))


@RULES.add("{u:day|week|month|year|weekend}", "Had a fun day by the sea.")
def unit_alone(found: Found) -> Meaning | None:
    """A day, a week, a weekend that nobody counts or points at: only informal posts mean a time by it."""
    grain = found.form("u")
    return Calendar(weekend=True, bare=True) if grain == "weekend" else Length(value=duration(1, grain), grain=grain)


@RULES.add("{n:ORD} {u:day|week|month|year} | {v:day|week|year} {m:<int>}", "Day 3 of our walk by the sea.")
def numbered_unit(found: Found) -> Meaning | None:
    """Day 3, first year: one of a row of days that only informal posts count as a time."""
    if found.words.forms[found.last : found.last + 1] == ["-"]:
        return None
    grain = found.form("u") or found.form("v")
    return Length(value=duration(1, grain), grain=grain)


@RULES.add(
    "(a|an|the|the same|its|their|this|that) {n:NUM} '-' {u:<unit>} (period|span|stretch)",
    "Over a three-year period rents doubled.",
)
def period_of(found: Found) -> Meaning | None:
    """A three-year period."""
    grain, count = found.entry("u", "unit"), amount(found.forms("n"), found.lexicon)
    return Length(
        value=duration(count, grain), grain=grain, count=int(count) if count and count == int(count) else None
    )


@RULES.add("<u:units>", "It took weeks.")
def units(found: Found) -> Meaning | None:
    """Weeks, years: a length that nobody counted."""
    grain = found.entry("u", "unit")
    if found.form("u") in ("quarters", "seconds", "h", "nights", "hrs", "mins", "weekends"):
        return None
    return Length(value=duration(None, grain), grain=grain)


@RULES.add(
    "{w:some time|quite some time|a while|a long time|a short time|a short period|a long period|a short while|a period of time} ({ago:ago|back})?",
    "He was away for some time.",
)
def while_(found: Found) -> Meaning | None:
    """Some time, a while; a while ago."""
    if found.has("ago"):
        return Reference(value="PAST_REF")
    return Length(value="PXX", grain="day")


@RULES.add("<f:frequency>", "The report is annual.")
def frequency(found: Found) -> Meaning | None:
    """Daily, annual."""
    return Repeat(value=found.entry("f", "frequency"))


@RULES.add("(almost)? {q:every|each} (single)? ({n:NUM|other|few|ORD})? {u:<unit>}", "He runs every two days.")
def every_unit(found: Found) -> Meaning | None:
    """Every day, each week, every two years, every other day."""
    grain = found.entry("u", "unit")
    if found.form("n") == "few":
        count: float | None = None
    elif found.form("n") == "other":
        count = 2
    else:
        count = amount(found.forms("n"), found.lexicon) if found.has("n") else 1
    return Repeat(value=duration(count, grain), quantifier=found.form("q").upper())


@RULES.add("{q:every|each|all} {what:<weekday>|<month>|<season>|<holiday>}", "The board meets every Tuesday.")
def every_name(found: Found) -> Meaning | None:
    """Every Tuesday, each July, every summer."""
    value = _recurring(found.form("what"), found)
    return Repeat(value=value, quantifier=found.form("q").upper()) if value else None


@RULES.add(
    "{q:every|each} <v:weekday> (',' <w:weekday>)? ','? {link:and|or|','} <x:weekday>",
    "The board meets every Tuesday and Thursday.",
)
def every_names(found: Found) -> Meaning | None:
    """Every Tuesday and Thursday; every Monday, Wednesday and Friday."""
    parts = []
    for n, name in enumerate(name for name in "vwx" if found.has(name)):
        value = _recurring(found.form(name), found)
        if value is None:
            return None
        start, end = found.match.span(name)
        parts.append((start if n else found.first, end, Repeat(value=value, quantifier=found.form("q").upper())))
    return Several(parts=tuple(parts))


@RULES.add("the {d:<#ordinal>|<ordinal>} (day)? of {q:each|every} month", "He pays on the 24th of each month.")
def day_of_each_month(found: Found) -> Meaning | None:
    """The 24th of each month."""
    day = number(found.forms("d"), found.lexicon) if not found.form("d")[0].isdigit() else int(found.form("d")[:-2])
    if day is None or not 1 <= day <= 31:
        return None
    return Repeat(value=f"XXXX-XX-{int(day):02}", quantifier=found.form("q").upper())


@RULES.add("{q:every|each} {p:<dayhalf>}", "He runs every morning.")
def every_part(found: Found) -> Meaning | None:
    """Every morning."""
    return Repeat(value="XXXX-XX-XXT" + found.entry("p", "daypart"), quantifier=found.form("q").upper())


@RULES.add("({q:every|each})? <w:weekday> <p:dayhalf>", "They meet on Monday nights.")
def weekday_nights(found: Found) -> Meaning | None:
    """Monday nights: a repetition when one of the words is plural."""
    plural = found.entry("w", "weekday", "number") or found.form("p").endswith("s") or found.has("q")
    if not plural:
        return None
    return Repeat(
        value=f"XXXX-WXX-{found.entry('w', 'weekday')}T{found.entry('p', 'daypart')}",
        quantifier=found.form("q").upper() or None,
    )


@RULES.add("<w:weekdays>", "They meet on Tuesdays.")
def weekdays(found: Found) -> Meaning | None:
    """Tuesdays."""
    return Repeat(value=f"XXXX-WXX-{found.entry('w', 'weekday')}")


@RULES.add("weekends", "They rest on weekends.")
def weekends(_: Found) -> Meaning | None:
    """Weekends."""
    return Repeat(value="XXXX-WXX-WE")


def _recurring(what: str, found: Found) -> str | None:
    rows = found.lexicon.rows
    if what in rows["weekday"]:
        return f"XXXX-WXX-{rows['weekday'][what]['value']}"
    if what in rows["month"]:
        return f"XXXX-{int(rows['month'][what]['value']):02}"
    if what in rows["season"]:
        return "XXXX-" + {"3": "SP", "6": "SU", "9": "FA", "12": "WI"}[rows["season"][what]["value"]]
    value = rows["holiday"][what]["value"]
    return f"XXXX-{value}" if value[:2].isdigit() and len(value) == 5 else "P1Y"


@RULES.add(
    "{n:once|twice|thrice|NUM times|several times|many times} (a|an|per|each|every) {u:<unit1>}",
    "He visits twice a month.",
)
def times_a(found: Found) -> Meaning | None:
    """Twice a month."""
    forms = found.forms("n")
    fixed = {"once": 1, "twice": 2, "thrice": 3}.get(forms[0])
    count = fixed if fixed else amount(forms[:-1], found.lexicon)
    return Repeat(value=duration(1, found.entry("u", "unit")), frequency=f"{int(count)}X" if count else "XX")


@RULES.add("per {u:<unit1>}", "It costs 20 per month.")
def per_unit(found: Found) -> Meaning | None:
    """Per month."""
    if found.entry("u", "unit") in ("second", "minute", "hour"):
        return None
    return Repeat(value=duration(1, found.entry("u", "unit")))
