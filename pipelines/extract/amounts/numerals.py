"""Numbers as they stand in a text, and exactly what they are worth.

Digits with any separators (30,000; 12,34,567; 37 636 508; 1'000; 5,00; 2.4×10^6), number words ("nineteen thousand
three hundred and seven"), digits with scale words ("3 million and a quarter"), fractions ("three-quarters", "2 1/2",
"¾"), vague plurals as ranges ("hundreds of thousands" is 100,000 to 1,000,000) and tolerances ("4.5±0.3").
Arithmetic is exact (fractions); nothing here looks at units or at what is counted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from pipelines.lexicon.entries import entries


@dataclass(slots=True)
class Numeral:
    """A number at ``[start, end)``: its value, the upper end where it stands for a range, and how it is written.

    ``form`` is ``digits``, ``words``, ``one`` (the bare word), ``fraction`` (below a whole, of something), ``vague``
    or ``fold``. ``scale`` is the last scale it carries (1 when none), ``plain`` tells bare digits without separator.
    """

    start: int
    end: int
    value: Fraction
    form: str
    upper: Fraction | None = None
    scale: int = 1
    plain: bool = False


DIGITS = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"  # 1,234,567.89
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?(?!\d)"  # 12,34,567.89
    r"|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?(?![\d]|[ \u00a0\u2009\u202f,.:/-]\d)"  # 37 636 508
    r"|\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?(?!\d)"  # 1.234.567
    r"|\d{1,3}(?:['’]\d{3})+(?!\d)"  # 1'000'000
    r"|\d{1,3} ?, ?000(?!\d)"  # 80, 000 (a tokeniser's spaces)
    r"|\d+\.\d+"
    r"|(?<!\d)\.\d+"
    r"|(?<![\d,])\d+,\d{1,2}(?![\d,])"  # 5,00
    r"|\d+"
)
_NUMBER = re.compile(DIGITS)
MOST_DIGITS = 60
"""Characters that a number has at most: more are a key, a drawing or noise, and no float holds three hundred."""
# A power of ten behind a number ("1.5e3", "2.4×10^6", "2.4 x 106", "2.4×10⁻⁶"), of two digits at most; "5e3b" has none.
_EXPONENT = re.compile(
    r"[eE](?P<e>[+\-−]?0?\d{1,2})(?![\w.])"
    r"|\s?[×x*]\s?10\^?(?P<power>[-−]?\d{1,2})(?!\d|\.\d)"
    r"|\s?[×x*·]\s?10(?:\^(?P<raised>[+\-−]?\d{1,2})(?!\d|\.\d)|(?P<small>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})(?![⁻⁰¹²³⁴⁵⁶⁷⁸⁹]))"
)
"""Matches ``e+10``, not ``end``."""
_OF_TEN = re.compile(r"\^(?P<power>[+\-−]?\d{1,2})(?!\d|\.\d)")
"""The exponent of a bare ten: "10^6"."""
# The beginning of a power of any size, also one that cannot be read ("1e+400", "2×10^400", "10⁻⁻"); no size of a plate ("3 x 10400").
_POWER = re.compile(
    r"[eE][+\-−]?\d|\s?[×x*·]\s?10(?:(?:\^|\*\*)[+\-−]?\d|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])|(?<=10)(?:(?:\^|\*\*)[(+\-−]*\d|⁻)"
)
"""Matches ``10^5``, not ``10 lamps``."""
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
_OVER = re.compile(r"(?:(?<=\d)[ -](?P<n>\d{1,2})|(?P<top>(?<=\d)))\s?[/⁄]\s?(?P<d>\d{1,4})(?![\d/.,]\d|\d|/)")
"""Matches ``2 3/4``, not ``3/4/2021``."""
_MORE_THAN_SCALED = re.compile(r"\+ (?:thousand|million|billion|trillion)\b")
_PLUS_MINUS = re.compile(rf"\s?(?:±|\+/-|\+-)\s?(?P<by>{DIGITS})")
_GAP = r"(?:\s?[-‐‑]\s?|\s{1,2})"
_WORD = re.compile(rf"(?P<gap>{_GAP})?(?P<word>[A-Za-z]+)")
_BY = re.compile(
    r"\bby\s+(?:about |around |almost |nearly |roughly |over |more than |less than |up to |at least |as much as )?$",
    re.IGNORECASE,
)
"""Matches ``by up to ``, not ``nearby ``."""
_RANKED = re.compile(
    r"[ -](?!(?:of|for|to|in|on|at|from|since|over|as|after|and|or|but|by|while|when|this|last|within|between|during|compared|because|if|with|until|year-on-year|every|each|per|more|less|if|so)\b)[A-Za-z]"
)
"""Matches `` player``, not `` of them``."""
_DENOMINATORS = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 25, 30, 32, 50, 64, 100, 1000})
_NOT_A_SHARE = frozenset({(9, 11), (7, 7), (24, 7), (50, 50)})


@cache
def _table(kind: str) -> dict[str, int]:
    return {row["form"]: int(row["value"]) for row in entries("numerals") if row["kind"] == kind}


@cache
def _small() -> dict[str, int]:
    return {**_table("ones"), **_table("teens"), **_table("tens")}


@cache
def _denominators() -> dict[str, int]:
    singular = _table("denominator")
    return {**singular, **{("halves" if word == "half" else word + "s"): value for word, value in singular.items()}}


@cache
def _glyphs() -> dict[str, Fraction]:
    return {row["form"]: Fraction(row["value"]) for row in entries("numerals") if row["kind"] == "glyph"}


@cache
def candidates() -> re.Pattern[str]:
    """Finds where a numeral may begin: a digit, a fraction sign, or a word that starts a number."""
    scales = "|".join([*_table("scale"), *_table("hundred"), *_table("dozen")])
    nouns = "|".join([*_denominators(), "couple", "few"])
    words = "|".join(
        sorted([*_small(), *_table("vague"), "several", "half", "quarter", "scores", "tens"], key=len)[::-1]
    )
    return re.compile(
        rf"\.?\d|[{''.join(_glyphs())}]"
        rf"|\b(?:an?{_GAP}(?=(?:{scales}|{nouns})\b)|(?:{words}|{scales}|dozen|couple)(?:-?fold)?\b)",
        re.IGNORECASE,
    )


def number_at(text: str, start: int, end: int) -> Numeral | None:
    """The longest number that begins exactly at ``start`` and ends at or before ``end``; null when there is none."""
    first = text[start]
    if first in _glyphs():
        return _scaled(text, Numeral(start, start + 1, _glyphs()[first], "fraction"), end)
    if first.isdigit() or first == ".":
        return _digits_at(text, start, end)
    return _words_at(text, start, end)


def _digits_at(text: str, start: int, end: int) -> Numeral | None:
    m = _NUMBER.match(text, start, end)
    if m is None or len(m[0]) > MOST_DIGITS or not all(c.isascii() or c in "\u00a0\u2009\u202f’" for c in m[0]):
        return None
    number = Numeral(start, m.end(), plain_value(m[0]), "digits", plain=m[0].isdigit())
    power = _EXPONENT.match(text, m.end(), end)
    if power is not None:
        digits = power["e"] or power["power"] or power["raised"] or power["small"]
        number.value *= Fraction(10) ** int(digits.translate(_SUPERSCRIPTS))
        number.end, number.plain = power.end(), False
        return number
    if m[0] == "10" and (power := _OF_TEN.match(text, m.end(), end)) is not None:
        number.value = Fraction(10) ** int(power["power"].translate(_SUPERSCRIPTS))
        number.end, number.plain = power.end(), False
        return number
    if _POWER.match(text, m.end(), end) is not None:
        return None
    if number.plain and (over := _OVER.match(text, m.end(), end)) is not None:
        fraction = _over(m[0], over)
        if fraction is not None:
            form = "fraction" if fraction < 1 and over["n"] is None else "digits"
            number.value, number.end, number.plain, number.form = fraction, over.end(), False, form
    elif m.end() < end and text[m.end()] in _glyphs():
        number.value += _glyphs()[text[m.end()]]
        number.end, number.plain = m.end() + 1, False
    tolerance = _PLUS_MINUS.match(text, number.end, end)
    if tolerance is not None:
        by = plain_value(tolerance["by"])
        number.value, number.upper, number.end, number.plain = (
            number.value - by,
            number.value + by,
            tolerance.end(),
            False,
        )
    return _scaled(text, number, end)


def plain_value(digits: str) -> Fraction:
    """What a run of digits with separators is worth: 12,34,567.89 or 37 636 508 or 5,00."""
    digits = re.sub(r"[ \u00a0\u2009\u202f'’]", "", digits)
    if "," in digits and re.fullmatch(r"\d+,\d{1,2}", digits):
        digits = digits.replace(",", ".")
    elif digits.count(".") > 1:
        digits = digits.replace(".", "").replace(",", ".")
    elif re.search(r"\d{3},\d+$", digits) and not re.search(r",\d{3}$", digits):
        digits = digits.replace(",", ".")
    return Fraction(digits.replace(",", ""))


def _over(whole: str, m: re.Match[str]) -> Fraction | None:
    top, bottom = int(m["n"] or whole), int(m["d"])
    if bottom not in _DENOMINATORS or top >= bottom or (top, bottom) in _NOT_A_SHARE:
        return None
    return Fraction(top, bottom) + (int(whole) if m["n"] else 0)


def _words(text: str, at: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The words from ``at`` on, lower case, each with where it starts and ends, while only one gap parts them."""
    while (m := _WORD.match(text, at, end)) is not None:
        yield m["word"].lower(), m.start("word"), m.end("word")
        at = m.end()


