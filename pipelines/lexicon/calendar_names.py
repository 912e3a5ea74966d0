"""The English names of months, days of the week and seasons (``months``, ``weekdays``, ``seasons``), in small letters.

Short forms stand without their full stop. Names in other languages, for dates in the metadata of a page, come from CLDR
(``pipelines.ingest.given``); what the names mean is the business of ``pipelines.timewords``.
"""

from functools import cache

from pipelines.lexicon.entries import alternation, entries


@cache
def _names(lexicon: str) -> frozenset[str]:
    return frozenset(row["form"].rstrip(".") for row in entries(lexicon))


def month_names() -> frozenset[str]:
    """January and Jan."""
    return _names("months")


def weekday_names() -> frozenset[str]:
    """Monday, Mondays and Mon."""
    return _names("weekdays")


def season_names() -> frozenset[str]:
    """Spring, springtime."""
    return _names("seasons")


@cache
def calendar_names() -> frozenset[str]:
    """All of them."""
    return month_names() | weekday_names() | season_names()


@cache
def short_names() -> frozenset[str]:
    """The short forms of months and weekdays, which may carry a full stop (Jan., Tues.): beginnings of a longer form of the same."""
    found = set()
    for lexicon in ("months", "weekdays"):
        rows = [(row["form"], row["value"]) for row in entries(lexicon) if row.get("number") != "plural"]
        found |= {
            form
            for form, value in rows
            for longer, same in rows
            if value == same and longer.startswith(form) and longer != form
        }
    return frozenset(found)


@cache
def month_pattern(*, of_words: bool = True) -> str:
    """The months as a pattern in small letters, longest first; without ``of_words`` those left out that are words too (may, march, mar)."""
    forms = {row["form"] for row in entries("months") if of_words or row["ambiguous"] != "word"}
    return f"(?:{alternation(forms)})"


@cache
def capital_month_pattern() -> str:
    """The months as a pattern, each with a capital."""
    return f"(?:{alternation(form.capitalize() for form in month_names())})"
