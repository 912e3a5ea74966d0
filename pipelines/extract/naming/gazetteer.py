"""What word lists and libraries know of a name: places and peoples (territories, babel), given names, the words that tell a type."""

import re
from functools import cache

import numpy as np
import numpy.typing as npt
from babel import Locale
from spacy.strings import get_string_id

from pipelines.lexicon.calendar_names import month_names, weekday_names
from pipelines.lexicon.entries import either, entries, group
from pipelines.lexicon.given_names import is_given_name
from pipelines.lexicon.legal_forms import legal_end
from pipelines.lexicon.plain import plain
from pipelines.lexicon.territories import get_territories

WORD = re.compile(r"\w+")


STATE = re.compile(rf", (?:{either('name_words', 'us_state')})\.")
"""A state of the United States as newspapers shorten it, behind the name of a town."""


@cache
def _places() -> dict[str, str]:
    """Plain name to ``GPE`` (countries, their parts, cities) or ``LOC`` (continents, regions of the world)."""
    found: dict[str, str] = {}
    names = Locale("en").territories
    for code, name in names.items():
        found[plain(name)] = "LOC" if code.isdigit() else "GPE"
    for territory in get_territories():
        for name in (territory.name, territory.full_name, territory.in_sentence, *territory.places):
            found.setdefault(plain(name), "GPE")
    for row in entries("place_names"):
        for name in (row["form"], row["value"]):
            found.setdefault(plain(name), "GPE")
    for row in entries("regions"):
        found[plain(row["form"])] = row["value"]
    for word in ("world", "us", "it", "in", "is", "la", "eu", "european union", "united nations", "un"):
        found.pop(word, None)
    for row in entries("doubtful_places"):
        if row["value"] == "none":
            found.pop(plain(row["form"]), None)
    return {name: kind for name, kind in found.items() if len(name) > 3}


@cache
def _also_people() -> frozenset[str]:
    return frozenset(plain(row["form"]) for row in entries("doubtful_places") if row["value"] == "person")


def surely_place(name: str) -> bool:
    """Whether the lists know a place by this name and nobody is called so: Minsk, but not Hamilton or Jordan."""
    return place_kind(name) is not None and plain(name) not in _also_people() and not is_given_name(name)


def place_kind(name: str) -> str | None:
    """``GPE`` or ``LOC`` for a place that the lists know by this name; null for any other. ``US``, ``UK`` count when in capitals."""
    if name in ("US", "U.S.", "U.S", "UK", "U.K.", "U.K", "USA", "U.S.A.", "UAE", "USSR", "DPRK", "GDR"):
        return "GPE"
    return _places().get(plain(name))


@cache
def _demonyms() -> frozenset[str]:
    return frozenset(row["form"] for row in entries("demonyms"))


def is_demonym(name: str) -> bool:
    """Whether this is the word for the people of a country, a faith or a movement (Belarusian, Sunni), as written."""
    return name in _demonyms()


@cache
def demonym_hashes() -> npt.NDArray[np.uint64]:
    """SpaCy's numbers (``Token.orth``) for the first words of the demonyms, to find them in a whole document at once."""
    return np.array([get_string_id(form.split()[0]) for form in sorted(_demonyms())], dtype=np.uint64)


@cache
def _titles() -> dict[str, str]:
    return {row["form"].casefold().rstrip("."): row["value"] for row in entries("titles")}


def title_kind(word: str) -> str | None:
    """``honorific``, ``rank``, ``role`` or ``role-part`` for a word that may stand before a person's name; else null."""
    return _titles().get(word.casefold().rstrip("."))


_OF = group("name_words", "of")
"""What stands between a body's word and its place, in English and in Romance names: Banco de Portugal."""


@cache
def _heads() -> dict[str, str]:
    return {row["form"]: row["value"] for row in entries("organisation_words")}


def head_kind(word: str) -> str | None:
    """``ORG``, ``FAC``, ``LOC``, ``GPE`` or ``EVENT`` for a word that tells the type of the name it heads; else null."""
    return _heads().get(word)


def type_of_words(words: list[str]) -> str | None:
    """The type that a name's own words tell: Ministry of X, X University, Lake X, X Airport; null where they tell none."""
    if not words:
        return None
    text = " ".join(words)
    if legal_end().search(text) and len(words) > 1:
        return "ORG"
    lowered = [word.casefold() for word in words]
    link = next((at for at, word in enumerate(lowered) if at and word in _OF), None)
    if link is not None and len(words) > 2:
        before = words[link - 1]
        kind = _heads().get(before)
        if kind and not (kind in ("GPE",) and len(words) > 4):
            return kind
    if len(words) > 1:
        kind = _heads().get(words[-1])
        if kind:
            return kind
        if words[0] in ("Lake", "Mount", "Mt.", "Cape", "Gulf", "Fort", "Port", "River", "Hotel", "Camp"):
            return _heads().get(words[0]) if words[0] not in ("Fort", "Port", "Camp") else None
        if words[0] in ("Ministry", "University", "Bank", "Radio", "Hurricane", "Typhoon", "Operation"):
            return "EVENT" if words[0] in ("Hurricane", "Typhoon", "Operation") else "ORG"
    return None


