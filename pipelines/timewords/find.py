"""Step one: find the temporal expressions of a text and say what each means by its own words.

Single expressions are found by the rulebooks; neighbours that make one time are joined ("9:30 p.m." + "Tuesday"); words
that only modify are taken in ("early", "more than", "the end of"). Spans follow TimeML: determiners inside, prepositions outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from pipelines.lexicon.entries import entries, group
from pipelines.timewords.grammar import Finder, Rule, literals
from pipelines.timewords.join import firm, is_clock, is_hour, is_weekday, one_time
from pipelines.timewords.meaning import (
    Anaphor,
    Calendar,
    Length,
    Meaning,
    Nth,
    Reference,
    Relative,
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


_BEFORE_OVER = group("time_contexts", "before_over")
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
            if meaning := one_time(left.meaning, gap, expression.meaning, follower):
                last = left.last if meaning is left.meaning else expression.last
                rule = left.rule if meaning is left.meaning else f"{left.rule}+{expression.rule}"
                result[-1] = Expression(left.first, last, meaning, expression.linked, rule)
                continue
        result.append(expression)
    return result


def without_article(expression: Expression, words: Words, *, modifies: bool) -> Expression:
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


@dataclass(frozen=True, slots=True)
class _Modified:
    """An expression and the modifier before it: its word, its TIMEX3 ``mod``, and the index of its first word."""

    expression: Expression
    words: Words
    word: str
    mod: str
    at: int

    @property
    def meaning(self) -> Meaning:
        return self.expression.meaning


def _widened(expression: Expression, words: Words, lexicon: Lexicon, taken: int) -> Expression:
    """The expression with the modifier before it, when the two belong together; ``taken``: where the expression before ends."""
    at = _modifier_at(expression, words, taken)
    row = lexicon.known(words.forms[at], "modifier") if at is not None else None
    if at is None or row is None:
        return expression
    found = _Modified(expression, words, words.forms[at], row["value"], at)
    if row["kind"] == "part":
        fits = _has_part(found)
        is_early = found.word in ("early", "late", "mid")
        if is_early and at > taken and words.forms[at - 1] == "the":  # "the early 1990s"
            at -= 1
    elif row["kind"] == "edge":
        fits = _has_edge(found)
    elif isinstance(expression.meaning, Relative) and expression.meaning.counted:
        return replace(
            expression, first=at, meaning=modified(expression.meaning, _flipped(found.mod, expression.meaning))
        )
    else:
        fits = _has_amount(found)
    return replace(expression, first=at, meaning=modified(firm(expression.meaning), found.mod)) if fits else expression


def _modifier_at(expression: Expression, words: Words, taken: int) -> int | None:
    """The index of the word that may modify the expression: the one before, or before a hyphen ("mid-March")."""
    first = expression.first
    if first <= taken:
        return None
    if words.forms[first - 1] != "-" or first - 1 == taken:
        return first - 1
    is_joined = words.ends[first - 2] == words.starts[first - 1]
    return first - 2 if is_joined and words.forms[first - 2] in ("mid", "early", "late") else None


def _has_part(found: _Modified) -> bool:
    """Whether a time has an early, a middle or a late part: "late March", "earlier that year", and not "early 9:30 on Tuesday"."""
    meaning = found.meaning
    if found.word in ("earlier", "later"):
        if isinstance(meaning, Relative):
            return not meaning.counted
        return isinstance(meaning, Anaphor) or is_weekday(meaning)
    if not isinstance(meaning, Calendar | Relative | Anaphor):
        return False
    return is_clock(meaning) or meaning.clock is None or meaning.clock.hour is None


def _has_edge(found: _Modified) -> bool:
    """Whether a time has a beginning and an end: "the end of March"."""
    meaning = found.meaning
    if not isinstance(meaning, Calendar | Relative | Anaphor | Nth):
        return False
    return meaning.clock is None or isinstance(meaning, Calendar)


def _has_amount(found: _Modified) -> bool:
    """Whether the words may be more, less or about: "more than three days", "about 9:30", and not "about Monday"."""
    meaning, expression, forms = found.meaning, found.expression, found.words.forms
    if not isinstance(meaning, Length):
        is_time = is_hour(meaning) if found.word in ("about", "some") else isinstance(meaning, Calendar)
        return found.mod == "APPROX" and is_time and not is_weekday(meaning)
    if expression.last - expression.first == 1 and not forms[expression.first].endswith("s"):
        return False  # "more than overnight"
    if found.word not in ("over", "under", "some"):
        return True
    earlier = forms[found.at - 1] if found.at else ""
    return meaning.side is None and "X" not in meaning.value and earlier in _BEFORE_OVER


def _flipped(mod: str, meaning: Relative) -> str:
    """What "more than" says of a step: "more than two days ago" is before that day, "more than two days later" after it."""
    is_back = (meaning.count or 0) < 0
    flipped = (
        {"MORE_THAN": "BEFORE", "LESS_THAN": "AFTER"} if is_back else {"MORE_THAN": "AFTER", "LESS_THAN": "BEFORE"}
    )
    return flipped.get(mod, mod)
