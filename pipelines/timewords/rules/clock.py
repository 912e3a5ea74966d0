"""Times of day: 9:30 p.m., 14:05 GMT, half past seven, noon, the morning."""

import re
from dataclasses import replace

from pipelines.timewords.grammar import Found, Rulebook
from pipelines.timewords.meaning import Anaphor, Calendar, Clock, Meaning, Relative, Several, is_time
from pipelines.timewords.numbers import number

RULES = Rulebook()


def _zone(found: Found, name: str = "z") -> str | None:
    return (found.entry(name, "zone") or None) if found.has(name) else None


def _clock(hour: int, minute: int, second: int | None, found: Found) -> Clock | None:
    half = found.form("a").replace(".", "").replace(" ", "") if found.has("a") else ""
    if half and hour > 12:
        half = ""
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    if not is_time(hour, minute, second or 0):
        return None
    return Clock(hour=hour, minute=minute, second=second, zone=_zone(found), meridiem_known=bool(half) or hour > 12)


@RULES.add("{c:<#clock>} (hours|hrs)? <a:#ampm>? <z:zone>?", "The blast was at 14:05 GMT.")
def clock(found: Found) -> Meaning | None:
    """9:30 p.m., 14:05 GMT, 430pm."""
    text = re.sub(r"[.h]", ":", found.form("c"))
    parts = [int(float(part)) for part in text.split(":")] if ":" in text else [int(text[:-2]), int(text[-2:])]
    made = _clock(parts[0], parts[1], parts[2] if len(parts) > 2 else None, found)
    return Calendar(clock=made, bare=True) if made else None


@RULES.add("{h:<hour>|<cardinal>} <a:#ampm> <z:zone>?", "The blast was at 9 p.m.")
def hour(found: Found) -> Meaning | None:
    """9 p.m."""
    value = number(found.forms("h"), found.lexicon)
    made = _clock(int(value), 0, None, found) if value else None
    return Calendar(clock=made, bare=True) if made and 1 <= (value or 0) <= 12 else None


@RULES.add("{h:<hour>|<cardinal>} (oclock) <a:#ampm>? <z:zone>?", "The blast was at nine o'clock.")
def o_clock(found: Found) -> Meaning | None:
    """Nine o'clock."""
    value = number(found.forms("h"), found.lexicon)
    made = _clock(int(value), 0, None, found) if value is not None else None
    return Calendar(clock=made, bare=True) if made else None


