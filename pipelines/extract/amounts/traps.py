"""Digits that count nothing: dates, clock times, years, phone numbers, versions, addresses, scores, ids, list markers.

Each pattern stands beside a text it must cover; ``names_something`` looks at a bare number's neighbours.
A number that a trap covers is no figure, unless it carries a unit of its own.
"""

import re
from bisect import bisect_right
from functools import cache

from pipelines.lexicon.calendar_names import capital_month_pattern, month_pattern
from pipelines.lexicon.entries import either, entries

_MONTH = rf"{capital_month_pattern()}\b(?: ?\.)?"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?\b(?![.,]?\d|\s?[%$€£])"
_SPAN = r"\s?(?:-|–|—|to|and|or|&|,|/)\s?"
_YEAR = r"(?:1[0-9]|20|21)\d\d\b"

TRAPS = (
    (r"\b(?:https?://|www\.)\S+|(?<!\S)\S[^\s@]*+@\S+\.\w+|[@#]\w*\d\w*", "see https://example.org/2024/5 or @user55"),
    (rf"{_DAY}(?:{_SPAN}{_DAY}){{0,30}}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?", "24 and 25 February 2022"),
    (rf"(?i:\bon\s+{_DAY}\s+{_MONTH})", "on 1 may"),
    (
        rf"\b{_MONTH}\s+{_DAY}(?:{_SPAN}(?:{_MONTH}\s+)?{_DAY}(?!\s+[a-z]+s\b)){{0,30}}(?:,?\s+{_YEAR})?",
        "Sept. 20-24, 2019",
    ),
    (
        rf"(?i)\b{month_pattern(of_words=False)} ?\.? {_DAY}(?: ?,? {_YEAR})?",
        "oct . 13",
    ),
    (rf"\b{_MONTH},?\s+(?:{_YEAR}|['’]\d\d\b)", "March 2021"),
    (
        r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}\S*)?|\b\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})\b\.?",
        "2022-02-24T05:30, 16.03.2022",
    ),
    (r"\b\d{1,2}/(?:19|20)\d\d\b", "03/2022"),
    (r"\b\d{1,2}/\d{1,2}\s?[-–]\s?\d{1,2}/\d{1,2}\b", "asked 5/11-5/14 by phone"),
    (
        r"(?i)\b(?:[01]?\d|2[0-4])[:.]\s?[0-5]\d(?:[:.]\d\d)?(?=\s?(?:[ap]\.?\s?m\b|h\b|IST\b|hrs|hours|GMT|UTC|CET|EST|EDT|BST|MSK|local))|\b\d{1,2}: ?\d{2}(?::\d{2})?(?:[.,]\d+)?\b",
        "at 5:30 a.m.",
    ),
    (r"(?i)\b(?:1[0-2]|0?\d)(?:[-–](?:1[0-2]|0?\d))?\s?(?:[ap]\.\s?m\b\.?|[ap]m\b|o['’]clock)", "at 6pm"),
    (r"\b[0-2]\d[0-5]\d\s?(?:GMT|UTC|CET|EST|EDT|BST|MSK|hours|hrs)\b", "0401 GMT"),
    (
        r"(?i)\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+(?:o['’]clock|[ap]\.m\.)",
        "six o'clock",
    ),
    (r"(?i)(?:\b(?:early|mid|late)[- ])?(?:\b\d{2}|['’]|\b)\d0['’]?s\b", "in the early 1990s"),
    (rf"\b(?:FY|Q[1-4]|H[12])\s?['’]?(?:{_YEAR}|\d\d\b)|['’]\d\d\b(?!\d)", "Q1 2021"),
    (r"(?i)\b(?:fiscal|financial|tax|calendar|academic)(?: year)? (?:19|20)\d\d\b", "fiscal 2021"),
    (r"(?<![\w.])\+\d{1,3}[\s(.-]*\d[\d\s().-]{5,}\d", "+375 29 123-45-67"),
    (r"(?<![\d.,$€£])(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4}\b", "(212) 555-0100"),
    (r"\b\d+(?:[-–]\d+){2,}\b", "123-45-67"),
    (r"\b[vV]?(?!\d{1,3}(?:\.\d{3})+\b(?!\.))\d+(?:\.\d+){2,}\b", "3.11.7"),
    (r"\b\d+\([a-z0-9]{1,3}\)", "230(c)"),
    (r"[(\[]\d{1,2}[)\]](?!\s?\d)", "see (2) and [14]"),
    (r"(?m)(?<=[.!?] )\d{1,2}\)[ \t]*$", "All were paid. 3)"),
    (r"№\s?\d+|\b(?:No|Nos|Nr|no)\.\s?\d+(?:\s?(?:,|-|–|and|to)\s?\d+)*", "No. 5"),
    (r"(?i)\b\d+(?:st|nd|rd|th)\b", "the 38th minute"),
    (
        r"\b\d{2,3} for \d{1,2}\b(?=\s(?:to|and|at|in|on|when|before|after|with|off|as)\b|\s?(?:[.,;:)]|$))",
        "from 124 for 2 to 132 for 5",
    ),
    (rf"\b(?:{either('figure_words', 'no_count')})\b", "open 24/7"),
    (r"(?<![\d.,])\d{5}(?:-\d{4})?(?=\s+(?:ZIP|zip)\b)|\b[A-Z]{2}\s+\d{5}\b(?!,)", "the 90049 ZIP code"),
    (
        r"(?<![\d.,$€£])\d{1,5}(?=\s+(?:[NSEW]\.?\s+)?[A-Z][a-z]+(?:\s[A-Z][a-z]+)?\s(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Drive|Square|Place|Court|Terrace)\b)",
        "14 Green Street",
    ),
    (r"(?i)\bodds of \S+|\b\d+[- ]to[- ]1\b(?=\s+(?:odds|favou?rite|shot|outsider))", "odds of 3-1"),
    (
        r"(?i)\btwenty[ -]twenty(?:[ -]\w+)?\b|\bnineteen[ -](?:hundred[ -]and[ -])?(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?\b",
        "in nineteen eighty-four",
    ),
)
_OPENINGS = re.compile(r"(?m)^[ \t]*(?:\(?\d{1,3}[.)](?=[ \t]+\S)|[12]?\d\.\d{1,2}\.?(?=[ \t]+[A-Z][a-z]))")
"""Matches ``1. Lamps``, not ``1.5 lamps``."""


