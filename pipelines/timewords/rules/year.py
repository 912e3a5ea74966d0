"""What is counted in years, or cut from them: seasons, quarters, halves, fiscal years, decades, centuries, eras."""

import re

from pipelines.timewords.grammar import Found, Rulebook
from pipelines.timewords.meaning import Calendar, Meaning, Several
from pipelines.timewords.numbers import ordinal
from pipelines.timewords.rules.calendar import full_year, two_digits, year_in

RULES = Rulebook()


@RULES.add(
    "(the)? <s:season> ((of|',')? {y:YEAR|<#shortyear>} (('-'|'/') {z:<short>|<year>})?)?",
    "They fled in the summer of 2020.",
)
def season(found: Found) -> Meaning | None:
    """The summer of 2020; the winter of 1941-42; winter."""
    if found.has("z"):
        next_year = ((year_in(found) or 0) + 1) % 100
        if not found.tight(found.match.start("z")) or int(found.form("z")) % 100 != next_year:
            return None
    return Calendar(
        season=int(found.entry("s", "season")),
        year=year_in(found),
        century_open=two_digits(found),
        bare=not found.has("y"),
    )


@RULES.add(
    "(the)? (<y:year>)? (fiscal)? '-'? {q:ORD} '-'? (fiscal)? (quarter|quarters) ((of|',')? (fiscal)? {y2:YEAR})?",
    "Sales fell in the first quarter of 2021.",
)
def quarter(found: Found) -> Meaning | None:
    """The first quarter of 2021; third-quarter; the 1988 third quarter."""
    number = ordinal(found.forms("q"), found.lexicon)
    number = 4 if number == -1 else number
    if number is None or not 1 <= number <= 4 or found.form().endswith("quarters"):
        return None
    meaning = Calendar(quarter=number, year=year_in(found) or year_in(found, "y2"))
    if found.forms()[0] == "the" and found.forms()[-2] == "-" and not found.has("y2"):
        return Several(parts=((found.first + 1, found.last, meaning),))
    return meaning


@RULES.add(
    "(the)? {n:ORD} {link:and|or|to|'-'} (the)? {m:ORD} '-'? (quarter|quarters) ((of|',')? {y:YEAR})?",
    "Sales fell in the first and second quarters of 2021.",
)
def two_quarters(found: Found) -> Meaning | None:
    """The first and second quarters of 2021: two, of which the first borrows what follows."""
    first, second = (ordinal(found.forms(name), found.lexicon) or 0 for name in "nm")
    if not 1 <= first < second <= 4 or (found.form().endswith("quarters") and not found.has("y")):
        return None  # "it earns most in the second and fourth quarters"
    parts = (
        (found.first, found.match.end("n"), Calendar(quarter=first, year=year_in(found))),
        (found.match.start("m"), found.last, Calendar(quarter=second, year=year_in(found))),
    )
    return Several(parts=parts, linked=found.form("link") in ("to", "-"))


@RULES.add(
    "(<y:year> ('-'|',')?)? <c:#code> ((of|',')? {y2:YEAR|<#shortyear>} | ('/'|':'|'-') {y3:<short>|<year>})?",
    "Profit in Q3 2021 doubled.",
)
def quarter_code(found: Found) -> Meaning | None:
    """Q3; Q3 2021; Q3:21; H1 2023; FY22; CY22; FY 2021-22 is in ``fiscal_year``."""
    code, number = found.form("c"), year_in(found) or year_in(found, "y2")
    if found.has("y3"):
        number = int(found.form("y3"))
        if code[0] not in "qh" or not (found.tight(found.last - 1) and found.tight(found.last - 2)):
            return None
    if number is not None and number < 100:
        number = full_year(number)
    if code[0] == "q":
        return Calendar(quarter=int(code[1]), year=number)
    if code[0] == "h":
        return Calendar(half=int(code[1]), year=number) if number else None
    return Calendar(year=full_year(int(re.sub(r"\D", "", code))), fiscal=code[0] == "f")


@RULES.add(
    "(the)? (fiscal|financial) ('-'? year)? {y:YEAR|<#shortyear>} (('-'|'/') {z:<short>|<year>})?",
    "In fiscal year 2022 the deficit shrank.",
)
def fiscal_year(found: Found) -> Meaning | None:
    """Fiscal 2022, fiscal year 2022; fiscal 2021-22, which is the one that ends in 2022."""
    number = year_in(found)
    if number is None:
        return None
    return _two_fiscal_years(found, full_year(number))


@RULES.add("<c:#code> ('-'|'/') {z:<short>|<year>}", "Profit in FY2021-22 doubled.")
def fiscal_code_years(found: Found) -> Meaning | None:
    """FY2021-22, FY21/22."""
    if found.form("c")[0] != "f":
        return None
    return _two_fiscal_years(found, full_year(int(re.sub(r"\D", "", found.form("c")))))


