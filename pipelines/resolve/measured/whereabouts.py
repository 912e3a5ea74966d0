"""The place that a figure is about: countries, peoples and known places in its words, under one name for all forms."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from pipelines.lexicon.calendar_names import calendar_names
from pipelines.lexicon.entries import entries, group

_WORD = re.compile(r"\bU\.(?:S\.(?:A\.)?|K\.)|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")


def words_in(text: str, start: int, end: int) -> list[tuple[str, int]]:
    """The words and whole numbers of a stretch, each with where it begins."""
    return [(m[0], m.start()) for m in _WORD.finditer(text, start, end)]


@cache
def places() -> Mapping[str, str]:
    """Lower-case country names, demonyms and place variants to one name each."""
    found = {row["form"].lower(): row["value"].lower() for row in entries("place_names")}
    countries = {row["form"].lower(): row["value"] for row in entries("territories") if row["kind"] == "country"}
    countries |= {row["form"].lower(): row["value"] for row in entries("demonyms") if row["value"]}
    countries |= {"us": "us", "usa": "us", "u.s.": "us", "u.s.a.": "us", "uk": "gb", "u.k.": "gb", "britain": "gb"}
    return {form: countries.get(value, value) for form, value in found.items()} | countries


_LONGEST = 4
"""Words of a name of a place that are looked up together."""
_PARTS_OF_AMERICA = frozenset({"central", "south", "latin", "north"})
_HALF_NAMES = group("name_words", "half")
"""First words that many places share: "in San" is no place, "in San Luis" is."""


def _named(text: str, start: int, end: int) -> Iterator[tuple[str, str | None, int]]:
    """The capitalised names of the stretch: as written in lower case, the known place it is (or null), where it begins."""
    words = words_in(text, start, end)
    i = 0
    while i < len(words):
        word, at = words[i]
        n = 1
        if word[0].isupper():
            n = next((n for n in range(_LONGEST, 1, -1) if _joined(text, words[i : i + n], n) in places()), 1)
            if n == 1 and word.lower() in _HALF_NAMES and i + 1 < len(words) and words[i + 1][0][0].isupper():
                n = 2 if _joined(text, words[i : i + 2], 2) else 1
            name = _joined(text, words[i : i + n], n) or word.lower()
            before = words[i - 1][0].lower() if i else ""
            is_part = name.startswith("america") and before in _PARTS_OF_AMERICA
            yield name, None if is_part else places().get(name), at
        i += n


def _joined(text: str, words: list[tuple[str, int]], n: int) -> str:
    """The words in lower case when single spaces part them and there are ``n``; else nothing."""
    if len(words) < n:
        return ""
    first, (last, at) = words[0][1], words[-1]
    name = text[first : at + len(last)]
    return name.lower().removesuffix("'s").removesuffix("’s") if len(name.split(" ")) == n else ""


def place_in(text: str, start: int, end: int, last: bool) -> str | None:
    """The first (or last) country, people or known place named in the stretch, as one name for all its forms."""
    found = None
    for name, place, at in _named(text, start, end):
        if place is None and name not in calendar_names() and name not in _HALF_NAMES:
            before = text[max(0, at - 6) : at].rsplit(" ", 2)
            place = name if before[-2:-1] and before[-2] in ("in", "near") else None
        if place is not None:
            found = place
            if not last:
                return found
    return found


def place_behind(text: str, at: int) -> str | None:
    """The place that a noun's own "in" or "of" names: "the population in Belarus", not "are against Russia"."""
    bound = re.match(r"\s+(?:in|of|across)\s+(?:the\s+)?", text[at : at + 20])
    return place_in(text, at + bound.end(), at + bound.end() + 20, False) if bound else None


_PART_OF = re.compile(
    r"\b(?:northern|southern|eastern|western|central|in|near|across|throughout) (?P<name>[A-ZÀ-Þ][\w-]{2,})"
)
"""Matches ``northern Zubrin``, not ``northern lamps``."""


def _only_place(text: str, begin: int, stop: int) -> str | None:
    """The one place that the stretch names, null when it names none or several."""
    found = places_of(text, begin, stop)
    return found.pop() if len(found) == 1 else None


def places_of(text: str, begin: int, stop: int) -> set[str]:
    found = {place for _, place, _ in _named(text, begin, stop) if place is not None}
    for m in _PART_OF.finditer(text, begin, stop):
        if m["name"].lower() not in calendar_names() | _HALF_NAMES and not m["name"].startswith("America"):
            found.add(places().get(m["name"].lower(), m["name"].lower()))
    return found


_LEAD_CHARACTERS = 400
"""A headline and a first sentence."""


def lead_place(text: str) -> str | None:
    """The one place that a document begins with: where its events happened, unless a sentence says otherwise."""
    return _only_place(text, 0, min(len(text), _LEAD_CHARACTERS))
