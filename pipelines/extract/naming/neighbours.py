"""Names beside each other: the model's spans cut and mended one by one, then their pieces put together, or two names parted."""

import re
from dataclasses import replace

from pipelines.extract.naming.edges import (
    JOINED_PLACES,
    NO_WORDS,
    Span,
    cut,
    extended,
    halves,
    trimmed,
    without_addresses,
    without_title,
)
from pipelines.extract.naming.gazetteer import (
    calendar_words,
    head_kind,
    is_demonym,
    known_type,
    place_kind,
    title_kind,
)
from pipelines.lexicon.given_names import is_given_name
from pipelines.lexicon.legal_forms import legal_end
from pipelines.lexicon.plain import plain

FORMS_OF_ADDRESS = ("Mr", "Mrs", "Ms", "Dr", "Mme", "Sr", "Sri", "Shri", "Smt")
KINDS = ("Party", "Newspaper", "Agency", "Portal", "Magazine", "Movement")
POLICY = re.compile(r" (?:for|on) [A-Z]")
"""What goes on from an office, not from the acronym behind it: High Representative of the ``EU`` for Foreign Affairs."""
INTERNATIONAL = re.compile(r"(?P<place>[A-Z][\w.]+(?: [A-Z]\w+)?) internationals?")
"""Somebody who plays for a country: ``Zubrinia international``."""
DOMAIN = re.compile(r"[\w-]{3,}(?:\.[a-z]{2,4}){1,2}")
"""The name of a site; a name such as ``F.kennedy`` has fewer letters before the point."""
TEAM = re.compile(r"[A-Z][a-z]{3,}(?<!s)s$|Sox$")
PARTS_OF_TOWNS = frozenset(("West", "East", "North", "South", "Central"))


def tidied(text: str, spans: list[Span]) -> list[Span]:
    """The spans mended by all of the above, in order, without overlaps."""
    mended: list[Span] = []
    for span in without_addresses(text, sorted(spans)):
        for part in cut(text, span):
            clean = trimmed(text, part)
            if clean is None:
                continue
            clean = trimmed(text, without_title(text, clean)) or clean
            mended.append(extended(text, clean))
    kept: list[Span] = []
    for span in _parted(text, joined(text, sorted(mended))):
        words = text[span.start : span.end]
        people = _people_alone(span, words)
        if not ((kept and span.start < kept[-1].end) or _is_no_name(words, people.label)):
            kept.append(_place_or_body(text, _without_kind(text, people)))
    return kept


def _is_no_name(words: str, label: str) -> bool:
    """Whether these words name nothing: a day, a title, a form of address, no letters, or too many for a name."""
    if plain(words).rstrip(".") in calendar_words() or len(words) > 120:
        return True
    if words.casefold() in NO_WORDS and not words.isupper():
        return True
    if label == "PERSON" and ((words.islower() and len(words) < 3) or title_kind(words)):
        return True
    return words.rstrip(".") in FORMS_OF_ADDRESS or not any(map(str.isalpha, words))


def _people_alone(span: Span, words: str) -> Span:
    """The people's name without the small words behind it: ``French`` of ``French farmers``."""
    people, _, rest = words.partition(" ")
    if rest and rest.islower() and is_demonym(people):
        return replace(span, end=span.start + len(people), label="NORP")
    return span


def _without_kind(text: str, span: Span) -> Span:
    """A body without its people or kind before it or what its office is for behind it.

    A place that is a given name with a surname is a person.
    """
    words = text[span.start : span.end]
    first, _, rest = words.partition(" ")
    if span.label == "ORG" and (is_demonym(first) or first in KINDS) and known_type(rest):
        return replace(span, start=span.start + len(first) + 1)
    if span.label == "LOC" and is_given_name(first) and _is_full_name(words):
        return replace(span, label="PERSON")
    if span.label == "ORG" and first.isupper() and known_type(first) and POLICY.match(words, len(first)):
        return replace(span, end=span.start + len(first))
    return span


def _place_or_body(text: str, span: Span) -> Span:
    """The country of ``Zubrinia international``; a site's name as a body's."""
    words = text[span.start : span.end]
    if place := INTERNATIONAL.fullmatch(words):
        return replace(span, end=span.start + place.end("place"), label="LOC")
    if span.label != "ORG" and DOMAIN.fullmatch(words):
        return replace(span, label="ORG")
    return span


