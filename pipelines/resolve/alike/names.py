"""How alike two names are, from the names alone: what the resolver asks first, one pair at a time."""

from functools import cache

from pipelines.lexicon.entries import entries
from pipelines.resolve.alike.bodies import organisations
from pipelines.resolve.alike.persons import by_one_name
from pipelines.resolve.alike.persons import similarity as people
from pipelines.resolve.alike.places import others, places
from pipelines.resolve.alike.romanise import fold

SAME = 0.5
"""From this likeness on two names may be one."""


@cache
def _look_alikes() -> dict[str, frozenset[str]]:
    """Folded name to the folded names that look like it and are known to be another's."""
    pairs = [(fold(row["form"]), fold(row["value"])) for row in entries("look_alikes")]
    names = {name for pair in pairs for name in pair}
    return {name: frozenset(b if a == name else a for a, b in pairs if name in (a, b)) for name in names}


def similarity(name_a: str, name_b: str, type: str) -> float:  # noqa: A002 - the published name of the argument
    """0 to 1; at least 0.5 means that the two names are of one entity as far as names can tell.

    ``type`` is a mention type: ``PERSON``, ``ORG``, ``GPE``, ``LOC``, ``FAC``, ``NORP``, ``EVENT``, ``PRODUCT`` or ``WORK``.
    The score is symmetric. Scores below 0.5 but at least 0.4 mean that names do not decide and context may. Names are
    compared after romanisation (see ``pipelines.resolve.alike.romanise``); two different given names, generations, patronymics,
    the masculine and feminine form of a surname, and two territories are never one.
    """
    first, second = sorted((name_a, name_b))
    others_like_it = _look_alikes().get(fold(first).removeprefix("the "))
    if others_like_it and fold(second).removeprefix("the ") in others_like_it:
        return 0.05
    if type == "PERSON":
        known_first, known_second = by_one_name(first), by_one_name(second)
        if (known_first, known_second) != (first, second):
            return max(people(first, second), min(0.95, people(known_first, known_second)))
        return people(first, second)
    if type == "ORG":
        return organisations(first, second)
    if type in ("GPE", "LOC", "FAC"):
        return places(first, second, type)
    return others(first, second)
