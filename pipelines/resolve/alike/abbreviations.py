"""Short names inside one document: a surname, initials or an acronym that the document's own full names explain."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from pipelines.lexicon.entries import entries
from pipelines.lexicon.given_names import is_given_name, meant_by
from pipelines.lexicon.territories import get_territory
from pipelines.resolve.alike.bodies import acronym_letters, body_words, initials, says_too_little, words_that
from pipelines.resolve.alike.persons import SAME_SURNAME, given_closeness, person
from pipelines.resolve.alike.persons import similarity as people
from pipelines.resolve.alike.places import demonym_codes, territory_code
from pipelines.resolve.alike.romanise import closeness, fold

ALONE = frozenset(("parliament", "senate", "cabinet"))
"""Words of such bodies that need no other word."""
AT_HOME = 0.6  # the share of a document's places and peoples that must be of one country for its parliament to be meant


@dataclass(slots=True)
class Reading:
    """What one document says: mention to the full name it is short for, and where several full names compete."""

    meant: dict[int, str] = field(default_factory=dict)
    """Position in the document's mentions to the full name."""
    candidates: dict[str, list[str]] = field(default_factory=dict)
    """Short name to the full names it may stand for, where there is more than one."""


def is_short(name: str, group: str) -> bool:
    """Whether a name says too little to stand alone: one word or initials for a person, an acronym for a body."""
    if group == "PERSON":
        who = person(name)
        return not who.given or all(len(word) == 1 for word in who.given)
    return group == "ORG" and bool(acronym_letters(name))


def read(names: Sequence[tuple[str, str]], definitions: Mapping[str, str]) -> Reading:
    """Short forms in a document. ``names``: (text, group) of its mentions in order; ``definitions``: short to long form.

    A person's surname (or given name) means the one full name with it; when several have it, the one named last before, and
    the others are kept as candidates. An organisation's acronym means what the text defines, else the one body of the
    document whose initials it is. A pet form with a surname is the one full name with that surname. A body that every state has (the National Assembly) is that of the country which the
    document is about, where it is about one.
    """
    reading = Reading()
    people_in = _full_people(names)
    called, home = _called(people_in), _home(names)
    bodies = list(dict.fromkeys(name for name, group in names if group == "ORG" and not acronym_letters(name)))
    last_named: dict[str, int] = {}
    fitting: dict[str, list[list[str]]] = {}
    resolved: dict[str, str | None] = {}
    introduced: dict[str, dict[str, str]] = {}  # last word to the bodies named so far
    for at, (name, group) in enumerate(names):
        defined = definitions.get(name)
        if defined is not None and fold(defined) != fold(name):
            reading.meant[at] = defined
        elif group == "PERSON" and name not in people_in:
            if name not in fitting:
                fitting[name] = _distinct(_people_meant(name, people_in))
            groups = fitting[name]
            if len(groups) == 1:
                reading.meant[at] = groups[0][0]
            elif groups:
                reading.candidates[name] = [group[0] for group in groups]
                before = [(max(last_named.get(n, -1) for n in same), same[0]) for same in groups]
                recent = max(before)
                if recent[0] >= 0:
                    reading.meant[at] = recent[1]
        elif group == "PERSON" and name in called:
            reading.meant[at] = called[name]
        elif group == "ORG":
            if name not in resolved:
                resolved[name] = _body_meant(name, bodies)
            found = resolved[name] or _last_word_of(name, introduced) or _of_the_country(name, home, bodies)
            if found:
                reading.meant[at] = found
            elif " " in name:
                introduced.setdefault(fold(name).split()[-1], {}).setdefault(fold(name), name)
        if group == "PERSON":
            last_named[reading.meant.get(at, name)] = at
    return reading


def _full_people(names: Sequence[tuple[str, str]]) -> dict[str, None]:
    return {name: None for name, group in names if group == "PERSON" and not is_short(name, group)}


