"""Datelines: the place, the day and the agency before the first words of a report ("MINSK, May 3 (Agency) -").

They are no part of the sentence behind them; a parser that reads them as one takes the place for its subject.
"""

import re

_WORD = r"(?:[A-Z][\w.'’-]*|\d{1,4}(?:st|nd|rd|th)?|of|de|el|al)[.,]*"
_STROKE = r"\s*(?:--+|[–—―]|-(?=\s|[A-Z\"“])|_(?=\s))"
BY = r"(?:By (?P<author>(?:[A-Z][\w.'’-]* ){1,3}[A-Z][\w.'’-]*)\s*[–—―-]\s+)?"
"""Who wrote it, in front of the dateline: "By Ana Lund – OSLO (Agency) – "."""
_WITH_AGENCY = re.compile(
    rf"{BY}[A-Z](?:[\w.'’-]*[.,]*)(?:[ /]+{_WORD}){{0,9}} ?\([^()\n]{{2,60}}\)(?:{_STROKE}|:\s)\s*"
)
_PLACE_IN_CAPITALS = re.compile(
    rf"{BY}[A-Z][A-Z.'’-]{{2,}}(?:[ ,]+[A-Z][A-Z.'’-]*)*(?:,\s[A-Z][\w.'’-]*){{0,2}}(?:,?\s[A-Z][a-z]{{2,8}}\.?\s\d{{1,2}}(?:,\s\d{{4}})?)?{_STROKE}\s*"
)
_DAY_IN_BRACKETS = re.compile(r"[A-Z][A-Z.'’-]{2,}(?: [A-Z.'’-]+)* ?\([^()\n]{2,50}\b(?:19|20)\d\d\) (?=[A-Z])")
_LONGEST = 120
"""Characters that a dateline has at most."""


def author_in_dateline(text: str) -> str | None:
    """The author that a report's first paragraph names in front of its dateline; null where it names none."""
    if end_of_dateline(text, 0, len(text)) is None:
        return None
    match = re.match(BY, text)
    return match["author"] if match else None


def end_of_dateline(text: str, start: int, end: int) -> int | None:
    """Where the sentence behind the dateline begins with which ``text[start:end]`` begins; null when there is none.

    A place stands in capitals (``OSLO - The``), or an agency or a day in brackets stands behind it
    (``Oslo (Agency) - The``, ``OSLO (Agency, May 3, 2021) The``); a capital, a digit or a quotation mark follows.
    """
    head = text[start : min(end, start + _LONGEST)]
    match = _WITH_AGENCY.match(head) or _PLACE_IN_CAPITALS.match(head) or _DAY_IN_BRACKETS.match(head)
    if match is None or match.end() == len(head):
        return None
    follows = head[match.end()]
    return start + match.end() if follows.isupper() or follows.isdigit() or follows in "\"“'‘«" else None
