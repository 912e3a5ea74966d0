"""Damage to letters undone: text decoded wrongly, characters that cannot be seen, Cyrillic letters inside Latin words."""

import contextlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]")
DECODED_WRONGLY = re.compile("[ÂÃÄÅÐÑ][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")
MIXED_WORD = re.compile(r"(?<!\w)\w*(?:[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z])\w*")
"""Matches ``Mинск``, not ``Minsk Минск``."""
LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХаеорсухіјѕԁ", "ABEKMHOPCTXaeopcyxijsd")


def clean(name: str) -> str:
    """The name with wrong decoding undone, invisible characters removed, look-alike letters made Latin, spaces single."""
    if name.isascii():
        return " ".join(name.split())
    if DECODED_WRONGLY.search(name):
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp1252").decode("utf-8")
    name = INVISIBLE.sub("", unicodedata.normalize("NFKC", name))
    name = MIXED_WORD.sub(lambda match: match[0].translate(LOOK_ALIKES), name)
    return " ".join(name.split())


class Mended(NamedTuple):
    """A text with wrong decoding undone, and a plain sentence about what was done or left; null when there was nothing."""

    text: str
    note: str | None = None


LOST = "\ufffd"
"""What stands for a character that could not be decoded."""


def decoded_anew(text: str) -> Mended:
    """The text as it was before somebody took its UTF-8 for another encoding ("cafÃ©", "â€œ"), once or several times.

    By ftfy (Speer 2019): its measure of badness leaves real words of all languages alone ("NÃO", "Pârâul", "XÃ"). It is
    asked word by word, and then about what is left of a line. All else stays as it is, and so does damage that a text only
    shows: in quotation marks by itself, beside the right form, or nowhere but by itself.
    """
    if text.isascii() or not _suspect()(text):
        return Mended(text)
    lines = text.split("\n")
    found = [
        word for at, line in enumerate(lines) if not line.isascii() and _suspect()(line) for word in _words(line, at)
    ]
    shown = [word for word in found if word.is_shown]
    meant = [word for word in found if not word.is_shown]
    if all(word.stands_alone for word in meant):
        n_left = len(meant) if not shown else 0
        n_left += sum(map(_is_hopeless, lines)) if not found else 0
        return Mended(text, _left(n_left))
    kept = {word.line for word in shown}
    by_line: dict[int, list[_Word]] = defaultdict(list)
    for word in meant:
        by_line[word.line].append(word)
    n_mended = 0
    for at, line in enumerate(lines):
        if words := by_line.get(at):
            lines[at] = _mended_line(line, words, at in kept)
            n_mended += _n_changed(line, lines[at])
    mended = "\n".join(lines).removeprefix("\ufeff")
    first = meant[0]
    note = (
        f"{n_mended:,} word(s) had been decoded wrongly before the text came here and are repaired, as "
        f"{first.old[:30]!r} to {first.new[:30]!r}."
    )
    left = _left(sum(_is_hopeless(line) for at, line in enumerate(lines) if at not in kept))
    return Mended(mended, f"{note} {left}" if left else note)


def _mended_line(line: str, words: list["_Word"], has_shown: bool) -> str:
    """The line with these words repaired; asked as a whole too, where nothing in it is only shown.

    A line tells more than its words ("Ã Paris", whose hard space became a space), but stands as it is where it was decoded
    in two ways. The answer is taken in which least looks wrong, then the shortest, then that of the words.
    """
    from ftfy.badness import badness

    pieces = line.split(" ")
    for word in words:
        pieces[word.place] = word.new
    by_words = " ".join(pieces)
    if has_shown:
        return by_words
    answers = [by_words, _anew(by_words), _anew(line)]
    return min(
        (answer for answer in answers if answer.count(" ") == line.count(" ")),
        key=lambda answer: (badness(answer), len(answer)),
    )


def _n_changed(line: str, mended: str) -> int:
    """How many words of a line were repaired."""
    return sum(old != new for old, new in zip(line.split(" "), mended.split(" "), strict=True))


def _left(n: int) -> str | None:
    return f"{n:,} word(s) or line(s) look wrongly decoded and are left as they are." if n else None


