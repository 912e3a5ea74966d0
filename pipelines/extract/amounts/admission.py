"""Whether an amount is a figure at all, and no year, name, label, score, pronoun or idiom."""

import re
from collections.abc import Callable
from functools import cache

from pipelines.extract.amounts.amount import Amount
from pipelines.extract.amounts.bounds import bound_after, bound_before
from pipelines.extract.amounts.figure import Figure, Reader
from pipelines.extract.amounts.traps import is_year, looks_like_year, names_something
from pipelines.lexicon.entries import entries


@cache
def _idioms() -> frozenset[str]:
    return frozenset(row["form"].split(" ", 1)[1] for row in entries("numeral_idioms") if row["value"] == "one")


def _bracketed_age(reader: Reader, figure: Figure) -> bool:
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


_INNINGS = re.compile(r"\b(?:innings|wickets?|bowled|stumped|not out)\b")
_SCORE = re.compile(r"(?<![\d.,])\d{1,3}[-–‑:]\d{1,3}(?![\d.,]*[\d%])")


_AGE_BEFORE = re.compile(
    r"\b(?:aged|ages|age|age of|aged between|ages of"
    r"|(?:people|adults?|children|kids|men|women|those|anyone|everyone|voters|workers|persons|patients|boys|girls|residents|citizens|players"
    r"|drivers|pensioners|youths?|students|males|females|americans|britons) (?:aged )?(?:under|over|above|below))\s$",
    re.IGNORECASE,
)


_MAGNITUDE_BEFORE = re.compile(r"\bmagnitude(?: of|,)?\s(?:about |around |nearly |at least )?$", re.IGNORECASE)
_QUAKE = re.compile(
    r" (?:(?:under|off)?sea |strong |offshore )?(?:earthquake|quake|aftershock|tremor|temblor)s?\b", re.IGNORECASE
)
_RICHTER = re.compile(r"(?: magnitude)? on the (?:open-ended )?Richter\b", re.IGNORECASE)


def is_figure(reader: Reader, figure: Figure) -> bool:
    """Whether the amount is a figure at all, and no year, name, label, score, pronoun or idiom."""
    amount, text = figure.amount, reader.text
    if amount.trapped:
        return _bracketed_age(reader, figure)
    if reader.dates and amount.unit is None and reader.in_date(amount.number_start, amount.number_end):
        return False
    if _is_age(text, amount):
        amount.unit, amount.kind, figure.noun = "year of age", "age", None
        return True
    if amount.unit is not None:
        return _measures(text, amount)
    if _is_magnitude(text, amount):
        amount.unit, amount.kind, figure.noun = "magnitude", "other", None
        return True
    match amount.form:
        case "fraction":
            return _is_share(reader, figure)
        case "one":
            return _one_counts(reader, figure)
        case "vague":
            return True
        case "digits":
            return _digits_count(reader, figure)
        case _:
            return _word_counts(reader, figure)


def _is_age(text: str, amount: Amount) -> bool:
    """As in "aged 44", "women under 44"."""
    may_be = amount.unit in (None, "year") and amount.value < 130 and amount.value.denominator == 1
    return may_be and _AGE_BEFORE.search(text[max(0, amount.start - 30) : amount.start]) is not None


def _is_magnitude(text: str, amount: Amount) -> bool:
    """As in "a magnitude of 6", "6 on the Richter scale", "a 6.1 earthquake"."""
    if amount.value >= 11:
        return False
    return bool(
        _MAGNITUDE_BEFORE.search(text, max(0, amount.start - 30), amount.start)
        or _RICHTER.match(text, amount.end)
        or (amount.value.denominator != 1 and _QUAKE.match(text, amount.end))
    )


def _digits_count(reader: Reader, figure: Figure) -> bool:
    """Whether digits without a unit count something, and are no score, year, label or name."""
    amount, text = figure.amount, reader.text
    if any(is_other(reader, figure) for is_other in _SCORES_AND_YEARS):
        return False
    if _is_strong(text, amount):
        figure.noun = None
    elif _is_hyphenated(text, amount):
        return bound_after(text, amount.end) is not None or _is_size(reader, figure)
    return not any(is_name(reader, figure) for is_name in _LABELS_AND_NAMES)


def _is_strong(text: str, amount: Amount) -> bool:
    """As in "a 5,000-strong crowd", which counts heads without a noun for them."""
    return text[amount.end + 1 : amount.end + 7] == "strong"


