"""Which dates of a narrative move its story on, and which are asides ("papers declassified in 2005 show ...").

A story mostly moves forward. The cheapest reading of its full dates is sought (dynamic programming over the dates in
order of the text): to leave a date out as an aside costs a little, to jump back or far ahead costs more, the more the
further. A date that both neighbours in the story leave behind is an aside, and no later "in March" hangs on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.extract.anchoring.period import Period

_WINDOW = 12
"""How many dates back the last one of the story may stand."""

_BACK, _BACK_A_YEAR, _FARTHEST = 1.0, 0.25, 3.0
"""Price of a jump back: fixed, and by the year, up to so many years."""

_AHEAD_A_YEAR, _FREE_YEARS = 0.1, 1.0
"""Price of a jump ahead by the year, beyond the first."""

_ASIDE, _ASIDE_YEAR = 1.1, 0.8
"""Price of an aside: a date with its month, a bare year."""


@dataclass(frozen=True, slots=True)
class Told:
    """A full date where it stands: the index of its first word, and whether it opens a sentence."""

    word: int
    period: Period
    opens: bool = False


def asides(dates: Sequence[Told]) -> frozenset[int]:
    """The words at which dates stand that do not move the story on; ``dates`` in order of the text."""
    best: list[float] = []
    before: list[int] = []
    skipped = [0.0]
    for told in dates:
        skipped.append(skipped[-1] + _aside(told))
    for n, told in enumerate(dates):
        choices = [(skipped[n], -1)] if n < _WINDOW else []
        choices += [
            (best[m] + skipped[n] - skipped[m + 1] + _jump(dates[m].period, told.period), m)
            for m in range(max(0, n - _WINDOW), n)
        ]
        price, m = min(choices)
        best.append(price)
        before.append(m)
    if not dates:
        return frozenset()
    n_dates = len(dates)
    at = min(range(max(0, n_dates - _WINDOW), n_dates), key=lambda n: best[n] + skipped[n_dates] - skipped[n + 1])
    line = set()
    while at >= 0:
        line.add(at)
        at = before[at]
    return frozenset(told.word for n, told in enumerate(dates) if n not in line)


def _aside(told: Told) -> float:
    price = _ASIDE_YEAR if told.period.grain not in ("day", "month", "season") else _ASIDE
    return price + (0.5 if told.opens else 0.0)


def _jump(one: Period, two: Period) -> float:
    """What it costs to go from one date to the next."""
    back = (one.first - two.last).days / 365
    if back > 0.1:
        return _BACK + _BACK_A_YEAR * min(back, _FARTHEST)
    ahead = (two.first - one.last).days / 365 - _FREE_YEARS
    return min(_AHEAD_A_YEAR * max(ahead, 0.0), _BACK)
