"""Step one: find the temporal expressions of a text and say what each means by its own words.

Single expressions are found by the rulebooks; neighbours that make one time are joined ("9:30 p.m." + "Tuesday"); words
that only modify are taken in ("early", "more than", "the end of"). Spans follow TimeML: determiners inside, prepositions outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TypeGuard

from pipelines.lexicon.entries import entries
from pipelines.timewords.grammar import Finder, Rule, literals
from pipelines.timewords.meaning import (
    Anaphor,
    Calendar,
    Clock,
    Length,
    Meaning,
    Nth,
    Reference,
    Relative,
    Repeat,
    Several,
    modified,
)
from pipelines.timewords.rules import calendar as calendar_rules
from pipelines.timewords.rules import clock as clock_rules
from pipelines.timewords.rules import length as length_rules
from pipelines.timewords.rules import part as part_rules
from pipelines.timewords.rules import relative as relative_rules
from pipelines.timewords.rules import year as year_rules
from pipelines.timewords.words import Lexicon, Words


@dataclass(frozen=True, slots=True)
class Expression:
    """Words ``[first, last)`` of a text that name a time; ``linked`` to the next one when the two are the ends of a range.

    ``rule`` names the rule that found it; the names of two, with ``+`` between, where it is made of two.
    """

    first: int
    last: int
    meaning: Meaning
    linked: bool = False
    rule: str = ""


_BEFORE_OVER = frozenset(
    [
        "for",
        "in",
        "after",
        "just",
        "last",
        "lasts",
        "lasted",
        "lasting",
        "took",
        "take",
        "takes",
        "taken",
        "of",
        "than",
        "within",
        "well",
        "was",
        "is",
        "and",
        "with",
        "to",
        "spent",
        "spanning",
        "spanned",
        "a",
        "s",
    ]
)
"""Words after which "over three years" means more than three years, and not during them."""


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, those of the lexicon's phrases among them."""
    books = (
        calendar_rules.RULES,
        year_rules.RULES,
        part_rules.RULES,
        clock_rules.RULES,
        length_rules.RULES,
        relative_rules.RULES,
    )
    return (*_phrase_rules(), *(rule for book in books for rule in book.rules))


def _phrase_rules() -> list[Rule]:
    made = []
    for row in entries("date_words"):
        words = row["form"].replace("-", " '-' ").split(" ")
        if len(words) > 1:
            meaning = relative_rules.word_meaning(row["value"])
            made.append(Rule(" ".join(words), lambda _, meaning=meaning: meaning, row["example"], "phrase"))  # type: ignore[misc]
    return made


@cache
def finder() -> Finder:
    """The compiled rules over the lexicon."""
    names = {word for rule in rules() for word in literals(rule.pattern)}
    return Finder(rules(), Lexicon(names))


def find(text: str) -> tuple[Words, list[Expression]]:
    """The text's words and its temporal expressions, in order, without overlap."""
    search = finder()
    words = search.lexicon.cut(text)
    found: list[Expression] = []
    for first, last, meaning, rule in search(words):
        if isinstance(meaning, Several):
            *heads, (f, t, m) = meaning.parts
            found += [Expression(a, b, part, meaning.linked, rule) for a, b, part in heads]
            found.append(Expression(f, t, m, rule=rule))
        else:
            found.append(Expression(first, last, meaning, rule=rule))
    for _ in range(3):
        joined = _joined(found, words)
        if len(joined) == len(found):
            break
        found = joined
    joined = _dated_events(joined, words)
    open_ended = [e for e in joined if not (isinstance(e.meaning, Nth) and e.meaning.of is None)]
    taken = 0
    result = []
    for expression in open_ended:
        widened = _widened(expression, words, search.lexicon, taken)
        taken = widened.last
        result.append(widened)
    return words, [e for e in result if not (isinstance(e.meaning, Reference) and e.meaning.value == "")]


