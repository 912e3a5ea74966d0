"""Chinese, Korean and Japanese names in their several romanisations, brought to one key a system cannot change.

Chinese: Hanyu Pinyin and Wade-Giles (with or without its apostrophes), after the two systems' syllable tables. Korean: the
Revised system, McCune-Reischauer and the spellings that people choose. Japanese: long vowels written or not. A key is only
compared with a key of the same language; names that both stand in Pinyin are compared letter by letter, because one
letter there is another person.
"""

import re
from functools import cache, lru_cache

from anyascii import anyascii

from pipelines.lexicon.entries import entries
from pipelines.resolve.alike.romanise import clean

PINYIN_SYLLABLE = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|ve|er|a|o|e|i|u|v)"
)
"""Matches ``zhang``, not ``ß``."""
NO_SYLLABLE = re.compile(
    r"^(?:[bpmf](?:ong|iang|iong|ua|uai|uan|uang|ui|un|uo|ue|ia|iu)|[jqx](?:[aoe]|ai|ei|ao|ou|an|en|ang|eng|ong|ua.*|ui|uo)|"
    r"(?:zh|ch|sh|[zcsrgkh])(?:i.+|ue)|[dtnl](?:ua|uai|uang|ui?ang)|[nlr]ui|tei|hs.*|i.*|u.*|v.*|y(?:iang|iao|ie|ian|ia|iu|ei|ui|uo|er|en|ai|ua))$"
)
"""Matches ``bong``, not ``zhang``."""
WADE_INITIALS = (
    ("zh", "ch"), ("j", "ch"), ("q", "ch"), ("x", "hs"), ("z", "ts"), ("c", "ts"),
    ("b", "p"), ("d", "t"), ("g", "k"), ("r", "j"),
)  # fmt: skip
WADE_WHOLE = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "szu", "er": "erh",
    "ge": "ko", "ke": "ko", "he": "ho", "e": "o", "ye": "yeh", "yue": "yueh", "yan": "yen", "you": "yu", "yi": "i",
    "duo": "to", "tuo": "to", "nuo": "no", "luo": "lo", "zuo": "tso", "cuo": "tso", "suo": "so", "zhuo": "cho",
    "chuo": "cho", "ruo": "jo", "gui": "kuei", "kui": "kuei", "yong": "yung",
}  # fmt: skip
KOREAN_SOUNDS = (
    ("myung", "myong"), ("hyun", "hyon"), ("kyung", "kyong"),
    ("young", "yong"), ("byung", "byong"), ("suk", "sok"), ("yeo", "yo"), ("eo", "o"), ("eu", "u"), ("oo", "u"),
    ("ee", "i"), ("ou", "o"), ("ah", "a"), ("oh", "o"), ("uh", "o"), ("ae", "e"), ("ai", "e"), ("wh", "hw"), ("sh", "s"),
    ("ch", "j"), ("kk", "k"), ("tt", "t"), ("pp", "p"), ("g", "k"), ("d", "t"), ("b", "p"), ("r", "l"),
)  # fmt: skip
JAPANESE = re.compile(r"(?:(?:[kgnhbmpr]y|sh|ch|ts|j|[kgsztdnhfbpmyrw])?(?:[aiueo]+h?)|n(?![aiueoy]))+")
"""Matches ``shinzo``, not ``xx``."""
LONG_VOWELS = re.compile(r"(?:ou|oo|oh)")


@cache
def _surnames(language: str) -> dict[str, str]:
    """Surnames of a language in lower case, and how each is read when names are compared."""
    return {
        row["form"].lower(): row["read_as"] or row["form"].lower()
        for row in entries("east_asian_surnames")
        if row["value"] == language
    }


def _words(name: str) -> list[str]:
    """Lower-case letters of each word; apostrophes gone, hyphens kept."""
    letters = anyascii(clean(name)).casefold()
    return re.findall(r"[a-z]+(?:-[a-z]+)*", re.sub("['’‘`´ʼʻ\"]", "", letters))


