"""Units and currencies beside a number: "$16 billion", "30 MUSD", "2450sq m", "barrels a day", "-30 °C".

Codes are ISO 4217 for money, UCUM-style symbols for physical units, plain names for the rest; the forms stand in
``seeds/lexicon/units.csv`` and ``currencies.csv``. Nothing here knows what is counted.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from pipelines.lexicon.entries import alternation, entries, group


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit at ``[start, end)``: its code, its kind (``money`` ... ``other``), and a power of ten in it (the M of MUSD)."""

    start: int
    end: int
    code: str
    kind: str
    factor: int = 1


_BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_WORDS = re.compile(
    r"(?P<gap>[ \u00a0\n]?[-‐‑]?[ \u00a0\n]?)(?P<words>(?:U\.S\.|[^\W\d_]+\.?)(?:(?:[ \u00a0\n]|\s?[-‐‑]\s?)[^\W\d_]+){0,4})"
)
"""Matches `` square metres``, not `` 40``."""
_PER = re.compile(
    r"(?:\s+per[ -]|\s?/\s?|[ -]per[ -]|\s+(?P<article>an?)[\s-]|-(?P<hyphened>an?)-)(?P<each>square (?:metre|meter|foot)|[^\W\d_]++(?:-hour)?)"
    r"(?!\s+(?:earlier|ago|before|later|after|old|or two|or so ago)\b)",
    re.IGNORECASE,
)
"""Matches `` per lamp``, not `` a year ago``."""
_EACH = group("figure_words", "each")
_NO_UNIT_AFTER_A = frozenset(["piece", "bit", "lot", "few", "year's"])
_SCALE = re.compile(r"(?P<gap>\s)(?:million|billion|trillion|mn|bn|m|k)\b", re.IGNORECASE)
_POWERS = {
    "k": 10**3,
    "K": 10**3,
    "M": 10**6,
    "m": 10**6,
    "B": 10**9,
    "bn": 10**9,
    "T": 10**12,
    "bln": 10**9,
    "mln": 10**6,
}


def _plural(word: str) -> str:
    if word.endswith(("s", "z", "ch", "sh")):
        return word + "es"
    return word[:-1] + "ies" if word.endswith("y") and word[-2:-1] not in "aeiou" else word + "s"


@cache
def _word_units() -> dict[str, tuple[str, str]]:
    """Written-out units and currencies in lower case, hyphens as spaces, singular and plural, to code and kind."""
    found: dict[str, tuple[str, str]] = {}
    rows = [(r["form"], r["value"], r["kind"]) for r in entries("units") if r["style"] == "word"]
    rows += [(r["form"], r["value"], "money") for r in entries("currencies") if r["kind"] == "word"]
    for form, value, kind in rows:
        form = form.replace("-", " ").replace(".", "")
        words = form.split()
        for variant in (form, " ".join([*words[:-1], _plural(words[-1])]), " ".join([_plural(words[0]), *words[1:]])):
            found.setdefault(variant, (value, kind))
    return found


@cache
def _symbols() -> tuple[re.Pattern[str], dict[str, tuple[str, str, bool]]]:
    """The pattern of unit symbols behind a number, and each to code, kind and whether it must stand right behind it."""
    table = {
        r["form"]: (r["value"], r["kind"], r["style"] == "attached") for r in entries("units") if r["style"] != "word"
    }
    options = alternation(table)
    return re.compile(rf"(?P<gap>[ \u00a0]?-?)(?P<symbol>{options})(?:(?<=%)|(?![^\W_]))"), table


@cache
def _currencies() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """Patterns of currency signs and codes that end before, and begin behind, a number; and each to its code."""
    signs = {r["form"]: r["value"] for r in entries("currencies") if r["kind"] == "symbol"}
    codes = {r["form"]: r["value"] for r in entries("currencies") if r["kind"] == "code"}
    after = {**codes, **{r["form"]: r["value"] for r in entries("currencies") if r["kind"] == "code_after"}}
    spaced = [re.escape(s[:-1]) + r"\s?\$" for s in signs if s.endswith("$") and len(s) > 2]
    marks = "|".join(sorted((re.escape(s) for s in signs), key=len, reverse=True))
    letters = "|".join(sorted(codes))
    before = re.compile(
        rf"(?:(?P<spaced>(?<![^\W_])(?:{'|'.join(spaced)}))|(?P<dollar>(?<![^\W_])[Cc] \$|(?<![^\W_])S \$)|(?P<sign>{marks})"
        rf"|(?<![^\W_])(?P<power>[KkMmB])?(?P<code>{letters})(?P<extra>\$?)|(?P<word>\b(?:dollar|euro)))\s?$",
    )
    behind = re.compile(
        rf"(?P<gap>\s?-?)(?:(?P<power>[KkMmBT]|bn|mn|bln|mln)?(?P<code>{'|'.join(sorted(after))}|€|\$|£)(?![^\W_])|(?P<sign>{marks})(?![^\W_]))"
    )
    return before, behind, {**signs, **after}


