"""Units that can be compared: lengths with lengths, durations with durations, shares with shares."""

from collections.abc import Mapping

from pipelines.ingest.document import Row

_SCALES: Mapping[str, tuple[str, float]] = {
    "m": ("m", 1.0), "km": ("m", 1000.0), "cm": ("m", 0.01), "mm": ("m", 0.001), "mi": ("m", 1609.344), "ft": ("m", 0.3048),
    "yard": ("m", 0.9144), "in": ("m", 0.0254), "nautical mile": ("m", 1852.0),
    "kg": ("kg", 1.0), "g": ("kg", 0.001), "t": ("kg", 1000.0), "lb": ("kg", 0.45359237), "oz": ("kg", 0.028349523125),
    "m2": ("m2", 1.0), "km2": ("m2", 1e6), "ha": ("m2", 1e4), "acre": ("m2", 4046.8564224), "sq ft": ("m2", 0.09290304), "sq mi": ("m2", 2589988.110336),
    "km/h": ("km/h", 1.0), "mph": ("km/h", 1.609344), "m/s": ("km/h", 3.6), "knot": ("km/h", 1.852),
    "second": ("second", 1.0), "minute": ("second", 60.0), "hour": ("second", 3600.0), "day": ("second", 86400.0), "week": ("second", 604800.0),
    "month": ("month", 1.0), "year": ("month", 12.0), "decade": ("month", 120.0), "century": ("month", 1200.0),
}  # fmt: skip


def dimension(figure: Row) -> tuple[str, float]:
    """The unit in which a figure is compared with others of its dimension, and by what its value is multiplied."""
    if figure["kind"] == "fraction":
        return "percent", 100.0
    unit = figure["unit"] or ""
    return _SCALES.get(unit, (unit, 1.0))
