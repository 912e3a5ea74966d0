"""Names of things that are made, and of storms and operations: PRODUCT and EVENT told from the bodies and people whose names they bear."""

import re
from bisect import bisect_right
from dataclasses import replace
from functools import cache

from pipelines.extract.naming.edges import Span, touching
from pipelines.extract.naming.gazetteer import head_kind, known_type
from pipelines.lexicon.entries import either, entries

MODEL = re.compile(
    r"[ -](?:[A-Z]{1,4}[-‑]?\d{1,4}[A-Za-z]{0,3}(?:-\d{2,4})?|[a-z]{1,3}\d{2,4}|\d{2,4}[A-Z]{1,3}|\d{3}-\d{2,3}[A-Z]{0,2})s?(?![\w%])"
)
"""A designation of letters and digits behind a maker's name: ``A330-200``, ``VC-10``, ``s100``. Matches `` T-72``, not `` Oslo``."""
NUMBER = re.compile(
    r"[ -](?:(?:7\d7|[1-9]0[1-9]|3[1-9]0)s?(?![\w%]|[.,]\d)|\d{2,4}s?(?![\w%]|[.,]\d| [a-z]+s\b| (?:per|million|billion)\b))"
)
"""A number behind a maker's name; one that may count what follows (``Boeing 500 jobs``) is none, unless models are numbered so.
Matches `` 787``, not `` 40 lamps``."""
DESIGNATION = re.compile(r"^[A-Z][A-Za-z]{0,3}-\d{1,4}[A-Z]{0,3}s?(?: [A-Z][a-z]+){0,2}$")
"""A type of aircraft, missile or gun, with or without its name: ``Su-27``, ``S-300``, ``KC-135R Stratotanker``. Matches ``Su-27``, not ``Su-``."""
LAW = re.compile(r"(?: [A-Z][\w’'-]*){0,4} (?:Act|Bill)\b(?! [A-Z])")
"""The rest of a law's name behind the words that the model took for a body's."""
SHIP = re.compile(rf"\b(?:{either('name_words', 'ship')}|{either('name_words', 'ship_or_else')}) ")
"""What stands before a ship's name."""
SHIP_NAMED = re.compile(
    rf"\b(?:{either('name_words', 'ship')}) "
    r"(?P<name>[A-Z][a-z]\w*(?: (?:(?:of|de|the) )?[A-Z](?:[a-z]\w*|\.)?(?!\w)){0,2})"
)
"""Matches ``HMS Zubrin Castle``, not ``HMS zubrin``."""
TITLED = re.compile(
    r"\b(?:Capt|Cmdr|Captain|Commander|Admiral|Mr|Mrs|Ms|President|Queen|King|Prince|Lady|Lord|Sir)\.? $"
)
"""Matches ``Admiral ``, not ``the admiral ``."""
STORMS = (["Hurricane"], ["Typhoon"], ["Cyclone"], ["Storm"])
NAMED_AFTER = frozenset(("Hurricane", "Typhoon", "Cyclone", "Storm", "Operation"))


@cache
def _kinds() -> dict[str, str]:
    return {row["form"]: row["value"] for row in entries("products")}


def is_product(name: str) -> bool:
    """Whether a list knows a thing by this name, as written: iPhone, Novichok."""
    return _kinds().get(name) == "product"


def with_products(text: str, spans: list[Span]) -> list[Span]:
    """The spans (in order), those that name a model or a thing on a list as PRODUCT: ``Airbus A350`` whole, ``Su-27``, ``iTunes``.

    A maker's name alone stays a body, and so does one with a number that counts what follows (``Boeing 500 jobs``).
    """
    found: list[Span] = []
    for at, span in enumerate(spans):
        if found and span.start < found[-1].end:
            continue
        ship = SHIP.search(text, max(0, span.start - 6), span.start)
        if ship and ship.end() == span.start and not (found and found[-1].end > ship.start()):
            span = replace(span, start=ship.start())
        words = text[span.start : span.end]
        if SHIP.match(words):
            found.append(replace(span, label="PRODUCT"))
            continue
        limit = spans[at + 1].end if at + 1 < len(spans) else len(text)
        maker = _kinds().get(words.split()[0]) == "maker" and span.label != "PERSON"
        if span.label == "ORG" or maker:
            pattern = MODEL.match(text, span.end, limit) or (NUMBER.match(text, span.end, limit) if maker else None)
            if pattern and head_kind(words.split()[-1]) is None and not words.isupper():
                span = replace(span, end=pattern.end(), label="PRODUCT")
                words = text[span.start : span.end]
        product = (is_product(words) and span.label != "PERSON") or (DESIGNATION.match(words) and span.label == "ORG")
        made = (
            maker and " " in words and (is_product(words.split(" ", 1)[1]) or re.search(r" [A-Z]{0,3}-?\d+\w*$", words))
        )
        found.append(replace(span, label="PRODUCT") if product or made else span)
    return found


def with_ships(text: str, spans: list[Span]) -> list[Span]:
    """The spans (in order), ships as PRODUCT: ``HMS Zubra`` whole, in place of the pieces found there, and ``Zubra`` after it."""
    ships = list(SHIP_NAMED.finditer(text))
    if not ships:
        return spans
    found = list(spans)
    own: set[str] = set()
    for match in ships:
        start, end = match.span()
        words = match[0].split()
        while len(words) > 2 and head_kind(words[-1]):
            end -= len(words.pop()) + 1
        held = touching(found, start, end)
        if any(span.start < start or span.end > end for span in held):
            continue
        at = bisect_right(found, start, key=lambda span: span.end)
        found[at : at + len(held)] = [Span(start, end, "PRODUCT", 0.7)]
        if len(words) == 2:
            own.add(words[1])
    return [
        replace(span, label="PRODUCT")
        if text[span.start : span.end] in own and not TITLED.search(text, max(0, span.start - 12), span.start)
        else span
        for span in found
    ]


def with_laws(text: str, spans: list[Span]) -> list[Span]:
    """The spans (in order), a law's name whole and as WORK where the model took a part of it for a body: ``HARBOURS Act``."""
    found = []
    for at, span in enumerate(spans):
        if span.label == "ORG":
            words = text[span.start : span.end]
            limit = spans[at + 1].start if at + 1 < len(spans) else len(text)
            match = None if known_type(words) else LAW.match(text, span.end, limit)
            if match or (" " in words and words.endswith((" Act", " Bill"))):
                span = replace(span, end=match.end() if match else span.end, label="WORK")
        found.append(span)
    return found


def with_events(text: str, spans: list[Span]) -> list[Span]:
    """The spans (in order), a storm's or an operation's own name as EVENT wherever it stands: ``Rita`` after ``Hurricane Rita``."""
    own: set[str] = set()
    people: set[str] = set()
    for span in spans:
        first, _, rest = text[span.start : span.end].partition(" ")
        if span.label == "PERSON" and rest:
            people.add(first)
        if rest and first in NAMED_AFTER and "'" not in rest:
            own.add(rest)
        elif text[max(0, span.start - 10) : span.start].split()[-1:] in STORMS and not rest:
            own.add(first)
    own -= people
    return (
        [replace(span, label="EVENT") if text[span.start : span.end] in own else span for span in spans]
        if own
        else spans
    )
