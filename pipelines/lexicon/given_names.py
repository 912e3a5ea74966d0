"""What the lists know of given names: which words are some, which are forms of one, which pronoun goes with them.

Words are looked up plain (``pipelines.lexicon.plain``), so that case, accents and apostrophes do not count. ``given_names`` and
``diminutives`` hold sets of forms, ``first_names`` names that are in no set, ``pronoun_names`` the names that tell a pronoun;
of these, what is also a place, a surname or a plain word (Virginia, Harvey, Grant) tells a pronoun where a person is known, but no person.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache

from pipelines.lexicon.entries import entries
from pipelines.lexicon.plain import plain

_LISTS = (
    ("given_names", "form", "value"),
    ("diminutives", "form", "value"),
    ("first_names", "form"),
    ("pronoun_names", "form"),
)


@cache
def _known() -> frozenset[str]:
    return frozenset(
        plain(row[column])
        for name, *columns in _LISTS
        for row in entries(name)
        for column in columns
        if not row.get("also")
    )


@lru_cache(maxsize=1 << 16)
def is_given_name(word: str) -> bool:
    """Whether a word is a given name or a short form of one in any of the lists."""
    return plain(word) in _known()


@cache
def _sets(name: str) -> Mapping[str, frozenset[str]]:
    sets: defaultdict[str, set[str]] = defaultdict(set)
    for row in entries(name):
        sets[plain(row["form"])].add(plain(row["value"]))
    return {form: frozenset(values) for form, values in sets.items()}


def family_of(word: str) -> frozenset[str]:
    """The sets that a given name belongs to, each by the form that stands for it (Yevgeny: eugene); empty where no list has it."""
    return _sets("given_names").get(plain(word), frozenset())


def meant_by(word: str) -> frozenset[str]:
    """The given names that a short or pet form may stand for (Sasha: alexander); empty where it is none."""
    return _sets("diminutives").get(plain(word), frozenset())


@cache
def _initials() -> Mapping[str, frozenset[str]]:
    letters: defaultdict[str, set[str]] = defaultdict(set)
    for row in entries("given_names"):
        letters[plain(row["value"])].add(plain(row["form"])[0])
    return {value: frozenset(found) for value, found in letters.items()}


def initials_of(family: str) -> frozenset[str]:
    """The first letters that a set of forms, named as by ``family_of``, has in any language (eugene: e, y, j)."""
    return _initials().get(family, frozenset())


@cache
def _pronouns() -> Mapping[str, str]:
    known = {plain(row["form"]): row["value"] for row in entries("pronoun_names")}
    sets: defaultdict[str, set[str]] = defaultdict(set)
    for row in entries("given_names"):
        sets[row["value"]].add(plain(row["form"]))
    for forms in sets.values():
        found = {known[form] for form in forms if form in known}
        if len(found) == 1:
            for form in forms:
                known.setdefault(form, *found)
    return known


def pronoun_of(word: str) -> str | None:
    """``he`` or ``she`` for a given name, whose forms in other languages share it; null where no list tells."""
    return _pronouns().get(plain(word))
