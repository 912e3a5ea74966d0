"""Whether an amount is a figure at all, and no year, name, label, score, pronoun or idiom."""

import re
from collections.abc import Callable
from functools import cache

from pipelines.extract.amounts.amount import Amount
from pipelines.extract.amounts.bounds import bound_after, bound_before
from pipelines.extract.amounts.figure import Figure, FiguresOfText
from pipelines.extract.amounts.traps import looks_like_year, names_something
from pipelines.extract.bare_years import FIRST, LAST, SHAPE, counts
from pipelines.lexicon.entries import either, entries, group


@cache
def _idioms() -> frozenset[str]:
    return frozenset(row["form"].split(" ", 1)[1] for row in entries("numeral_idioms") if row["value"] == "one")


def _bracketed_age(reader: FiguresOfText, figure: Figure) -> bool:
    """As in "Olga Petrova (44)": the one reading that saves a small number in brackets."""
    amount, text, first = figure.amount, reader.text, figure.tokens[0]
    if (
        text[amount.start - 1 : amount.start] != "("
        or text[amount.end : amount.end + 1] != ")"
        or first < 2
        or not 14 < amount.value < 115
    ):
        return False
    if reader.doc[first - 2].ent_type_ != "PERSON" or not amount.plain:
        return False
    if _INNINGS.search(text, max(0, amount.start - 400), amount.end + 400):
        return False  # "Sharma (41) was bowled": so many runs
    amount.unit, amount.kind, figure.noun = "year of age", "age", None
    return True


_INNINGS = re.compile(rf"\b(?:{either('figure_words', 'cricket')})\b")
"""Talk of cricket, where a number in brackets behind a player's name is runs."""
_SCORE = re.compile(r"(?<![\d.,])\d{1,3}[-–‑:]\d{1,3}(?![\d.,]*[\d%])")


_AGE_BEFORE = re.compile(
    r"\b(?:aged|ages|age|age of|aged between|ages of"
    rf"|(?:{either('figure_words', 'aged')}) (?:aged )?(?:under|over|above|below))\s$",
    re.IGNORECASE,
)
"""Matches ``men aged over ``, not ``lamps over ``."""


_MAGNITUDE_BEFORE = re.compile(r"\bmagnitude(?: of|,)?\s(?:about |around |nearly |at least )?$", re.IGNORECASE)
"""Matches ``a magnitude of about ``, not ``magnitudes of stars ``."""
_QUAKE = re.compile(
    r" (?:(?:under|off)?sea |strong |offshore )?(?:earthquake|quake|aftershock|tremor|temblor)s?\b", re.IGNORECASE
)
"""Matches ``6.1 offshore quake``, not ``6.1 per cent``."""
_RICHTER = re.compile(r"(?: magnitude)? on the (?:open-ended )?Richter\b", re.IGNORECASE)


Test = Callable[[FiguresOfText, Figure], bool | None]
"""Admits an amount (true), refuses it (false), or leaves it to the next test (null). Its name is what ``explain`` tells."""


def judged(reader: FiguresOfText, figure: Figure) -> tuple[bool, str]:
    """Whether the amount is a figure at all, and no year, name, label, score, pronoun or idiom; and which test said so.

    A test that admits may give the amount its unit ("aged 40", "magnitude 6.3").
    """
    for test in TESTS:
        verdict = test(reader, figure)
        if verdict is not None:
            return verdict, test.__name__
    return True, "digits"


def age_in_brackets(reader: FiguresOfText, figure: Figure) -> bool | None:
    """Olga Petrova (44)."""
    return True if figure.amount.trapped and _bracketed_age(reader, figure) else None


def trapped(reader: FiguresOfText, figure: Figure) -> bool | None:
    """Digits that count nothing: "12:30", "v2.1", a list's "(3)"; but the 25 of "On 3 June 25 families moved" counts."""
    return False if figure.amount.trapped and not _follows_day(reader, figure) else None


def in_date(reader: FiguresOfText, figure: Figure) -> bool | None:
    """The "12" of "12 May"."""
    amount = figure.amount
    return False if amount.unit is None and reader.in_date(amount.number_start, amount.number_end) else None


