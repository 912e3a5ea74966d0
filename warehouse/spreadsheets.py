"""Cells that are safe to open in a spreadsheet: other people's text is never run as a formula (OWASP, CSV injection).

JSON and Parquet are exact; only CSV goes through here, because a spreadsheet opens it and runs what looks like a formula.
"""

import re
from typing import Any

_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]\s?(?:[$€£¥]?[\d.,]+\s?%?)?")
"""A sign with a number and nothing after it ("-1.9%", "+4"), or alone: "-2+3+cmd|..." begins so and is a formula."""


def no_formula(cell: Any) -> Any:
    """The cell, with an apostrophe before text that a spreadsheet would run; numbers and other values as they are."""
    runs = isinstance(cell, str) and _FORMULA.match(cell) is not None and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if runs else cell
