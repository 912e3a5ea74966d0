"""Text to words: spaCy's English tokenizer, brought closer to the treebanks in a few places."""

import re
from functools import cache
from typing import Any

import spacy
from spacy.lang.char_classes import ALPHA, HYPHENS
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

_LONGEST = 400
"""The tokenizer's time grows with the square of a word's length: a longer run without white space is cut first."""
_ENDLESS = re.compile(rf"\S{{{_LONGEST + 1},}}")

_RUNS = [r"[!?]{2,}", *(rf"{mark}{{2,}}" for mark in (r"\*", "_", "=", "<", ">", "~", "-"))]
"""Marks that stand together: "?!", "***", "<<"."""

_PREFIXES = "anti co counter cross e ex mid mini multi neo non over post pre pro re semi socio sub un".split()  # noqa: SIM905
"""What a hyphen joins to its word: "anti-war" is one word for the treebanks, "war-torn" three."""

_ABBREVIATIONS = "al. approx. ca. Capt. Cpl. Ft. Lt. Maj. Sat. Wed. Thu. Fri. Tues. Thurs.".split()  # noqa: SIM905


@cache
def english() -> Language:
    """SpaCy's English without any pipeline: the tokenizer, and the vocabulary that every ``Doc`` of ours shares."""
    language = spacy.blank("en")
    tokenizer: Any = language.tokenizer
    defaults: Any = language.Defaults
    before = "".join(rf"(?<!\b{prefix})(?<!\b{prefix.capitalize()})" for prefix in _PREFIXES)
    hyphens = rf"(?<=[{ALPHA}0-9])(?:{HYPHENS})(?=[{ALPHA}])"
    ours = rf"(?<=[{ALPHA}0-9]){before}(?:{HYPHENS})(?=[{ALPHA}])"
    infixes = [ours if rule == hyphens else rule for rule in defaults.infixes]
    clock = r"(?<=:[0-9][0-9])(?:[ap]m|[AP]M|[ap]\.m\.)"
    tokenizer.infix_finditer = compile_infix_regex([*infixes, r"(?<=[0-9])[–—](?=[0-9])"]).finditer
    tokenizer.prefix_search = compile_prefix_regex([*_RUNS, *defaults.prefixes]).search
    tokenizer.suffix_search = compile_suffix_regex([*_RUNS, clock, *defaults.suffixes]).search
    tokenizer.rules = {form: parts for form, parts in tokenizer.rules.items() if form != "and/or"}
    for abbreviation in _ABBREVIATIONS:
        tokenizer.add_special_case(abbreviation, [{ORTH: abbreviation}])
    return language


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