def _dated_events(found: Sequence[Expression], words: Words) -> list[Expression]:
    """Joins a length to the date of its event, right behind it ("a day after the attack, on 21 November")."""
    result = list(found)
    for n, (one, two) in enumerate(pairwise(found)):
        gap = words.forms[one.last : two.first]
        if not (
            isinstance(one.meaning, Length) and one.meaning.count and one.meaning.side is None and 3 <= len(gap) <= 9
        ):
            continue
        day = isinstance(two.meaning, Calendar) and two.meaning.day is not None and two.meaning.month is not None
        if day and gap[0] in ("after", "before") and gap[-1] in ("on", "of") and not set(gap) & {".", ";", ":", "("}:
            sign = -1 if gap[0] == "before" else 1
            length = ("-" if sign < 0 else "+") + one.meaning.value
            meaning = Relative(
                grain=one.meaning.grain,
                count=sign * one.meaning.count,
                anchor="event",
                length=length,
                base=two.meaning,
                counted=True,
            )
            result[n] = Expression(one.first, one.last + 1, meaning, rule=f"{one.rule}+{two.rule}")
    return result


def _joined(found: Sequence[Expression], words: Words) -> list[Expression]:
    result: list[Expression] = []
    for expression in found:
        if result and 0 <= expression.first - result[-1].last <= 2:
            left = result[-1]
            gap = " ".join(words.forms[left.last : expression.first])
            follower = words.forms[expression.last] if expression.last < len(words.forms) else ""
            if meaning := joined(left.meaning, gap, expression.meaning, follower):
                last = left.last if meaning is left.meaning else expression.last
                rule = left.rule if meaning is left.meaning else f"{left.rule}+{expression.rule}"
                result[-1] = Expression(left.first, last, meaning, expression.linked, rule)
                continue
        result.append(expression)
    return result


def joined(left: Meaning, gap: str, right: Meaning, follower: str = "") -> Meaning | None:
    """What two neighbours with these words between them mean together; null when they are two times."""
    if (
        isinstance(left, Calendar)
        and left.holiday
        and isinstance(right, Calendar)
        and right.bare
        and right.weekday
        and gap == ""
    ):
        return left
    if isinstance(left, Nth) and left.of is None and left.grain in ("half", "rest"):
        return _half(left, gap, right)
    if isinstance(left, Nth) and left.of is None:
        return (
            replace(left, of=right)
            if gap in ("", "the") and isinstance(right, Calendar | Relative | Anaphor | Nth)
            else None
        )
    if _is_hour(left) and _is_hour(right) and gap == "" and left.clock and left.clock.value == "12:00":
        return right  # 12:00 midnight
    if (
        _is_clock(left)
        and _is_day(right)
        and gap in ("", "on", ",", "of", ", on", "on the")
        and not (_is_part(left) and gap == ",")
    ):
        return _firm(replace(right, clock=_merged(left.clock, right.clock)))
    if (
        _is_day(left)
        and _is_clock(right)
        and gap in ("", "at", ",", "@", "in", ", at", "at about", "around", "-", "from", "at around", "on", "during")
    ):
        if right.clock is not None and right.clock.part and gap in (",", "-", ", at"):
            return None
        return _firm(replace(left, clock=_merged(left.clock, right.clock)))
    if (
        isinstance(left, Calendar)
        and left.clock is not None
        and left.clock.hour is not None
        and left.weekday
        and gap == ""
        and _is_part(right)
        and _is_clock(right)
    ):
        return replace(left, clock=_merged(left.clock, right.clock))
    if (
        isinstance(left, Repeat)
        and _is_clock(right)
        and gap in ("", "at")
        and right.clock
        and left.value.startswith("XXXX")
    ):
        return replace(left, value=left.value.partition("T")[0] + "T" + right.clock.value)
    if isinstance(left, Length) and gap in ("before", "after", "from", "prior to", "following"):
        vague = isinstance(right, Calendar) and right.bare and not (right.month or right.year or right.weekday)
        if (
            gap == "from"
            and isinstance(right, Calendar)
            and (not right.day or follower in ("to", "until", "till", "through", "-"))
        ):
            return None
        if (
            isinstance(right, Calendar | Relative | Anaphor)
            and not vague
            and left.count is not None
            and not _is_clock(right)
            and left.side is None
        ):
            sign = -1 if gap in ("before", "prior to") else 1
            text = ("-" if sign < 0 else "+") + left.value
            return Relative(
                grain=left.grain,
                count=sign * left.count,
                anchor="event",
                length=text,
                base=right,
                modifier=left.modifier,
                counted=True,
            )
        return None
    if (side := _BESIDE.get(gap)) and _is_unit(left) and _is_date(right):
        length = ("-" if side < 0 else "+") + length_rules.duration(1, left.grain)
        return Relative(grain=left.grain, count=side, anchor="event", length=length, base=right)
    if (
        isinstance(left, Nth)
        and left.grain == "week"
        and left.weekday is None
        and gap in ("on", ",")
        and _is_weekday(right)
        and right.clock is None
    ):
        return replace(right, within=left, bare=False)
    if _is_weekday_step(left) and gap in ("", ",", "-") and _is_month_day(right):
        return replace(right, weekday=left.weekday, bare=False)
    return _contained(left, gap, right)


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
        if _is_clock(meaning) or meaning.decade or meaning.century:
            return False
        return bool(meaning.day or meaning.weekday or meaning.holiday or meaning.year)
    return isinstance(meaning, Relative) and meaning.grain == "day" and meaning.anchor == "publication"


