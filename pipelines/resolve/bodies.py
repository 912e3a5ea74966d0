"""Names of organisations and of places compared: legal forms, spellings, acronyms, renamings, territories."""

import re
from collections import defaultdict
from functools import cache, lru_cache

from pipelines.lexicon import entries
from pipelines.resolve.romanise import clean, closeness, fold, skeleton
from pipelines.territories import get_territories, get_territory

ACRONYM = re.compile(r"^(?:[A-ZА-Я][a-z]{0,2}){1,2}[A-ZА-Я/&-]*[A-ZА-Я]s?$|^(?:[A-Z]\.){2,}[A-Z]?$")


@cache
def words_that(role: str) -> frozenset[str]:
    """Words of names with one role: ``small``, ``generic``, ``shared``, ``particle`` or ``article`` (seeds/lexicon/name_words.csv)."""
    return frozenset(row["form"] for row in entries("name_words") if row["value"] == role)


@cache
def _spellings() -> dict[str, str]:
    return {row["form"]: row["value"] for row in entries("word_spellings")}


@cache
def _kinds_of_place() -> dict[str, str]:
    return {row["form"]: row["value"] for row in entries("place_words")}


@cache
def demonym_codes() -> dict[str, str]:
    """Folded demonym to territory code (``russian`` to ``ru``); only those of one territory."""
    return {fold(row["form"]): row["value"] for row in entries("demonyms") if row["value"]}


@cache
def _renamed() -> dict[str, str]:
    return {_plain(row["form"]): _plain(row["value"]) for row in entries("organisation_names")}


@cache
def acronym_values() -> dict[str, tuple[str, ...]]:
    """Folded acronym to the full names it stands for by convention; more than one means it is ambiguous."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in entries("acronyms"):
        found[fold(row["form"]).replace(" ", "")].append(row["value"])
    return {form: tuple(values) for form, values in found.items()}


@cache
def _legal_forms() -> re.Pattern[str]:
    """Matches any legal form of a company, the longest first, as words of their own in case-folded text."""
    forms = sorted(
        {row["form"].casefold() for row in entries("organisation_forms")}, key=lambda form: (-len(form), form)
    )
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, forms)) + r")(?!\w)")


@cache
def _territory_names() -> dict[str, str]:
    """Folded name of a country or of a country's part to its code, countries before parts."""
    names: dict[str, str] = {}
    territories = sorted(get_territories(), key=lambda t: (not t.is_country, t.is_historical, t.code))
    for territory in territories:
        for name in (territory.name, territory.full_name, territory.in_sentence):
            names.setdefault(fold(name), territory.code)
    for row in entries("place_names"):
        code = names.get(fold(row["value"]))
        if code:
            names[fold(row["form"])] = code
    names.pop("washington", None)
    return names


@lru_cache(maxsize=1 << 16)
def territory_code(name: str) -> str | None:
    """The code of a country or first-order part that goes by this name in English; null where none does."""
    folded = fold(name)
    folded = folded.removeprefix("the ")
    return _territory_names().get(folded)


@cache
def _place_names() -> dict[str, str]:
    return {fold(row["form"]): fold(row["value"]) for row in entries("place_names")}


def _plain(name: str) -> str:
    return " ".join(_spellings().get(word, word) for word in fold(name).split() if word != "the")


