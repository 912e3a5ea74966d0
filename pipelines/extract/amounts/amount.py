"""Amounts: numbers joined with the currency, scale, unit and sign beside them, and joined with each other.

"$2 to $3 million", "6 ft 3 in", "one in five", "between 35 and 40", "from 610 to 475": what stands in the text as one
quantity becomes one amount. Works on characters alone; syntax comes later (``figures``).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from pipelines.extract.amounts.bounds import bound_before
from pipelines.extract.amounts.numerals import Numeral, candidates, number_at
from pipelines.extract.amounts.traps import Traps, looks_like_year
from pipelines.extract.amounts.units import Unit, currency_before, per_after, sub_units, unit_after
from pipelines.lexicon.entries import either, entries


@dataclass(slots=True)
class Amount:
    """A number with its unit at ``[start, end)``; ``number_start`` and ``number_end`` hold the number itself.

    ``value`` and ``upper`` (null unless a range) are exact, in the unit as written. ``unit`` is null until a noun is
    found. ``sign`` is the written sign, ``form`` as in ``Numeral``, ``trapped`` whether a trap covers the number.
    """

    start: int
    end: int
    number_start: int
    number_end: int
    value: Fraction
    upper: Fraction | None
    form: str
    scale: int
    plain: bool
    unit: str | None = None
    unit_text: str | None = None
    kind: str = "count"
    sign: str = ""
    modifier: str | None = None
    trapped: bool = False
    descending: bool = False
    shares_unit: bool = False


_ANY_SUFFIX = frozenset(
    ["k", "K", "bn", "Bn", "BN", "mn", "Mn", "mln", "bln", "bil", "mil", "mio", "MM", "tn", "trn", "tln", "mrd", "M"]
)
_SPACED_SUFFIX = frozenset(["k", "K", "bn", "Bn", "BN", "mn", "mln", "bln", "MM", "mil", "tn", "trn"])
_SUFFIX = re.compile(r"(?P<gap>[ \u00a0]{0,2})(?P<suffix>[A-Za-z]{1,3})(?![A-Za-z0-9])")
"""Matches ``5 bn``, not ``5 billion``."""
_PLURAL_NEXT = re.compile(
    r"-?\s+(?:of (?:the|its|their|his|her|our|these|those|all)\b|people\b|men\b|women\b|children\b|(?!is\b|was\b|has\b|as\b|this\b|its\b|his\b|hours\b)[a-z][a-z-]*[a-rt-z]s\b|(?:[a-z]+ ){1,2}(?:people|[a-z]{3,}[a-rt-z]s)\b)"
)
"""Matches `` red lamps``, not `` glass``."""
_PEOPLE_REACH = re.compile(
    rf"\b(?:{either('figure_words', 'reached')})\s(?:now |has |have |is |are )?"
    r"(?:above|over|below|under|near|nears?|nearing|tops?|topped|hits?|passe[sd]|pass|reach(?:es|ed)?|exceeds?|rises? to|at)\s$",
    re.IGNORECASE,
)
"""Matches ``visitors topped ``, not ``prices topped ``."""
_HYPHENATED_BEFORE = frozenset(
    {"sub", "minus", "plus", "then", "now", "near", "to", "and", "or", "over", "under", "post", "the", "a", "first"}
)
_DIGITS = re.compile(r"\d+(?:[.,'’]\d+)*")
_LETTERS_AFTER = re.compile(r"[^\W\d_]")
_NEGATIVE = re.compile(r"(?:\b(?:minus|negative)[\s-])$", re.IGNORECASE)
_RAISING = re.compile(r"(?:\d[eE][+−]|\^[+\-−]?|\d\*\*[+\-−]?)$")
"""What stands before an exponent: "1e+", "10^", "10**-"; no "+" that stands alone, and no emphasis of Markdown ("**")."""
_CENTS_LEFT = re.compile(r"(?:\s|\s+and\s+|,\s)$")


@cache
def _suffixes() -> dict[str, int]:
    return {row["form"]: int(row["value"]) for row in entries("numerals") if row["kind"] == "suffix"}


def amounts_in(text: str, traps: Traps) -> list[Amount]:
    """Every amount of the text in order, not yet told apart from years and names (see ``trapped``)."""
    return _joined(text, list(_amounts(text, traps)))


def _amounts(text: str, traps: Traps) -> Iterator[Amount]:
    done, end, line_end = 0, len(text), -1
    for m in candidates().finditer(text):
        start = m.start()
        if start < done:
            continue
        if m[0][0] == "." and start and not (text[start - 1].isspace() or text[start - 1] in "($£€-+~"):
            start += 1
        if line_end < start:
            line_end = text.find("\n\n", start)
            line_end = end if line_end < 0 else line_end
        number = number_at(text, start, min(line_end, start + 120))
        if number is None:
            if text[start].isdigit():  # the rest of a run of digits too long for a number is none either
                done = _DIGITS.match(text, start).end()  # type: ignore[union-attr]
            continue
        amount = _amount(text, number, line_end, done)
        if amount is None:
            done = number.end
            while done < end and (text[done].isalnum() or (text[done] in "-/" and text[done + 1 : done + 2].isalnum())):
                done += 1
            continue
        amount.trapped = traps.covers(amount.number_start, amount.number_end)
        done = amount.end
        yield amount


def _amount(text: str, number: Numeral, end: int, floor: int) -> Amount | None:
    start, prev = number.start, text[number.start - 1 : number.start]
    money = _money(text, number, floor)
    if money is None and _glued(text, start, prev):
        return None
    amount = Amount(
        start, number.end, start, number.end, number.value, number.upper, number.form, number.scale, number.plain
    )
    if money is not None:
        amount.start, amount.unit, amount.kind = money.start, money.code, "money"
        amount.unit_text = text[money.start : start].strip()
        amount.scale *= money.factor
        amount.value *= money.factor
    _read_sign(text, amount)
    if number.form == "digits":
        _read_suffix(text, amount, end)
    elif number.form == "fold":
        amount.unit, amount.unit_text, amount.kind = "times", "fold", "multiple"
        return amount
    if money is None:
        _read_unit(text, amount, number, end)
        if amount.unit is None and number.form == "digits" and _LETTERS_AFTER.match(text, amount.end):
            return None
    if amount.unit is not None and amount.unit != "year of age":
        _read_per(text, amount, end)
    return amount


def _money(text: str, number: Numeral, floor: int) -> Unit | None:
    """The sign or code of a currency in front of a number, and not before ``floor``; the PS of "PS 4" is none."""
    money = currency_before(text, number.start)
    if money is None or money.start < floor:
        return None
    is_plain = number.scale == 1 and not text[number.end : number.end + 1].isalpha()
    return None if is_plain and text[money.start : number.start].strip() == "PS" else money


def _read_unit(text: str, amount: Amount, number: Numeral, end: int) -> None:
    """Gives the amount the unit behind it, where there is one that may be meant."""
    unit = unit_after(text, amount.end, end, number.form == "digits") or _past_more(text, amount.end, end)
    if unit is None and number.form in ("fraction", "vague"):
        unit = _of_a_unit(text, amount.end, end, number.form)
    elif unit is None and number.scale > 1 and text[number.end - 1] == "s":  # "1,3 trillions of rubles"
        unit = _of_a_unit(text, amount.end, end, "vague")
    if unit is None and number.form == "fraction" and text[number.start : number.start + 2].lower() == "a ":
        _one_and(text, amount)
    if unit is not None and _plausible(text, amount, unit):
        _take_unit(text, amount, unit)


def _read_per(text: str, amount: Amount, end: int) -> None:
    """Adds what the amount is counted per: "5 euros a day"."""
    per = per_after(text, amount.end, end)
    if per is None:
        return
    is_money = amount.kind == "money" and amount.start < amount.number_start
    amount.unit, amount.end = f"{amount.unit} per {per.code}", per.end
    amount.unit_text = (
        (amount.unit_text or "") + text[per.start : per.end]
        if is_money
        else text[amount.number_end : per.end].strip(" -")
    )
    amount.kind = amount.kind if amount.kind == "money" else "rate"


_MORE = re.compile(
    r"(?:-odd|-plus|\+|\s(?:or so|or more|or fewer|or less|odd|plus))(?=\s)|\s(?:more|additional|further|extra|straight|consecutive|full|whole|long|solid|successive)(?=\s)",
    re.IGNORECASE,
)
"""Matches ``-odd lamps``, not ``oddly``."""
_AND_A_HALF = re.compile(r"\b(?P<count>an?|one)\s+(?P<unit>[a-z]+)\s+and\s+$", re.IGNORECASE)


def _past_more(text: str, at: int, end: int) -> Unit | None:
    """The unit behind "more": "20 more years", "three consecutive weeks"."""
    m = _MORE.match(text, at, end)
    unit = unit_after(text, m.end(), end, False) if m is not None else None
    return unit if unit is not None and unit.kind not in ("other", "multiple") else None


def _one_and(text: str, amount: Amount) -> None:
    """As in "An hour and a half": one and a half of the unit named before."""
    m = _AND_A_HALF.search(text, max(0, amount.start - 28), amount.start)
    unit = unit_after(text, m.end("count"), m.end("unit"), False) if m is not None else None
    if m is not None and unit is not None:
        amount.start, amount.value, amount.form = m.start(), amount.value + 1, "words"
        amount.unit, amount.unit_text, amount.kind = unit.code, text[unit.start : unit.end], unit.kind


_OF_A_UNIT = {"fraction": re.compile(r"\s+(?:of\s+)?an?(?=\s)", re.IGNORECASE), "vague": re.compile(r"\s+of(?=\s)")}


def _of_a_unit(text: str, at: int, end: int, form: str) -> Unit | None:
    """The unit of "half an hour", "a quarter of a century" and "tens of millions of dollars"."""
    m = _OF_A_UNIT[form].match(text, at, end)
    return unit_after(text, m.end(), end, False) if m else None


_WARMTH = re.compile(
    rf"\b(?:{either('figure_words', 'warmth')})",
    re.IGNORECASE,
)
_WEIGHT = re.compile(
    r"weigh|heav|\blost\b|\blos(?:e|ing)\b|gain|fat\b|body|baby|drop|muscle|lift|meat|lighter"
    rf"|of (?:[a-z]+ ){{0,2}}(?:{either('figure_words', 'goods')})",
    re.IGNORECASE,
)
"""Matches ``she weighs``, not ``it costs``."""
_PRICE = re.compile(
    rf"\b(?:{either('figure_words', 'price')})",
    re.IGNORECASE,
)


def _plausible(text: str, amount: Amount, unit: Unit) -> bool:
    """Whether a letter that may be a unit is one: "15C" in talk of weather, "9.58s" but not "1980s", "13F"."""
    written = text[unit.start : unit.end]
    around = text[max(0, amount.start - 80) : unit.end + 60]
    if written in ("C", "F"):
        return bool(amount.sign) or _WARMTH.search(around) is not None
    if unit.code == "stone":
        return _WEIGHT.search(around) is not None
    if written in ("s", "h", "g", "l", "L", "V", "W"):
        return abs(amount.value) < 1000
    return not (
        written[:1].isupper()
        and looks_like_year(text[amount.start : amount.end])
        and unit.kind in ("mass", "other", "distance")
        and len(written) > 3
    )


def _pounds(text: str, amount: Amount, unit: Unit) -> Unit:
    """Pounds are money by the million or in talk of prices, else weight."""
    before, after = text[max(0, amount.start - 80) : amount.start], text[unit.end : unit.end + 40]
    weighs = _WEIGHT.search(before) is not None or _WEIGHT.search(after) is not None
    if amount.scale >= 10**6 or (_PRICE.search(before + after) and not weighs) or (amount.value >= 2000 and not weighs):
        return Unit(unit.start, unit.end, "GBP", "money")
    return unit


def _glued(text: str, start: int, prev: str) -> bool:
    """Whether letters or signs before the number make it part of a name, an id or an exponent ("A320", "Covid-19", "1.2.3", "1e+400")."""
    if not prev or prev.isspace():
        return False
    if prev.isalnum() or prev == "_":
        return True
    if _RAISING.search(text, max(0, start - 4), start):
        return True
    before = text[start - 2 : start - 1]
    if prev in "-‐‑":
        if before.isalpha():
            m = re.search(r"(?P<digit>\d)?(?P<word>[^\W\d_]+)$", text[max(0, start - 16) : start - 1])
            if (
                m is not None
                and m["digit"]
                and (m["word"] in _suffixes() or unit_after(text, m.start("word") + max(0, start - 16), start))
            ):
                return False
            return m is None or m["word"].lower() not in _HYPHENATED_BEFORE
        return False
    if prev in "./:," and before.isalnum():
        return prev != ","
    return prev in "'’\\#_" or (prev == "/" and before != " ")


def _read_sign(text: str, amount: Amount) -> None:
    start = amount.start
    prev, before = text[start - 1 : start], text[start - 2 : start - 1] if start > 1 else ""
    if prev and prev in "-−–+" and (not before or before.isspace() or before in "(:/~"):
        amount.sign = "+" if prev == "+" else "-"
        amount.start = start - 1
    elif (m := _NEGATIVE.search(text[max(0, start - 10) : start])) is not None and not re.search(
        r"plus or $", text[max(0, start - 18) : start - len(m[0])]
    ):
        amount.sign = "-"
        amount.start = start - len(m[0])
    if amount.sign == "-":
        amount.value = -amount.value


def _read_suffix(text: str, amount: Amount, end: int) -> None:
    """Scales the amount by "k", "m", "bn" behind its digits, where the letter is no unit ("48m" long) or label ("5b")."""
    m = _SUFFIX.match(text, amount.end, end)
    factor = _suffixes().get(m["suffix"]) if m is not None else None
    if m is None or factor is None or (amount.scale > 1 and amount.kind != "money"):
        return
    suffix, is_money = m["suffix"], amount.kind == "money"
    if not m["gap"]:
        behind = unit_after(text, m.end(), end) if suffix in "mbBtTcr" else None
        scales = (
            suffix in _ANY_SUFFIX
            or is_money
            or (
                suffix in ("m", "b", "B")
                and (
                    (behind is not None and behind.kind != "duration")
                    or _PLURAL_NEXT.match(text, m.end(), end) is not None
                    or _PEOPLE_REACH.search(text, max(0, amount.start - 40), amount.start) is not None
                )
            )
        )
    else:
        scales = suffix in _SPACED_SUFFIX or (is_money and suffix in ("m", "M", "b", "B", "t", "mm"))
        scales = scales and not (suffix in ("k", "K") and len(m["gap"]) > 1 and not amount.plain)
    if scales:
        amount.value *= factor
        amount.upper = None if amount.upper is None else amount.upper * factor
        amount.scale, amount.end, amount.number_end, amount.plain = amount.scale * factor, m.end(), m.end(), False


def _take_unit(text: str, amount: Amount, unit: Unit) -> None:
    if unit.code == "lb" and text[unit.start : unit.end].lower() in ("pound", "pounds"):
        unit = _pounds(text, amount, unit)
    amount.unit, amount.unit_text, amount.kind, amount.end = unit.code, text[unit.start : unit.end], unit.kind, unit.end
    if unit.code == "degree" and _WARMTH.search(text, max(0, amount.start - 80), amount.start):
        amount.kind = "temperature"
    if unit.factor != 1:
        amount.value, amount.scale = amount.value * unit.factor, amount.scale * unit.factor
        amount.upper = None if amount.upper is None else amount.upper * unit.factor
    follow = (
        re.compile(r"\s(million|billion|trillion)\b").match(text, amount.end)
        if unit.kind == "money" and amount.scale == 1
        else None
    )
    if follow is not None:  # "75 USD million"
        factor = {"million": 10**6, "billion": 10**9, "trillion": 10**12}[follow[1]]
        amount.value, amount.scale, amount.end = amount.value * factor, factor, follow.end()


# --- joining ---------------------------------------------------------------------------------------------------------

_TO = re.compile(r"\s?(?:--|[-‐‑–—])\s?|\s+to[\s-]+|-to-|\s?/\s?")
_FROM_TO = re.compile(r"\s+(?:in (?:19|20)\d\d\s+|[a-z]+\s+)?to\s+")
_UP_TO = re.compile(r"\s+up\s+to\s+")
_BETWEEN = re.compile(
    r"\bbetween\s+(?:the ages? of )?(?:an estimated |about |around |roughly |approximately )?$", re.IGNORECASE
)
"""Matches ``between about ``, not ``among about ``."""
_FROM = re.compile(
    r"\b(?:from|ranged?|ranges|ranging)\s+(?:about |around |roughly |approximately |between )?$", re.IGNORECASE
)
"""Matches ``ranging from ``, not ``away ``."""
_BY = re.compile(
    r"\b(?:by|(?:increase|rise|gain|jump|growth|surge|hike|drop|fall|decline|decrease|cut|reduction|loss|slump|dip) of)\s+"
    r"(?:about |around |roughly |almost |nearly |more than |at least )?$",
    re.IGNORECASE,
)
"""Matches ``a rise of about ``, not ``a bowl of ``."""
_REVISED = re.compile(r"\brevised\b", re.IGNORECASE)
_FELL_BY = re.compile(r"\bby\s+(?:about |around |roughly |almost |nearly |more than |at least )?$", re.IGNORECASE)
"""Matches ``fell by nearly ``, not ``stood by me ``."""
_SHARE = re.compile(r"\s+(?P<link>in(?:\s+every)?|out\s+of(?:\s+every)?|of(?:\s+every)?)\s+", re.IGNORECASE)
"""Matches ``3 out of every 4``, not ``3 outside 4``."""
SHARE_OF = frozenset({3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 100, 200, 250, 500, 1000, 10000, 2})


_IN_YEAR = re.compile(r"\bin (?:19|20)\d\d$")


def _joined(text: str, amounts: list[Amount]) -> list[Amount]:
    done: list[Amount] = []
    for amount in amounts:
        before = done[-1] if done else None
        is_year = before is not None and _IN_YEAR.search(text[max(0, before.start - 4) : before.end]) is not None
        if (
            before is not None
            and not is_year
            and amount.start - before.end <= 24
            and not before.trapped
            and not amount.trapped
        ):
            gap = text[before.end : amount.start]
            for join in (_join_sub_unit, _join_share, _join_range, _join_bounds):
                one = join(text, before, amount, gap)
                if one is not None:
                    done[-1] = one
                    break
            else:
                done.append(amount)
            continue
        if is_year and len(done) > 1:
            earlier = done[-2]  # "from 20 mpg in 2008 to 29 mpg"
            one = (
                _join_range(text, earlier, amount, text[earlier.end : amount.start])
                if amount.start - earlier.end <= 16
                else None
            )
            if one is not None:
                done[-2:] = [one]
                continue
        done.append(amount)
    return done


def _merge(a: Amount, b: Amount, **changes: object) -> Amount:
    one = Amount(a.start, b.end, a.number_start, b.number_end, a.value, None, b.form, max(a.scale, b.scale), False)
    one.unit, one.unit_text, one.kind, one.sign = (
        b.unit or a.unit,
        b.unit_text or a.unit_text,
        b.kind if b.unit else a.kind,
        a.sign,
    )
    for name, value in changes.items():
        setattr(one, name, value)
    return one


def _join_sub_unit(text: str, a: Amount, b: Amount, gap: str) -> Amount | None:
    """As in "6 ft 3 in", "3 dollars 50 cents", "thirteen dollars forty-five", "17 USD 25"."""
    if a.upper is not None or b.upper is not None or a.unit is None or not _CENTS_LEFT.fullmatch(gap):
        return None
    part = sub_units().get((a.unit, b.unit or ""))
    if part is not None and b.value < 1 / part and a.number_end < a.end:
        return _merge(a, b, value=a.value + b.value * part, unit=a.unit, unit_text=a.unit_text, kind=a.kind)
    if a.unit == "ft" and b.unit is None and gap == " " and b.value < 12:
        inch = re.compile(r"\s?(?:in\b|inch(?:es)?\b|\"|″)").match(text, b.end)
        if inch is not None:
            return _merge(a, b, value=a.value + b.value / 12, unit="ft", kind="distance", end=inch.end())
    small = (
        (a.unit, "cent") in sub_units()
        and b.unit is None
        and b.scale == 1
        and a.scale == 1
        and 10 <= b.value < 100
        and gap == " "
    )
    if small and a.number_end < a.end and re.compile(r"\s*(?:[.,;:!?)]|$)").match(text, b.end):
        return _merge(a, b, value=a.value + b.value / 100, unit=a.unit, unit_text=a.unit_text, kind="money")
    return None


def _join_share(_: str, a: Amount, b: Amount, gap: str) -> Amount | None:
    """As in "one in five", "two out of every three", "1 of 3": a fraction."""
    m = _SHARE.fullmatch(gap)
    if m is None or a.unit is not None or b.unit is not None or a.value.denominator != 1 or b.value.denominator != 1:
        return None
    link = m["link"].lower().split()[0]
    if not 0 < a.value < b.value or b.value not in SHARE_OF or a.scale > 1:
        return None
    if link == "of" and not (m["link"].lower().endswith("every") or (a.plain and b.plain)):
        return None
    if link == "in" and not m["link"].lower().endswith("every") and a.plain and not b.plain:
        return None
    return _merge(a, b, value=a.value / b.value, form="fraction", unit=None, kind="fraction", scale=1)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two amounts that may be the ends of a range: the words between them, the words before, and what those say."""

    text: str
    a: Amount
    b: Amount
    gap: str
    lead: str
    is_between: bool
    came_from: bool

    @classmethod
    def of(cls, text: str, a: Amount, b: Amount, gap: str) -> "_Pair":
        lead = text[max(0, a.start - _LEAD_REACH) : a.start]
        is_between = _BETWEEN.search(lead) is not None and _AND.fullmatch(gap) is not None
        return cls(text, a, b, gap, lead, is_between, _FROM.search(lead) is not None)

    @property
    def is_to(self) -> bool:
        """Whether "to" stands between the two, and not a dash."""
        return "to" in self.gap

    @property
    def is_only_to(self) -> bool:
        """As in "5 to 7", with neither "between" nor "from" before, which would make a range of it."""
        return self.is_to and not self.is_between and not self.came_from

    @property
    def has_no_unit(self) -> bool:
        return self.a.unit is None and self.b.unit is None