def _half(left: Nth, gap: str, right: Meaning) -> Meaning | None:
    """Half or the rest of a time: half of a year has a name of its own, other parts are early or late."""
    if gap not in ("", "the") or _is_clock(right) or right.modifier is not None:
        return None
    if left.grain == "half" and isinstance(right, Relative | Anaphor) and right.grain == "year":
        return Calendar(half=left.number, within=right)
    if isinstance(right, Relative | Anaphor):
        fits = right.grain not in ("night", "hour", "minute", "second") and (
            left.grain == "rest" or right.grain != "day"
        )
    else:
        fits = isinstance(right, Calendar) and not (right.day or right.weekday or right.holiday or right.weekend)
    return replace(left, of=_firm(right), modifier="START" if left.number == 1 else "END") if fits else None


def _contained(left: Meaning, gap: str, right: Meaning) -> Meaning | None:
    if (
        isinstance(left, Calendar)
        and left.year is None
        and left.step is None
        and left.within is None
        and not _is_clock(left)
    ):
        size = _grain(right)
        if (
            isinstance(right, Calendar)
            and right.year is not None
            and not (right.month or right.decade or right.century or right.quarter or right.season)
        ):
            size = "year"
        named = left.month or left.season or left.quarter or left.half or left.week
        if (
            named
            and size == "year"
            and (
                gap in ("of", ",")
                or (gap == "" and isinstance(right, Relative | Anaphor))
                or (gap == "in" and left.quarter)
            )
        ):
            if isinstance(right, Calendar):
                return replace(left, year=right.year, century_open=right.century_open) if gap == "of" else None
            return replace(left, within=right, bare=False)
        if (left.weekday or left.weekend) and size == "week" and gap in ("", "of", ",") and not left.day:
            return replace(left, within=right, bare=False)
        if left.day and left.month is None and size == "month" and gap in ("", "of", "in"):
            return replace(left, within=right, bare=False)
        if (
            left.weekday
            and not left.month
            and gap in ("", ",", ", the", "the")
            and isinstance(right, Calendar)
            and right.day
            and right.weekday is None
            and right.step is None
        ):
            return replace(right, weekday=left.weekday, bare=False)
    if isinstance(right, Calendar) and right.year is None and right.step is None and right.within is None:
        if isinstance(left, Relative) and left.counted and left.grain == "year" and gap == "" and right.quarter:
            return replace(right, within=left)
        if (
            isinstance(left, Relative | Anaphor)
            and _grain(left) == "year"
            and gap == "'s"
            and (right.quarter or right.season or right.month or right.half)
        ):
            return replace(right, within=left, bare=False)
        if (
            isinstance(left, Calendar)
            and left.bare
            and left.year
            and not left.month
            and gap in ("", "'s")
            and right.quarter
        ):
            return replace(right, year=left.year)
        if (
            isinstance(left, Relative | Anaphor)
            and _grain(left) == "week"
            and gap in ("", "on", ",")
            and right.weekday
            and not right.day
        ):
            return replace(right, within=left, bare=False)
    return None