def age(reader: FiguresOfText, figure: Figure) -> bool | None:
    """Aged 40; people over 65."""
    amount, text = figure.amount, reader.text
    is_aged = _AGE_BEFORE.search(text[max(0, amount.start - 30) : amount.start]) and amount.unit in (None, "year")
    if not is_aged or amount.value >= 130 or amount.value.denominator != 1:
        return None
    amount.unit, amount.kind, figure.noun = "year of age", "age", None
    return True


def with_unit(reader: FiguresOfText, figure: Figure) -> bool | None:
    """$16 billion, 20 km; not "3-time winner"."""
    return _measures(reader.text, figure.amount) if figure.amount.unit is not None else None


def magnitude(reader: FiguresOfText, figure: Figure) -> bool | None:
    """A quake of magnitude 6.3; 5.9 on the Richter scale; a 6.1 quake."""
    amount, text = figure.amount, reader.text
    is_told = amount.value < 11 and (
        _MAGNITUDE_BEFORE.search(text, max(0, amount.start - 30), amount.start)
        or _RICHTER.match(text, amount.end)
        or (amount.value.denominator != 1 and _QUAKE.match(text, amount.end))
    )
    if not is_told:
        return None
    amount.unit, amount.kind, figure.noun = "magnitude", "other", None
    return True


def fraction(reader: FiguresOfText, figure: Figure) -> bool | None:
    """Half the budget, a third; not "the first half"."""
    return _is_share(reader, figure) if figure.amount.form == "fraction" else None


def one(reader: FiguresOfText, figure: Figure) -> bool | None:
    """One count of fraud; not "one day", "no one"."""
    return _one_counts(reader, figure) if figure.amount.form == "one" else None


def vague(_: FiguresOfText, figure: Figure) -> bool | None:
    """Dozens, hundreds of thousands."""
    return True if figure.amount.form == "vague" else None


def words(reader: FiguresOfText, figure: Figure) -> bool | None:
    """Thirty soldiers; not "(SIX: NORV)"."""
    return _word_counts(reader, figure) if figure.amount.form != "digits" else None


def score(reader: FiguresOfText, figure: Figure) -> bool | None:
    """3-1, 6:4."""
    amount, text = figure.amount, reader.text
    is_first = _SCORE.match(text, amount.number_start) and amount.upper is None
    return False if is_first or _SCORED.search(text[max(0, amount.start - 2) : amount.start]) else None


def year(reader: FiguresOfText, figure: Figure) -> bool | None:
    """In 2020; the 1995 proposal; not "1200 workers"."""
    amount = figure.amount
    if (
        not amount.plain
        or amount.upper is not None
        or not SHAPE.fullmatch(reader.text, amount.number_start, amount.number_end)
    ):
        return None
    if not reader.has_tree:
        return False
    token = reader.doc[reader.tokens(amount.number_start, amount.number_end)[0]]
    if counts(token, reader.text):
        return None
    is_far = not FIRST <= int(token.text) <= LAST if SHAPE.fullmatch(token.text) else False
    return (
        None if is_far and reader.dates and not reader.in_time(amount.number_start) else False
    )  # nobody took it for a date


def years(reader: FiguresOfText, figure: Figure) -> bool | None:
    """2014-2019; not "1500 to 2000 soldiers"."""
    amount, noun = figure.amount, figure.noun
    if amount.upper is None or amount.value.denominator != 1 or "," in reader.text[amount.start : amount.end]:
        return None
    are_years = looks_like_year(str(amount.value)) and looks_like_year(str(amount.upper))
    is_counted = noun is not None and _plural_behind(figure) and noun.i == figure.tokens[1]
    return False if are_years and not is_counted else None


def hyphenated(reader: FiguresOfText, figure: Figure) -> bool | None:
    """A 32,500-seat stadium, a 500-plus crowd; not "a 4-star hotel". Of "30-strong" the number counts."""
    amount, text = figure.amount, reader.text
    if _is_strong(text, amount):
        figure.noun = None
    elif _is_hyphenated(text, amount):
        return bound_after(text, amount.end) is not None or _is_size(reader, figure)
    return None