def _two_fiscal_years(found: Found, first: int) -> Meaning | None:
    """The fiscal year of that name, or the one between two years in a row."""
    if not found.has("z"):
        return Calendar(year=first, fiscal=True)
    return Calendar(year=first + 1, fiscal=True) if int(found.form("z")) % 100 == (first + 1) % 100 else None


@RULES.add("(the)? {n:first|second|last|latter} half of {y:YEAR}", "In the first half of 2023 exports rose.")
def half_year(found: Found) -> Meaning | None:
    """The first half of 2023."""
    number = year_in(found)
    return None if number is None else Calendar(half=1 if found.form("n") == "first" else 2, year=number)


@RULES.add("(the)? <d:#decade>", "It was the hottest year of the 1990s.")
def decade(found: Found) -> Meaning | None:
    """The 1990s, the '80s; "80s" alone may be degrees or an age; the 1700s are a century."""
    digits = re.sub(r"\D", "", found.form("d"))
    short = len(digits) == 2
    if digits.endswith("00") and len(digits) == 4 and int(digits) < 1900:
        return Calendar(year=int(digits) // 100, century=True)
    return Calendar(
        year=int(digits),
        decade=True,
        century_open=short,
        bare=len(digits) < 4 and found.form("d")[0].isdigit() and found.forms()[0] != "the",
    )


@RULES.add("(the)? <a:#decade> (and|or|to|'-') (the)? <b:#decade>", "It was popular in the 1920s and 30s.")
def two_decades(found: Found) -> Meaning | None:
    """The 1920s and 30s: two decades, of which the second borrows the century."""
    first, second = (re.sub(r"\D", "", found.form(name)) for name in "ab")
    if len(first) != 4 or len(second) != 2 or int(second) <= int(first[2:]):
        return None
    parts = (
        (found.first, found.match.end("a"), Calendar(year=int(first), decade=True)),
        (found.match.start("b"), found.last, Calendar(year=int(first[:2] + second), decade=True)),
    )
    return Several(parts=parts, linked=found.forms()[found.match.end("a") - found.first] in ("to", "-"))


_TENS = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}


@RULES.add(
    "{the:the}? (<c:cardinal>)? {d:twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties}",
    "It was popular in the nineties.",
)
def spelled_decade(found: Found) -> Meaning | None:
    """The nineties, the nineteen-sixties."""
    tens = _TENS[found.form("d")]
    if not found.has("the") and found.before() not in ("in", "mid", "early", "late", "-") and not found.has("c"):
        return None
    if not found.has("c"):
        return Calendar(year=tens, decade=True, century_open=True)
    hundreds = ordinal(found.forms("c"), found.lexicon) or 0
    return Calendar(year=hundreds * 100 + tens, decade=True) if 10 <= hundreds <= 20 else None


@RULES.add("(the)? {n:ORD} '-'? (century|centuries) (<e:era>)?", "In the nineteenth century the border moved.")
def century(found: Found) -> Meaning | None:
    """The nineteenth century."""
    number = ordinal(found.forms("n"), found.lexicon)
    if number is None or not 1 <= number <= 30:
        return None
    return Calendar(year=number - 1, century=True, before_christ=found.has("e") and found.entry("e", "era") == "BC")


@RULES.add(
    "(the)? {n:ORD} {link:and|or|to|'-'} (the)? <modifier>? {m:ORD} '-'? (century|centuries)",
    "In the late 19th and early 20th centuries the border moved.",
)
def two_centuries(found: Found) -> Meaning | None:
    """The 19th and early 20th centuries: two, of which the first borrows the word."""
    numbers = [ordinal(found.forms(name), found.lexicon) for name in "nm"]
    if any(number is None or not 1 <= number <= 30 for number in numbers):
        return None
    first, second = (Calendar(year=(number or 1) - 1, century=True) for number in numbers)
    parts = (
        (found.first, found.match.end("n"), first),
        (found.match.start("m"), found.last, second),
    )
    return Several(parts=parts, linked=found.form("link") in ("to", "-"))


@RULES.add("{y:<int>} <e:era>", "The king died in 480 BC.")
def year_of_era(found: Found) -> Meaning | None:
    """480 BC, 480 AD."""
    return Calendar(year=int(found.form("y")), before_christ=found.entry("e", "era") == "BC")


@RULES.add("<e:era> {y:<int>}", "The king died in AD 480.")
def era_year(found: Found) -> Meaning | None:
    """AD 480."""
    return Calendar(year=int(found.form("y"))) if found.entry("e", "era") == "AD" and found.raw("e").isupper() else None
