"""How alike two names are, from the names alone: what the resolver asks first, one pair at a time."""

from pipelines.resolve.bodies import organisations, others, places
from pipelines.resolve.persons import similarity as people

SAME = 0.5


def similarity(name_a: str, name_b: str, type: str) -> float:  # noqa: A002 - the published name of the argument
    """0 to 1; at least 0.5 means that the two names are of one entity as far as names can tell.

    ``type`` is a mention type: ``PERSON``, ``ORG``, ``GPE``, ``LOC``, ``FAC``, ``NORP``, ``EVENT``, ``PRODUCT`` or ``WORK``.
    The score is symmetric. Scores below 0.5 but at least 0.4 mean that names do not decide and context may. Names are
    compared after romanisation (see ``pipelines.resolve.romanise``); two different given names, generations, patronymics,
    the masculine and feminine form of a surname, and two territories are never one.
    """
    first, second = sorted((name_a, name_b))
    if type == "PERSON":
        return people(first, second)
    if type == "ORG":
        return organisations(first, second)
    if type in ("GPE", "LOC", "FAC"):
        return places(first, second)
    return others(first, second)