def _scaled(text: str, number: Numeral, end: int) -> Numeral:
    """The number with the scale words behind it ("3 million and a quarter"), and with "and a half"."""
    past = number.end + 1 if _MORE_THAN_SCALED.match(text, number.end, end) else number.end  # "$102+ million"
    words = list(_take(_words(text, past, end), 8))
    at = 0
    multipliers = {**_table("scale"), **_table("hundred"), **_table("dozen")}
    while at < len(words) and words[at][0] in multipliers:
        factor = multipliers[words[at][0]]
        number.value *= factor
        number.upper = None if number.upper is None else number.upper * factor
        number.scale, number.end, number.plain = max(number.scale, factor), words[at][2], False
        if number.form == "fraction":
            number.form = "digits"
        at += 1
    return _and_fraction(words, at, _plural_scale(text, number, end))


def _plural_scale(text: str, number: Numeral, end: int) -> Numeral:
    """The number with a scale that wrongly stands in the plural: "1,3 trillions of rubles", "5 millions people"."""
    word = next(_words(text, number.end, end), None)
    factor = _table("scale").get(word[0].removesuffix("s")) if word is not None and word[0].endswith("s") else None
    if word is None or factor is None or number.scale > 1 or number.form == "fraction":
        return number
    number.value *= factor
    number.upper = None if number.upper is None else number.upper * factor
    number.scale, number.end, number.plain = factor, word[2], False
    return number