def code(reader: FiguresOfText, figure: Figure) -> bool | None:
    """20221104; "The 40" that begins a sentence; digits without a noun that count nothing."""
    amount = figure.amount
    if not amount.plain or figure.noun is not None:
        return None
    is_long = amount.end - amount.start >= 8
    return False if is_long or _OPENS.search(reader.text[max(0, amount.start - 6) : amount.start]) else None


def label(reader: FiguresOfText, figure: Figure) -> bool | None:
    """Article 5, flat 14, version 2.1."""
    amount = figure.amount
    may_be = amount.plain or (amount.value.denominator != 1 and amount.scale == 1)
    return False if may_be and names_something(reader.text, amount.start) else None


def name(reader: FiguresOfText, figure: Figure) -> bool | None:
    """Boeing 787, Visegrad 4; "the 787 Dreamliner"."""
    amount, noun = figure.amount, figure.noun
    if not amount.plain:
        return None
    if _follows_day(reader, figure):
        return None
    is_before = noun is not None and noun.tag_ == "NNP" and noun.i == figure.tokens[1] and amount.value > 1
    return False if _is_named(reader, figure) or (is_before and not _in_headline(reader, figure)) else None


TESTS: tuple[Test, ...] = (
    age_in_brackets,
    trapped,
    in_date,
    age,
    with_unit,
    magnitude,
    fraction,
    one,
    vague,
    words,
    score,
    year,
    years,
    hyphenated,
    code,
    label,
    name,
)
"""Asked in this order; the first that does not pass it on has judged. What is left are digits that count."""

_SCORED = re.compile(r"\d[-–‑:/]$")
_OPENS = re.compile(r"(?<![.!?])\s[‘“\"']?The\s$")


def _follows_day(reader: FiguresOfText, figure: Figure) -> bool:
    """Whether a number stands right behind a date that ends without it: "On 12 Sept 40 left"."""
    before = figure.tokens[0] - 1
    if before < 0 or not reader.in_time(reader.doc[before].idx) or reader.in_time(figure.amount.number_start):
        return False
    return _plural_behind(figure) or figure.head.dep_.startswith("nsubj")


def _plural_behind(figure: Figure) -> bool:
    """Whether a plural noun in small letters follows: "1200 workers", "40 new homes"."""
    noun = figure.noun
    return (
        noun is not None
        and noun.tag_ in ("NNS", "NNPS")
        and noun.i - figure.tokens[1] <= 3
        and not noun.text[:1].isupper()
    )


def _is_strong(text: str, amount: Amount) -> bool:
    """As in "a 5,000-strong crowd", which counts heads without a noun for them."""
    word = re.compile(r"\w+").match(text, amount.end + 1)
    return word is not None and word[0] in group("figure_words", "heads")


def _is_hyphenated(text: str, amount: Amount) -> bool:
    """As in "a 5-star hotel": a hyphen joins the number with a word, and the word is not "strong"."""
    is_joined = text[amount.end : amount.end + 1] in "-‐‑" and text[amount.end + 1 : amount.end + 2].isalpha()
    return is_joined and not _is_strong(text, amount)


def _measures(text: str, amount: Amount) -> bool:
    """Whether a number with a unit is one: "3-time winner" and "1080p" are not."""
    if amount.unit == "times" and amount.unit_text == "time":
        return False
    if amount.unit == "year" and amount.unit_text == "year" and looks_like_year(text[amount.start : amount.number_end]):
        return False  # "since 2019 year"
    if (
        amount.unit == "penny"
        and amount.unit_text == "p"
        and amount.value in (360, 480, 720, 1080, 1440, 2160)
        and text[amount.end - 2].isdigit()
    ):
        return False
    if amount.unit == "century" and amount.form == "fraction" and (amount.unit_text or "").endswith("ies"):
        return False  # batsmen's half centuries
    if amount.form == "one" and amount.kind == "duration" and text[amount.end - 1] != "s":
        before = text[max(0, amount.start - 12) : amount.start].lower()
        follows = text[amount.end : amount.end + 2]
        return not (
            amount.unit in ("day", "night")
            and not re.search(r"\b(?:than|least|about|in|for|within|after|only|just|over|every)\s$", before)
        ) or follows.startswith("-")
    if amount.unit == "BRL" or (amount.unit_text or "").lower() == "won":
        return amount.scale > 1 or amount.value >= 1000
    return True


