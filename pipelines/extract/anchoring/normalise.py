"""Step three: an anchored time in the three ways in which people read it: TIMEX3, EDTF and a calendar interval."""

import re
from datetime import date

from pipelines.extract.anchoring.anchor import Anchored
from pipelines.extract.anchoring.period import Period

_EDTF_SEASONS = {"SP": 21, "SU": 22, "FA": 23, "WI": 24, **{f"Q{n}": 32 + n for n in range(1, 5)}, "H1": 40, "H2": 41}


def interval(time: Anchored) -> tuple[date, date] | None:
    """First and last day, inclusive; null when the text fixes none (``ignorance`` is kept visible)."""
    if time.first is not None and time.last is not None:
        return time.first, time.last
    if time.period is None or time.period.bc or time.type not in ("DATE", "TIME"):
        return None
    return time.period.first, time.period.last


def edtf(time: Anchored) -> str | None:
    """The time as ISO 8601-2 (EDTF): ``~`` where the text says about, unspecified digits as ``X``; null for references and sets."""
    if time.type == "DURATION":
        return f"{time.first.isoformat()}~/{time.last.isoformat()}" if time.first and time.last else None
    if time.type == "SET" or time.value.endswith("_REF"):
        return None
    if time.period is None:
        return _unspecified(time.value)
    if time.first is not None and time.last is not None:
        return f"{time.first.isoformat()}/{time.last.isoformat()}"
    if time.part is not None:
        return f"{time.part[0].isoformat()}/{time.part[1].isoformat()}"
    if (
        time.type == "TIME"
        and time.clock is not None
        and time.clock.hour is not None
        and time.clock.hour < 24
        and time.period.grain == "day"
    ):
        clock = time.clock
        return f"{time.period.edtf}T{clock.hour:02}:{clock.minute or 0:02}:{clock.second or 0:02}{clock.zone or ''}"
    if time.period.bc:
        return time.period.edtf if time.period.grain == "year" else None
    if time.modifier in ("START", "MID", "END"):
        return _part(time.period, time.modifier)
    if time.modifier in ("APPROX", "BEFORE", "AFTER") and not set(time.period.edtf) & {"/", "X"}:
        return time.period.edtf + "~"
    return time.period.edtf


def _part(period: Period, modifier: str) -> str:
    """The third of a period that "early", "mid" or "late" names: what is not the period's own border is about."""
    part = period.part(modifier)
    if part is None:
        return period.edtf
    width = 4 if period.grain in ("decade", "century", "millennium") else 7 if period.grain == "year" else 10
    first, last = (day.isoformat()[:width] for day in part)
    return f"{first}{'' if modifier == 'START' else '~'}/{last}{'' if modifier == 'END' else '~'}"


def _unspecified(value: str) -> str | None:
    """A partial date of which something is known: ``XXXX-03-05``; null when nothing is, or EDTF cannot say it."""
    if re.fullmatch(r"XXXX-\d\d(?:-\d\d)?|XXXX-XX-\d\d", value):
        return value
    if season := re.fullmatch(r"XXXX-(SP|SU|FA|WI|Q[1-4]|H[12])", value):
        return f"XXXX-{_EDTF_SEASONS[season[1]]}"
    return None