def _take(words: Iterator[tuple[str, int, int]], n: int) -> Iterator[tuple[str, int, int]]:
    for _, word in zip(range(n), words, strict=False):
        yield word


def _and_fraction(words: list[tuple[str, int, int]], at: int, number: Numeral) -> Numeral:
    """As in "two and a half", "3 million and a quarter" (of a million), "one billion and a half million"."""
    if len(words) < at + 3 or words[at][0] != "and":
        return number
    top, bottom = words[at + 1][0], _denominators().get(words[at + 2][0])
    count = 1 if top in ("a", "an", "one") else _small().get(top)
    if bottom is None or count is None or not 0 < count < bottom or (len(words) > at + 3 and words[at + 3][0] == "of"):
        return number
    part, stop = Fraction(count, bottom), words[at + 2][2]
    following = _table("scale").get(words[at + 3][0]) if len(words) > at + 3 else None
    if following is not None:
        whole = number.value if number.scale > 1 else number.value * following
        number.value, number.scale, stop = whole + part * following, max(number.scale, following), words[at + 3][2]
    else:
        number.value += part * (number.scale if number.scale >= 1000 else 1)
    number.end, number.plain = stop, False
    return number


def _words_at(text: str, start: int, end: int) -> Numeral | None:
    words = list(_take(_words(text, start, end), 14))
    if not words or words[0][1] != start:
        return None
    if _BY.search(text, max(0, start - 24), start) and words[0][0] in ("a", "an", "one"):
        share = _fraction(words[:2])  # "cut by a third for less": no noun follows that would make it a rank
        if share is not None and not _RANKED.match(text, share.end, end):
            return share
    for read in (_vague, _fold, _fraction, _cardinal):
        number = read(words)
        if number is not None:
            if number.form in ("words", "one"):
                number = _plural_scale(text, number, end)
                number.form = "words" if number.scale > 1 else number.form
            return _and_fraction(
                words, next((i for i, w in enumerate(words) if w[1] >= number.end), len(words)), number
            )
    return None


