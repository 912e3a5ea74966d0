"""People's names taken apart and compared: given names, patronymic, surname, initials, suffix, in any order."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from pipelines.lexicon.entries import entries
from pipelines.lexicon.given_names import family_of, initials_of, is_given_name, meant_by
from pipelines.resolve.alike.bodies import words_that
from pipelines.resolve.alike.east_asian import pinyin, sound_keys
from pipelines.resolve.alike.romanise import clean, closeness, first_sound, fold, skeleton

GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
NUMERALS = "vi vii viii ix xi xii xiii xiv xv xvi xvii xviii xix xxi xxii xxiii"
GENERATIONS |= {numeral: numeral for numeral in NUMERALS.split(" ")}
SERVANT_OF = re.compile(
    r"\babd(?:\s?[aeou][lrsnt])? (?=\w{3})|\babd(?:el|al|ul)(?=[a-z]{3})"
)  # Abd al-Nasir, Abdel Nasser, Abdelnasser
"""Matches ``abd al nasir``, not ``abba``."""
PATRONYMIC = re.compile(
    r"(?:[oaeiuy]v?ich|[oae][vw]i[ct]s?c?h?|[oae]vyc[hz]?|[oae]v[iy]?c|owicz|ewicz|owitsch|ewitsch|ovna|evna|avna|ivna|i[ct]hna|"
    r"o[gy]lu|oglu|ogly|kyzy|qizi|uly|uulu)$"
)
"""Matches ``ivanovich``, not ``lund``."""
CHILD_OF = frozenset(("oglu", "ogly", "ogli", "qizi", "kyzy", "gyzy", "uly", "uulu"))
INITIALS = re.compile(r"^(?:[^\W\d_]{1,2}\.[\s-]?)+$|^[A-Z]{1,2}$")
DIGRAPH_INITIAL = re.compile(r"^(?:Yu|Ya|Ye|Yo|Ts|Zh|Ch|Sh|Kh|Dz|Ju|Ja|Je|Ph|Th|St)\.$")
SURNAME_WITH_GENDER = re.compile(
    r"(?P<stem>.*(?:[oeiay]v|[iy]n|sk|ck|tsk))(?P<ending>a|aya|aia|aja|y|i|iy|ij|yi|yy|ii|yj)?$"
)
"""Matches ``ivanova``, not ``lund``."""
FEMININE = frozenset(("a", "aya", "aia", "aja"))
DOUBLE_END = re.compile(r"(.)\1$")
SAME_SURNAME = 0.88  # Tsikhanouskaya/Tikhanovskaya stay above it, Hansen/Hanson (two surnames) below
SAME_SHORT_SURNAME = 0.92  # Vela, Villa: in few letters one is much
SAME_GIVEN = 0.85
"""Likeness of letters from which two given names of which no list has either may be one; chosen, not measured."""
AI = re.compile(r"(?<=\w)a[iy](?=[^\Waeiouy])")  # Dayf, Deif


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name in folded words. ``given`` and ``middle`` may hold single letters; ``suffix`` is jr, sr, ii, iii, iv or empty."""

    given: tuple[str, ...]
    surname: tuple[str, ...]
    patronymic: str
    suffix: str
    sounds: frozenset[str] = frozenset()
    """What romanisations of a Chinese, Korean or Japanese name share."""
    pinyin: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Every word but patronymic and suffix, in the order given, surname."""
        return self.given + self.surname


@cache
def _titles() -> frozenset[str]:
    return frozenset(fold(row["form"]) for row in entries("titles"))


@cache
def _common_surnames() -> frozenset[str]:
    return frozenset(skeleton(fold(row["form"])) for row in entries("common_surnames"))


def is_common_surname(word: str) -> bool:
    """Whether so many people bear this (folded) surname that it says little alone."""
    return skeleton(word) in _common_surnames()


def says_little(who: Person) -> bool:
    """Whether a name is a given name or a common surname alone; Benedict XVI is neither."""
    word = who.surname[-1] if who.surname else ""
    return bool(word) and not who.suffix and (is_given_name(word) or is_common_surname(word))


@cache
def _other_names() -> dict[str, str]:
    return {fold(row["form"]): row["value"] for row in entries("person_names")}


def by_one_name(name: str) -> str:
    """The name that stands for a widely known person's names (Karol Wojtyła: Pope John Paul II); itself where no list has it."""
    return _other_names().get(fold(name), name)


