"""Names that no corpus has: read from the lexicons, or put together as names are, to be exchanged for a corpus's own.

A corpus of web pages names some two hundred organisations and a model soon knows them by heart. What these names are
does not matter, only that a sentence goes on speaking of an organisation whatever it is called.
"""

import random
from collections.abc import Iterator
from itertools import chain

from pipelines.language.tokens import words_of
from pipelines.lexicon.entries import entries

_PEOPLE, _FIRST_NAMES, _ORGANISATIONS = 6000, 800, 5000
_SEED = 7


def invented_names() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The type and the words of each name, every one once, the same at every call."""
    rng = random.Random(_SEED)  # noqa: S311 (draws names)
    places, people = _places(), _people(rng)
    bodies = _organisations(rng, sorted(place for place in places if " " not in place))
    for kind, names in (("ORG", bodies), ("LOC", places), ("PERSON", people)):
        for name in sorted(names):
            yield kind, tuple(word for word, _ in words_of(name) if word.strip())


def _places() -> set[str]:
    lists = ("place_names", "capitals", "territory_names", "regions", "territories")
    named = chain.from_iterable((row["form"], row.get("value", "")) for name in lists for row in entries(name))
    return {name for name in named if _is_written_as_name(name) and not name.isupper()}


def _people(rng: random.Random) -> set[str]:
    """A first name and a surname, and either alone."""
    given = [row["form"] for name in ("first_names", "given_names") for row in entries(name) if row["form"].istitle()]
    surnames = _surnames()
    whole = {f"{rng.choice(given)} {rng.choice(surnames)}" for _ in range(_PEOPLE)}
    return whole | set(surnames) | set(rng.sample(given, _FIRST_NAMES))


def _organisations(rng: random.Random, places: list[str]) -> set[str]:
    """Those that the lexicons know, and a place's or a founder's name with the word of a body: "Minsk Bank"."""
    known = {row["form"] for row in entries("known_names") if row["value"] == "ORG"}
    for row in entries("organisation_names"):
        known |= {name for name in (row["form"], row["value"]) if name[:1].isupper()}
    kinds = [row["form"] for row in entries("organisation_words") if row["value"] == "ORG" and row["sure"]]
    owners = places + 3 * _surnames()
    for _ in range(_ORGANISATIONS):
        owner, kind, chance = rng.choice(owners), rng.choice(kinds), rng.random()
        known.add(f"{owner} {kind}")
        if chance < 0.3:
            known.add(f"{owner} {rng.choice(kinds)} {kind}")
        elif chance < 0.5:
            known.add(f"{kind} of {owner}")
    return known


def _surnames() -> list[str]:
    return [row["form"] for row in entries("common_surnames") if row["form"][:1].isupper()]


def _is_written_as_name(text: str) -> bool:
    return text[:1].isupper() and text.replace(" ", "").replace("-", "").isalpha()