@lru_cache(maxsize=1 << 17)
def body_words(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of an organisation's name that tell it apart, and the territories it names (by code)."""
    text = clean(name)
    text = re.sub(r"[’']s\b", "", text)
    stripped = _legal_forms().sub(" ", text.casefold()).strip(" ,.")
    folded = (fold(stripped) or fold(text)).replace("co operation", "cooperation")
    codes: set[str] = set()
    words: list[str] = []
    parts = folded.split()
    at = 0
    while at < len(parts):
        for length in (3, 2, 1):
            piece = " ".join(parts[at : at + length])
            code = (
                _territory_names().get(piece) if length > 1 or piece not in ("georgia",) else "ge"
            ) or demonym_codes().get(piece)
            if code and len(parts) > length and (len(piece) > 3 or length > 1 or piece in ("us", "uk")):
                codes.add("eu" if code == "eu" else code)
                if code == "eu":
                    words.append(piece)  # the European Council is not the Council of Europe
                at += length
                break
        else:
            words.append(_spellings().get(parts[at], parts[at]))
            at += 1
    return frozenset(word for word in words if word not in words_that("small")) or frozenset(words), frozenset(
        codes - {"eu"}
    )


def initials(name: str) -> frozenset[str]:
    """The acronyms that a name of several words may have: capitals of all words, and of all but the small ones."""
    words = [word for word in re.split(r"[\s\-/]+", clean(name)) if word[:1].isalnum()]
    if len(words) < 2:
        return frozenset()
    small = [word for word in words if fold(word) not in words_that("small")]
    both = {"".join(fold(word)[:1] for word in chosen) for chosen in (words, small)}
    if fold(words[0]) == "the":
        both.add("".join(fold(word)[:1] for word in words[1:]))
    return frozenset(found for found in both if len(found) > 1)


@lru_cache(maxsize=1 << 16)
def acronym_letters(name: str) -> str:
    """The folded letters where a name is written as an acronym (CSTO, TsIK, U.N., PiS), else the empty string."""
    name = clean(name).removesuffix("s") if len(name) > 3 and name[:-1].isupper() else clean(name)
    return fold(name).replace(" ", "") if len(name) <= 9 and ACRONYM.match(name) else ""


def _acronym_similarity(short: str, other: str) -> float:
    known = acronym_values().get(short, ())
    other_short = acronym_letters(other)
    if other_short:
        if short == other_short:
            return 1.0
        shared = set(known) & set(acronym_values().get(other_short, ()))
        return 0.8 if shared else 0.05
    fits = [value for value in known if _words_similarity(value, other) >= 0.8 or fold(value) == fold(other)]
    if fits:
        return 0.85 if len(known) == 1 else 0.6
    if known:
        return 0.1
    if short in initials(other):
        return 0.65 if len(short) > 2 else 0.52
    return 0.05


def _words_similarity(a: str, b: str) -> float:
    renamed_a, renamed_b = renamed(a), renamed(b)
    if (renamed_a, renamed_b) != (a, b):
        return (
            0.9
            if _plain(renamed_a) == _plain(renamed_b)
            else max(_overlap(a, b), min(_overlap(renamed_a, renamed_b), 0.9))
        )
    return _overlap(a, b)


def renamed(name: str) -> str:
    """The name that stands for the set of an organisation's names (Facebook: meta); the name itself where no list has it."""
    return _renamed().get(_plain(name), name)


def _overlap(a: str, b: str) -> float:
    (words_a, codes_a), (words_b, codes_b) = body_words(a), body_words(b)
    if codes_a and codes_b and codes_a != codes_b:
        return 0.05
    left_a, left_b = set(words_a - words_b), set(words_b - words_a)
    matched = 0.0
    for word in sorted(left_a):
        best = max(sorted(left_b), key=lambda other: closeness(word, other), default=None)
        if best is not None and not any(c.isdigit() for c in word + best):
            close = closeness(word, best)
            if close >= 0.88 and (word[0] == best[0] or close > 0.93) and len(word) > 3:
                left_a.discard(word)
                left_b.discard(best)
                matched += 1
    shared = len(words_a & words_b) + matched
    if not shared:
        joined_a, joined_b = fold(a).replace(" ", ""), fold(b).replace(" ", "")
        return 0.9 if joined_a == joined_b else 0.05
    if left_a and left_b:
        return 0.9 if fold(a).replace(" ", "") == fold(b).replace(" ", "") else 0.15
    left = left_a | left_b
    codes_differ = codes_a != codes_b
    if not left:
        if not codes_differ:
            return 1.0 if not matched else 0.92
        return 0.42 if all(word in words_that("shared") for word in words_a) else 0.55
    if codes_differ:
        return 0.2
    distinctive = (words_a & words_b) - words_that("generic") - words_that("shared")
    if left <= words_that("generic") and (distinctive or matched):
        return 0.7
    return 0.3


@lru_cache(maxsize=1 << 17)
def organisations(name_a: str, name_b: str) -> float:
    """0 to 1 for two names of organisations; at least 0.5 means one body."""
    if fold(name_a) == fold(name_b):
        return 1.0
    short_a, short_b = acronym_letters(name_a), acronym_letters(name_b)
    if short_a or short_b:
        score = max(
            _acronym_similarity(short_a, name_b) if short_a else 0.0,
            _acronym_similarity(short_b, name_a) if short_b else 0.0,
        )
        if score >= 0.5 or (short_a and short_b):
            return score
        return max(score, _words_similarity(name_a, name_b))
    return _words_similarity(name_a, name_b)


@lru_cache(maxsize=1 << 16)
def place_key(name: str) -> str:
    """A place's name brought to one form: the territory code where it is one, else the current name, folded."""
    folded = fold(name).removeprefix("the ")
    folded = _place_names().get(folded, folded)
    code = territory_code(folded)
    if code:
        return "@" + code
    words = [_kinds_of_place().get(word, word) for word in folded.split() if word not in ("of", "the")]
    words = [_place_names().get(word, word) for word in words]
    if (len(words) > 1 and words[-1] in ("city", "town", "municipality")) or words[:1] in (["city"], ["town"]):
        words = [word for word in words if word not in ("city", "town", "municipality")]
    kind = sorted(word for word in words if word in _kinds_of_place().values())
    return " ".join([word for word in words if word not in _kinds_of_place().values()] + kind)


@lru_cache(maxsize=1 << 17)
def places(name_a: str, name_b: str) -> float:
    """0 to 1 for two names of places; at least 0.5 means one place."""
    if fold(name_a) == fold(name_b):
        return 1.0
    key_a, key_b = place_key(name_a), place_key(name_b)
    if key_a == key_b:
        return 0.95
    if "," in name_a or "," in name_b:  # Brest, France: the part after the comma says which Brest
        (first_a, _, rest_a), (first_b, _, rest_b) = (name.partition(",") for name in (name_a, name_b))
        if rest_a and rest_b and places(rest_a.strip(), rest_b.strip()) < 0.5:
            return 0.05
        return (
            min(0.6 if rest_a and rest_b else 0.45, places(first_a, first_b))
            if first_a != first_b
            else 0.45 + 0.4 * bool(rest_a and rest_b)
        )
    if key_a.startswith("@") or key_b.startswith("@"):
        if key_a.startswith("@") and key_b.startswith("@"):
            return 0.02
        known, unknown = (name_a, key_b) if key_a.startswith("@") else (name_b, key_a)
        close = closeness(fold(known).replace(" ", ""), unknown.replace(" ", ""))
        return 0.6 if close >= 0.93 and len(unknown) > 5 and " " not in unknown else 0.05
    words_a, words_b = key_a.split(), key_b.split()
    if len(words_a) != len(words_b) or (set(words_a) ^ set(words_b)) & set(_kinds_of_place().values()):
        return 0.9 if key_a.replace(" ", "") == key_b.replace(" ", "") else 0.15
    scores = [
        closeness(a, b) if a[0] == b[0] else max(0.0, closeness(a, b) - 0.1)
        for a, b in zip(words_a, words_b, strict=True)
    ]
    lowest = min(scores)
    long_enough = all(
        min(len(a), len(b)) > (4 if skeleton(a) != skeleton(b) else 3) or a == b
        for a, b in zip(words_a, words_b, strict=True)
    )
    if lowest >= 0.9 and long_enough:
        return round(0.5 + (lowest - 0.9) * 4.5, 4)
    return min(0.3, lowest / 3)


def is_country(name: str) -> bool:
    """Whether a name is that of an independent country, of today or of the past."""
    code = territory_code(name)
    territory = get_territory(code) if code else None
    return territory is not None and (territory.is_country or territory.is_historical)


def others(name_a: str, name_b: str) -> float:
    """0 to 1 for names of events, products, works and peoples: nearly the same words, the same numbers."""
    folded_a, folded_b = fold(name_a).removeprefix("the "), fold(name_b).removeprefix("the ")
    if folded_a.replace(" ", "") == folded_b.replace(" ", ""):
        return 1.0
    code_a, code_b = demonym_codes().get(folded_a), demonym_codes().get(folded_b)
    if code_a and code_b:
        return 0.9 if code_a == code_b else 0.02
    words_a, words_b = folded_a.split(), folded_b.split()
    if len(words_a) != len(words_b):
        return 0.2
    lowest = min(
        (0.0 if (a + b).isdigit() or min(len(a), len(b)) < 4 else closeness(a, b)) if a != b else 1.0
        for a, b in zip(words_a, words_b, strict=True)
    )
    return round(0.5 + (lowest - 0.9) * 4.5, 4) if lowest >= 0.9 else min(0.3, lowest / 3)
