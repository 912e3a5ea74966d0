"""Texts that grow without end in one way each: what no newspaper prints, and a source may hold all the same.

Each entry of ``STORMS`` is a name and a function of a length to a text of that many characters. Work on any of them must
grow in proportion to its length (``tests/test_growth.py`` in short, ``benchmarks/growth.py`` at length).
"""

from collections.abc import Callable, Iterator
from itertools import count

Storm = Callable[[int], str]


def repeated(piece: str, begin: str = "") -> Storm:
    """The same piece again and again, behind a beginning."""
    return lambda length: (begin + piece * (length // len(piece) + 1))[:length]


def counted(pattern: str) -> Storm:
    """A piece with a number in it that counts up, so that no two are the same.

    A ``figure`` jumps about below 10,000 instead: what counts up is a year in the middle of the text and none elsewhere.
    """

    def text(length: int) -> str:
        pieces: list[str] = []
        size = 0
        for number in count(1):
            pieces.append(
                pattern.format(number=number, figure=number * 7919 % 9973, name=_name(number), word=_word(number))
            )
            size += len(pieces[-1])
            if size >= length:
                break
        return "".join(pieces)[:length]

    return text


def mixed(alphabet: str) -> Storm:
    """Characters of an alphabet, as if drawn by lot and the same at each call."""

    def text(length: int) -> str:
        drawn = _numbers()
        return "".join(alphabet[next(drawn) % len(alphabet)] for _ in range(length))

    return text


def shuffled(words: str) -> Storm:
    """Words of a list, as if drawn by lot and the same at each call."""
    known = words.split()

    def text(length: int) -> str:
        drawn = _numbers()
        return " ".join(known[next(drawn) % len(known)] for _ in range(length // 3 + 1))[:length]

    return text


def _numbers() -> Iterator[int]:
    """Numbers without an order that shows (a linear congruential generator)."""
    state = 12345
    while True:
        state = (1103515245 * state + 12345) % 2**31
        yield state >> 12


SYLLABLES = ("ba", "ne", "ri", "to", "lu", "ka", "se", "mi", "vo", "du", "ga", "le")


def _word(number: int) -> str:
    """A made-up word of at least two syllables, another for each number."""
    word = ""
    while number or len(word) < 4:
        number, digit = divmod(number, len(SYLLABLES))
        word += SYLLABLES[digit]
    return word


def _name(number: int) -> str:
    """A made-up first and last name, another for each number."""
    first = ("Ana", "Bo", "Tom", "Maria", "John", "Ivan", "Lena")
    return f"{first[number % len(first)]} {_word(number * 7 + 3).capitalize()}son"


BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
CJK = "政府称经济增长今年将达到百分之五中国美俄罗斯总统说周一在北京举行会议"
PLAIN = (
    "the a of to in and said that he she it will would has had been was government minister city water police new old "
    "report year people on for with from about more than said by as at who which bank plan road"
)
NAMED = (
    "Ana Berg Oslo Moscow the President Minister Smith of John and Bank European Union said Ivan Petrov he she Lund told "
    "Reuters in France Germany Paris Council Mr Dr chairman Times"
)

STORMS: dict[str, Storm] = {
    # runs without a space
    "base64": mixed(BASE64),
    "base64 in an address of data": lambda length: ("data:image/png;base64," + mixed(BASE64)(length))[:length],
    "base64 in lines": lambda length: "\n".join(mixed(BASE64)(76) for _ in range(length // 77 + 1))[:length],
    "one letter": repeated("a"),
    "one capital": repeated("A"),
    "one digit": repeated("7"),
    "Chinese": mixed(CJK),
    "Chinese with stops": repeated(CJK + "。"),
    "a hexadecimal digest": mixed("0123456789abcdef"),
    "percent escapes": repeated("%D0%BF"),
    "an address without end": repeated("a/", "https://example.org/"),
    "addresses": counted("https://example.org/{word}/{number}?q=1 "),
    "dots": repeated("."),
    "letters and dots": repeated("a."),
    "letters and hyphens": repeated("a-"),
    "letters and apostrophes": repeated("a'"),
    "letters and strokes": repeated("a/"),
    "letters and at signs": repeated("a@"),
    "letters and colons": repeated("a:"),
    "letters and underscores": repeated("a_"),
    "hyphens": repeated("-"),
    "underscores": repeated("_"),
    "signs of equality": repeated("="),
    "asterisks": repeated("*"),
    "exclamation marks": repeated("!"),
    "question marks": repeated("?"),
    "strokes": repeated("|"),
    "slashes": repeated("/"),
    "at signs": repeated("@"),
    # characters that join or do not print
    "combining marks": repeated("a\u0301\u0302\u0303"),
    "combining marks out of order": repeated("\u0301\u0323", "e"),
    "combining marks alone": repeated("\u0301"),
    "emoji joined": repeated("\U0001f469\u200d"),
    "emoji": repeated("\U0001f600"),
    "zero-width spaces": repeated("a\u200b"),
    "soft hyphens": repeated("a\u00ad"),
    "null characters": repeated("\x00"),
    "directions": repeated("\u202eab\u202c "),
    "ligatures": repeated("\ufdfa"),
    "lone surrogates": repeated("\ud800a "),
    "all of Unicode": lambda length: "".join(chr(0x21 + at * 37 % 0xD700) for at in range(length)),
    # white space
    "blanks": repeated(" ", "a"),
    "blanks at the end of words": repeated("word" + " " * 40),
    "blanks between words": lambda length: "The bank\n\ns:" + " " * (length - 102) + "w" * 90,
    "blank lines behind a member": lambda length: "Joined: May 2012\n" + "\n" * (length - 40) + "a" * 23,
    "counters": repeated("likes 1 "),
    "blanks before a dash": lambda length: '"We know."' + " " * (length - 100) + "w" * 90,
    "blanks behind a day": lambda length: "The bank\n\n3 May 2021 | Ana" + " " * (length - 116) + "w" * 90,
    "tabs": repeated("\t", "a"),
    "words and tabs": repeated("word\t"),
    "blank lines": repeated("\n", "a"),
    "returns": repeated("\r", "a"),
    "lines with a blank": repeated(" \n", "a"),
    "words and blank lines": repeated("word\n\n\n"),
    "no-break spaces": repeated("\u00a0", "a"),
    # brackets and quotation marks
    "round brackets opened": repeated("("),
    "round brackets opened with words": repeated("(the bank "),
    "round brackets closed": repeated(") "),
    "round brackets nested": lambda length: "(a " * (length // 6) + "b) " * (length // 6),
    "square brackets opened": repeated("["),
    "braces opened": repeated("{a"),
    "angle brackets": repeated("<a "),
    "tags": repeated('<p class="x">word</p>'),
    "quotation marks": repeated('"'),
    "quotation marks opened": repeated("“We know "),
    "quotation marks straight": repeated('"We know" '),
    "quotation marks without end": lambda length: ('"' + shuffled(PLAIN)(length))[:length],
    "single quotation marks": repeated("'We know "),
    "quotations": counted('"The {word} is shut," said {name}. '),
    "quotations unclosed": counted('"The {word} is shut, said {name}. '),
    "quotations in paragraphs": counted('"The {word} is shut," said {name}.\n\n'),
    "quotations one in another": repeated("“He said ‘we know ", "Ana Berg said: "),
    "guillemets": repeated("« Oui » "),
    # lists, lines and layout
    "short lines": counted("{word}\n"),
    "short lines with capitals": counted("{name}\n"),
    "lines that break": counted("the board of the bank said that {word},\n"),
    "list markers": counted("{number}. {word} is new.\n"),
    "list markers in a line": counted("{number}) {word} "),
    "bullets": repeated("• item\n"),
    "hyphens as bullets": counted("- {word} of the bank\n"),
    "tags of a forum": repeated("#a #a\n"),
    "hashtags": repeated("#a "),
    "hashes": repeated("#"),
    "headings": counted("## {word} {word}\n\n"),
    "reply marks": repeated("> "),
    "reply marks in lines": counted("> {word} is new\n"),
    "reply marks nested": lambda length: "".join(">" * (at % 50) + " word\n" for at in range(length // 6 + 1))[:length],
    "replies": counted("{word}_{number} said: ↑\nThe bank is shut.\nClick to expand...\n"),
    "heads of mail": repeated("From: Ana Berg\nTo: Bo Lund\nSubject: water\nDate: 3 May 2021\n"),
    "original messages": repeated("-----Original Message-----\nFrom: Ana\n\nThe bank is shut.\n"),
    "bylines": counted("By {name}\n"),
    "bylines in a line": repeated("By Ana Berg; "),
    "members' cards": counted("{word}\nMember\nJoined: May 2021\nPosts: {number}\nThe bank is shut today.\n"),
    "ranks": repeated("Member "),
    "crumbs": repeated("Home » "),
    "fields of a table": counted("{word}\t{figure}\t{word}\n"),
    "cells of a table": counted("| {word} | {figure} "),
    "outlets": counted("The {word} Post (IT) /\n“The bank is shut.”\n"),
    "datelines": repeated("OSLO, May 3 (UPN) - The bank is shut.\n"),
    "copyright": repeated("© 2021 "),
    "captions": repeated("(Photo: UPN) "),
    "stamps": counted("3 May 2021, 10:15\n"),
    "icons": repeated("icon "),
    "ages": repeated("2 hours ago "),
    "capitals in lines": repeated("THE BANK IS SHUT\n"),
    # words
    "plain words": shuffled(PLAIN),
    "words never seen": counted("{word} "),
    "names drawn by lot": shuffled(NAMED),
    "one sentence": counted("the {word} of the bank and "),
    "relative clauses": counted("who knows the {word} that "),
    "that, and that": repeated("that "),
    "claims in claims": counted("{name} said that "),
    "claims in claims, names drawn by lot": lambda length: "".join(
        name + " said that " for name in shuffled("Mara Ivo Lena Tom Holt Reyes Lund Berg")(length).split()
    )[:length],
    "claims in claims, first and last names": repeated("Mara Holt said that Ivo Reyes said that "),
    "claims in claims, two names": repeated("Ana said that Bo said that "),
    "claims side by side": counted("{name} said the {word} was shut, "),
    "claims": counted("{name} said the {word} was shut. "),
    "according to": counted("According to {name}, "),
    "he said, she said": repeated("He said she said they said it. "),
    "the same name": repeated("Ana Berg "),
    "names": counted("{name} met {name}. "),
    "names in a list": counted("{name}, "),
    "names and": counted("{name} and "),
    "names of bodies": counted("the {word} Bank of {name} "),
    "one name of capitals": counted("{name} "),
    "short forms": counted("the {word} Bank of Oslo (KBO) "),
    "short forms of names": counted("{name} (A{number}) "),
    "titles of persons": repeated("President Minister Dr. "),
    "initials": repeated("A. "),
    "initials without blanks": repeated("A.B."),
    "capitals": repeated("NATO EU "),
    "possessives": repeated("Ana's bank's "),
    "commas": repeated(", "),
    "commas without blanks": repeated(","),
    "words and commas": repeated("word, "),
    "dashes": repeated("– "),
    "dashes in words": repeated("we – he "),
    "colons": repeated(": "),
    "semicolons": repeated("a; "),
    "stops": repeated("a. "),
    "ellipses": repeated("… "),
    "hyphenated words": repeated("well-known-"),
    "a word in capitals and hyphens": repeated("A-B "),
    "pronouns": repeated("he she they it "),
    "not": repeated("not never no "),
    "and": repeated("and or but "),
    "of": repeated("of the "),
    # figures
    "figures": counted("{figure} houses "),
    "figures in a list": counted("{figure}, "),
    "figures and": counted("{figure} and "),
    "figures with units": counted("{figure} million dollars of {word}, "),
    "figures in sentences": counted("The {word} cost {figure} million dollars. "),
    "figures to figures": counted("{figure}-"),
    "ranges": repeated("30~120 "),
    "from to": repeated("from 3 to "),
    "more than": repeated("more than "),
    "numbers with commas": repeated("1,000,"),
    "numbers with stops": repeated("1.000."),
    "numbers with blanks": repeated("1 000 "),
    "numbers with colons": repeated("10:15:"),
    "numbers and signs": repeated("+1-2"),
    "numbers glued": repeated("12ab"),
    "numerals": repeated("one hundred and "),
    "hundreds": repeated("hundred thousand million "),
    "half": repeated("half a "),
    "percent": repeated("5% "),
    "percent signs": repeated("%"),
    "currency signs": repeated("$"),
    "currency signs and figures": repeated("$5 €"),
    "fractions": repeated("1/2/"),
    "fractions as signs": repeated("½"),
    "exponents": repeated("1e5e"),
    "exponents out of range": repeated("1e+400"),
    "powers": repeated("10^"),
    "Roman numerals": repeated("XIV "),
    "degrees": repeated("5°C "),
    "squares": repeated("km² "),
    "digits of other scripts": repeated("٣٤ "),
    # dates
    "months": repeated("May "),
    "months in a row": repeated("January February March April May June "),
    "months and numbers": repeated("3 May 4 "),
    "days of the week": repeated("Monday Tuesday "),
    "dates": counted("on 3 May {number}, "),
    "dates in numbers": repeated("3.5.2021 "),
    "dates in numbers glued": repeated("2021-05-03-"),
    "years": repeated("2021 "),
    "years to years": repeated("2020-2021-"),
    "last, next": repeated("last next "),
    "ago": repeated("years ago "),
    "days before": repeated("two days before the "),
    "the day after": repeated("the day after the day before "),
    "between and": repeated("between May and "),
    "hours": repeated("at 10:15 pm "),
    "decades": repeated("1990s "),
    "quarters": repeated("first quarter of "),
    "published": counted("Published on {number} May 2021\n"),
    "today": repeated("today yesterday tomorrow "),
}
