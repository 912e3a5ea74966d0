"""Countries, their first-order parts and past states, by code and name: ``seeds/lexicon/territories.csv``."""

from dataclasses import dataclass
from functools import cache

from pipelines.lexicon.entries import entries


@dataclass(frozen=True, slots=True)
class Territory:
    """One territory. ``code`` is ISO 3166-1 alpha-2 in lower case, or -2 for a part; ``places`` are cities that stand for it."""

    code: str
    name: str
    full_name: str
    in_sentence: str
    places: tuple[str, ...]
    is_country: bool
    is_historical: bool


@cache
def get_territories() -> tuple[Territory, ...]:
    """Every territory, by code."""
    return tuple(
        Territory(
            code=row["value"],
            name=row["form"],
            full_name=row["full_name"],
            in_sentence=row["in_sentence"],
            places=tuple(place for place in row["places"].split("|") if place),
            is_country=row["kind"] in ("country", "historical_country"),
            is_historical=row["kind"] in ("historical", "historical_country"),
        )
        for row in entries("territories")
    )


@cache
def _by_code() -> dict[str, Territory]:
    return {territory.code: territory for territory in get_territories()}


def get_territory(code: str) -> Territory | None:
    """The territory of this code; null when there is none."""
    return _by_code().get(code)