def _is_hyphenated(text: str, amount: Amount) -> bool:
    """As in "a 5-star hotel": a hyphen joins the number with a word, and the word is not "strong"."""
    is_joined = text[amount.end : amount.end + 1] in "-‐‑" and text[amount.end + 1 : amount.end + 2].isalpha()
    return is_joined and not _is_strong(text, amount)


def _counts_plural(figure: Figure) -> bool:
    """As in "2000 women": a plural in small letters behind the number, which makes a year unlikely."""
    noun = figure.noun
    is_plural = noun is not None and noun.tag_ in ("NNS", "NNPS") and not noun.text[:1].isupper()
    return is_plural and noun is not None and noun.i - figure.tokens[1] <= 3


def _is_score(reader: Reader, figure: Figure) -> bool:
    """As in "won 3-1", both of whose numbers are none of anything."""
    amount, text = figure.amount, reader.text
    is_first = amount.upper is None and _SCORE.match(text, amount.number_start) is not None
    return is_first or re.search(r"\d[-–‑:/]$", text[max(0, amount.start - 2) : amount.start]) is not None


def _is_one_year(reader: Reader, figure: Figure) -> bool:
    """As in "in 1998"."""
    amount = figure.amount
    if not amount.plain or amount.upper is not None:
        return False
    return is_year(reader.text, amount.number_start, amount.number_end, _counts_plural(figure))


def _is_span_of_years(reader: Reader, figure: Figure) -> bool:
    """As in "1998-2003", and not "1998-2003 women"."""
    amount = figure.amount
    if amount.upper is None or amount.value.denominator != 1 or "," in reader.text[amount.start : amount.end]:
        return False
    if not (looks_like_year(str(amount.value)) and looks_like_year(str(amount.upper))):
        return False
    is_counted = figure.noun is not None and figure.noun.i == figure.tokens[1] and _counts_plural(figure)
    return not is_counted


_SCORES_AND_YEARS: tuple[Callable[[Reader, Figure], bool], ...] = (_is_score, _is_one_year, _is_span_of_years)


_LONGEST_NUMBER = 7
"""Digits of the longest plain number that counts something without a noun; longer ones are ids."""
_THE = re.compile(r"(?<![.!?])\s[‘“\"']?The\s$")
"""A "The" inside a sentence, which begins a name; not the one that begins a sentence."""


def _is_label(reader: Reader, figure: Figure) -> bool:
    """As in "case 20461398", "played in The 1975": plain digits without a noun."""
    amount = figure.amount
    if not amount.plain or figure.noun is not None:
        return False
    is_long = amount.end - amount.start > _LONGEST_NUMBER
    return is_long or _THE.search(reader.text[max(0, amount.start - 6) : amount.start]) is not None


def _is_numbered(reader: Reader, figure: Figure) -> bool:
    """As in "page 12", "version 2.5"."""
    amount = figure.amount
    may_be = amount.plain or (amount.value.denominator != 1 and amount.scale == 1)
    return may_be and names_something(reader.text, amount.start)


def _ends_name(reader: Reader, figure: Figure) -> bool:
    """As in "Visegrad 4"."""
    return figure.amount.plain and _is_named(reader, figure)


def _begins_name(reader: Reader, figure: Figure) -> bool:
    """As in "the 787 Dreamliner": a number right before a name in the singular, in a text that is no headline."""
    amount, noun = figure.amount, figure.noun
    if not amount.plain or amount.value <= 1 or noun is None or noun.tag_ != "NNP" or noun.i != figure.tokens[1]:
        return False
    return not _in_headline(reader, figure)


_LABELS_AND_NAMES: tuple[Callable[[Reader, Figure], bool], ...] = (_is_label, _is_numbered, _ends_name, _begins_name)


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


def _is_share(reader: Reader, figure: Figure) -> bool:
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


def _one_counts(reader: Reader, figure: Figure) -> bool:
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
    r"[-‐‑](?P<noun>seat(?:er)?|bed|page|member|magnitude|person|stor(?:e?y)|room|bedroom|turbine|unit|goal|run|game|match|vote"
    r"|point(?! (?:range|line|attempt|shot|shooting|field|arc|land|play|plan|turn|percentage))|lane|passenger|vehicle|car|truck"
    r"|volume|episode|song)\b(?![-‐‑])"
)


def _is_size(reader: Reader, figure: Figure) -> bool:
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


def _word_counts(reader: Reader, figure: Figure) -> bool:
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


_IRREGULAR = frozenset(
    {"people", "men", "women", "children", "police", "staff", "personnel", "troops", "killed", "injured"}
)


def _in_headline(reader: Reader, figure: Figure) -> bool:
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


def _is_named(reader: Reader, figure: Figure) -> bool:
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