def _vague(words: list[tuple[str, int, int]]) -> Numeral | None:
    """As in "hundreds of thousands", "tens of millions", "dozens"; "several hundred", "a few thousand"."""
    plurals, start, first = _table("vague"), words[0][1], words[0][0]
    low = {**plurals, "tens": 10, "scores": 20}.get(first)
    if low is not None:
        stop, value = words[0][2], Fraction(low)
        at = 1
        while at + 1 < len(words) and words[at][0] == "of" and words[at + 1][0] in plurals:
            value, stop, at = value * plurals[words[at + 1][0]], words[at + 1][2], at + 2
        if first in ("tens", "scores") and at == 1:
            return None
        return Numeral(start, stop, value, "vague", value * 10, int(value))
    at = 1 if first == "a" else 0
    if len(words) > at + 1 and words[at][0] in ("several", "few", "many"):
        factor = {**_table("scale"), **_table("hundred"), **_table("dozen")}.get(words[at + 1][0])
        if factor is None:
            return None
        stop, value = words[at + 1][2], Fraction(factor)
        if len(words) > at + 2 and (more := _table("scale").get(words[at + 2][0])) is not None:
            value, stop = value * more, words[at + 2][2]
        return Numeral(start, stop, value, "vague", value * 10, int(value))
    return None


def _fold(words: list[tuple[str, int, int]]) -> Numeral | None:
    first, start, stop = words[0]
    if first.endswith("fold") and first[:-4] in _small():
        return Numeral(start, stop, Fraction(_small()[first[:-4]]), "fold")
    if len(words) > 1 and words[1][0] == "fold" and first in _small():
        return Numeral(start, words[1][2], Fraction(_small()[first]), "fold")
    return None


def _fraction(words: list[tuple[str, int, int]]) -> Numeral | None:
    """As in "half", "half a million", "a third of", "three-quarters", "three twenty-firsts", "a quarter of a million"."""
    start, names = words[0][1], [word for word, _, _ in words]
    if names[0] == "half" or names[0] == "quarter":
        value, at = Fraction(1, 2 if names[0] == "half" else 4), 1
    elif names[0] in ("a", "an", "one") and len(names) > 1 and names[1] in ("half", "quarter"):
        value, at = Fraction(1, 2 if names[1] == "half" else 4), 2
    else:
        found = _over_words(names)
        if found is None:
            return None
        value, at = found
    multipliers = {**_table("scale"), **_table("hundred"), **_table("dozen")}
    past = at + (1 if names[at : at + 1] == ["of"] else 0)
    past += 1 if names[past : past + 1] and names[past] in ("a", "an") else 0
    if names[past : past + 1] and names[past] in multipliers:
        scale = multipliers[names[past]]
        return Numeral(start, words[past][2], value * scale, "words", None, scale)
    if names[0] == "quarter":
        return None
    return Numeral(start, words[at - 1][2], value, "fraction")


def _over_words(names: list[str]) -> tuple[Fraction, int] | None:
    """Counter and ordinal: its value, and how many words it takes. A lone ordinal ("a third time") is a rank."""
    count = 1 if names[0] in ("a", "an", "one") else _small().get(names[0])
    if count is None or len(names) < 2:
        return None
    bottom, at = _denominators().get(names[1]), 2
    if bottom is None and names[1] in _table("tens") and len(names) > 2:
        last = {"first": 1, "firsts": 1, "seconds": 2, "second": 2, **_denominators()}.get(names[2])
        bottom, at = (_table("tens")[names[1]] + last, 3) if last and last < 10 else (None, 2)
    if bottom is None or count == 0:
        return None
    follows = names[at : at + 1]
    if count == 1 and names[0] != "one" and follows != ["of"] and follows and bottom < 100:
        return None
    if bottom == 4 and follows != ["of"] and count in (2, 4):  # "two quarters" are half a year
        return None
    return Fraction(count, bottom), at