_BY_HALF = re.compile(r"\s?(?:[.,;)]|$|\s(?:from|to|since|over|by|in|within|while|and|compared|after)\b)")
"""Matches `` since May``, not `` apples``."""


def _is_share(reader: FiguresOfText, figure: Figure) -> bool:
    """Whether "half", "a third" is a share of something ("half the budget"), not "the first half", "half-time"."""
    amount, text = figure.amount, reader.text
    before = text[max(0, amount.start - 24) : amount.start].lower()
    after = text[amount.end : amount.end + 14].lower()
    amount.kind = "fraction"
    word = text[amount.number_start : amount.number_end].lower()
    if word not in ("half", "a half", "quarter", "one half"):
        return not re.search(r"\b(?:last|past|first|next|previous|latest)\s$", before)
    if re.search(
        r"\b(?:first|second|last|latter|other|next|this|that|each|every|the|one|opening|final|by|in|better|back|top|bottom|northern|southern)\s$",
        before,
    ) and not (
        re.search(r"\b(?:next|this|that|each|every|the|one|by|in|other) $", before)
        and re.match(r"\s+(?:the|a|an|his|her|its|their|all|our)\b", after)
    ):
        is_of_all = re.match(r"\s+of\b", after) and reader.doc[max(0, figure.tokens[0] - 1)].tag_ == "IN"
        is_by_half = before.endswith("by ") and _BY_HALF.match(after)
        return bool(is_of_all or is_by_half)  # "found that half of all schools", "cut by half"
    if re.match(r"[-‐‑]", after):
        return False
    if re.match(r"\s+(?:of|the|a|an|his|her|its|their|all|our|my|your|those|these|that|as)\b", after):
        return not re.match(r"\s+the time\b", after)
    if bound_before(text, amount.start) is not None or word == "a half":
        return True
    return (
        bool(re.search(r"(?:^|[.,;:\n]\s?|\bto |\band )$", before))
        and re.match(r"\s?(?:[.,;]|$)", after) is not None
        and len(before.strip()) > 0
    )


def _one_counts(reader: FiguresOfText, figure: Figure) -> bool:
    """Whether "one" is the number ("one count of fraud") and no pronoun, "one day", "one of", "no one", "this one"."""
    amount, text = figure.amount, reader.text
    token = reader.doc[figure.tokens[0]]
    before = text[max(0, amount.start - 12) : amount.start].lower()
    if re.search(
        r"\b(?:no|not|any|every|each|some|this|that|which|the|another|day|number|page|phase|square|category|level|tier|act|part|chapter)\s$",
        before,
    ):
        return False
    noun = figure.noun
    if noun is None or noun.pos_ != "NOUN" or noun.tag_ == "NNS" or token.tag_ != "CD":
        return False
    if text[amount.end : amount.end + 1] != " " or noun.lemma_.lower() in _idioms() or noun.lower_ in _idioms():
        return False
    return noun.i - figure.tokens[1] <= 3


_SIZE = re.compile(
    rf"[-‐‑](?P<noun>{either('figure_words', 'size')}"
    r"|point(?! (?:range|line|attempt|shot|shooting|field|arc|land|play|plan|turn|percentage)))\b(?![-‐‑])"
)
"""Matches ``-seat hall``, not ``-point range``."""


def _is_size(reader: FiguresOfText, figure: Figure) -> bool:
    """Whether digits with a hyphen tell how large the thing behind is: "a 32,500-seat stadium", "a 6.3-magnitude quake"."""
    m = _SIZE.match(reader.text, figure.amount.end)
    if m is None:
        return False
    last = reader.tokens(m.start("noun"), m.end())[1]
    noun = reader.doc[last - 1]
    if noun.idx + len(noun) != m.end() or noun.i < figure.tokens[1]:
        return False
    figure.amount.unit = "storey" if m["noun"].startswith("stor") else m["noun"]
    figure.amount.unit_text, figure.amount.end = m["noun"], m.end()
    figure.amount.kind = "other" if m["noun"] == "magnitude" else "count"
    figure.end, figure.noun, figure.tokens = m.end(), None, (figure.tokens[0], last)
    figure.head = noun
    return True