@cache
def calendar_words() -> frozenset[str]:
    """Names of months and weekdays, and today, tomorrow, yesterday: capitalised, but no entities."""
    return month_names() | weekday_names() | {"today", "tomorrow", "yesterday"}


@cache
def _known() -> dict[str, str]:
    """Name as written to type: known bodies, conventional acronyms, seats of power."""
    names = {row["form"]: row["value"] for row in entries("known_names")}
    names |= {row["form"]: "ORG" for row in entries("outlets") if row["value"] == "name"}
    names |= {row["form"]: "ORG" for name in ("acronyms", "metonyms", "organisation_names") for row in entries(name)}
    return {name: kind for name, kind in names.items() if len(name) > 2 or name.isupper()}


def known_type(name: str) -> str | None:
    """The type of a name that lists know as it is written (Meduza, CSTO, Kremlin: ORG); null for any other."""
    return _known().get(name) or _known().get(name.removeprefix("The "))


@cache
def _contexts(side: str) -> dict[str, tuple[str, float]]:
    return {
        row["form"]: (row["value"], float(row["weight"])) for row in entries("name_contexts") if row["side"] == side
    }


def types_beside(before: str, after: str) -> list[tuple[str, float]]:
    """Types that the words right before and right after a name speak for, each with its weight in votes.

    ``before`` and ``after`` are the neighbouring text, some thirty characters of it within the sentence. A country after a
    comma speaks for a place.
    """
    found = []
    words = re.findall(r"[\w-]+|[^\w\s]", before)
    while words and words[-1] in ("the", "“", '"', "«", "‘", "'", "The"):
        words.pop()
    for length in (3, 2, 1):
        cue = _contexts("before").get(" ".join(words[-length:]).casefold() if words else "")
        if cue and not (length == 1 and before.rstrip()[-1:] in ".,;:"):
            found.append(cue)
            break
    if STATE.match(after):
        found.append(("LOC", 1.5))
    following = re.match(r"[\"”»’']?\s?(?P<words>,?\s?[\w-]+(?:\s[\w-]+)?)", after)
    if following:
        parts = following["words"].strip().split()
        if following["words"].startswith(","):
            parts = [", " + " ".join(parts)[1:].strip()]
            country = parts[0][2:].split()
            if place_kind(" ".join(country)) == "GPE" or (
                place_kind(country[0]) == "GPE" and not country[-1][0].isupper()
            ):
                found.append(("LOC", 1.0))
        for length in (2, 1):
            cue = _contexts("after").get(" ".join(parts[:length]))
            if cue is None and parts[0].startswith(","):
                cue = (
                    _contexts("after").get(parts[0].split()[0] + " " + parts[0].split()[1])
                    if len(parts[0].split()) > 1
                    else None
                )
            if cue:
                found.append(cue)
                break
    return found


@cache
def _long_names() -> dict[str, re.Pattern[str]]:
    """By first word: names of two words and more that the lists of known bodies hold, of four and more of the other lists."""
    names = {name for row in entries("known_names") if " " in (name := row["form"].removeprefix("The "))}
    long = {row["value"] for row in entries("acronyms")} | {row["form"] for row in entries("organisation_names")}
    names |= {name for name in long if len(name.split()) > 3}
    by_first: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        first = WORD.match(name)
        for word in (
            {first[0], re.sub("ani[sz]", "anis", first[0]), re.sub("ani[sz]", "aniz", first[0])} if first else ()
        ):
            by_first.setdefault(word, []).append(_spelt(name))
    return {word: re.compile(rf"(?:{'|'.join(patterns)})\b") for word, patterns in by_first.items()}


def known_long_names(text: str) -> list[tuple[int, int]]:
    """Where a text has a body's name of several words that lists know, as ``(start, end)`` in order, none overlapping another."""
    found: list[tuple[int, int]] = []
    for word in WORD.finditer(text):
        pattern = _long_names().get(word[0])
        match = pattern.match(text, word.start()) if pattern else None
        if match and not (found and match.start() < found[-1][1]):
            found.append(match.span())
    return found


def _spelt(name: str) -> str:
    """A pattern for a name in British and American spelling: Organisation, Defence, Centre, Co-operation."""
    pattern = re.escape(name)
    for one, both in (
        ("Organisation", "Organi[sz]ation"),
        ("Organization", "Organi[sz]ation"),
        ("Cooperation", "Co[-‑]?operation"),
        ("Defence", "Defen[cs]e"),
        ("Defense", "Defen[cs]e"),
        ("Centre", "Cent(?:re|er)"),
        ("Center", "Cent(?:re|er)"),
    ):
        pattern = pattern.replace(one, both)
    return pattern


@cache
def particles() -> frozenset[str]:
    """Words that belong to the word after them in a person's name (von, de, bin)."""
    return frozenset(row["form"] for row in entries("name_words") if row["value"] == "particle")