def given_family(word: str) -> frozenset[str]:
    """The sets of forms that a folded given name belongs to; itself where no list has it."""
    return family_of(word) or frozenset((word,))


def _join_particles(words: list[str]) -> list[str]:
    """Particles with the word they go with: ``von der leyen``; an Arabic article is dropped (al-Sharaa, Sharaa)."""
    joined: list[str] = []
    held: list[str] = []
    articles, particles = words_that("article"), words_that("particle")
    for word in words:
        if word in articles and (joined or held or len(words) > 1):
            continue
        if word in particles and len(words) > 1:
            held.append(word)
            continue
        joined.append(" ".join([*held, word]))
        held = []
    return joined + held


@lru_cache(maxsize=1 << 17)
def person(name: str) -> Person:
    """The parts of a person's name, and, where it is Chinese, Korean or Japanese, what its romanisations share."""
    who, sounds = _parts(name), sound_keys(name)
    return replace(who, sounds=sounds, pinyin=pinyin(name)) if sounds else who


def _parts(name: str) -> Person:
    """The parts of a person's name; a name of one word is a surname. Titles and quoted nicknames are left out."""
    name, surname_last = _surname_last(re.sub(r"[\"“”«»(].*?[\"“”»)]", " ", clean(name)))
    raw, suffix = _without_suffix(name.replace(",", " ").split())
    while len(raw) > 1 and fold(raw[0]) in _titles() and not _holy(raw):
        raw.pop(0)
    initials, rest, middle = _initials(raw)
    if not surname_last:
        rest = _capitals_last(rest)
    folded = SERVANT_OF.sub("abdul", " ".join(fold(word) for word in rest if fold(word)))
    words = _join_particles(folded.split())
    if len(rest) == 1 and "-" in rest[0][1:-1] and not is_given_name(words[0]):  # Kramp-Karrenbauer
        words = [" ".join(words)]
    words, patronymic = _without_patronymic(words)
    if not words:
        return Person((), tuple(initials + middle), patronymic, suffix)
    given = initials + words[:1] + middle + words[1:-1] if len(words) > 1 else initials + middle
    return Person(tuple(given), (words[-1],), patronymic, suffix)


def _surname_last(name: str) -> tuple[str, bool]:
    """A name with the surname behind the others where a comma tells which it is, and whether one does: ``Makei, Vladimir``."""
    head, comma, last = name.rpartition(",")
    if comma and "," in head and fold(last) in GENERATIONS:  # King, Martin Luther, Jr.
        family, _, called = head.partition(",")
        name = f"{called} {family} {last}"
    before, _, after = name.partition(",")
    if after.strip() and fold(after) not in GENERATIONS and len(after.split()) <= 3:
        return f"{after} {before}", True
    return name, False


def _without_suffix(words: list[str]) -> tuple[list[str], str]:
    """The words without the generation that ends them, and that as it is read: ``Robert Downey Junior``, jr."""
    suffix = ""
    while len(words) > 1 and fold(words[-1]) in GENERATIONS:
        suffix = GENERATIONS[fold(words[-1])]
        words = words[:-1]
    return words, suffix


