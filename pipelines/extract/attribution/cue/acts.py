"""Objects that make an act of a verb that else is a cue: "The flood claimed two lives", "She slammed the door"."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from pipelines.lexicon.entries import entries


@cache
def _objects() -> Mapping[str, frozenset[str]]:
    """By verb the lemmas of what it does something with: those that ``cue_acts`` names, and the things of the kinds named there."""
    things: defaultdict[str, set[str]] = defaultdict(set)
    for row in entries("things"):
        things[row["value"]].add(row["form"])
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in entries("cue_acts"):
        found[row["form"]] |= things.get(row["value"], {row["value"]})
    return {verb: frozenset(lemmas) for verb, lemmas in found.items()}


def is_act(verb: str, thing: str) -> bool:
    """Whether a verb with this object, both as lemmas, does something and says nothing."""
    return thing.lower() in _objects().get(verb, frozenset())
