"""How many things happened when: counts by day, month, year, decade or century, whichever gives a readable row of bars."""

from datetime import date
from typing import Any

from warehouse.dashboard.reading import Condition, ask

MOST = 60
"""Bars that are readable side by side."""
DAYS = {"day": 1, "month": 30, "year": 365, "decade": 3652, "century": 36525}


def unit_for(low: date, high: date) -> str:
    """The shortest unit that makes at most ``MOST`` bars."""
    spread = (high - low).days + 1
    return next((unit for unit, length in DAYS.items() if spread / length <= MOST), "century")


def binned(low: date, high: date, source: str, wanted: Condition) -> tuple[str, list[dict[str, Any]]]:
    """The unit, and one bar a unit from the first to the last: its name, first and last day, and how many things begin in it."""
    unit = unit_for(low, high)
    query = f"""
        WITH counted AS (
            SELECT CAST(date_trunc('{unit}', start_on) AS DATE) AS first_on, count(*) AS n
            FROM {source} WHERE {wanted} GROUP BY ALL),
        bins AS (
            SELECT CAST(unnest(generate_series(date_trunc('{unit}', CAST(? AS TIMESTAMP)), CAST(? AS TIMESTAMP),
                                               INTERVAL 1 {unit})) AS DATE) AS first_on)
        SELECT first_on, CAST(first_on + INTERVAL 1 {unit} - INTERVAL 1 DAY AS DATE) AS last_on, coalesce(n, 0) AS n
        FROM bins LEFT JOIN counted USING (first_on) ORDER BY first_on"""
    found = ask(query, *wanted.values, low, high)
    return unit, [row | {"name": _name(unit, row["first_on"])} for row in found]


def _name(unit: str, first: date) -> str:
    forms = {
        "day": f"{first.day} {first:%b} {first.year}",
        "month": f"{first:%b} {first.year}",
        "year": str(first.year),
    }
    return forms.get(unit) or (f"{first.year}s" if unit == "decade" else f"{first.year} to {first.year + 99}")