def _initials(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """The letters before the first word, the words, the letters behind: ``A. P. Chekhov``, ``John F. Kennedy``.

    Behind a single word they are the given names' too: ``Makei V.V.``.
    """
    initials: list[str] = []
    middle: list[str] = []
    rest: list[str] = []
    for word in words:
        letters = _letters(word, words)
        if letters:
            (middle if rest else initials).extend(letters)
        else:
            rest.append(word)
    return (initials + middle, rest, []) if len(rest) < 2 else (initials, rest, middle)


def _letters(word: str, words: list[str]) -> list[str]:
    """The folded letters of a word of initials; none for any other, and for two capitals in a name in capitals: ``LI WEI``."""
    shouted = len(word) == 2 and word.isalpha() and word.isupper() and _shouts(words)
    if INITIALS.match(word) and len(words) > 1 and not shouted:
        return [fold(letter)[:1] for letter in re.findall(r"[^\W\d_]{1,2}(?=\.)|^[A-Z]|(?<=^[A-Z])[A-Z]", word)]
    return [fold(word)[:1]] if DIGRAPH_INITIAL.match(word) else []


def _capitals_last(words: list[str]) -> list[str]:
    """The words with the only one in capitals at the end, as the surname: ``MAKEI Vladimir``."""
    capitals = [word for word in words if len(word) > 2 and word.isupper()]
    if len(words) < 2 or _shouts(words) or len(capitals) != 1 or words[-1] == capitals[0]:
        return words
    return [word for word in words if word != capitals[0]] + capitals


def _without_patronymic(words: list[str]) -> tuple[list[str], str]:
    """Three folded words or more without the patronymic among them, and that: ``Heydar oglu`` of ``Ilham Heydar oglu Aliyev``.

    Where it stands last, the surname is the first: ``Makei Vladimir Vladimirovich``.
    """
    for i in range(1, len(words)) if len(words) > 2 else ():
        if PATRONYMIC.search(words[i]) and (i < len(words) - 1 or family_of(words[i - 1])):
            at = i - 1 if words[i] in CHILD_OF and i > 1 else i
            left = words[:at] + words[i + 1 :]
            return (left[1:] + left[:1] if at == len(left) else left), words[at]
    return words, ""


def _holy(words: list[str]) -> bool:
    """Prophet Muhammad, Imam Hussein: with a given name alone these are no titles but tell him from all others of that name."""
    return len(words) == 2 and fold(words[0]) in ("prophet", "imam") and is_given_name(fold(words[1]))


def _shouts(words: list[str]) -> bool:
    return all(word.isupper() for word in words)


def _surnames(a: str, b: str) -> float:
    """How alike two surnames are; 0 for the masculine and the feminine form of one (Petrov, Petrova)."""
    if a == b:
        return 1.0
    one, two = SURNAME_WITH_GENDER.match(a), SURNAME_WITH_GENDER.match(b)
    if one and two and (one["ending"] in FEMININE) != (two["ending"] in FEMININE):
        return 0.0
    if _other_family(a, b):
        return 0.2
    if " " in a or " " in b:
        last_a, last_b = a.split()[-1], b.split()[-1]
        if a.split()[0] in ("bin", "ibn", "bint", "ben") and b.split()[0] in ("bin", "ibn", "bint", "ben"):
            return closeness(last_a, last_b)
        return min(closeness(last_a, last_b), 0.95) if last_a and last_b else 0.0
    a, b = (word[:-1] if word.endswith(("ine", "yne")) else word for word in (a, b))  # Poutine, Prigojine
    close = (
        max(closeness(a, b), closeness(AI.sub("ei", a), AI.sub("ei", b))) if AI.search(a + " " + b) else closeness(a, b)
    )
    if first_sound(a) != first_sound(b) and close < 0.93:
        return min(close, 0.8)
    return close


def surnames_alike(a: str, b: str) -> bool:
    """Whether two folded surnames may be one: what a bare surname needs to stand for a full name."""
    return _surnames(a, b) >= SAME_SURNAME


def _other_family(a: str, b: str) -> bool:
    """Schulz and Schulze, Roberts and Robert: common surnames told apart by a last letter that no romanisation adds."""
    short, long = sorted((a, b), key=len)
    return long in (short + "e", short + "s") and not long.endswith("ine") and is_common_surname(short)


def _other_sex(a: str, b: str) -> bool:
    """Jean and Jeanne, Mario and Maria, Julian and Juliana: the feminine of a given name is another person's."""
    short, long = sorted((a, b), key=len)
    ends = (long[-1] == "a" and short[-1] not in "aey") or (long[-1] == "e" and short[-1] not in "aeiouy")
    root = short.rstrip("o") if long[-1] == "a" else short
    return (
        ends
        and len(root) > 2
        and DOUBLE_END.sub(r"\1", long[:-1].rstrip("i")) == DOUBLE_END.sub(r"\1", root.rstrip("i"))
    )


@lru_cache(maxsize=1 << 16)
def given_closeness(a: str, b: str) -> float:
    """How alike two given names are: 1 the same, 0.9 forms of one name, 0.7 an initial, 0.6 a diminutive, near 0 different."""
    if a == b:
        return 1.0
    if len(a) == 1 or len(b) == 1:
        letter, full = (a, b) if len(a) == 1 else (b, a)
        letters = {full[0], skeleton(full)[:1] or full[0]}
        for family in given_family(full):
            letters |= initials_of(family)
        alike = {"i": "jy", "j": "iy", "y": "iej", "e": "y", "h": "g", "g": "h", "v": "w", "w": "v", "k": "c", "c": "k"}
        return 0.7 if letter in letters or any(x in letters for x in alike.get(letter, "") if len(full) > 1) else 0.0
    if given_family(a) & given_family(b):
        return 0.9
    for short, full in ((a, b), (b, a)):
        if meant_by(short) & (given_family(full) | {full}):
            return 0.6
    if (family_of(a) and family_of(b)) or _other_sex(a, b):
        return 0.0
    close = closeness(a, b)
    one_is_known = any(family_of(name) or meant_by(name) for name in (a, b))
    begin_alike = first_sound(a) == first_sound(b) or {a[0], b[0]} == {"s", "z"}
    return close if close >= (SAME_GIVEN if begin_alike and not one_is_known else 0.9) else 0.0


def _givens(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """The first given names decide; later ones may be missing but not contradict."""
    first = given_closeness(a[0], b[0])
    if first == 0.0 and " ".join(a).replace(" ", "") == " ".join(b).replace(" ", ""):
        return 0.95
    if first == 0.0 and min(len(a), len(b)) == 1 < max(len(a), len(b)):  # called by the second name: J. Edgar, Edgar
        inner = max((given_closeness(x, y) for x in a for y in b if len(x) > 1 and len(y) > 1), default=0.0)
        return min(inner, 0.6) if inner >= 0.9 else 0.0
    if len(a) > 1 and len(b) > 1 and first > 0:
        second = given_closeness(a[1], b[1])
        if second == 0.0 and (len(a[1]) == 1 or len(b[1]) == 1 or len(a) == len(b)):
            return 0.1
    return first


def _patronymics(a: Person, b: Person) -> float:
    if a.patronymic and b.patronymic:
        return 1.0 if closeness(a.patronymic, b.patronymic) >= 0.75 else 0.0
    for full, other in ((a, b), (b, a)):
        if full.patronymic and len(other.given) > 1 and len(other.given[1]) == 1:
            return 1.0 if given_closeness(other.given[1], full.patronymic) > 0 else 0.0
    return 1.0


def _one_word(word: str, other: Person) -> float:
    """A single word against a full name: enough where it is the surname and few people bear it."""
    close = _surnames(word, other.surname[-1])
    if close >= (SAME_SURNAME if min(len(word), len(other.surname[-1])) > 5 else SAME_SHORT_SURNAME):
        if is_common_surname(word) or is_given_name(word):
            return 0.4
        return 0.55 + 0.1 * (close - SAME_SURNAME)
    if any(closeness(word, given) >= 0.95 for given in other.given if len(given) > 1):
        return 0.3
    return 0.05


def _in_order(a: Person, b: Person) -> float:
    surname = _surnames(a.surname[-1], b.surname[-1])
    if surname < SAME_SURNAME:
        return 0.05 if surname < 0.8 else 0.2
    given = _givens(a.given, b.given)
    if given < 0.5:
        return 0.1
    if given == 0.6:  # a diminutive: the same person, unless half the country is called that
        return 0.42 if is_common_surname(a.surname[-1]) else 0.56
    if given == 0.7:
        return 0.5 if is_common_surname(a.surname[-1]) else 0.72
    if given < 0.9 and surname < 0.95:  # both only similar
        return 0.45
    return round(min(1.0, 0.35 * given + 0.65 * surname), 4)


def _contained(a: Person, b: Person) -> float:
    """The shorter name's words all in the longer, in order, from the first on: Mohammed bin Zayed (Al Nahyan)."""
    short, long = sorted((a.words, b.words), key=len)
    initials = any(len(word) == 1 for word in short)
    if initials or len(short) < 2 or len(short) == len(long) or given_closeness(short[0], long[0]) < 0.9:
        return 0.0
    at = 0
    for word in short:
        while at < len(long) and closeness(word, long[at]) < 0.93 and not given_family(word) & given_family(long[at]):
            at += 1
        if at == len(long):
            return 0.0
        at += 1
    return 0.7


def _another_middle_name(a: Person, b: Person) -> bool:
    """John Adams and John Quincy Adams: where half the country bears the surname, a name more in full may be another man."""
    if a.surname != b.surname or len(a.given) + len(b.given) != 3:
        return False
    short, long = sorted((a, b), key=lambda who: len(who.given))
    return (
        len(short.given) == 1
        and len(long.given) == 2
        and min(map(len, (*short.given, *long.given))) > 1
        and short.given[0] == long.given[0]
        and is_common_surname(short.surname[-1])
        and is_given_name(short.given[0])
    )


def _turned(who: Person) -> Person:
    """A name of two words with the surname first."""
    return Person((who.surname[-1],), (who.given[0],), who.patronymic, who.suffix)


def similarity(name_a: str, name_b: str) -> float:
    """0 to 1 for two names of people; at least 0.5 means one person."""
    a, b = person(name_a), person(name_b)
    if not a.surname or not b.surname:
        return 0.0
    return next(found for rule in RULES if (found := rule(a, b)) is not None)


def _suffixes_differ(a: Person, b: Person) -> float | None:
    """George Bush, George Bush Jr.; King Charles alone may be any Charles."""
    if a.suffix == b.suffix:
        return None
    if (a.given and b.given) or (a.suffix and b.suffix):
        return 0.1
    return None if a.given or b.given else 0.4


def _same_words(a: Person, b: Person) -> float | None:
    """Anna Novak, Anna Novak: one person unless the patronymics differ; a given name alone says less."""
    if a.words != b.words:
        return None
    if _patronymics(a, b) == 0.0:
        return 0.1
    return 1.0 if a.given or a.suffix or not is_given_name(a.surname[-1]) else 0.6


def _same_letters(a: Person, b: Person) -> float | None:
    """Jean Claude Petit, Jeanclaude Petit."""
    return 0.98 if _joined(a) == _joined(b) else None


def _joined(who: Person) -> str:
    return "".join(who.words).replace(" ", "")


def _single_words(a: Person, b: Person) -> float | None:
    """Novak, Nowak; Novak, Anna Novak."""
    if a.given and b.given:
        return None
    if not a.given and not b.given:
        return _one_word_each(a.surname[-1], b.surname[-1])
    one, full = (a, b) if not a.given else (b, a)
    return _one_word(one.surname[-1], full)


def _east_asian(a: Person, b: Person) -> float | None:
    """Mao Zedong, Mao Tse-tung; of two names in Pinyin one letter makes another person."""
    if a.pinyin and b.pinyin:
        return 0.98 if sorted(a.pinyin) == sorted(b.pinyin) else 0.1
    return None if a.sounds.isdisjoint(b.sounds) else 0.9


def _fathers_differ(a: Person, b: Person) -> float | None:
    """Ivan Petrovich Orlov, Ivan Sergeyevich Orlov."""
    return 0.1 if _patronymics(a, b) == 0.0 else None


def _namesakes(a: Person, b: Person) -> float | None:
    """John Adams, John Quincy Adams."""
    return 0.45 if _another_middle_name(a, b) else None


def _in_some_order(a: Person, b: Person) -> float:
    """The parts compared as they stand; where they do not agree, with the surname first, and without the spaces."""
    best = max(_in_order(a, b), _contained(a, b))
    if best >= 0.5:
        return best
    best = max(best, _in_turned_order(a, b))
    together = best < 0.5 and len(a.words) != len(b.words) and _written_together(_joined(a), _joined(b))
    return 0.9 if together else best


def _in_turned_order(a: Person, b: Person) -> float:
    """Makei Vladimir, Vladimir Makei; Chekhov Anton, A. P. Chekhov."""
    two, three = sorted((a, b), key=lambda who: len(who.words))
    if len(two.words) == len(three.words) == 2:
        return _in_order(a, _turned(b)) - 0.05
    if len(two.words) == 2 and len(three.words) == 3 and all(len(word) == 1 for word in three.given):
        return _in_order(_turned(two), three) - 0.05
    return 0.0


RULES: tuple[Callable[[Person, Person], float | None], ...] = (
    _suffixes_differ,
    _same_words,
    _same_letters,
    _single_words,
    _east_asian,
    _fathers_differ,
    _namesakes,
    _in_some_order,
)
"""What decides whether two names are one person's: the first rule that has something to say; the last always has."""


def _written_together(a: str, b: str) -> bool:
    """Hassan Nasrallah, Hasan Nasr Allah: the same but for where words end."""
    return len(a) > 7 and a[0] == b[0] and a[-2:] == b[-2:] and abs(len(a) - len(b)) < 3 and skeleton(a) == skeleton(b)


def _one_word_each(a: str, b: str) -> float:
    close = _surnames(a, b)
    short = min(len(a), len(b))
    if close < (SAME_SURNAME if short > 5 else SAME_SHORT_SURNAME):
        return min(0.3, close / 3)
    return round(0.6 + 0.35 * (close - SAME_SURNAME) / (1 - SAME_SURNAME), 4) if short > 3 else 0.4