_LEAD_REACH = 28
"""Characters before an amount in which "from", "between" and "by" are looked for."""
_AND = re.compile(r"\s+and\s+|\s?[-–]\s?|\s+to\s+")


def _join_range(text: str, a: Amount, b: Amount, gap: str) -> Amount | None:
    """A range with what its ends share: "$2 to $3 million", "from 5 to 7 per cent", "between 35 and 40", "5-10W"."""
    if not (_may_be_end(a) and _may_be_end(b)):
        return None
    pair = _Pair.of(text, a, b, gap)
    if not (pair.is_between or _reaches(pair)):
        return None
    if a.unit is not None and b.unit is not None and a.unit.split(" per ")[0] != b.unit.split(" per ")[0]:
        return _across_units(a, b) if _STATED.search(pair.lead) is not None else None
    if any(is_no_range(pair) for is_no_range in _NO_RANGES):
        return None
    low, high = _lowest(pair), b.value
    if low >= high and not pair.came_from:
        if _is_ratio(pair):
            a.trapped = b.trapped = True
        return None
    if not pair.is_to and not pair.is_between and not _hyphen_range(text, a, b, low, high):
        return None
    return _range(pair, low, high)


def _may_be_end(amount: Amount) -> bool:
    """Whether an amount is one number and no range itself, nor "dozens" or "twofold"."""
    return amount.upper is None and amount.form not in ("vague", "fold")


