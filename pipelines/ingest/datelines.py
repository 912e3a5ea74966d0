"""Datelines: the place, the day and the agency before the first words of a report ("MINSK, May 3 (Agency) -").

They are no part of the sentence behind them; a parser that reads them as one takes the place for its subject. All who ask
for one ask here: what begins the sentence, who wrote the text and for whom, its day, its genre, which name is a place.
"""

import re
from typing import NamedTuple

from pipelines.lexicon.calendar_names import capital_month_pattern


class Dateline(NamedTuple):
    """What stands before the first words of a report. Offsets are those of the text asked about.

    ``author`` stands in front (``By Ana Lund – OSLO ...``), null where nobody does; ``place`` ends at ``place_end``;
    ``agency`` is what the brackets or strokes hold, without a day, and begins at ``agency_start`` (-1 where there is none);
    the sentence begins at ``end``.
    """

    author: str | None
    place: str
    place_end: int
    agency: str | None
    agency_start: int
    end: int


_MONTH = rf"{capital_month_pattern()}\.?"
_YEAR = r"(?:19|20)\d\d"
_DAY = rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH})(?:,? {_YEAR})?|\d{{1,2}}[./]\d{{1,2}}[./](?:{_YEAR}|\d\d)|{_YEAR}-\d\d-\d\d"
_WORD = r"(?:[A-Z][\w.'’-]*|\d{1,4}(?:st|nd|rd|th)?|of|de|el|al)[.,]*"
_STROKE = r"\s*(?:--+|[–—―]|-(?=\s|[A-Z\"“]|$)|_(?=\s|$))"
_BY = r"(?:By (?P<author>(?:[A-Z][\w.'’-]* ){1,3}[A-Z][\w.'’-]*)\s*[–—―-]\s+)?"
"""Who wrote it, in front of the dateline: "By Ana Lund – OSLO (Agency) – "."""
_PLACE = r"(?P<place>[A-Z][A-Z.'’-]{2,}(?:[ ,]+[A-Z][A-Z.'’-]*)*(?:,\s[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*)?){0,2}?)"
_TELLS_AGENCY = re.compile(r"[A-Z][\w&.’' -]{1,25}?(?=\s*(?:[/,–—]|\s-\s|$))")
_IS_DAY = re.compile(rf"(?:{_DAY})\b|\d")

_FRAMES = tuple(
    re.compile(frame)
    for frame in (
    # "HARBOUR TOWN, Maine--(NEWS WIRE)--Oct. 28, 1997--"
    rf"(?P<place>[A-Z][^()\n]{{2,40}}?)\s*(?:--|[–—-])\s*\((?P<in>[^()\n]{{2,30}})\)\s*(?:--|[–—-])\s*(?:{_DAY})\s*(?:--|[–—])\s*",
    # "Oslo, 3 May (Agency) -", "OSLO /Agency/ --", "OSLO (Agency): "; "The Post (Oslo): “So be it”" has no agency
    rf"{_BY}(?P<place>[A-Z](?:[\w.'’-]*[.,]*)(?:[ /]+{_WORD}){{0,9}}?) ?(?:\((?P<in>[^()\n]{{2,60}})\)|/(?P<between>[A-Z][^/\n]{{1,30}})/)(?:{_STROKE}|:\s(?P<quote>(?=[\"“«‘„]))?)\s*",
    # "OSLO -", "NEW ULM, Minn. _", "OSLO, May 3 --"; not "NATO - the alliance - met.", for a capital follows
    rf"{_BY}{_PLACE}(?:,?\s(?:{_DAY}))?{_STROKE}\s*",
    # "OSLO (Agency, May 3, 2021) The"; not "ZUBRIN (founded in 1949) plays"
    r"(?P<place>[A-Z][A-Z.'’-]{2,}(?: [A-Z.'’-]+)*) ?\((?P<in>[^()\n]{2,50}\b(?:19|20)\d\d)\) (?=[A-Z])",
    # "Oslo, May 3, 2021 -", "Porto, Portugal, 3 May:"; not "On May 3, 2021 - a Monday -"
    rf"(?P<place>(?!(?:On|In|By|Since|After|Before|From|Until|Between|Born|Died)\b)[A-Z][\w.'’-]*(?:,? [A-Z][\w.'’-]*){{0,4}}?),? [,(]?(?:{_DAY})\)?(?:{_STROKE}|:(?=\s))\s*",
    )
)  # fmt: skip
_DAY_AT_END = re.compile(rf"(?:^|,? )(?:{_DAY})$")
_LONGEST = 120
"""Characters that a dateline has at most."""


def _read(text: str, start: int, end: int) -> Dateline | None:
    head = text[start : min(end, start + _LONGEST)]
    match = next((found for frame in _FRAMES if (found := frame.match(head))), None)
    if match is None:
        return None
    groups = match.groupdict()
    inside = groups.get("in") or groups.get("between")
    tells = (
        _TELLS_AGENCY.match(inside) if inside and groups.get("quote") is None and not _IS_DAY.match(inside) else None
    )
    at = match.start("in" if groups.get("in") else "between") + start if tells else -1
    place = _DAY_AT_END.sub("", match["place"].rstrip(" ,-"))
    place_end = start + match.start("place") + len(place)
    agency = tells[0].strip() if tells else None
    return Dateline(groups.get("author"), place, place_end, agency, at, start + match.end())


def dateline_of(text: str, start: int = 0, end: int | None = None) -> Dateline | None:
    """The dateline with which ``text[start:end]`` begins; null when there is none.

    A capital, a digit or a quotation mark follows, or nothing: a dateline may stand alone in its line.
    """
    end = len(text) if end is None else end
    found = _read(text, start, end)
    if found is None or found.end >= end:
        return found
    follows = text[found.end]
    return found if follows.isupper() or follows.isdigit() or follows in "\"“'‘«" else None


def end_of_dateline(text: str, start: int, end: int) -> int | None:
    """Where the sentence behind the dateline begins with which ``text[start:end]`` begins; null when there is none."""
    found = dateline_of(text, start, end)
    return found.end if found is not None and found.end < min(end, start + _LONGEST) else None


def author_in_dateline(text: str) -> str | None:
    """The author that a report's first paragraph names in front of its dateline; null where it names none."""
    found = dateline_of(text)
    return found.author if found is not None and found.end < len(text) else None
