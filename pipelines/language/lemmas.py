"""Word and Penn tag to lemma: a table of what the treebanks show, and spelling rules for the rest.

The table (``seeds/model/lemmas.tsv``) holds only words that the rules get wrong. Where a rule could cut in two ways
("hoped": hope, hop), a list of known lemmas decides, most frequent first, and then spelling.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_VOWELS = frozenset("aeiou")
_AS_WRITTEN = frozenset({"NNP", "FW", "ADD", "GW", "SYM", "$", "NFP", "LS"})
_SILENT = (
    *("v", "c", "u", "g", "z", "as", "os", "us", "rs", "ns", "at", "ut", "ir", "ur", "ced", "cid", "vid", "lud", "rud"),
    *(f"{consonant}l" for consonant in "bcdfgkptz"),
    *(
        "is",
        "ys",
        "or",
    ),  # criticise, analyse, implore: what ends in -or without e (favor, honor) is known by its frequency
    *(f"{consonant}in" for consonant in "bdfglmprv"),  # opine, define
)
"""Ends of unknown stems that a final e most often follows."""
_SPELLED = {
    "n't": "not",
    "n\u2019t": "not",
    "'ll": "will",
    "\u2019ll": "will",
    "'re": "be",
    "\u2019re": "be",
    "'m": "be",
    "\u2019m": "be",
    "'ve": "have",
    "\u2019ve": "have",
    "\u2019s": "'s",
}

_ENDINGS = (
    ("ing", ("VBG",), 5),
    ("in", ("VBG",), 5),
    ("ed", ("VBD", "VBN"), 4),
    ("er", ("JJR", "RBR"), 5),
    ("est", ("JJS", "RBS"), 6),
)
"""Endings, the tags of the words that have them, and the letters that such a word has at least: no "king", no "red"."""


@dataclass(frozen=True, slots=True)
class Lemmas:
    """``table`` maps (word in lower case, tag) to lemma; ``rank`` a known word to its place by frequency."""

    table: Mapping[tuple[str, str], str]
    rank: Mapping[str, int]
    _seen: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)

    def of(self, word: str, tag: str) -> str:
        """The lemma of a word with this Penn tag: in lower case, but for names and what is kept as written."""
        found = self._seen.get((word, tag))
        if found is None:
            found = self.table.get((word.lower(), tag)) or self.by_rule(word, tag)
            if len(self._seen) > 100_000:
                self._seen.clear()
            self._seen[word, tag] = found
        return found

    def by_rule(self, word: str, tag: str) -> str:
        """The lemma without the table."""
        lower = word.lower()
        if lower == "i" and tag == "PRP":
            return "I"
        if tag in _AS_WRITTEN:
            return word
        if lower in _SPELLED and tag != "POS":
            return _SPELLED[lower]
        if tag == "NNPS":
            singular = self._singular(lower)
            return word[: len(singular)] if lower.startswith(singular) else word
        if tag == "NNS":
            return self._singular(lower) if lower in self.rank or not _acronym(word) else word[:-1]
        if tag == "NN" and _acronym(word) and lower not in self.rank:
            return word
        if tag == "CD":
            return lower if word.isalpha() and not _acronym(word) else word
        if tag == "VBZ":
            return self._singular(lower)
        for ending, tags, shortest in _ENDINGS:
            if tag in tags and lower.endswith(ending) and len(lower) >= shortest:
                return self._stem(lower.removesuffix(ending))
        return lower

    def _singular(self, word: str) -> str:
        """Without the plural's or the third person's s: "cities", "boxes", "houses", "goes"."""
        if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
            return word
        if word.endswith("ies"):
            return word[:-1] if len(word) == 4 else f"{word[:-3]}y"
        if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
            return self._known(word[:-2], word[:-1])
        return word[:-1]

    def _stem(self, stem: str) -> str:
        """The verb or adjective whose ending was cut off: "plann" is plan, "hop" hope, "carri" carry."""
        if stem.endswith("i") and len(stem) > 2:
            return f"{stem[:-1]}y"
        doubled = len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS
        if doubled:
            return self._known(stem, stem[:-1]) if stem[-1] in "lsfz" else stem[:-1]
        silent = f"{stem}e"
        if stem in self.rank or silent in self.rank:
            if _short(stem) and silent in self.rank:
                return silent
            return self._known(stem, silent)
        return silent if stem.endswith(_SILENT) else stem

    def _known(self, first: str, second: str) -> str:
        """The more frequent of two; the first when neither is known."""
        last = len(self.rank)
        return second if self.rank.get(second, last) < self.rank.get(first, last) else first


def _acronym(word: str) -> bool:
    """Whether it is written like "NGO" or "NGOs"."""
    return len(word) > 1 and word.removesuffix("s").isupper()


def _short(stem: str) -> bool:
    """One syllable that ends in one vowel and one consonant: its own past would double that ("hopped")."""
    return (
        len(stem) > 1
        and stem[-1] not in _VOWELS
        and stem[-1] not in "wxy"
        and stem[-2] in _VOWELS
        and not any(char in _VOWELS for char in stem[:-2])
    )


def read_lemmas(folder: Path) -> Lemmas:
    """``lemmas.tsv`` has a line per lemma: the lemma, then ``word|tag`` for each word of it."""
    table: dict[tuple[str, str], str] = {}
    for line in (folder / "lemmas.tsv").read_text(encoding="utf-8").splitlines():
        lemma, *forms = line.split("\t")
        for form in forms:
            word, _, tag = form.rpartition("|")
            table[word, tag] = lemma
    return Lemmas(table, known_words(folder / "vocabulary.txt"))


def known_words(path: Path) -> dict[str, int]:
    """Whole words of the word-piece vocabulary, which is in the order of their frequency."""
    pieces = path.read_text(encoding="utf-8").split("\n")
    words = [piece for piece in pieces if len(piece) > 1 and piece.isalpha() and piece.isascii()]
    return {word: at for at, word in enumerate(words)}
