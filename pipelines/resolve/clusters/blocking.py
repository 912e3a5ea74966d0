"""Which names are worth comparing: keys such that spellings of one name share a key, and few other names do.

Comparing 200,000 names pairwise would be 20 thousand million comparisons. Two names become a candidate pair only when they
share a key; keys are made of consonants that romanisations agree about, of sets of words, of territory codes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from pipelines.resolve.alike.bodies import acronym_letters, acronym_values, body_words, readings, renamed, words_that
from pipelines.resolve.alike.persons import by_one_name, given_family, person
from pipelines.resolve.alike.places import NUMBERED, demonym_codes, place_key
from pipelines.resolve.alike.romanise import fold, skeleton
from pipelines.resolve.clusters.columns import Lists, Numbers, runs

LARGE_BLOCK = 40  # above this a block is compared in a sliding window over its sorted names, not pairwise
WINDOW = 8
"""Neighbours compared in a large block: each one more adds an eighth to its cost; chosen, not measured."""
GERMAN_CH = re.compile(r"(?<![st])ch")  # Chodorkowski, Kobachidse: what others write kh
COARSE = str.maketrans(
    {"h": "g", "k": "g", "c": "s", "z": "s", "w": "v", "f": "v", "d": "t", "b": "p", **dict.fromkeys("aeiouj")}
)


@lru_cache(maxsize=1 << 16)
def coarse(word: str) -> str:
    """The consonants of a folded word, those that languages exchange written alike; never empty for a word."""
    found = skeleton(word).translate(COARSE)
    return skeleton(word)[:1] + found if len(found) < 2 else found


def person_keys(name: str) -> Iterator[str]:
    """Keys of a full name: surname with each form of the given name, with its first letter, and all words in any order."""
    other = by_one_name(name)
    if other != name:
        yield from person_keys(other)
    who = person(name)
    if not who.given or not who.surname:
        return
    yield from who.sounds
    yield "'" + "".join(who.words).replace(" ", "")
    surname, first = who.surname[-1].split()[-1], who.given[0]
    german = GERMAN_CH.sub("kh", surname)
    for last in dict.fromkeys((coarse(surname), coarse(german))):
        if len(first) > 1:
            for family in sorted(given_family(first)):
                yield f"{last}|{family}"
            yield f"{last}|{coarse(first)}"
        yield f"{last}|{skeleton(first)[:1] or first[:1]}."
        yield " ".join(sorted((coarse(first), last)))
    if len(who.given) > 1 or " " in who.surname[-1]:
        for word in (*who.given[1:], *who.surname[-1].split()[:-1]):
            if len(word) > 2:
                yield " ".join(sorted((coarse(first), coarse(word))))


def organisation_keys(name: str) -> Iterator[str]:
    """Keys of a body's name: its words as a set, that set without any one of them, what an acronym stands for."""
    short = acronym_letters(name)
    if short:
        yield f"={short}"
        for value in acronym_values().get(short, ()):
            yield _words_key(value)
    other = renamed(name)
    if other != name:
        yield _words_key(other)
    for reading in readings(name)[1:]:
        yield _words_key(reading)
    words = sorted(coarse(word) for word in body_words(name)[0])
    yield " ".join(words)
    bare = sorted(coarse(word) for word in body_words(name)[0] - words_that("generic"))
    if bare and bare != words:
        yield " ".join(bare)
    if 2 < len(words) < 8:
        for i in range(len(words)):
            yield " ".join(words[:i] + words[i + 1 :])
    yield "'" + fold(name).replace(" ", "")


def _words_key(name: str) -> str:
    return " ".join(sorted(coarse(word) for word in body_words(name)[0]))


def keys(name: str, group: str) -> Iterable[str]:
    """The blocking keys of a name of one group (PERSON, ORG, PLACE, NORP, OTHER)."""
    if group == "PERSON":
        full = list(person_keys(name))
        return full or [coarse(word) for word in person(name).surname[-1:]]
    if group == "ORG":
        return organisation_keys(name)
    if group == "PLACE":
        key = place_key(name)
        if key.startswith("@"):
            return [key, *(["~" + coarse(fold(name).replace(" ", ""))])]
        joined = key.replace(" ", "")
        return dict.fromkeys((key, "~" + coarse(joined), "~" + coarse(GERMAN_CH.sub("kh", joined))))
    code = demonym_codes().get(fold(name).removeprefix("the ")) if group == "NORP" else None
    if code:
        return ["@" + code]
    words = (NUMBERED.get(word, word) for word in fold(name).removeprefix("the ").removesuffix("s").split())
    return [" ".join(sorted(coarse(word) for word in words))]


@dataclass(frozen=True, slots=True)
class Block:
    """Names (ranks, ascending) that share a key. Each is compared with those that follow it, at most ``reach`` of them."""

    members: Numbers
    reach: int

    def pairs(self) -> tuple[Numbers, Numbers]:
        """The pairs to compare, the smaller rank first: by the first, then by the second."""
        ones, others = _pairs(len(self.members), self.reach)
        return self.members[ones], self.members[others]


@lru_cache(maxsize=256)
def _pairs(n: int, reach: int) -> tuple[Numbers, Numbers]:
    """Positions of all pairs of ``n`` things that stand no further apart than ``reach``."""
    ones = np.repeat(np.arange(n), np.minimum(reach, np.arange(n)[::-1]))
    within = np.arange(len(ones)) - np.searchsorted(ones, ones)
    return ones, ones + 1 + within


def candidate_blocks(keys_of: Lists, spelled: pa.Array, names: Numbers, rank: Numbers) -> list[Block]:
    """Blocks of names worth comparing, by their keys; a pair may stand in several.

    ``keys_of``: the keys of each name, as numbers into ``spelled``; ``names``: indices of those to be compared; ``rank``: the
    place of each name in the order of the folded names, over which a window slides in a large block.
    """
    owner, key = keys_of.of(names)
    ranks = rank[names][owner]
    order = np.lexsort((ranks, key))
    ranks, key = ranks[order], key[order]
    bounds = runs(key)
    starts, sizes = bounds[:-1], np.diff(bounds)
    shared = sizes > 1
    starts, sizes = starts[shared], sizes[shared]
    texts = spelled.take(pa.array(key[starts])).to_pylist()
    found = []
    for text, start, size in sorted(zip(texts, starts.tolist(), sizes.tolist(), strict=True)):
        if size > LARGE_BLOCK and text.endswith("."):
            continue  # all the Ivanovs whose name begins with A: the other keys tell them apart
        found.append(Block(ranks[start : start + size], size if size <= LARGE_BLOCK else WINDOW))
    return found
