"""What the lists know of publications: their names, and the words that tell such a name (``outlets``)."""

import re
from functools import cache

from pipelines.lexicon.entries import entries

_SITE = re.compile(r"[\w-]+\.(?:pl|com|org|ru|by|ua|de|fr|net|eu|info|news|lt|lv|ee|cz|it|es|uk)")
"""A publication that goes by its address: ``meduza.io`` is none of these, ``delfi.lt`` is. Matches ``delfi.lt``, not ``delfi``."""


@cache
def _forms(value: str) -> frozenset[str]:
    return frozenset(row["form"].casefold() for row in entries("outlets") if row["value"] == value)


def is_outlet_word(word: str) -> bool:
    """Whether a word tells a publication's name: Times, Kurier. Written small it is a word like any other."""
    return word[:1].isupper() and word.casefold() in _forms("word")


def is_known_outlet(name: str) -> bool:
    """Whether a publication of that name stands in the list, with or without its article."""
    name = name.casefold()
    return name in _forms("name") or name.removeprefix("the ") in _forms("name")


def is_outlet(name: str) -> bool:
    """Whether a name is a publication's: one that is listed, one with a word such as Times, a web address."""
    bare = re.sub(r"['’]s$", "", name.casefold().strip()).removeprefix("the ")
    if is_known_outlet(bare) or _SITE.fullmatch(bare):
        return True
    words = bare.split()
    return len(words) > 1 and not _forms("word").isdisjoint(words)


def is_outlet_line(line: str) -> bool:
    """Whether a line is a publication's name and nothing else: ``The Northern Post``, ``Northern News``.

    A heading may hold such a word ("Evening News Falls Silent"): in a line it counts at the end only.
    """
    words = line.split()
    is_name = 2 <= len(words) <= 5 and all(word[0].isupper() for word in words) and line.replace(" ", "").isalpha()
    return (line[:1].isupper() and is_known_outlet(line)) or (is_name and is_outlet_word(words[-1]))
