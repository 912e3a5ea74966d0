"""Entity ids that stay: born from what all spellings of a name share, known from run to run, united only by a person's word."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.identity import digest
from pipelines.resolve.blocking import coarse
from pipelines.resolve.bodies import acronym_letters, acronym_values, body_words
from pipelines.resolve.book import Book, Name, group_of
from pipelines.resolve.overrides import Override
from pipelines.resolve.persons import given_family, person
from pipelines.resolve.places import place_key

Unit = tuple[int, str]
"""A cluster of names (its first name's index, and an empty text) or a name that is its document's own (index, document id)."""


def unit_of(home: Mapping[int, Any], name: int, document_id: str) -> Unit:
    where = home.get(name, name)
    if isinstance(where, dict):
        found = where.get(document_id)
        return (name, document_id) if found is None else (found, "")
    return (where, "")


def _id_key(book: Book, members: Sequence[int]) -> str:
    """What all spellings share and new documents rarely change: the same for Lukashenko and Łukaszenka."""
    found = []
    for index in members:
        name = book.names[index]
        if name.group == "PERSON":
            who = person(name.text)
            given = min(given_family(who.given[0])) if who.given and len(who.given[0]) > 1 else "~"
            found.append(f"{given} {coarse(who.surname[-1]) if who.surname else name.key}")
        elif name.group == "PLACE":
            found.append(place_key(name.text))
        elif name.group == "ORG":
            values = acronym_values().get(acronym_letters(name.text), ())
            text = values[0] if len(values) == 1 else name.text
            found.append(
                ("~" if acronym_letters(text) else "") + " ".join(sorted(body_words(text)[0] | body_words(text)[1]))
            )
        else:
            found.append(name.key)
    return min(found, key=lambda key: (key.startswith("~"), key))


def births(book: Book, home: Mapping[int, Any], known: Mapping[str, str]) -> tuple[dict[Unit, str], dict[str, str]]:
    """The id of each cluster and local name, before overrides: the known one where there is one; and the register to keep."""
    members: defaultdict[Unit, list[int]] = defaultdict(list)
    registered: defaultdict[Unit, list[str]] = defaultdict(list)
    for name in book.names:
        if not name.n and not name.is_written:
            continue
        where = home.get(name.index, name.index)
        if isinstance(where, dict):
            for document_id, found in where.items():
                unit = (name.index, document_id) if found is None else (found, "")
                members[unit].append(name.index)
                registered[unit].append(f"{name.group}|{name.key}|{document_id}")
        else:
            unit = (where, "")
            members[unit].append(name.index)
            registered[unit].append(f"{name.group}|{name.key}")
    first = {unit: min(keys) for unit, keys in registered.items()}
    ordered = sorted(members, key=lambda unit: (first[unit], unit[1]))
    wanted: list[tuple[int, str, str, Unit]] = []
    for unit in ordered:
        keys = registered[unit]
        if len(keys) == 1:
            if keys[0] in known:
                wanted.append((-1, keys[0], known[keys[0]], unit))
            continue
        claims = Counter(known[key] for key in keys if key in known)
        wanted.extend((-count, first[unit], born, unit) for born, count in claims.items())
    wanted.sort(key=lambda claim: claim[:3])
    birth: dict[Unit, str] = {}
    taken: set[str] = set()
    for _count, _key, born, unit in wanted:
        if unit not in birth and born not in taken:
            birth[unit] = born
            taken.add(born)
    reserved = set(known.values())
    for unit in ordered:
        if unit in birth:
            continue
        group, key = book.names[unit[0]].group, _id_key(book, sorted(set(members[unit])))
        parts: list[str] = [group, key, *([unit[1]] if unit[1] else [])]
        born = digest("entities", *parts)
        while born in taken or born in reserved:
            parts.append(first[unit])
            born = digest("entities", *parts)
        birth[unit] = born
        taken.add(born)
    register = dict(known)
    for unit, keys in registered.items():
        for key in keys:
            register.setdefault(key, birth[unit])
    return birth, dict(sorted(register.items()))


def united(
    book: Book, home: Mapping[int, Any], birth: Mapping[Unit, str], decided: Sequence[Override]
) -> dict[str, str]:
    """Birth id to entity id: the same, but where a person said that two are one."""
    parent = {born: born for born in birth.values()}

    def root(born: str) -> str:
        while parent[born] != born:
            born = parent[born]
        return born

    joining = [line for line in decided if line.action == "same"]
    by_key = book.by_key() if joining else {}
    for line in joining:
        ones, others = (_units(by_key, home, birth, key, line.type) for key in (line.key, line.other_key))
        together = sorted({root(birth[unit]) for unit in ones | others}) if ones and others else []
        for born in together[1:]:
            parent[born] = together[0]
    return {born: root(born) for born in parent}


def _units(
    by_key: Mapping[str, Sequence[Name]], home: Mapping[int, Any], birth: Mapping[Unit, str], key: str, kind: str | None
) -> set[Unit]:
    found: set[Unit] = set()
    for name in by_key.get(key.removeprefix("the "), ()):
        if kind is None or group_of(kind) == name.group:
            where = home.get(name.index, name.index)
            if isinstance(where, dict):
                found |= {unit_of(home, name.index, document_id) for document_id in where}
            else:
                found.add((where, ""))
    return {unit for unit in found if unit in birth}


def superseded(
    book: Book,
    home: Mapping[int, Any],
    birth: Mapping[Unit, str],
    final: Mapping[str, str],
    known: Mapping[str, str],
    in_use: set[str],
) -> dict[str, str]:
    """Ids of earlier runs whose names now stand in an entity of another id."""
    moved: dict[str, str] = {}
    if not set(known.values()) - in_use - final.keys():
        return moved
    for name in book.names:
        where = home.get(name.index, name.index)
        pairs = (
            [(f"{name.group}|{name.key}|{d}", unit_of(home, name.index, d)) for d in where]
            if isinstance(where, dict)
            else [(f"{name.group}|{name.key}", (where, ""))]
        )
        for key, unit in pairs:
            born = known.get(key)
            if born is not None and unit in birth and born not in in_use and born not in final:
                moved.setdefault(born, final[birth[unit]])
    return moved