def currency_before(text: str, number_start: int) -> Unit | None:
    """The currency that ends where the number begins ("US$", "HK $", "USD ", "MAUD ", "zł"), or null."""
    before, _, table = _currencies()
    floor = max(0, number_start - 9)
    window = text[floor:number_start]
    if not window or window[-1].isdigit():
        return None
    # cheap test first: most numbers follow a plain lower-case word or punctuation
    last = window.rstrip()[-1:]
    if (not last or last in ",.;:()'\"") and last not in ".":
        return None
    m = before.search(window)
    if m is None:
        upper = re.search(r"(?<![^\W_])(?P<letters>[A-Za-z]{2,3})\s?\$\s?$", window)
        code = table.get(upper["letters"].upper() + "$") if upper else None
        return Unit(floor + upper.start(), number_start, code, "money") if upper and code else None
    start = floor + m.start()
    if m["spaced"] is not None:
        return Unit(start, number_start, table[re.sub(r"\s", "", m["spaced"])], "money")
    if m["dollar"] is not None:
        return Unit(start, number_start, "CAD" if m["dollar"][0] in "Cc" else "SGD", "money")
    if m["word"] is not None:
        return Unit(start, number_start, {"dollar": "USD", "euro": "EUR"}[m["word"]], "money")
    if m["code"] is not None:
        return Unit(start, number_start, table[m["code"]], "money", _POWERS[m["power"]] if m["power"] else 1)
    sign = m["sign"]
    if sign[0].isalpha() and start > 0 and text[start - 1].isalpha():
        lowered = re.search(r"(?<![^\W_])[A-Za-z]{2,3}\$\s?$", window)
        code = table.get(lowered[0].strip().upper()) if lowered else None
        if lowered and code:
            return Unit(floor + lowered.start(), number_start, code, "money")
        return Unit(start + sign.index("$"), number_start, "USD", "money") if "$" in sign else None
    if sign == "$" and (glued := re.search(r"(?<![^\W_])(?P<letters>[A-Za-z]{2,3})\$\s?$", window)) is not None:
        code = table.get(glued["letters"].upper() + "$")
        if code:
            return Unit(floor + glued.start(), number_start, code, "money")
    return Unit(start, number_start, table[sign], "money")


def unit_after(text: str, at: int, end: int, attached_to_digits: bool = True) -> Unit | None:
    """The unit of measure or the currency that begins where a number ends, in brackets too ("20 (kg)"), or null."""
    if at >= end:
        return None
    bracket = re.compile(r"\s?([(\[{<])").match(text, at, end)
    if bracket is not None:
        inner = _unit_at(text, bracket.end(), end, False)
        if (
            inner is not None
            and inner.kind not in ("money", "percent")
            and text[inner.end : inner.end + 1] == _BRACKETS[bracket[1]]
        ):
            return Unit(inner.start, inner.end, inner.code, inner.kind)
        return None
    return _unit_at(text, at, end, attached_to_digits)


def _unit_at(text: str, at: int, end: int, attached: bool) -> Unit | None:
    _, behind, currencies = _currencies()
    best: Unit | None = None
    m = _WORDS.match(text, at, end)
    if m is not None:
        best = _word_unit(m)
    pattern, table = _symbols()
    s = pattern.match(text, at, end)
    if s is not None:
        code, kind, must_touch = table[s["symbol"]]
        touches = attached and not s["gap"].strip("-")
        if (touches or not must_touch) and (best is None or s.end() > best.end):
            best = Unit(s.start("symbol"), s.end(), code, kind)
    c = behind.match(text, at, end)
    if c is not None and (best is None or c.end() > best.end):
        name = c["code"] or c["sign"]
        start = c.end() - len(name)
        # in "50 dollar 40 rmb" and "$20 $37" the sign belongs to the next number
        if not (name in "$£€" and re.compile(r"\s?\d").match(text, c.end(), end)):
            best = Unit(
                start - len(c["power"] or ""),
                c.end(),
                currencies[name],
                "money",
                _POWERS.get(c["power"] or "", 1) if c["power"] != "mn" else 10**6,
            )
    return best


def _word_unit(m: re.Match[str]) -> Unit | None:
    words = list(re.finditer(r"[^\W\d_]+", m["words"]))
    table = _word_units()
    for n in range(min(len(words), 5), 0, -1):
        key = " ".join(w[0] for w in words[:n]).lower()
        found = table.get(key)
        if found is None and key.startswith(("u s ",)):
            found = table.get("us " + key[4:])
        if found is not None:
            start = m.start("words")
            return Unit(start + words[0].start(), start + words[n - 1].end(), *found)
    return None


def per_after(text: str, at: int, end: int) -> Unit | None:
    """What the amount is counted per ("a day", "per barrel", "/month"): code is the singular noun; null when nothing."""
    m = _PER.match(text, at, end)
    if m is None:
        return None
    noun = m["each"].lower()
    if noun in ("cent", "se") or noun in _NO_UNIT_AFTER_A:
        return None
    singular = noun[:-1] if noun.endswith("s") and noun[:-1] in _EACH else noun
    if (m["article"] or m["hyphened"] or "/" in m[0]) and singular not in _EACH:
        return None
    named = _word_units().get(singular)
    code = named[0] if named is not None and named[1] in ("duration", "area", "mass", "distance", "other") else singular
    return Unit(m.start(), m.end(), "year" if noun == "annum" else code, "rate")


@cache
def sub_units() -> dict[tuple[str, str], Fraction]:
    """Pairs that make one amount when they follow each other ("6 ft 3 in", "3 dollars 50 cents"): the second's worth."""
    pairs = {("ft", "in"): Fraction(1, 12), ("lb", "oz"): Fraction(1, 16), ("stone", "lb"): Fraction(1, 14)}
    pairs |= {(code, "cent"): Fraction(1, 100) for code in ("USD", "EUR", "AUD", "CAD", "NZD", "SGD", "HKD", "ZAR")}
    return pairs | {
        ("GBP", "penny"): Fraction(1, 100),
        ("RUB", "kopeck"): Fraction(1, 100),
        ("BYN", "kopeck"): Fraction(1, 100),
    }