@lru_cache(maxsize=1 << 15)
def _syllables(word: str) -> tuple[str, ...]:
    """The Pinyin syllables that a word consists of, the longest first; empty where it is no Pinyin."""
    if not word:
        return ()
    for end in range(min(6, len(word)), 0, -1):
        head = word[:end]
        if PINYIN_SYLLABLE.fullmatch(head) and not NO_SYLLABLE.match(head):
            if end == len(word):
                return (head,)
            rest = _syllables(word[end:])
            if rest:
                return (head, *rest)
    return ()


def _wade(syllable: str) -> str:
    """A Pinyin syllable as Wade and Giles write it, without marks."""
    whole = WADE_WHOLE.get(syllable)
    if whole:
        return whole
    for initial, wade in WADE_INITIALS:
        if syllable.startswith(initial):
            syllable = wade + syllable[len(initial) :]
            break
    if syllable.endswith("ian"):
        return syllable[:-3] + "ien"
    if syllable.endswith(("ie", "ue", "ve")):
        return syllable + "h"
    return syllable[:-3] + "ung" if syllable.endswith("ong") else syllable


def _plain(key: str) -> str:
    """Spellings inside Wade-Giles that people mix: tz and ts, szu and ssu, ying and ing, Lee and Li."""
    key = key.replace("tzu", "tsu").replace("szu", "su").replace("ssu", "su").replace("ee", "i").replace("yi", "i")
    return key.replace("oh", "o").replace("yeh", "ye").replace("ieh", "ie").replace("ueh", "ue").replace("ch", "c")


def pinyin(name: str) -> tuple[str, ...]:
    """The words of a Chinese name in Pinyin, surname first; empty where it is none (two or three syllables, known surname)."""
    return _pinyin(_words(name))


def _pinyin(words: list[str]) -> tuple[str, ...]:
    if len(words) != 2 or words[0] not in _surnames("Chinese") or "-" in words[1]:
        return ()
    return (words[0], words[1]) if 0 < len(_syllables(words[1])) <= 2 else ()


def sound_keys(name: str) -> frozenset[str]:
    """What the romanisations of a Chinese, Korean or Japanese name share; empty for any other name."""
    if not 1 <= name.count(" ") <= 2:
        return frozenset()
    words = _words(name)
    if not 2 <= len(words) <= 3 or max(map(len, words)) > 14:
        return frozenset()
    found = []
    if _pinyin(words):
        found.append("zh " + _plain("".join(_wade(s) for word in words for s in _syllables(word))))
    if "-" in words[-1] or "'" in name or "’" in name:
        found.append("zh " + _plain("".join(words).replace("-", "")))
    if words[0] in _surnames("Korean"):
        found.append(_korean(words))
    if len(words) == 2 and JAPANESE.fullmatch(words[0]) and JAPANESE.fullmatch(words[1]):
        found.append("ja " + " ".join(sorted(LONG_VOWELS.sub("o", word).replace("uu", "u") for word in words)))
    return frozenset(key for key in found if key)


def _korean(words: list[str]) -> str:
    if len(words) == 2 and "-" not in words[1] and not 3 < len(words[1]) < 11:
        return ""
    parts = []
    for part in (_surnames("Korean")[words[0]], "".join(words[1:]).replace("-", "")):
        for written, sound in KOREAN_SOUNDS:
            part = part.replace(written, sound)
        parts.append(re.sub(r"^yi?$", "i", part).replace("yi", "i"))
    return "ko " + " ".join(parts)


def same_korean_place(word_a: str, word_b: str) -> bool:
    """Whether two folded words are one Korean place in the Revised system and in McCune-Reischauer (Gyeongju, Kyongju)."""
    if min(len(word_a), len(word_b)) < 6 or not ("eo" in word_a + word_b or "eu" in word_a + word_b):
        return False
    for written, sound in KOREAN_SOUNDS:
        word_a, word_b = word_a.replace(written, sound), word_b.replace(written, sound)
    return word_a == word_b