def _firm(meaning: Meaning) -> Meaning:
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


def _is_clock(meaning: Meaning) -> bool:
    return (
        isinstance(meaning, Calendar)
        and meaning.clock is not None
        and replace(meaning, clock=None, bare=False, modifier=None) == Calendar()
    )


def _is_hour(meaning: Meaning) -> bool:
    return _is_clock(meaning) and meaning.clock is not None and meaning.clock.hour is not None


def _is_weekday(meaning: Meaning) -> TypeGuard[Calendar]:
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


def _grain(meaning: Meaning) -> str | None:
    if isinstance(meaning, Relative | Anaphor):
        return meaning.grain
    if isinstance(meaning, Calendar) and meaning.month and not meaning.day and meaning.step is not None:
        return "month"
    return None


def trimmed(expression: Expression, words: Words, *, modifies: bool) -> Expression:
    """Without "the" where a date or season modifies the noun behind it, to which the article belongs ("the 24 February attack")."""
    meaning = expression.meaning
    named = (
        isinstance(meaning, Calendar)
        and (meaning.day or meaning.month or meaning.season or meaning.weekday)
        and (meaning.modifier is None or meaning.month)
        and (meaning.clock is None or meaning.weekday)
    )
    if (
        modifies
        and named
        and words.forms[expression.first] in ("the", "a", "an")
        and expression.last - expression.first > 1
    ):
        return replace(expression, first=expression.first + 1)
    return expression


def _widened(expression: Expression, words: Words, lexicon: Lexicon, taken: int) -> Expression:
    """The expression with the modifier before it, when the two belong together."""
    first, meaning, forms = expression.first, expression.meaning, words.forms
    before = forms[first - 1] if first > taken else ""
    dash = before in ("-",) and first - 1 > taken
    if dash:
        before = forms[first - 2]
    row = lexicon.known(before, "modifier") if before else None
    if row is None or (dash and before not in ("mid", "early", "late")):
        return expression
    if dash and words.ends[first - 2] != words.starts[first - 1]:
        return expression
    at, kind = first - (2 if dash else 1), row["kind"]
    if kind == "part":
        fits = isinstance(meaning, Calendar | Relative | Anaphor) and not (
            meaning.clock and meaning.clock.hour is not None and not _is_clock(meaning)
        )
        if before in ("earlier", "later"):
            fits = isinstance(meaning, Anaphor) or (
                not meaning.counted if isinstance(meaning, Relative) else _is_weekday(meaning)
            )
        if isinstance(meaning, Reference):
            fits = False
        if not fits:
            return expression
        if at > taken and forms[at - 1] == "the" and before in ("early", "late", "mid"):
            at -= 1
    elif kind == "edge":
        if not isinstance(meaning, Calendar | Relative | Anaphor | Nth) or (
            meaning.clock is not None and not isinstance(meaning, Calendar)
        ):
            return expression
    elif isinstance(meaning, Length) and expression.last - expression.first == 1 and not forms[first].endswith("s"):
        return expression
    elif isinstance(meaning, Length) or (isinstance(meaning, Relative) and meaning.counted):
        if isinstance(meaning, Relative):
            flip = (
                {"MORE_THAN": "BEFORE", "LESS_THAN": "AFTER"}
                if (meaning.count or 0) < 0
                else {"MORE_THAN": "AFTER", "LESS_THAN": "BEFORE"}
            )
            return replace(expression, first=at, meaning=modified(meaning, flip.get(row["value"], row["value"])))
    elif (
        row["value"] != "APPROX"
        or not (_is_hour(meaning) if before in ("about", "some") else isinstance(meaning, Calendar))
        or _is_weekday(meaning)
    ):
        return expression
    if kind == "amount" and before in ("over", "under", "some") and isinstance(meaning, Length):
        earlier = forms[at - 1] if at else ""
        if meaning.side is not None or "X" in meaning.value or earlier not in _BEFORE_OVER:
            return expression
    return replace(expression, first=at, meaning=modified(_firm(meaning), row["value"]))