def _reaches(pair: _Pair) -> bool:
    """Whether the words between lead from one end to the other: "5 to 7", "5-7", "from 5 in 2008 to 7"."""
    a, b, gap = pair.a, pair.b, pair.gap
    if "/" in gap and not (a.kind == b.kind == "money" and a.number_start > a.start):
        return False  # "5/7"; "£5/£7" is a range
    if _TO.fullmatch(gap):
        return True
    has_unit = a.unit is not None
    return pair.came_from and bool(_UP_TO.fullmatch(gap) or (has_unit and _FROM_TO.fullmatch(gap)))


def _keeps_its_unit(pair: _Pair) -> bool:
    """As in "5% to 7": only "from", "between" and a price ("$100-300", "$2 to 3 million") lend the second end a unit."""
    a, b = pair.a, pair.b
    if a.unit is None or b.unit is not None or pair.came_from or pair.is_between:
        return False
    is_price = a.kind == "money" and (b.scale > 1 or (pair.gap in "-–" and a.scale == 1 and b.value > a.value))
    return not is_price


def _is_step_and_level(pair: _Pair) -> bool:
    """As in "rose by 3% to 7%": by how much, and to what."""
    has_units = pair.a.unit is not None and pair.b.unit is not None
    return has_units and pair.is_only_to and _BY.search(pair.lead) is not None


