"""Text in a CSV is never a formula, and a number in it stays a number."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.spreadsheets import no_formula


@pytest.mark.parametrize("text", ["=1", " @x", "\t=1", "+cmd", "-2+3+cmd|' /C calc'!A0", "- he said", "-1.9% in March"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert no_formula(text) == f"'{text}"


@pytest.mark.parametrize("value", ["-1.9%", "+4", "-$16", "- 5", "-", "a=1", "", -4, None, 1.5])
def test_numbers_and_other_text_stay_as_they_are(value: Any) -> None:
    assert no_formula(value) == value


@given(st.text())
def test_nothing_but_an_apostrophe_is_ever_added(text: str) -> None:
    assert no_formula(text) in {text, f"'{text}"}
