"""Capitalised words and letters that name nobody and nothing: ``CEO``, ``GDP``, ``Ph.D.``, ``God``, ``Court``, laughter."""

import re
from collections.abc import Iterable
from functools import cache

from pipelines.extract.naming.edges import Span
from pipelines.lexicon.entries import entries

COUNTED = re.compile(
    r"[Nn][oº]\.? ?\d+|one|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?"
)
"""A number, in figures or in small letters. Matches ``no. 5``, not ``lamps``."""
DRAWN_OUT = re.compile(r"(?P<letter>\w)(?P=letter){3}|^(?:ha|he|ho|hi|ke|lo){2,}\w?$", re.IGNORECASE)
"""Four of one letter, or laughter: a shout, no name."""
ZONE = re.compile(r" (?:Mean|Standard|Daylight|Summer) Time\b")
"""What makes a place's name one of a time of the clock: Greenwich Mean Time."""
CURRENCY = re.compile(r"[A-Z]{1,3}\$$")


@cache
def _kinds() -> dict[str, str]:
    return {row["form"]: row["value"] for row in entries("no_names")}


def names_nothing(word: str) -> bool:
    """Whether a list has this word, as written, among those that name nothing by themselves."""
    return word in _kinds()


def named(text: str, spans: list[Span]) -> list[Span]:
    """The spans without those that name nothing.

    The word for a kind of body (``Court``) goes unless a longer name of the document holds it (``Supreme Court``): then it is
    short for that. ``US$`` is a currency. A code of two letters stays where it was taken for a place (``PA``, ``MD``).
    """
    longer = _words_of(text[span.start : span.end] for span in spans)
    kept = []
    for span in spans:
        words = text[span.start : span.end]
        kind = _kinds().get(words)
        if kind == "head":
            nothing = span.label != "PERSON" and words not in longer
        elif kind == "deity":
            nothing = span.label == "PERSON"
        else:
            nothing = kind is not None and (span.label != "LOC" or len(words) > 2)
        money = CURRENCY.search(words) or (text[span.end : span.end + 1] in ("$", "€", "£") and len(words) < 4)
        clock = ZONE.match(text, span.end) is not None
        if not (
            nothing or money or clock or COUNTED.fullmatch(words) or (" " not in words and DRAWN_OUT.search(words))
        ):
            kept.append(span)
    return kept


def _words_of(names: Iterable[str]) -> set[str]:
    """The words of the names that have more than one."""
    return {word for name in names if " " in name for word in name.split()}
