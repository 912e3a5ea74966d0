"""Entity ids that stay: born from what all spellings of a name share, known from run to run, united only by a person's word."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.identity import digest
from pipelines.resolve.alike.abbreviations import is_short
from pipelines.resolve.alike.bodies import acronym_letters, acronym_values, body_words
from pipelines.resolve.alike.persons import given_family, person
from pipelines.resolve.alike.places import place_key
from pipelines.resolve.clusters.blocking import coarse
from pipelines.resolve.clusters.book import Book, Name, group_of
from pipelines.resolve.overrides import Override

Unit = int | tuple[int, str]
"""A cluster of names (its first name's index) or a name that is its document's own (index, document id)."""


def unit_of(home: Mapping[int, Any], name: int, document_id: str) -> Unit:
    where = home.get(name, name)
    if isinstance(where, dict):
        found = where.get(document_id)
        return (name, document_id) if found is None else int(found)
    return int(where)


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
    keys_of, members = _registered(book, home)
    birth = _claimed(book, keys_of, members, known)
    taken, reserved = set(birth.values()), set(known.values())
    newborn = sorted((min(keys), unit) for unit, keys in keys_of.items() if unit not in birth)
    for first_key, unit in newborn:
        index, document_id = unit if isinstance(unit, tuple) else (unit, "")
        key = _id_key(book, sorted(set(members[unit])))
        parts: list[str] = [book.names[index].group, key, *([document_id] if document_id else [])]
        born = digest("entities", *parts)
        while born in taken or born in reserved:
            parts.append(first_key)
            born = digest("entities", *parts)
        birth[unit] = born
        taken.add(born)
    register = dict(known)
    for unit, keys in keys_of.items():
        for key in keys:
            register.setdefault(key, birth[unit])
    return birth, {key: register[key] for key in sorted(register)}


def _registered(book: Book, home: Mapping[int, Any]) -> tuple[dict[Unit, tuple[str, ...]], dict[Unit, tuple[int, ...]]]:
    """The keys under which each cluster and local name is known, and its names."""
    keys_of: dict[Unit, tuple[str, ...]] = {}
    members: dict[Unit, tuple[int, ...]] = {}
    for name in book.names:
        if not name.n and not name.is_written:
            continue
        index, key = name.index, f"{name.group}|{name.key}"
        where = home.get(index, index)
        if isinstance(where, dict):
            for document_id in where:
                unit = unit_of(home, index, document_id)
                keys_of[unit] = (*keys_of.get(unit, ()), f"{key}|{document_id}")
                members[unit] = (*members.get(unit, ()), index)
        elif where in keys_of:
            keys_of[where] += (key,)
            members[where] += (index,)
        else:
            keys_of[where], members[where] = (key,), (index,)
    return keys_of, members


def _claimed(
    book: Book,
    keys_of: Mapping[Unit, tuple[str, ...]],
    members: Mapping[Unit, tuple[int, ...]],
    known: Mapping[str, str],
) -> dict[Unit, str]:
    """Known ids: each goes to whoever has most of the full names, then of all names, born with it; nobody has two.

    An id thus stays with the person when a bare surname that was thought to be theirs turns out to be somebody else's.
    """
    birth: dict[Unit, str] = {}
    contested: set[Unit] = set()
    owner: dict[str, Unit] = {}
    for unit, keys in keys_of.items():
        found = {born for key in keys if (born := known.get(key))} if len(keys) > 1 else (known.get(keys[0]),)
        if len(found) > 1:
            contested.add(unit)
        for born in found:
            if born is None:
                continue
            if owner.setdefault(born, unit) != unit:
                contested.update((unit, owner[born]))
            birth[unit] = born
    for unit in contested:
        del birth[unit]
    wanted: list[tuple[int, int, str, str, Unit]] = []
    for unit in contested:
        keys = keys_of[unit]
        full: Counter[str] = Counter()
        for key, index in zip(keys, members[unit], strict=True):
            if key in known:
                full[known[key]] += not is_short(book.names[index].text, book.names[index].group)
        counts = Counter(known[key] for key in keys if key in known)
        wanted.extend((-full[born], -n, min(keys), born, unit) for born, n in counts.items())
    taken = set(birth.values())
    for *_, born, unit in sorted(wanted, key=lambda claim: claim[:4]):
        if unit not in birth and born not in taken:
            birth[unit] = born
            taken.add(born)
    return birth


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
                found.add(where)
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
    gone = set(known.values()) - in_use - final.keys()
    found: list[tuple[int, str, Unit]] = []
    for registered, born in known.items() if gone else ():
        if born not in gone:
            continue
        group, _, key = registered.partition("|")
        name, document_id = book.found(group, key), ""
        if name is None:
            key, _, document_id = key.rpartition("|")
            name = book.found(group, key)
        if name is not None and isinstance(home.get(name, name), dict) == bool(document_id):
            found.append((name, born, unit_of(home, name, document_id)))
    moved: dict[str, str] = {}
    for _, born, unit in sorted(found, key=lambda item: item[0]):
        if unit in birth:
            moved.setdefault(born, final[birth[unit]])
    return moved
