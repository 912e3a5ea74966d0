"""Text in a CSV is never a formula, and a number or a sentence in it stays as it is."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.query import csv_writer
from warehouse.spreadsheets import no_formula

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
FORMULAS = [
    "=1", "=rows(a:a)", '="a"&CHAR(10)', "= 4", "==1", "+cmd", "-A1", "+A1*2", "- A1", "+1+1", "-2 + 3", "-2- 3", "@SUM(1,1)",
    "-2+3+cmd|' /C calc'!A0", "- HYPERLINK(\"http://a.example\")", "- item WEBSERVICE (\"http://a.example\")", "+Sheet2!A1",
    "-x|y", "=DDE(\"soffice\";\"/etc/hostname\";\"A1\")", "−A1",
]  # fmt: skip
HARMLESS = [
    "-1.9%", "-1.9 %", "+4", "-$16", "- 5", "-", "a=1", "", "--", "---", "=====", "@", "= =", "-_-", "−3,5", "+49 (0)30 1234", "-1e-5",
    "- item", "- he said", "- item two; - item three", "-1.9% in March", "+3 points", "-5 °C", "+++ News +++", "- Stop! Go.",
    "a@b.example", "https://a.example/?q==1", "'tis the season", "“= 4” it said", "12=12", "－４", "a; b", "one\n- two\n- three\n---\n",
    "\tindented", "he said;she said", "\ufeffplain", "-item two", "well-known", "x;-5 degrees",
]  # fmt: skip
HIDERS = [
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\ufeff",
    "\u200b",
    "\u00a0",
    "\u2060",
    '"',
    "'",
    '""',
    "\x00",
    "\u3000",
    "\u200e\u202d",
]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("hider", HIDERS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str, hider: str) -> None:
    assert no_formula(hider + text).startswith(f"'{hider}")


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("before", ["x;", 'good";', "x\t", "x\n", "x\r\n", "x; \ufeff"])
def test_so_does_what_another_spreadsheet_takes_for_a_cell_of_its_own(text: str, before: str) -> None:
    cells = no_formula(before + text + ";y")
    assert cells != before + text + ";y"
    at = max(map(before.rfind, ";\t\r\n")) + 1
    assert cells.startswith(f"{before[:at]}'{before[at:]}")


@pytest.mark.parametrize("value", [*HARMLESS, -4, None, 1.5])
def test_numbers_and_other_text_stay_as_they_are(value: Any) -> None:
    assert no_formula(value) == value


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_is_known_in_full_width_and_small_too(sign: str) -> None:
    assert no_formula(f"{sign}SUM(1)") == f"'{sign}SUM(1)"


def test_a_header_is_guarded_as_a_cell_is() -> None:
    out = io.StringIO()
    put = csv_writer(out)
    put(["=1+1", "plain"])
    put(["x;=1", 2])
    assert list(csv.reader(io.StringIO(out.getvalue()))) == [["'=1+1", "plain"], ["x;'=1", "2"]]


@given(st.text(alphabet=st.sampled_from("=+-@;\t\n '\"a1(|!%.\ufeff＝"), max_size=30))
def test_nothing_but_apostrophes_is_ever_added(text: str) -> None:
    assert no_formula(text).replace("'", "") == text.replace("'", "")


@given(st.text(alphabet=st.sampled_from("=@;\t\n '\"a1(|!\ufeff＝"), max_size=30))
def test_no_part_of_a_cell_begins_with_a_sign_that_always_computes(text: str) -> None:
    """Whatever stands before: split where a spreadsheet may, no part is a formula without an apostrophe of ours."""
    guarded = no_formula(text)
    assert no_formula(guarded).replace("'", "") == guarded.replace("'", "")
    for part in guarded.replace("\t", ";").replace("\n", ";").split(";"):
        seen = part.strip(' "\ufeff')
        assert not (seen[:1] in {"=", "@", "＝"} and any(c.isalnum() for c in seen)), part


def test_a_long_text_takes_no_longer_a_character_than_a_short_one() -> None:
    for piece in ("- a", "+1", " ", "\t", "=", "- ", "-a-", "a(", '"', "1 ", ";-", "((", "- a("):
        assert no_formula(piece * 50_000).replace("'", "") == (piece * 50_000).replace("'", "")
