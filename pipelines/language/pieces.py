"""A word to what the encoder reads: its word pieces and its shape.

The pieces follow BERT's uncased word-piece scheme (Devlin et al. 2019), so that the vocabulary of the pretrained
encoder fits. Because that vocabulary is uncased, the way a word is written enters as one of six shapes.
"""

import unicodedata
from collections.abc import Mapping, Sequence

CLASSIFIER, SEPARATOR, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
PIECES_PER_WORD = 6
"""No word takes more pieces than this: the first ones tell enough, and a web address must not fill a window."""

SHAPES = ("lower", "title", "upper", "initial", "mixed", "digit")
_READ = 64
"""Characters of a word that are looked at: more than its first pieces can hold."""


def shape_of(word: str) -> int:
    """Index into ``SHAPES``: how the word is written.

    lower: "bank", "%"; title: "Bank"; upper: "NATO"; initial: "A"; mixed: "iPhone"; digit: "G7", "2021".
    """
    word = word[:_READ]
    if any(char.isdigit() for char in word):
        return 5
    letters = sum(char.isalpha() for char in word)
    if not letters or word.islower():
        return 0
    if word.isupper():
        return 2 if letters > 1 else 3
    return 1 if word[0].isupper() and not any(char.isupper() for char in word[1:]) else 4


class Pieces:
    """The word-piece vocabulary, remembering the words it has seen."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._index: Mapping[str, int] = {piece: at for at, piece in enumerate(vocabulary)}
        self.classifier = self._index[CLASSIFIER]
        self.separator = self._index[SEPARATOR]
        self._unknown = self._index[UNKNOWN]
        self._seen: dict[str, tuple[list[int], int]] = {}

    def of(self, word: str) -> tuple[list[int], int]:
        """The word's pieces, at least one and at most ``PIECES_PER_WORD``, and its shape."""
        known = self._seen.get(word)
        if known is None:
            pieces = [piece for part in _parts(word[:_READ]) for piece in self._split(part)]
            known = (pieces[:PIECES_PER_WORD] or [self._unknown], shape_of(word))
            if len(self._seen) > 200_000:
                self._seen.clear()
            self._seen[word] = known
        return known

    def _split(self, part: str) -> list[int]:
        """Longest match first; one unknown piece when some stretch of the part matches nothing."""
        found: list[int] = []
        start = 0
        while start < len(part):
            for end in range(len(part), start, -1):
                piece = self._index.get(("##" if start else "") + part[start:end])
                if piece is not None:
                    found.append(piece)
                    start = end
                    break
            else:
                return [self._unknown]
        return found


def _parts(word: str) -> list[str]:
    """The word in lower case without accents, cut around punctuation marks and Chinese characters."""
    spelled = unicodedata.normalize("NFD", word.lower())
    parts: list[str] = []
    joined = False
    for char in spelled:
        if unicodedata.category(char) == "Mn" or not (char.isprintable() or char.isspace()):
            continue
        if char.isspace():
            joined = False
        elif _stands_alone(char):
            parts.append(char)
            joined = False
        elif joined:
            parts[-1] += char
        else:
            parts.append(char)
            joined = True
    return parts


def _stands_alone(char: str) -> bool:
    ascii_mark = char.isascii() and not char.isalnum()
    return ascii_mark or unicodedata.category(char).startswith("P") or "\u4e00" <= char <= "\u9fff"