def _word_counts(reader: FiguresOfText, figure: Figure) -> bool:
    amount, text = figure.amount, reader.text
    if _is_hyphenated(text, amount):
        return bound_after(text, amount.end) is not None or _is_size(reader, figure)
    token = reader.doc[figure.tokens[0]]
    is_verb = token.i > 0 and token.nbor(-1).pos_ == "VERB"  # "to block three crossings"
    if names_something(text, amount.start) and amount.scale == 1 and not is_verb:
        return False
    if figure.noun is None and len(token) > 2 and token.text.isupper():
        return False  # "(SIX: NORV)"
    if (
        token.tag_ in ("NNP", "NNPS")
        and amount.scale == 1
        and token.i > 0
        and not token.is_sent_start
        and (figure.noun is None or token.nbor(-1).text[:1].isupper())
    ):
        return False
    if (
        figure.noun is None
        and amount.value <= 5
        and text[amount.end : amount.end + 1] in ",:"
        and re.search(r"(?:,|\band|;)\s$", text[max(0, amount.start - 5) : amount.start])
    ):
        return False  # "one, his temper, and two, his words"
    if (
        figure.noun is None
        and amount.scale == 1
        and re.search(
            r"\b(?:top|bottom|last|final|first|these|those|the other|big)\s$",
            text[max(0, amount.start - 11) : amount.start],
            re.IGNORECASE,
        )
    ):
        return False
    if amount.value == 0 and figure.noun is None:
        return text[amount.start : amount.end].lower() in ("nought", "naught") or (
            reader.has_tree and token.tag_ == "CD"
        )
    return True


_IRREGULAR = group("figure_words", "plural_without_s")


def _in_headline(reader: FiguresOfText, figure: Figure) -> bool:
    """Whether all words around are capitalised, so that a capital tells no name, and a plural follows: "Police Arrest 12 Men"."""
    doc, last = reader.doc, figure.tokens[1]
    if last >= len(doc) or reader.text[figure.amount.end : doc[last].idx] != " ":
        return False
    word = doc[last].lower_
    if not (word in _IRREGULAR or (word.endswith("s") and len(word) > 3 and not word.endswith("ss"))):
        return False
    sentence = reader.parsed.sentence_at(figure.amount.start)
    long = re.findall(r"[^\W\d_]{4,}", reader.text[sentence.start_char : sentence.end_char])
    return len(long) >= 3 and sum(w[0].isupper() for w in long) >= 0.8 * len(long)


def _is_named(reader: FiguresOfText, figure: Figure) -> bool:
    """Whether a capitalised word makes the bare number part of its name ("Boeing 787", "Visegrad 4", "Russia 1")."""
    doc, (first, _), amount = reader.doc, figure.tokens, figure.amount
    if first == 0 or amount.sign or (not doc[first - 1].ent_type_ and _in_headline(reader, figure)):
        return False
    before = doc[first - 1]
    if before.is_space or reader.text[before.idx + len(before) : amount.start] not in (" ", ""):
        return False
    word = before.text
    if (
        not word[:1].isupper()
        or before.pos_ not in ("PROPN", "NOUN", "X", "ADJ")
        or (before.ent_type_ == "PERSON" and figure.noun is not None)
    ):
        return False
    head = figure.head
    if (
        figure.noun is not None
        and figure.noun.tag_ in ("NNS", "NNPS")
        and not figure.noun.text[:1].isupper()
        and head.dep_ == "nummod"
    ):
        return before.head.i in (figure.noun.i,) and before.dep_ == "compound"
    if (
        head.dep_ in ("obl:unmarked", "obj", "obl")
        and head.head.pos_ == "VERB"
        and head.head.i < before.i
        and before.dep_ != "compound"
    ):
        return before.head.i == head.i
    return True
