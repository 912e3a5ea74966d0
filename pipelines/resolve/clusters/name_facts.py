"""What a name says by itself, before it is compared with any other: worked out once a name, then remembered."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.resolve.alike.abbreviations import is_short
from pipelines.resolve.alike.bodies import initials
from pipelines.resolve.alike.persons import person
from pipelines.resolve.alike.places import is_country
from pipelines.resolve.clusters.blocking import coarse, keys
from pipelines.resolve.clusters.book import Book
from pipelines.resolve.clusters.columns import Flags, Lists, Spelled
from pipelines.resolve.memory import Memory

Facts = tuple[bool, bool, list[str], str, str, bool, list[str]]
"""Says too little to stand alone; is neither a country nor a people; blocking keys, each with the group before it; a person's
surname, its sound, and whether it stands alone; acronyms that a body may have."""


def facts_of(text: str, group: str) -> Facts:
    """What this name of this group says by itself."""
    surname = sound = ""
    is_bare = False
    if group == "PERSON" and (who := person(text)).surname:
        surname, is_bare = who.surname[-1], not who.given
        sound = coarse(surname.split()[-1])
    return (
        is_short(text, group),
        group != "NORP" and not is_country(text),
        [f"{group}|{key}" for key in dict.fromkeys(keys(text, group)) if key],
        surname,
        sound,
        is_bare,
        sorted(initials(text)) if group == "ORG" else [],
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What all names of a book say by themselves; names by their indices."""

    short: Flags
    telling: Flags
    """Neither a country nor a people: its company in a document tells something."""
    keys: Lists
    """Blocking keys, as numbers into ``spelled``."""
    spelled: pa.Array
    """Keys as texts, each with its group before it: ``PERSON|key``."""
    surnames: list[str]
    sounds: list[str]
    bare: Flags
    """A person's surname alone."""
    acronyms: dict[str, list[int]]
    """Acronym to the full names of bodies that it may stand for."""


def tell(book: Book, memory: Memory) -> Told:
    """What each name of the book says by itself, from memory where that is known."""
    short, telling, bare = (np.zeros(len(book.names), dtype=np.bool_) for _ in range(3))
    lengths = np.zeros(len(book.names) + 1, dtype=np.int64)
    spelled = Spelled()
    surnames: list[str] = []
    sounds: list[str] = []
    acronyms: dict[str, list[int]] = {}
    for name in book.names:
        index, text, group = name.index, name.text, name.group
        found: Any = memory.recall("facts", (text, group), partial(facts_of, text, group))
        short[index], telling[index], blocking, surname, sound, bare[index], letters = found
        lengths[index + 1] = len(blocking)
        spelled.extend(blocking)
        surnames.append(surname)
        sounds.append(sound)
        if letters and not short[index]:
            for acronym in letters:
                acronyms.setdefault(acronym, []).append(index)
    codes, texts = spelled.numbered()
    return Told(short, telling, Lists(codes, np.cumsum(lengths)), texts, surnames, sounds, bare, acronyms)
