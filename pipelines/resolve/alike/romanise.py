"""One word of a name in any spelling brought to a form in which spellings can be compared.

Three steps, each usable alone: ``pipelines.damage.clean`` repairs damage (wrong decoding, look-alike letters, invisible
characters), ``fold`` writes it in lower-case ASCII words, ``skeleton`` drops what systems of romanisation disagree about
(scientific, BGN/PCGN, German, French, Polish: ž/zh/sch/j, -ij/-iy/-y, kh/h/ch, ë/yo/e). ``closeness`` then compares two
folded words letter by letter, cheap where languages and systems differ, dear where names differ.
"""

import re
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import Levenshtein

from pipelines.damage import clean as clean

APOSTROPHES = re.compile("['’‘`´ʼʹʻʾʿ\"“”«»„]")
WORD = re.compile(r"[^\W_]+")

# What stands for one sound in the systems of romanisation, longest first; the result is lower-case ASCII.
SOUNDS = (
    ("schtsch", "s"), ("stsch", "s"), ("shch", "s"), ("szcz", "s"),
    ("dsch", "j"), ("dzh", "j"), ("dzi", "di"), ("dzk", "dk"), ("tsch", "c"), ("tch", "c"), ("sch", "s"), ("tsz", "c"), ("chow", "hov"),
    ("sh", "s"), ("sz", "s"), ("zh", "z"), ("cz", "c"), ("kh", "h"), ("ch", "c"), ("ts", "c"), ("tz", "c"), ("sc", "s"),
    ("ousk", "ovsk"), ("ausk", "avsk"), ("gh", "g"), ("dh", "d"), ("ph", "f"), ("th", "t"), ("ck", "k"),
    ("ou", "u"), ("oo", "u"), ("x", "ks"), ("q", "k"), ("w", "v"),
)  # fmt: skip
SOFTENED = re.compile(r"i+(?:a|([uoe])(?=.))")  # Siarhei, Fiodor, Viera; but Mario is not Marie
SOFT = {"u": "u", "o": "e", "e": "e"}
FIRST_J = re.compile(r"^(?:[jy](?=[aeou])|i(?=[aeou].{2}))")  # Jaroslav, Yaroslav, Iaroslav
LAST = re.compile(r"(?<=[eo])ff$|(?<=[a-z]{3}[b-df-hj-np-tv-z])[ae]h$")  # Prokofieff; Haniyeh, Sarah
DOUBLED = re.compile(r"(.)\1+")
AFTER_SIBILANT = re.compile(r"(?<=[scz])ov(?=a?$)")  # Gorbachev, Gorbatschow: one Russian letter, read o, written e

VOWELS = frozenset("aeiou")
CLOSE_LETTERS = {
    "ao": 0.3, "ei": 0.3, "ae": 0.5, "ou": 0.6, "iu": 0.8, "ai": 0.8, "au": 0.8, "eo": 0.8, "eu": 0.8, "io": 0.8,
    "uv": 0.3, "fv": 0.4, "gh": 0.25, "hk": 0.3, "ch": 0.4, "ck": 0.5, "cs": 0.4, "sz": 0.25, "iz": 0.4, "jz": 0.3,
    "cz": 0.4, "ct": 0.4, "js": 0.5, "dz": 0.5, "bp": 0.7, "dt": 0.7, "bv": 0.6, "ij": 0.3, "cj": 0.4, "gk": 0.5,
}  # fmt: skip
FREE_STANDING = {"j": 0.3, "h": 0.4, "i": 0.4, "e": 0.5, "a": 0.6, "o": 0.6, "u": 0.6}


def fold(name: str) -> str:
    """Lower-case ASCII words separated by single spaces: no accents, apostrophes or punctuation; ``&`` reads ``and``."""
    name = APOSTROPHES.sub("", clean(name)).replace("&", " and ")
    if not name.isascii():
        name = name.replace("ə", "a").replace("Ə", "A")  # Azerbaijani: Əliyev is Aliyev
        name = anyascii(name).replace("'", "")
    return " ".join(WORD.findall(name.casefold()))


def _softened(match: re.Match[str]) -> str:
    return SOFT[match[1]] if match[1] else "a"


@lru_cache(maxsize=1 << 17)
def skeleton(word: str) -> str:
    """A folded word without what systems of romanisation disagree about."""
    for written, sound in SOUNDS:
        if written in word:
            word = word.replace(written, sound)
    word = LAST.sub(lambda match: "v" if match[0] == "ff" else "a", word)
    first, rest = ("j", word[1:]) if FIRST_J.match(word) else ("", word)
    word = first + SOFTENED.sub(_softened, rest.replace("y", "i").replace("j", "i"))
    return AFTER_SIBILANT.sub("ev", DOUBLED.sub(r"\1", word))


def _letter_cost(a: str, b: str) -> float:
    return CLOSE_LETTERS.get(a + b if a < b else b + a, 1.0)


def _distance(a: str, b: str) -> float:
    """Weighted edit distance (Wagner and Fischer 1974) with the costs above."""
    row = [0.0]
    for letter in b:
        row.append(row[-1] + FREE_STANDING.get(letter, 1.0))
    for letter in a:
        drop = FREE_STANDING.get(letter, 1.0)
        above, row = row, [row[0] + drop]
        for j, other in enumerate(b):
            change = 0.0 if letter == other else _letter_cost(letter, other)
            row.append(min(above[j] + change, above[j + 1] + drop, row[j] + FREE_STANDING.get(other, 1.0)))
    return row[-1]


@lru_cache(maxsize=1 << 16)
def closeness(a: str, b: str) -> float:
    """0 to 1: how likely two folded words are spellings of one; 1 when they are written alike."""
    if a == b:
        return 1.0
    key_a, key_b = skeleton(a), skeleton(b)
    if key_a == key_b:
        return 0.97 if min(len(key_a), len(key_b)) > 2 else 0.8
    length = max(len(key_a), len(key_b))
    if Levenshtein.distance(key_a, key_b, score_cutoff=length // 2) > length // 2:
        return 0.0
    return max(0.0, 1.0 - _distance(key_a, key_b) / length * (1.0 if length > 4 else 1.6))


def first_sound(word: str) -> str:
    """The first letter of a folded word, one for all that stand for one sound at a word's start (Khrushchev, Chruschtschow)."""
    letter = skeleton(word)[:1]
    return "k" if letter in ("c", "g", "h", "k") else letter
