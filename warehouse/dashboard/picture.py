"""The picture of compared figures: one row a figure, all on one scale; words without a number are shown as words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.dashboard.reading import ask
from warehouse.evidence import wording
from warehouse.evidence.lookups import FIGURES

LOG_FROM = 1000
"""From this ratio of highest to lowest on, the scale is logarithmic: on a plain one all but the highest would be one dot."""


@dataclass(frozen=True)
class Scale:
    """Where values lie between the left end (0) and the right end (100) of the track."""

    low: float
    high: float
    is_log: bool

    def at(self, value: float) -> float:
        """Per cent from the left."""
        if self.high <= self.low:
            return 50.0
        if self.is_log:
            share = (math.log10(value) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 2)


def scale_of(values: Sequence[float], unit: str | None) -> Scale:
    """The scale for these values: per cents from 0 to 100, else from zero, or logarithmic where they are far apart."""
    if unit == "percent" and all(0 <= value <= 100 for value in values):
        return Scale(0, 100, False)
    low, high = min(values), max(values)
    if low > 0 and high / low >= LOG_FROM:
        return Scale(10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(high)), True)
    return Scale(min(low, 0), max(high, 0), False)


def compared(quantity: dict[str, Any], limit: int = 12) -> dict[str, Any]:
    """What the template draws: rows with where their marks lie, the ends of the scale, how many figures are left out."""
    figures = ask(
        f"{FIGURES} WHERE f.quantity_id = ? ORDER BY f.value DESC NULLS LAST, f.document_id, f.start_char LIMIT {limit}",
        quantity["quantity_id"],
    )
    factors = [factor_of(row, quantity["unit"]) for row in figures]
    values = [
        value * factor
        for row, factor in zip(figures, factors, strict=True)
        for value in (row["value"], row["value_max"])
        if value is not None and factor
    ]
    scale = scale_of(values, quantity["unit"]) if values else Scale(0, 1, False)
    rows = [_drawn(row, factor, scale) for row, factor in zip(figures, factors, strict=True)]
    ends = (wording.number(scale.low), wording.number(scale.high)) if values else ("", "")
    left_out = quantity["n_figures"] - len(figures)
    return {"rows": rows, "ends": ends, "is_log": scale.is_log, "left_out": left_out}


def factor_of(row: dict[str, Any], unit: str | None) -> float:
    """What a figure's value is multiplied by to stand on the scale of this unit; 0 where it cannot."""
    if unit == "percent" and row["kind"] == "fraction":
        return 100.0
    return 1.0 if row["unit"] == unit or unit is None or unit != "percent" else 0.0


def _drawn(row: dict[str, Any], factor: float, scale: Scale) -> dict[str, Any]:
    who = wording.speaker(row) if row["source_kind"] else row["author"] or row["publisher"] or "the text itself"
    who = ", ".join([who, *wording.standing(row)])
    drawn: dict[str, Any] = {"row": row, "who": who, "start": None, "end": None, "bound": row["modifier"] or ""}
    if row["value"] is not None and factor:
        drawn["start"] = scale.at(row["value"] * factor)
        drawn["end"] = scale.at(row["value_max"] * factor) if row["value_max"] is not None else None
    return drawn