def _people_meant(name: str, full: Mapping[str, None]) -> list[str]:
    who = person(name)
    if not who.surname:
        return []
    word = who.surname[-1]
    found = []
    for other in full:
        whole = person(other)
        same_surname = closeness(word, whole.surname[-1]) >= SAME_SURNAME and people(name, other) > 0.2
        if who.given:
            if people(name, other) >= 0.5:
                found.append(other)
        elif same_surname or (" " in whole.surname[-1] and closeness(word, whole.surname[-1].split()[-1]) >= 0.95):
            found.append(other)
    if not found and not who.given:
        found = [
            other
            for other in full
            if person(other).given and given_closeness(word, person(other).given[0]) >= 0.6 and is_given_name(word)
        ]
        found = found or [other for other in full if any(word == part for part in person(other).words)]
    return found


def _distinct(names: Sequence[str]) -> list[list[str]]:
    """Names of one person together, in the order of the text."""
    groups: list[list[str]] = []
    for name in names:
        for group in groups:
            if people(name, group[0]) >= 0.5:
                group.append(name)
                break
        else:
            groups.append([name])
    return groups


def _last_word_of(name: str, introduced: Mapping[str, Mapping[str, str]]) -> str | None:
    """The one body named before whose name ends in this word: San Diego Chargers, then the Chargers; Georgian Dream, the Dream.

    A word that stands for a kind of body, that is a place or a widely known name of its own says too little.
    """
    word = fold(name)
    bodies = introduced.get(word, {})
    if len(bodies) != 1 or " " in word or len(word) < 4 or says_too_little(word):
        return None
    return next(iter(bodies.values()))


def _called(full: Mapping[str, None]) -> dict[str, str]:
    """Names with a pet form to the one full name of the document with the same surname: Kolya Vetrov, Nikolai Vetrov."""
    found = {}
    for name in full:
        who = person(name)
        if len(who.given) != 1 or not meant_by(who.given[0]):
            continue
        meant = [
            other
            for other in full
            if (whole := person(other)).surname == who.surname
            and whole.given
            and given_closeness(who.given[0], whole.given[0]) == 0.6
        ]
        if len(_distinct(meant)) == 1:
            found[name] = meant[0]
    return found


def _home(names: Sequence[tuple[str, str]]) -> str | None:
    """The country that most places and peoples of a document belong to, by its English name; null where none stands out."""
    codes: Counter[str] = Counter()
    for name, group in names:
        code = None
        if group == "PLACE":
            code = territory_code(name) or _seats().get(fold(name))
        elif group == "NORP":
            code = demonym_codes().get(fold(name))
        if code and code != "eu":
            codes[code.partition("-")[0]] += 1
    if not codes:
        return None
    code, n = min(codes.items(), key=lambda item: (-item[1], item[0]))
    territory = get_territory(code)
    return territory.in_sentence if territory and n > 1 and n >= AT_HOME * codes.total() else None


@cache
def _seats() -> dict[str, str]:
    """Folded name of a seat of government to the country's code."""
    return {fold(row["form"]): row["value"] for row in entries("capitals")}


def _of_the_country(name: str, home: str | None, bodies: Sequence[str]) -> str | None:
    """The full name of a body that every state has: the one that the document itself gives, else that of its country."""
    words, codes = body_words(name)
    told = len(words) > 1 or words & ALONE
    if not told or codes or not words <= words_that("state") or not words & words_that("body"):
        return None
    begin, end = f"{fold(name)} of ", f" {fold(name)}"
    full = [body for body in bodies if fold(body).startswith(begin) or fold(body).endswith(end)]
    if full:
        return full[0] if len({fold(body) for body in full}) == 1 else None
    return f"{name} of {home}" if home else None


def _body_meant(name: str, bodies: Sequence[str]) -> str | None:
    short = acronym_letters(name)
    if len(short) < 2:
        return None
    spelled = [body for body in bodies if short in initials(body)]
    return spelled[0] if len({fold(body) for body in spelled}) == 1 else None