def _is_bare_step_and_level(pair: _Pair) -> bool:
    """As in "fell by 27,400 to 297,900", where the level is exact and far above the step, or "revised by 20 to 50"."""
    if not (pair.has_no_unit and pair.is_only_to and _FELL_BY.search(pair.lead)):
        return False
    a, b = pair.a, pair.b
    digits = pair.text[b.number_start : b.number_end].strip("0").replace(",", "").replace(".", "").rstrip("0")
    is_level = len(digits) >= 3 and b.value > 2.5 * a.value
    return is_level or _REVISED.search(pair.lead) is not None


def _is_minus(pair: _Pair) -> bool:
    """As in "5 - -3": the dash is no "to"."""
    return pair.b.sign == "-" and not pair.is_to


_NO_RANGES: tuple[Callable[[_Pair], bool], ...] = (
    _keeps_its_unit,
    _is_step_and_level,
    _is_bare_step_and_level,
    _is_minus,
)


def _lowest(pair: _Pair) -> Fraction:
    """The first end in the scale of the second where it has none of its own: "$2 to $3 million" begins at two million."""
    a, b = pair.a, pair.b
    may_share = b.scale > 1 and a.scale == 1 and (a.unit is None or a.kind == "money")
    return a.value * b.scale if may_share and a.value < b.value / b.scale else a.value


