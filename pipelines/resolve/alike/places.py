"""Names of places compared: countries by code, old and new names, kinds of place; and names of everything that is no body."""

import re
from functools import cache, lru_cache

from pipelines.lexicon.entries import entries
from pipelines.lexicon.territories import get_territories, get_territory
from pipelines.resolve.alike.east_asian import same_korean_place
from pipelines.resolve.alike.romanise import closeness, first_sound, fold, skeleton

ARTICLE = re.compile(r"^(?:the |(?:al|el|ar|as|ad|az|ash|an|at) (?=\w{3}))")
"""An English or, before a name of three letters and more, an Arabic article."""
POWER_PLANT = re.compile(r"\b(?:nuclear|atomic) (?:power |electric )?(?:plant|station)\b")
"""Matches ``nuclear power plant``, not ``nuclear power``."""
DESIGNATION = re.compile(r"[a-z]{1,4} \d{1,4}[a-z]{0,3}(?= [a-z]{4,}(?: [a-z]{4,})?$)")
NATURAL = frozenset(("river", "lake", "mountain"))
NUMBERED = {
    "first": "1", "one": "1", "i": "1", "second": "2", "two": "2", "ii": "2", "third": "3", "three": "3", "iii": "3",
    "fourth": "4", "four": "4", "iv": "4", "fifth": "5", "five": "5",
}  # fmt: skip


@cache
def _kinds_of_place() -> dict[str, str]:
    return {row["form"]: row["value"] for row in entries("place_words")}


@cache
def demonym_codes() -> dict[str, str]:
    """Folded demonym to territory code (``russian`` to ``ru``); only those of one territory."""
    return {fold(row["form"]): row["value"] for row in entries("demonyms") if row["value"]}


@cache
def _territory_names() -> dict[str, str]:
    """Folded name of a country or of a country's part to its code, countries before parts."""
    names: dict[str, str] = {}
    territories = sorted(get_territories(), key=lambda t: (not t.is_country, t.is_historical, t.code))
    for territory in territories:
        for name in (territory.name, territory.full_name, territory.in_sentence):
            names.setdefault(_bare(name), territory.code)
    for row in entries("place_names"):
        form, value = _bare(row["form"]), _bare(row["value"])
        code = names.get(value) or names.get(form)
        if code:
            names[form] = names[value] = code
    names.pop("washington", None)
    return names


@cache
def _own_names() -> dict[str, str]:
    """Folded name of a country in other languages (Deutschland, Rossiya) to its code."""
    return {fold(row["form"]): row["value"] for row in entries("territory_names")}


def _plain(name: str) -> str:
    """A place's folded name without its article, which belongs to the names of few territories (El Salvador)."""
    bare = _bare(name)
    return bare if bare in _territory_names() else ARTICLE.sub("", bare)


def _bare(name: str) -> str:
    return " ".join(word for word in fold(name).split() if word != "the")


@lru_cache(maxsize=1 << 16)
def territory_code(name: str) -> str | None:
    """The code of a country or first-order part that goes by this name in English; null where none does."""
    return _territory_names().get(_bare(name))


def territory_of(words: str) -> str | None:
    """The code of the territory that folded words name, or whose people they name; null where they do neither."""
    return "ge" if words == "georgia" else _territory_names().get(words) or demonym_codes().get(words)


@cache
def known_places() -> frozenset[str]:
    """Folded single words that are widely known as names of places."""
    cities = {fold(place) for territory in get_territories() for place in territory.places}
    return frozenset(current_names()) | frozenset(current_names().values()) | cities | {"washington", "moscow"}


@cache
def current_names() -> dict[str, str]:
    """Folded old or foreign name of a place to the folded name that it goes by."""
    return {_plain(row["form"]): _plain(row["value"]) for row in entries("place_names")}


@lru_cache(maxsize=1 << 16)
def place_key(name: str) -> str:
    """A place's name brought to one form: the territory code where it is one, else the current name, folded."""
    folded = POWER_PLANT.sub("npp", _plain(name)).replace("international airport", "airport")
    folded = current_names().get(folded, folded)
    code = territory_code(folded) or _own_names().get(folded)
    if code:
        return "@" + code
    words = [_kinds_of_place().get(word, word) for word in folded.split() if word not in ("of", "the")]
    words = [current_names().get(word, word) for word in words]
    if (len(words) > 1 and words[-1] in ("city", "town", "municipality")) or words[:1] in (["city"], ["town"]):
        words = [word for word in words if word not in ("city", "town", "municipality")]
    key = _with_kind_last(words)
    code = _territory_keys().get(key) if " " in key else None
    return "@" + code if code else key


def _with_kind_last(words: list[str]) -> str:
    kinds = _kinds_of_place().values()
    return " ".join([word for word in words if word not in kinds] + sorted(word for word in words if word in kinds))


@cache
def _territory_keys() -> dict[str, str]:
    """Names of territories with the word for what they are as it is read (Krasnodar Krai, Krasnodar Territory) to their codes."""
    found: dict[str, str] = {}
    for name, code in _territory_names().items():
        words = [_kinds_of_place().get(word, word) for word in name.split() if word not in ("of", "the")]
        if " " in name and words != name.split():
            found.setdefault(_with_kind_last(words), code)
    return found


