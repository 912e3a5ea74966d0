"""Cells that are safe to open in a spreadsheet: other people's text is never run as a formula (OWASP, CSV injection).

JSON and Parquet are exact; only CSV goes through here, because a spreadsheet opens it and runs what looks like a formula.
An apostrophe before it makes it text. A spreadsheet that splits at semicolons, as in most of Europe, takes no notice of the
quotation marks around a cell in the middle of a line: what follows a semicolon, tab or line end inside a cell is a cell of its
own there, and is looked at as one.
"""

import re
from typing import Any

_BREAK = re.compile(r"(?<=[;\t\r\n])")
"""Where another spreadsheet may begin a new cell."""
_HIDDEN = (
    r"""[\s"'`\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"""
    r"""\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]*"""
)
"""What a spreadsheet may skip or not show before a sign: blanks, straight quotes, controls, marks of no width. No curly quotes."""
_SIGNED = re.compile(rf"{_HIDDEN}(?:(?P<sure>[=＝﹦@＠﹫])|(?P<sign>[+＋﹢\-－﹣−]))(?P<rest>.*)", re.DOTALL)
"""Text that begins with a sign which begins formulas, full-width and small ones too; not an address ("a@b"), not a "=" inside."""
_SAYS_SOMETHING = re.compile(r"[^\W_]")
_NUMBER = re.compile(r"[\d\s.,'’()$€£¥%‰]+(?:[eE][+-]?\d+)?[\s\"']*")
"""What makes a number of a sign before it, or a telephone number: "1.9 %", "49 (0)30 1234"; not "2+3"."""
_CALLS = re.compile(r"[^\W\d][\w.]*\s*\(|\||![\w$]")
"""What reaches out of a cell: a function, another program ("cmd|..."), another sheet ("Sheet!A1"); not "Stop!" or "(0)"."""
_ITEM = re.compile(r"[+＋﹢\-－﹣−]*\s+(?![A-Za-z]{1,3}\$?\d)[^\W\d]")
"""An item of a list: a blank between the signs and a word ("- item"); not a cell's address ("- A1")."""
_PROSE = re.compile(r"\w[^\s+*/^&=<>-]*\s+[^\s+*/^&=<>-]*\w")
"""Two words with nothing but a blank between, which no spreadsheet computes: "1.9% in March"; not "2 + 3", "2- 3"."""


def no_formula(cell: Any) -> Any:
    """The cell, with an apostrophe before text that a spreadsheet would run; numbers, prose and other values as they are."""
    if not isinstance(cell, str):
        return cell
    first, *more = _BREAK.split(cell)
    first = f"'{first}" if _runs(cell) else first
    return first + "".join(f"'{piece}" if _runs(piece) else piece for piece in more)


def _runs(text: str) -> bool:
    """Whether a spreadsheet would take this text for a formula."""
    found = _SIGNED.match(text)
    if found is None or not _SAYS_SOMETHING.search(rest := found["rest"]):
        return False
    if found["sure"] or _CALLS.search(rest):
        return True
    return not (_NUMBER.fullmatch(rest) or _ITEM.match(rest) or _PROSE.search(rest))