def _is_ratio(pair: _Pair) -> bool:
    """As in "split 4 to 1"."""
    return pair.has_no_unit and pair.is_to and pair.a.plain and pair.b.plain


def _range(pair: _Pair, low: Fraction, high: Fraction) -> Amount:
    """The two ends as one amount, with the unit that either has."""
    a, b = pair.a, pair.b
    one = _merge(a, b, value=min(low, high), upper=max(low, high), descending=low > high, form=_form_of_range(a, b))
    if a.unit is not None and b.unit is None:
        one.unit, one.unit_text, one.kind = a.unit, a.unit_text, a.kind
        if a.kind == "money" and (per := per_after(pair.text, b.end, len(pair.text))) is not None:  # "$100-300/month"
            one.unit, one.end = f"{a.unit} per {per.code}", per.end
    one.shares_unit = pair.has_no_unit and pair.is_to and pair.came_from and not pair.is_between
    return one


def _form_of_range(a: Amount, b: Amount) -> str:
    if "fraction" in (a.form, b.form):
        return "fraction"
    return "digits" if a.form == b.form == "digits" else "words"


_STATED = re.compile(r"\b(?:of|between|from|at)\s+(?:about |around |roughly |approximately )?$", re.IGNORECASE)
"""Matches ``estimate of about ``, not ``estimate about ``."""