class _Word(NamedTuple):
    """What stands between two spaces of a line and was decoded wrongly, and what it was before."""

    line: int
    place: int
    old: str
    new: str
    beside: frozenset[str]
    """The right words of its line that are not ASCII."""

    @property
    def is_shown(self) -> bool:
        """Whether the text speaks of the damage: "Ã©" in quotation marks by itself, or beside the right form ("é becomes Ã©")."""
        return bool(IN_MARKS.fullmatch(self.old) and len(self._core) == 1) or (self._core in self.beside)

    @property
    def stands_alone(self) -> bool:
        """Whether it may be shown: it is one letter or quotation mark by itself, or one word in quotation marks."""
        core = self._core
        return bool(IN_MARKS.fullmatch(self.old)) or (len(core) == 1 and (core.isalpha() or core in AROUND))

    @property
    def _core(self) -> str:
        """The repaired word without the marks around it; a mark that is all there is stays."""
        return self.new.strip(AROUND) or self.new.strip(AROUND_ASCII)


IN_MARKS = re.compile(r"""[("'`“‘«„\[]+[^\s("'`“‘«„\[]+[)"'`”’»“\]]+[.,;:!?]*""")
AROUND = "\"'`“”‘’«»„()[].,;:!?"
QUOTES = AROUND.replace("«", "").replace("»", "")
AROUND_ASCII = "\"'`()[].,;:!?"


def _words(line: str, at: int) -> Iterator[_Word]:
    pieces = line.split(" ")
    anew = {piece: _anew(piece) for piece in set(pieces) if not piece.isascii() and len(piece.strip(QUOTES)) > 1}
    right = frozenset(
        piece.strip(AROUND) for piece in pieces if not piece.isascii() and anew.get(piece, piece) == piece
    )
    for place, piece in enumerate(pieces):
        if anew.get(piece, piece) != piece:
            yield _Word(at, place, piece, anew[piece], right)


def _anew(text: str) -> str:
    """The text with wrong decoding undone, as often as it was done; unchanged where there is none."""
    from ftfy import TextFixerConfig, fix_encoding

    careful = TextFixerConfig(
        replace_lossy_sequences=False
    )  # which makes one lost character of a letter and a question mark
    for _ in range(MOST_TIMES):
        anew = fix_encoding(CUT_MARK.sub("”", text), careful)
        if anew == text:
            break
        text = anew
    return text


MOST_TIMES = 8
"""Decodings undone at most, one inside another; a bound for cost."""
CUT_MARK = re.compile("â€(?:[\x9d\ufffd]|(?=[\\s.,;:!?)\\]]|$))")
"""The closing quotation mark, of whose three bytes the last is undefined in Windows-1252 and often lost: "soâ€ he said"."""


def _is_hopeless(line: str) -> bool:
    from ftfy.badness import is_bad

    return not line.isascii() and STILL_WRONG.search(line) is not None and bool(is_bad(line))


STILL_WRONG = re.compile("Ã[\u0080-\u00bf\u0192]|â€")


@cache
def _suspect() -> Callable[[str], bool]:
    """Whether a text holds what wrong decoding leaves: the first and the further bytes of a UTF-8 character, each as a character.

    Real text has some of these too ("оїі"), so what is found is asked about again. ftfy's own measure takes a third of the
    time that layout takes; of this, most texts are asked only the first question, which is one set followed by another.
    """
    from ftfy.chardata import UTF8_CLUES

    two, three, four = (UTF8_CLUES[f"utf8_first_of_{n}"] for n in (2, 3, 4))
    more = UTF8_CLUES["utf8_continuation"].replace(" ", "")
    control, other = "\x80-\x84\x86-\x9f", "√├┬╨╤‚"  # the last are the first bytes in Mac Roman and in code page 437
    pair = re.compile(f"[{two}{three}{four}{other}{control}](?:(?<=[{control}])|[{more}\u0080-\u00ff\u2500-\u25ff])")
    whole = re.compile(
        f"[{two}][{more}]|[{three}][{more}]{{2}}|[{four}][{more}]{{3}}|â€|‚Ä|[{other}][\u0080-\uffff]|[{control}]"
    )
    return lambda text: pair.search(text) is not None and whole.search(text) is not None
