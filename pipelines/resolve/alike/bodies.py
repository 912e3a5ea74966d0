"""Names of organisations compared: legal forms, spellings, acronyms, renamings, territories."""

import re
from collections import defaultdict
from functools import cache, lru_cache

from pipelines.lexicon.entries import entries
from pipelines.lexicon.legal_forms import any_legal_form
from pipelines.resolve.alike.places import NUMBERED, current_names, known_places, territory_code, territory_of
from pipelines.resolve.alike.romanise import clean, closeness, fold

WEB = re.compile(r"(?<=\w{3})\.(?:com|org|net|io|ru|by|ua|info|eu|pl|de|tv|ge|am|kz)$", re.I)
"""Matches ``zubrin.com``, not ``com``."""
ACRONYM = re.compile(r"^(?:[A-ZА-Я][a-z]{0,2}){1,2}[A-ZА-Я/&-]*[A-ZА-Я]s?$|^(?:[A-Z]\.){2,}[A-Z]?$")
"""Matches ``NPW``, not ``Npw``."""


@cache
def words_that(role: str) -> frozenset[str]:
    """Words of names with one role: ``small``, ``generic``, ``shared``, ``particle`` or ``article`` (seeds/lexicon/name_words.csv)."""
    return frozenset(row["form"] for row in entries("name_words") if row["value"] == role)


@cache
def _spellings() -> dict[str, str]:
    return {row["form"]: row["value"] for row in entries("word_spellings")}


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


def _plain(name: str) -> str:
    return " ".join(_spellings().get(word, word) for word in fold(name).split() if word != "the")


