"""The place that a figure is about: countries, peoples and known places in its words, under one name for all forms."""

import re
from collections.abc import Mapping
from functools import cache

from pipelines.lexicon import entries

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")


def words_in(text: str, start: int, end: int) -> list[tuple[str, int]]:
    """The words and whole numbers of a stretch, each with where it begins."""
    return [(m[0], m.start()) for m in _WORD.finditer(text, start, end)]


@cache
def places() -> Mapping[str, str]:
    """Lower-case country names, demonyms and place variants to one name each."""
    found = {row["form"].lower(): row["value"].lower() for row in entries("place_names")}
    found |= {row["form"].lower(): row["value"] for row in entries("territories") if row["kind"] == "country"}
    found |= {row["form"].lower(): row["value"] for row in entries("demonyms") if row["value"]}
    return found | {"us": "us", "usa": "us", "uk": "gb", "britain": "gb"}


def place_in(text: str, start: int, end: int, last: bool) -> str | None:
    """The first (or last) country, people or known place named in the stretch, as one name for all its forms."""
    found = None
    for word, at in words_in(text, start, end):
        if not word[0].isupper():
            continue
        name = word.removesuffix("'s").removesuffix("’s")
        place = places().get(name.lower())
        if (
            place is None
            and (before := text[max(0, at - 6) : at].rsplit(" ", 2))
            and before[-2:-1]
            and before[-2] in ("in", "near")
            and name.lower() not in _months()
        ):
            place = name.lower()
        if place is not None:
            found = place
            if not last:
                return found
    return found


def place_behind(text: str, at: int) -> str | None:
    """The place that a noun's own "in" or "of" names: "the population in Belarus", not "are against Russia"."""
    bound = re.match(r"\s+(?:in|of|across)\s+(?:the\s+)?", text[at : at + 20])
    return place_in(text, at + bound.end(), at + bound.end() + 20, False) if bound else None


@cache
def _months() -> frozenset[str]:
    return frozenset(row["form"].rstrip(".") for row in (*entries("months"), *entries("weekdays"), *entries("seasons")))


_PART_OF = re.compile(
    r"\b(?:northern|southern|eastern|western|central|in|near|across|throughout) (?P<name>[A-ZÀ-Þ][\w-]{2,})"
)


def _only_place(text: str, begin: int, stop: int) -> str | None:
    """The one place that the stretch names, null when it names none or several."""
    found = places_of(text, begin, stop)
    return found.pop() if len(found) == 1 else None


def places_of(text: str, begin: int, stop: int) -> set[str]:
    named = (w.lower().removesuffix("'s").removesuffix("’s") for w, _ in words_in(text, begin, stop) if w[0].isupper())
    found = {places()[name] for name in named if name in places()}
    for m in _PART_OF.finditer(text, begin, stop):
        if m["name"].lower() not in _months():
            found.add(places().get(m["name"].lower(), m["name"].lower()))
    return found


_LEAD_CHARACTERS = 400


def lead_place(text: str) -> str | None:
    """The one place that a document begins with: where its events happened, unless a sentence says otherwise."""
    return _only_place(text, 0, min(len(text), _LEAD_CHARACTERS))
