"""Text to words: spaCy's English tokenizer, brought closer to the treebanks in a few places."""

import re
from functools import cache
from typing import Any

from spacy.lang.char_classes import ALPHA, HYPHENS
from spacy.lang.en import English
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

_LONGEST = 400
"""The tokenizer's time grows with the square of a word's length: a longer run without white space is cut first."""
_ENDLESS = re.compile(rf"\S{{{_LONGEST + 1},}}")

_RUNS = [r"[!?]{2,}", *(rf"{mark}{{2,}}" for mark in (r"\*", "_", "=", "<", ">", "~", "-"))]
"""Marks that stand together: "?!", "***", "<<"."""

_PREFIXES = "anti co counter cross e ex mid mini multi neo non over post pre pro re semi socio sub un".split()  # noqa: SIM905
"""What a hyphen joins to its word: "anti-war" is one word for the treebanks, "war-torn" three."""

_ABBREVIATIONS = "al. approx. ca. Capt. Cpl. Ft. Lt. Maj. Sat. Wed. Thu. Fri. Tues. Thurs.".split()  # noqa: SIM905


_UNSPACED = [
    r"(?<=[A-Za-z0-9.)])\((?=[A-Za-z0-9(])",
    r"\)(?=[A-Za-z(])",
    r'(?<=[A-Za-z0-9.])"(?=[A-Za-z])',
    r"(?<=[0-9]),(?=[A-Za-z])",
    r"(?<=[A-Za-z]),(?=[0-9])",
    r"(?<=[A-Za-z]{2}):(?=[0-9])",
    r"(?<=[A-Za-z]);(?=[A-Za-z])",
]
"""Marks that stand between two words whose white space was lost: "citizen,21", "body(African", "Work:832"."""

_CONTRACTED = {"wanna": "wan na", "outta": "out ta", "dunno": "du n no"}
"""What the treebanks take apart and spaCy does not; "gonna" and "gotta" it does."""


@cache
def english() -> Language:
    """SpaCy's English without any pipeline: the tokenizer, and the vocabulary that every ``Doc`` of ours shares."""
    return English(create_tokenizer=_tokenizer)


def _tokenizer(language: Language) -> Tokenizer:
    rules: Any = language.Defaults
    hyphens = rf"(?<=[{ALPHA}0-9])(?:{HYPHENS})(?=[{ALPHA}])"
    unjoined = "".join(rf"(?<!\b{prefix})(?<!\b{prefix.capitalize()})" for prefix in _PREFIXES)
    ours = hyphens.replace("(?:", f"{unjoined}(?:", 1)
    clock = r"(?<=:[0-9][0-9])(?:[ap]m|[AP]M|[ap]\.m\.)"
    infixes = [ours if rule == hyphens else rule for rule in rules.infixes]
    exceptions = {form: parts for form, parts in rules.tokenizer_exceptions.items() if form != "and/or"}
    exceptions |= {abbreviation: [{ORTH: abbreviation}] for abbreviation in _ABBREVIATIONS}
    for form, parts in _CONTRACTED.items():
        exceptions[form] = [{ORTH: part} for part in parts.split()]
        exceptions[form.capitalize()] = [{ORTH: part} for part in parts.capitalize().split()]
    return Tokenizer(
        language.vocab,
        rules=exceptions,
        prefix_search=compile_prefix_regex([*_RUNS, *rules.prefixes]).search,
        suffix_search=compile_suffix_regex([*_RUNS, clock, *rules.suffixes]).search,
        infix_finditer=compile_infix_regex([*infixes, *_UNSPACED, r"(?<=[0-9])[–—](?=[0-9])"]).finditer,
        url_match=rules.url_match,
    )


def words_of(text: str) -> list[tuple[str, bool]]:
    """The tokens in order, and whether one blank follows each; put together they are the text.

    Tokens of white space stand for what is more than one blank.
    """
    tokenizer = english().tokenizer
    if not _ENDLESS.search(text):
        return [(token.text, bool(token.whitespace_)) for token in tokenizer(text)]
    found: list[tuple[str, bool]] = []
    for start, end in _stretches(text):
        found += [(token.text, bool(token.whitespace_)) for token in tokenizer(text[start:end])]
    return found


def _stretches(text: str) -> list[tuple[int, int]]:
    """The text cut inside every endless run, never beside a blank."""
    cuts = [0]
    for run in _ENDLESS.finditer(text):
        cuts += range(run.start() + _LONGEST, run.end(), _LONGEST)
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))