@cache
def _phrases() -> tuple[re.Pattern[str], dict[str, str]]:
    """Forms of a part of a name (Foreign Ministry, private military company) as folded words, and how they are read."""
    read = {
        fold(row["form"]): " ".join(word for word in fold(row["value"]).split() if word != "the")
        for row in entries("organisation_names")
        if row["source"] == "own: form"
    }
    longest = sorted(read, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(r"\b(?:" + "|".join(longest) + r")\b"), read


@cache
def _expansions() -> tuple[re.Pattern[str], dict[str, str]]:
    """Acronyms with one meaning, as words inside a longer name: Russian MFA, EU Commission."""
    long = {
        row["form"]: row["value"]
        for row in entries("acronyms")
        if len(acronym_values()[fold(row["form"]).replace(" ", "")]) == 1 and row["form"].isalpha()
    }
    return re.compile(
        r"(?<![\w-])(?:" + "|".join(sorted(long, key=lambda form: (-len(form), form))) + r")(?![\w-])"
    ), long


def _spelled_out(name: str) -> str:
    """A body's name in folded words: no legal form, acronyms inside it and forms of its parts in full."""
    text = WEB.sub("", re.sub(r"[’']s\b", "", clean(name)))
    if " " in text:
        acronym, long = _expansions()
        text = acronym.sub(lambda match: long[match[0]], text)
    stripped = any_legal_form().sub(" ", text.casefold()).strip(" ,.")
    folded = (fold(stripped) or fold(text)).replace("co operation", "cooperation")
    folded = (
        re.sub(r"\b([a-z]{1,2}) ([fc])\b", r"\1\2", folded)
        if " f c" in f" {folded}" or " c f" in f" {folded}"
        else folded
    )
    phrase, read = _phrases()
    return phrase.sub(lambda match: read[match[0]], folded)


@lru_cache(maxsize=1 << 17)
def body_words(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of an organisation's name that tell it apart, and the territories it names (by code)."""
    codes: set[str] = set()
    words: list[str] = []
    parts = _spelled_out(name).split()
    at = 0
    while at < len(parts):
        for length in (3, 2, 1):
            piece = " ".join(parts[at : at + length])
            code = territory_of(piece)
            if code and len(parts) > length and (len(piece) > 3 or length > 1 or piece in ("us", "uk")):
                codes.add(code)
                if words[-2:] in (["republic", "of"], ["kingdom", "of"]):  # of the Republic of Armenia
                    words = words[:-2]
                if code == "eu":
                    words.append(piece)  # the European Council is not the Council of Europe
                at += length
                break
        else:
            word = _spellings().get(parts[at], parts[at])
            current = current_names().get(word, word)
            words.append(word if " " in current else current)
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
    fits = [value for value in known if _words_similarity(value, other) >= 0.5 or fold(value) == fold(other)]
    if fits:
        return 0.85 if len(known) == 1 else 0.6
    if known:
        return 0.1
    if short in initials(other):
        return 0.65 if len(short) > 2 else 0.45
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
    plain = _plain(name)
    found = _renamed().get(plain) or _renamed().get(
        _plain(any_legal_form().sub(" ", name.casefold()).strip(" ,.")) or plain
    )
    return found or name


def _overlap(a: str, b: str) -> float:
    (words_a, codes_a), (words_b, codes_b) = body_words(a), body_words(b)
    if codes_a and codes_b and codes_a != codes_b:
        return 0.05
    left_a, left_b = set(words_a - words_b), set(words_b - words_a)
    told_apart = (words_a & words_b) - words_that("generic") - words_that("shared") - known_places()
    matched = _pair_off(left_a, left_b)
    shared = len(words_a & words_b) + matched
    if not shared:
        joined_a, joined_b = fold(a).replace(" ", ""), fold(b).replace(" ", "")
        return 0.9 if joined_a == joined_b else 0.05
    if left_a and left_b:
        if told_apart and left_a | left_b <= words_that("form") and not codes_a ^ codes_b:
            return 0.6  # Wagner Group, PMC Wagner
        return 0.9 if fold(a).replace(" ", "") == fold(b).replace(" ", "") else 0.15
    left = left_a | left_b
    codes_differ = codes_a != codes_b
    if not left:
        if not codes_differ:
            return 1.0 if not matched else 0.92
        return 0.42 if all(word in words_that("shared") for word in words_a) else 0.55
    if codes_differ:
        return 0.2
    if left <= words_that("generic") and (told_apart or matched or (codes_a and left <= words_that("form"))):
        return 0.7
    return 0.55 if _cut_short(a, b) else 0.3


def _pair_off(left_a: set[str], left_b: set[str]) -> int:
    """Takes the words that two names spell a little differently out of both, and tells how many: Organisation, Organization."""
    matched = 0
    for word in sorted(left_a):
        best = max(sorted(left_b), key=lambda other: closeness(word, other), default=None)
        if best is None or len(word) < 4 or any(c.isdigit() for c in word + best):
            continue
        close = closeness(word, best)
        if close >= 0.88 and (word[0] == best[0] or close > 0.93):
            left_a.discard(word)
            left_b.discard(best)
            matched += 1
    return matched


def _cut_short(a: str, b: str) -> bool:
    """Carnegie Endowment (for International Peace): the long name begins with the short, which begins with a name of its own."""
    short, long = sorted((fold(a).removeprefix("the "), fold(b).removeprefix("the ")), key=len)
    words = short.split()
    if len(words) < 2 or not re.match(re.escape(short) + r" (?:for|of|on) ", long):
        return False
    common = words_that("generic") | words_that("shared") | words_that("small") | _heads()
    return (
        len(words[0]) > 3
        and words[0] not in common
        and territory_of(words[0]) is None
        and words[1] not in words_that("small")
    )


@cache
def _known() -> frozenset[str]:
    """Folded names of one word that bodies are widely known by."""
    names = {row["form"] for row in entries("known_names")} | {row["form"] for row in entries("metonyms")}
    names |= {row[side] for row in entries("organisation_names") for side in ("form", "value")}
    return frozenset(fold(name) for name in names if " " not in name)


def says_too_little(word: str) -> bool:
    """Whether a folded word of a body's name cannot stand for it: a kind of body, a place, another body's name."""
    common = words_that("generic") | words_that("shared") | words_that("form") | words_that("small")
    return (
        word in NUMBERED
        or word in common
        or word in _heads()
        or word in _known()
        or word in known_places()
        or bool(territory_of(word))
    )


@cache
def _heads() -> frozenset[str]:
    """Folded words that tell what kind of thing a name is of, and those that other lists read otherwise."""
    return (
        frozenset(fold(row["form"]) for row in entries("organisation_words"))
        | frozenset(_spellings())
        | frozenset(
            (
                "international",
                "global",
                "world",
                "public",
                "royal",
                "united",
                "european",
                "american",
                "african",
                "asian",
                "regional",
            )
        )
    )


@lru_cache(maxsize=1 << 14)
def organisations(name_a: str, name_b: str) -> float:
    """0 to 1 for two names of organisations; at least 0.5 means one body."""
    if fold(name_a) == fold(name_b):
        return 1.0
    code = territory_code(name_a)
    if code and code == territory_code(name_b):
        return 0.9
    short_a, short_b = acronym_letters(name_a), acronym_letters(name_b)
    if short_a or short_b:
        score = max(
            _acronym_similarity(short_a, name_b) if short_a else 0.0,
            _acronym_similarity(short_b, name_a) if short_b else 0.0,
        )
        if score >= 0.5 or (short_a and short_b):
            return score
        return max(score, _words_similarity(name_a, name_b))
    return max(_words_similarity(a, b) for a in readings(name_a) for b in readings(name_b))


def readings(name: str) -> list[str]:
    """The name, or, for each meaning of an ambiguous acronym inside it, the name with that in full (CEC of Belarus)."""
    for word in name.split()[:6] if " " in name else ():
        values = acronym_values().get(fold(word), ()) if word.isupper() else ()
        if len(values) > 1:
            return [name, *(name.replace(word, value) for value in values)]
    return [name]
