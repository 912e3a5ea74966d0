"""What an expression says before any calendar is consulted: a part of a date, a step from another time, a length, a repetition.

The kinds follow TimeML's TIMEX3 (fully specified, underspecified, relative, durations and sets).
"""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day: ``hour`` 0 to 24, or a part of the day (``MO`` ``MI`` ``AF`` ``EV`` ``NI`` ``DT``), or both null ("that moment")."""

    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    part: str | None = None
    zone: str | None = None
    meridiem_known: bool = False

    @property
    def value(self) -> str:
        """What follows the ``T`` of a TIMEX3 value: ``21:30``, ``NI``, ``XX``."""
        if self.hour is None:
            return self.part or "XX"
        text = f"{self.hour:02}:{self.minute or 0:02}"
        if self.second is not None:
            text += f":{self.second:02}"
        return text + ("Z" if self.zone == "Z" else "")


def is_time(hour: int, minute: int, second: int = 0) -> bool:
    """Whether a day has this time: 00:00 to 23:59:59, its end 24:00, and a leap second, which ends an hour ("23:59:60")."""
    if hour == 24:
        return minute == second == 0
    return 0 <= hour < 24 and 0 <= minute < 60 and (0 <= second < 60 or (minute, second) == (59, 60))


@dataclass(frozen=True, slots=True)
class Meaning:
    """Common to all: the modifier (TIMEX3 ``mod``) and the time of day, where the expression has one."""

    modifier: str | None = field(default=None, kw_only=True)
    clock: Clock | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Calendar(Meaning):
    """A date with some parts named: the missing ones come from the anchor.

    ``step`` is what "last May", "this summer" or "the following Monday" say: -1, 0 or 1, from the publication date or,
    when ``from_context``, from the last date named. ``within`` is a containing time ("June of last year").
    ``other`` is the second reading of 03/04. ``century_open`` marks a year written with two digits.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    season: int | None = None
    quarter: int | None = None
    half: int | None = None
    week: int | None = None
    weekend: bool = False
    holiday: str | None = None
    before_christ: bool = False
    century_open: bool = False
    decade: bool = False
    century: bool = False
    fiscal: bool = False
    step: int | None = None
    from_context: bool = False
    within: Meaning | None = None
    other: "Calendar | None" = None
    bare: bool = False
    numeric: bool | None = None


@dataclass(frozen=True, slots=True)
class Relative(Meaning):
    """A step of ``count`` units of ``grain`` from publication ("three months ago"), from context ("two days later") or from an event.

    ``count`` is null when the text gives no number ("weeks later"); ``exact`` keeps the day ("a year from today").
    ``base`` is the time it starts from where the expression names it ("two days after 5 March").
    """

    grain: str = "day"
    count: int | None = 0
    anchor: str = "publication"
    exact: bool = False
    length: str | None = None
    base: Meaning | None = None
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Anaphor(Meaning):
    """The last time of its kind that the text named: "that year", "the same day", "the quarter"."""

    grain: str = "day"
    count: int = 0
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Nth(Meaning):
    """A numbered part of another time: "the last week of August" (-1), "the week of March 6" (0: the one that holds it)."""

    number: int = 1
    grain: str = "day"
    weekday: int | None = None
    of: Meaning | None = None


@dataclass(frozen=True, slots=True)
class Length(Meaning):
    """A duration. ``side`` is -1 when it ends at its anchor ("the past three years"), 1 when it begins there, else null."""

    value: str = "PXX"
    grain: str = "day"
    count: int | None = None
    side: int | None = None
    anchor: str = "publication"


@dataclass(frozen=True, slots=True)
class Repeat(Meaning):
    """A set of times: its TIMEX3 value, ``quant`` and ``freq``."""

    value: str = "P1D"
    quantifier: str | None = None
    frequency: str | None = None


@dataclass(frozen=True, slots=True)
class Reference(Meaning):
    """``PRESENT_REF``, ``PAST_REF`` or ``FUTURE_REF``."""

    value: str = "PRESENT_REF"


def modified(meaning: Meaning, modifier: str | None) -> Meaning:
    """The same meaning with the modifier, unless it has one already."""
    return meaning if modifier is None or meaning.modifier else replace(meaning, modifier=modifier)


@dataclass(frozen=True, slots=True)
class Several(Meaning):
    """Two times in one stretch of words ("3 and 5 March"): first word, word after the last and meaning of each.

    ``linked`` says that they begin and end one range.
    """

    parts: tuple[tuple[int, int, Meaning], ...] = ()
    linked: bool = False
