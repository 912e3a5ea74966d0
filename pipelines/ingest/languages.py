"""Which language a text is in: by its script, by letters that only one language's alphabet has, by its function words."""

import re
from collections import Counter
from functools import cache

from pipelines.lexicon.entries import entries

MOST_CHARACTERS = 4000
"""How much of a text is looked at."""

LEAST_SHARE = 0.17
"""Below this share of function words a text is in a language that we do not know, or is a list of names: English prose has
0.35 to 0.55 of the words that stand in our list, headlines 0.1 to 0.3."""

SCRIPTS = {
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "hy": "\u0530-\u058f",
    "he": "\u0590-\u05ff",
    "ka": "\u10a0-\u10ff",
    "ko": "\uac00-\ud7af\u1100-\u11ff",
    "ja": "\u3040-\u30ff",
    "th": "\u0e00-\u0e7f",
    "hi": "\u0900-\u097f",
}
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
ALPHABETS = (
    ("be", "ў"),
    ("uk", "їєґ"),
    ("mk", "ѓќѕ"),
    ("sr", "јљњћђџ"),
    ("kk", "әғқңөұһ"),
    ("ru", "ыэё"),
    ("uk", "і"),
    ("bg", "ъ"),
)
"""Letters that tell the languages written in Cyrillic apart, in the order in which they are asked."""


def language_of(text: str) -> str | None:
    """The language of a text (ISO 639-1); null where there is too little to tell, or none of those that we know.

    Known are the languages of ``seeds/lexicon/function_words.csv``, and those that their script or alphabet gives away.
    """
    found = re.findall(r"[^\W\d_]+", text[:MOST_CHARACTERS].lower())
    letters = "".join(found)
    if len(letters) < 10:
        return None
    if letters.isascii():
        return _by_function_words(found)
    for language, script in SCRIPTS.items():
        if len(re.findall(f"[{script}]", letters)) > 0.4 * len(letters):
            return language
    if len(CYRILLIC.findall(letters)) > 0.5 * len(letters):
        return next((language for language, own in ALPHABETS if any(letter in letters for letter in own)), None)
    return _by_function_words(found)


def _by_function_words(found: list[str]) -> str | None:
    hits = Counter(language for word in found for language in _languages().get(word, ()))
    (best, n_best), (_, n_second) = (*hits.most_common(2), ("", 0), ("", 0))[:2]
    is_clear = n_best >= 2 and n_best - n_second >= max(1, 0.08 * n_best)
    return best if is_clear and n_best >= LEAST_SHARE * len(found) else None


@cache
def _languages() -> dict[str, list[str]]:
    """The languages that each function word belongs to."""
    table: dict[str, list[str]] = {}
    for row in entries("function_words"):
        table.setdefault(row["form"], []).append(row["value"])
    return table