def _across_units(a: Amount, b: Amount) -> Amount | None:
    """As in "94 cents to $1.03 a share": a range whose lower end is in the small coin of the upper end's money."""
    assert a.unit is not None
    assert b.unit is not None
    worth = sub_units().get((b.unit.split(" per ")[0], a.unit.split(" per ")[0]))
    if worth is None or a.kind != "money" or not a.value * worth < b.value < 20 * a.value * worth:
        return None
    return _merge(a, b, value=a.value * worth, upper=b.value)


def _hyphen_range(text: str, a: Amount, b: Amount, low: Fraction, high: Fraction) -> bool:
    """Whether "5-10" is a range and no score, year span or part number: it has a unit, a scale, big ends or a noun."""
    if a.unit is not None or b.unit is not None or b.scale > 1:
        return True
    spans_years = 1400 <= low <= 2100 and (1400 <= high <= 2100 or high < 100) and high - low < 60
    if spans_years:
        return False
    return high >= 500 or _PLURAL_NEXT.match(text, b.end) is not None


def _join_bounds(text: str, a: Amount, b: Amount, gap: str) -> Amount | None:
    """As in "Above 1000 and below 1500", "no more than 50 and no less than 20": both ends of one range."""
    m = re.match(r"\s+(?:and|but)\s+", gap)
    if m is None or a.upper is not None or b.upper is not None:
        return None
    first, second = bound_before(text, a.start), bound_before(text, b.start)
    if first is None or second is None or second[1] != a.end + m.end():
        return None
    lower, upper = {"at_least", "more_than"}, {"at_most", "less_than"}
    if a.unit is not None and b.unit is not None and a.unit != b.unit:
        return None
    if first[0] in lower and second[0] in upper and a.value < b.value:
        return _merge(a, b, value=a.value, upper=b.value, start=first[1], form="words")
    if first[0] in upper and second[0] in lower and b.value < a.value:
        return _merge(a, b, value=b.value, upper=a.value, start=first[1], form="words")
    return None