def _cardinal(words: list[tuple[str, int, int]]) -> Numeral | None:
    names = [word for word, _, _ in words]
    start = words[0][1]
    if names[0] in ("a", "an", "couple") and "couple" in names[:2]:
        at = names.index("couple") + 1
        at += 1 if names[at : at + 1] == ["of"] else 0
        scale = {**_table("hundred"), **_table("scale"), **_table("dozen")}.get(names[at] if at < len(names) else "")
        if scale is not None:
            return Numeral(start, words[at][2], Fraction(2 * scale), "words", None, scale)
        return Numeral(start, words[at - 1][2], Fraction(2), "words") if names[at - 1] == "of" else None
    found = _whole(names)
    if found is None:
        return None
    value, scale, at = found
    if names[at : at + 1] == ["point"] and names[at + 1 : at + 2] and names[at + 1] in _table("ones"):
        digits, at = "", at + 1
        while at < len(names) and names[at] in _table("ones"):
            digits, at = digits + str(_table("ones")[names[at]]), at + 1
        value += Fraction(int(digits), 10 ** len(digits))
        while at < len(names) and names[at] in _table("scale"):
            value, scale, at = value * _table("scale")[names[at]], _table("scale")[names[at]], at + 1
    form = "one" if at == 1 and names[0] == "one" else "words"
    return Numeral(start, words[at - 1][2], value, form, None, scale)


def _whole(names: list[str]) -> tuple[Fraction, int, int] | None:
    """A whole number in words: value, last scale, words taken. Scales must fall ("two thousand and one million" stops)."""
    total, at, last, scale = 0, 0, 10**19, 1
    multipliers = {**_table("scale"), **_table("dozen")}
    while at < len(names):
        step = at + 1 if total and names[at] == "and" else at
        if total and step < len(names) and names[step] in ("a", "an"):
            break
        group = _below_thousand(names, step)
        value, past = group if group is not None else (1, step)
        factor, stop = 1, past
        while stop < len(names) and names[stop] in multipliers:
            factor, stop = factor * multipliers[names[stop]], stop + 1
        if stop == step or factor >= last or (factor == 1 and group is None):
            break
        if total and stop < len(names) and names[stop] in _denominators():  # "nine million and five ninths"
            break
        if group is None and names[0] != names[step] and total:
            break
        total, at, last, scale = total + value * factor, stop, factor, max(scale, factor)
        if factor == 1:
            scale = max(scale, 100 if "hundred" in names[step:past] else 1)
            break
    if at == 0 or (at == 1 and names[0] in ("a", "an")):
        return None
    return Fraction(total), scale, at


def _below_thousand(names: list[str], at: int) -> tuple[int, int] | None:
    """A number below a thousand ("a hundred and five", "twenty-five hundred") and the index behind it."""
    if at < len(names) and names[at] in ("a", "an"):
        is_scale = names[at + 1 : at + 2] and names[at + 1] in {
            **_table("scale"),
            **_table("hundred"),
            **_table("dozen"),
        }
        if not is_scale:
            return None
        value, at = 1, at + 1
    elif at < len(names) and names[at] == "hundred":
        value = 1
    else:
        small = _below_hundred(names, at)
        if small is None:
            return None
        value, at = small
    if names[at : at + 1] != ["hundred"] or not 0 < value < 100:
        return value, at
    value, at = value * 100, at + 1
    step = at + 1 if names[at : at + 1] == ["and"] else at
    rest = _below_hundred(names, step)
    if rest is not None and rest[0] and names[rest[1] : rest[1] + 1] != ["hundred"]:
        return value + rest[0], rest[1]
    return value, at


def _below_hundred(names: list[str], at: int) -> tuple[int, int] | None:
    if at >= len(names) or names[at] not in _small():
        return None
    value = _small()[names[at]]
    ones = _table("ones").get(names[at + 1]) if names[at] in _table("tens") and at + 1 < len(names) else None
    return (value + ones, at + 2) if ones else (value, at + 1)