@RULES.add(
    "{m:half|(a)? quarter|NUM (minutes|mins|min)?} {w:past|to|after|before} {h:<hour>|<cardinal>} (oclock)? <a:#ampm>? (in the <p:dayhalf>)?",
    "It began at half past seven.",
)
def past_hour(found: Found) -> Meaning | None:
    """Half past seven, quarter to five."""
    forms = found.forms("m")
    minutes = (
        30
        if forms[0] == "half"
        else 15
        if "quarter" in forms
        else number([f for f in forms if not f.startswith("min")], found.lexicon)
    )
    value = number(found.forms("h"), found.lexicon)
    plain = "quarter" not in forms and forms[0] != "half"
    if forms[0] == "half" and found.form("w") != "past":
        return None
    if len(forms) == 1 and forms[0].isdigit() and found.form("w") == "to":
        return None  # "9 to 11 a.m." are two hours
    if (
        value is None
        or minutes is None
        or not 1 <= value <= 12
        or (plain and not (found.has("a") or "clock" in found.form() or forms[-1].startswith("min") or _at(found)))
    ):
        return None
    sign = -1 if found.form("w") in ("to", "before") else 1
    total = int(value) * 60 + sign * int(minutes)
    made = _clock(total // 60, total % 60, None, found)
    if made and found.has("p"):
        made = with_part(made, found.entry("p", "daypart"))
    return Calendar(clock=made, bare=True) if made else None


def _at(found: Found) -> bool:
    """Whether a preposition asks for a time ("at ten past nine"); "at 5 to 10" may be an amount."""
    return found.before() == "at" and found.form("w") == "past"


@RULES.add(
    "{a:<hour>|<#clock>} {link:to|'-'|and|until|till} {b:<hour>|<#clock>} <m:#ampm> <z:zone>?",
    "It is open from 9 to 11 a.m.",
)
def hours(found: Found) -> Meaning | None:
    """From 9 to 11 a.m.; 9-5 p.m.: two times of which the first borrows the half of the day, the other half if it is later."""
    ends = []
    for name in "ab":
        parts = [int(part) for part in re.split(r"[:.h]", found.form(name))]
        if not 1 <= parts[0] <= 12 or len(parts) > 2 or parts[-1] > 59 or (len(parts) == 1 and parts[0] > 12):
            return None
        ends.append((parts[0], parts[1] if len(parts) == 2 else 0))
    if found.form("link") == "and" and found.before() != "between":
        return None
    late = found.form("m").startswith("p")
    first, second = ((hour % 12 + 12 * late, minute) for hour, minute in ends)
    if first > second:
        first = ((first[0] + 12) % 24, first[1])
    times = [
        Calendar(clock=Clock(hour=hour, minute=minute, zone=_zone(found), meridiem_known=True), bare=True)
        for hour, minute in (first, second)
    ]
    return Several(
        parts=((found.first, found.match.end("a"), times[0]), (found.match.start("b"), found.last, times[1])),
        linked=True,
    )


@RULES.add("<m:military> <z:zone>", "It began at 1430 GMT.")
def military(found: Found) -> Meaning | None:
    """0735 GMT."""
    digits = found.form("m")
    if len(digits) != 4 or not is_time(int(digits[:2]), int(digits[2:])):
        return None
    return Calendar(
        clock=Clock(hour=int(digits[:2]), minute=int(digits[2:]), zone=_zone(found), meridiem_known=True),
        bare=True,
    )


@RULES.add("<m:military>", "Back home at 2250.")
def four_digits(found: Found) -> Meaning | None:
    """At 2250: an hour and its minutes, as only informal posts write them; numbers that may be years of our time are none."""
    digits = found.form("m")
    if found.before() not in ("at", "abt", "till", "until", "by", "about", "around") or 1900 <= int(digits) <= 2035:
        return None
    return Calendar(clock=Clock(hour=int(digits[:2]), minute=int(digits[2:]), meridiem_known=True), bare=True)


@RULES.add("({twelve:<hour>} )?<p:hourname> <z:zone>?", "It began at noon.")
def noon(found: Found) -> Meaning | None:
    """Noon, midnight, 12 noon."""
    if found.has("twelve") and found.form("twelve") != "12":
        return None
    hour_, minute = found.entry("p", "daypart").split(":")
    return Calendar(clock=Clock(hour=int(hour_), minute=int(minute), zone=_zone(found), meridiem_known=True), bare=True)


@RULES.add(
    "({d:this|that|the|last|a|an|one|same|the same|the following|the next|the previous|the whole|the entire|all} )? <p:dayhalf>",
    "It began this morning.",
)
def part_of_day(found: Found) -> Meaning | None:
    """Parts of a day: this morning, that evening, the night, the following morning, night."""
    made = Clock(part=found.entry("p", "daypart"))
    match found.form("d"):
        case "this":
            return Relative(grain="day", count=0, clock=made)
        case "last":
            return Relative(grain="day", count=-1, clock=made)
        case "that" | "the same" | "same":
            return Anaphor(grain="day", clock=made)
        case "the following" | "the next":
            return Anaphor(grain="day", count=1, clock=made)
        case "the previous":
            return Anaphor(grain="day", count=-1, clock=made)
    return Calendar(clock=made, bare=True)


@RULES.add("<c:#clock> in the <p:dayhalf>", "It began at 4:30 in the morning.")
def clock_in_part(found: Found) -> Meaning | None:
    """4:30 in the morning."""
    parts = re.split(r"[:.h]", found.form("c"))
    if len(parts) != 2 or not 1 <= int(parts[0]) <= 12 or int(parts[1]) > 59:
        return None
    made = with_part(Clock(hour=int(parts[0]), minute=int(parts[1])), found.entry("p", "daypart"))
    return Calendar(clock=made, bare=True)


@RULES.add("{h:<hour>|<cardinal>} (oclock)? in the <p:dayhalf>", "It began at 4 in the morning.")
def hour_in_part(found: Found) -> Meaning | None:
    """4 in the morning."""
    value = number(found.forms("h"), found.lexicon)
    if value is None or not 1 <= value <= 12:
        return None
    return Calendar(clock=with_part(Clock(hour=int(value), minute=0), found.entry("p", "daypart")), bare=True)


@RULES.add("{h:<hour>|<cardinal>} ({t:tonight} | this <p:dayhalf>)", "They meet at 6 tonight.")
def hour_today(found: Found) -> Meaning | None:
    """At 6 tonight, at 9 this morning."""
    value = number(found.forms("h"), found.lexicon)
    if value is None or not 1 <= value <= 12 or found.before() not in ("at", "from", "until", "by", "before", "after"):
        return None
    part = "NI" if found.has("t") else found.entry("p", "daypart")
    return Relative(grain="day", count=0, clock=with_part(Clock(hour=int(value), minute=0), part))


def with_part(made: Clock, part: str) -> Clock:
    """The clock time moved to the half of the day that a part of the day says."""
    if made.hour is None or made.meridiem_known or made.hour > 12:
        return made
    later = part in ("AF", "EV") or (part == "NI" and made.hour >= 5)
    return replace(made, hour=made.hour % 12 + (12 if later else 0), meridiem_known=True)