@lru_cache(maxsize=1 << 14)
def places(name_a: str, name_b: str, kind: str = "GPE") -> float:
    """0 to 1 for two names of places; at least 0.5 means one place.

    Where ``kind`` is LOC or FAC the word for what it is may be missing: the river Thames, the Thames; Heathrow Airport, Heathrow.
    """
    if fold(name_a) == fold(name_b):
        return 1.0
    key_a, key_b = place_key(name_a), place_key(name_b)
    if key_a == key_b:
        return 0.95
    if "," in name_a or "," in name_b:
        return _with_region(name_a, name_b)
    if key_a.startswith("@") and key_b.startswith("@"):
        return 0.02
    if key_a.startswith("@") or key_b.startswith("@"):
        known, unknown = (name_a, key_b) if key_a.startswith("@") else (name_b, key_a)
        return _territory_misspelt(known, unknown)
    words_a, words_b = key_a.split(), key_b.split()
    missing = set(words_a) ^ set(words_b)
    may_lack = {"LOC": NATURAL, "FAC": NATURAL | {"airport"}}.get(kind, frozenset())
    if len(missing) == 1 and missing <= may_lack:
        return 0.55
    if len(words_a) != len(words_b) or missing & set(_kinds_of_place().values()):
        return 0.9 if key_a.replace(" ", "") == key_b.replace(" ", "") else 0.15
    if len(words_a) == 1 and same_korean_place(words_a[0], words_b[0]):
        return 0.7
    return _word_by_word(list(zip(words_a, words_b, strict=True)))


def _with_region(name_a: str, name_b: str) -> float:
    """Brest, France; Brest, Belarus: the part after the comma says which Brest."""
    (first_a, _, rest_a), (first_b, _, rest_b) = (name.partition(",") for name in (name_a, name_b))
    both = bool(rest_a and rest_b)
    if both and not _within(rest_a, rest_b) and places(rest_a.strip(), rest_b.strip()) < 0.5:
        return 0.05
    if first_a == first_b:
        return 0.85 if both else 0.45
    return min(0.6 if both else 0.45, places(first_a, first_b))


def _territory_misspelt(known: str, unknown: str) -> float:
    """A territory that lists know, and one word that they do not, in nearly its letters; Panama City is not Panama."""
    if territory_code(unknown):
        return 0.05
    close = closeness(fold(known).replace(" ", ""), unknown.replace(" ", ""))
    return 0.6 if close >= 0.93 and len(unknown) > 5 and " " not in unknown else 0.05


def _word_by_word(pairs: list[tuple[str, str]]) -> float:
    """As alike as the least alike of the words: Kharkiv, Kharkov; short words must be the same."""
    lowest = min(closeness(a, b) if _same_start(a, b) else max(0.0, closeness(a, b) - 0.1) for a, b in pairs)
    if lowest >= 0.9 and all(
        a == b or min(len(a), len(b)) > (4 if skeleton(a) != skeleton(b) else 3) for a, b in pairs
    ):
        return round(0.5 + (lowest - 0.9) * 4.5, 4)
    return min(0.3, lowest / 3)


def _same_start(a: str, b: str) -> bool:
    first = {first_sound(a), first_sound(b)}
    return len(first) == 1 or first in ({"a", "o"}, {"s", "z"})


def _within(name_a: str, name_b: str) -> bool:
    """Whether one is a part of the other: England, the United Kingdom."""
    codes = [territory_code(name) for name in (name_a, name_b)]
    if not codes[0] or not codes[1]:
        return False
    return codes[0].partition("-")[0] == codes[1].partition("-")[0] and not ("-" in codes[0] and "-" in codes[1])


def is_country(name: str) -> bool:
    """Whether a name is that of an independent country, of today or of the past."""
    code = territory_code(name)
    territory = get_territory(code) if code else None
    return territory is not None and (territory.is_country or territory.is_historical)


@cache
def _spellings() -> dict[str, str]:
    return {row["form"]: row["value"] for row in entries("word_spellings")}


def _spelt(name: str) -> str:
    """A folded name of one word, a people's in the singular, in the spelling that stands for the others (Uighurs: uyghur)."""
    return _spellings().get(name) or _spellings().get(name.removesuffix("s"), name)


def others(name_a: str, name_b: str) -> float:
    """0 to 1 for names of events, products, works and peoples: nearly the same words, the same numbers."""
    folded_a, folded_b = fold(name_a).removeprefix("the "), fold(name_b).removeprefix("the ")
    if folded_a.replace(" ", "") == folded_b.replace(" ", ""):
        return 1.0
    folded_a, folded_b = (_spelt(name) for name in (folded_a, folded_b))
    code_a, code_b = demonym_codes().get(folded_a), demonym_codes().get(folded_b)
    if code_a and code_b:
        return 0.9 if code_a == code_b else 0.02
    words_a, words_b = (sorted(NUMBERED.get(word, word) for word in name.split()) for name in (folded_a, folded_b))
    if words_a == words_b or {folded_a, folded_b} in ({folded_a, folded_a + "s"}, {folded_b, folded_b + "s"}):
        return 0.95
    if len(words_a) != len(words_b):
        short, long = sorted((folded_a, folded_b), key=len)
        named = DESIGNATION.match(long)
        return 0.7 if named and named[0] == short else 0.2
    lowest = min(
        (0.0 if (a + b).isdigit() or min(len(a), len(b)) < 4 else closeness(a, b)) if a != b else 1.0
        for a, b in zip(words_a, words_b, strict=True)
    )
    return round(0.5 + (lowest - 0.9) * 4.5, 4) if lowest >= 0.9 else min(0.3, lowest / 3)