class Traps:
    """The spans of a text whose digits count nothing, for questions by offset."""

    def __init__(self, text: str) -> None:
        spans: list[tuple[int, int]] = []
        if any(map(str.isdigit, text)) or "clock" in text or "eteen" in text or "twenty" in text.lower():
            for pattern in _patterns():
                spans.extend(m.span() for m in pattern.finditer(text))
            spans.extend(m.span() for m in _OPENINGS.finditer(text))
        spans.sort()
        self.spans: list[tuple[int, int]] = []
        for start, end in spans:
            if self.spans and start < self.spans[-1][1]:
                self.spans[-1] = (self.spans[-1][0], max(end, self.spans[-1][1]))
            else:
                self.spans.append((start, end))
        self._starts = [start for start, _ in self.spans]

    def covers(self, start: int, end: int) -> bool:
        """Whether any part of ``[start, end)`` is trapped."""
        i = bisect_right(self._starts, end - 1) - 1
        return i >= 0 and self.spans[i][1] > start


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source) for source, _ in TRAPS)


@cache
def _labels() -> tuple[frozenset[str], frozenset[str]]:
    rows = entries("numbered")
    return (
        frozenset(row["form"] for row in rows if row["value"] == "label"),
        frozenset(row["form"] for row in rows),
    )


_LAST_WORD = re.compile(r"([^\W\d_][\w’'&/.-]*?)\.?(?:\s|\s?[-‐‑]\s?)$")
_LISTED = re.compile(r"([^\W\d_]+)s\.?\s(?:\d+[a-z]?\s?(?:,|and|or|to|-|–|&)\s?)+$")


def names_something(text: str, start: int) -> bool:
    """Whether the word before a bare number makes it a name ("Article 5", "flat 14", "Formula 1", "rooms 3 and 4")."""
    window = text[max(0, start - 24) : start]
    m = _LISTED.search(window) or _LAST_WORD.search(window)
    if m is None:
        return False
    word, (any_case, capitalised) = m[1], _labels()
    lowered = word.lower().rstrip(".")
    if lowered in any_case:
        return True
    return word[0].isupper() and (lowered in capitalised or lowered.removesuffix("s") in capitalised)


def looks_like_year(digits: str) -> bool:
    """Four bare digits between 1000 and 2199."""
    return len(digits) == 4 and digits.isdigit() and "1000" <= digits < "2200"