def joined(text: str, spans: list[Span]) -> list[Span]:
    """Neighbouring pieces of one name put together: two halves of a person's name, a nickname in quotes between them."""
    found: list[Span] = []
    for span in spans:
        if found:
            last, gap = found[-1], text[found[-1].end : span.start]
            if _goes_on(text, last, span, gap):
                found[-1] = replace(last, end=span.end)
                continue
            around = len(found) > 1 and found[-2].label == span.label == "PERSON"
            if (
                around
                and re.fullmatch(r" [\"“‘']", text[found[-2].end : last.start])
                and re.fullmatch(r"\.?[\"”’'] ", gap)
            ):
                found[-2:] = [replace(found[-2], end=span.end)]
                continue
            if last.label == "LOC" and span.label == "ORG" and gap == " " and _is_team(text, last, span):
                found[-1] = replace(span, start=last.start)
                continue
            if last.label == span.label == "PERSON" and gap == " ":
                words = text[last.start : last.end].split()
                rest = text[span.start : span.end].split()
                given = len(words) == 1 and is_given_name(words[0]) and len(rest) == 2
                if (
                    len(words) <= 2
                    and not title_kind(words[-1])
                    and (len(rest) == 1 or (given and (is_given_name(rest[0]) or re.fullmatch(r"[A-Z]\.", rest[0]))))
                    and (len(words) == 1 or not is_given_name(text[span.start : span.end]))
                ):
                    found[-1] = replace(last, end=span.end)
                    continue
            if (
                last.label == span.label == "PERSON"
                and gap == ", "
                and text[last.start - 1 : last.start] == text[span.end : span.end + 1] == '"'
            ):
                found[-1] = replace(last, end=span.end)
                continue
            if last.label == span.label == "PERSON" and re.fullmatch(r"[ ][\"“‘'][\w. ]{1,20}[\"”’'][ ]", gap):
                found[-1] = replace(last, end=span.end)
                continue
        found.append(span)
    return found


def _goes_on(text: str, last: Span, span: Span, gap: str) -> bool:
    """Whether two neighbours that the model parted are one name: ``507th`` ``ARW``, ``CTF`` - ``ABC``, ``Zubrin Town`` ``West``."""
    before, after = text[last.start : last.end], text[span.start : span.end]
    if last.label == span.label == "ORG" and gap == " ":
        known = known_type(before) or known_type(after) or legal_end().search(f" {before}")
        return " " not in before and len(after.split()) < 4 and before.casefold() not in NO_WORDS and not known
    if last.label == span.label == "ORG" and gap == "-":
        acronyms = before.isupper() and after.isupper() and before.isalpha() and after.isalpha()
        return acronyms and not (known_type(before) and known_type(after))
    if last.label == span.label == "LOC" and gap == " ":
        return after in PARTS_OF_TOWNS and not is_demonym(before)
    if last.label == "ORG" and span.label == "LOC" and gap == " at ":
        return (
            re.match(r"University of [A-Z]\w+(?: [A-Z]\w+)?$", before) is not None
            and place_kind(before[14:]) is not None
        )
    return False


def _is_team(text: str, place: Span, span: Span) -> bool:
    """Whether a body's name of one plural word goes on a place's, as teams have it: ``San Diego`` ``Chargers``."""
    word = text[span.start : span.end]
    town = text[place.start : place.end]
    return bool(TEAM.match(word)) and head_kind(word) is None and not is_demonym(word) and not town.isupper()


def _is_full_name(words: str) -> bool:
    """Whether a given name and a place that is somebody's surname make a name that no list has as a place: Denzel Washington."""
    parts = words.split()
    return (
        len(parts) == 2
        and words[0].isupper()
        and place_kind(parts[1]) is not None
        and not (place_kind(words) or head_kind(parts[1]))
    )


def _stands_alone(name: str) -> bool:
    return known_type(name) is not None or place_kind(name) is not None


def _parted(text: str, spans: list[Span]) -> list[Span]:
    """Two bodies or places joined by a hyphen as two, where one stands alone elsewhere (``Zubrin-Air Force``).

    Two acronyms are two where lists know both (``EU-NATO``), and one name else (``CTF-ABC``).
    """
    alone = {text[span.start : span.end] for span in spans if span.label != "PERSON"}
    parts: list[Span] = []
    for span in spans:
        words = text[span.start : span.end]
        match = JOINED_PLACES.match(words) if span.label != "PERSON" else None
        if match and words.isupper():
            two = _stands_alone(match["left"]) and _stands_alone(match["right"])
        else:
            two = bool(match and match["right"][0].isupper() and {match["left"], match["right"]} & alone)
        parts += halves(span, match) if match and two else [span]
    return parts
