"""An analysed text as plain values and back: so that what the network found once need not be found again."""

from typing import Any

import numpy as np
from spacy.tokens import Doc

from pipelines.language.tokens import english

WORDS = ("TAG", "POS", "LEMMA", "DEP", "ENT_TYPE")
"""Attributes of a token that are strings."""
NUMBERS = ("HEAD", "ENT_IOB")
"""Attributes of a token that are numbers; a head is told by its distance."""


def values_of(doc: Doc) -> dict[str, Any]:
    """An analysed text as JSON values; the text itself is not among them.

    ``lengths`` are of the tokens in code points, negative where a blank follows. Each attribute of ``WORDS`` is a list of
    its distinct values and, token by token, places in that list; each of ``NUMBERS`` a list of numbers.
    """
    strings = doc.vocab.strings
    found: dict[str, Any] = {"lengths": [-len(token) if token.whitespace_ else len(token) for token in doc]}
    columns = doc.to_array([*WORDS, *NUMBERS]) if len(doc) else np.zeros((0, len(WORDS) + len(NUMBERS)), np.uint64)
    for at, name in enumerate(WORDS):
        distinct, places = np.unique(columns[:, at], return_inverse=True)
        found[name] = {"values": [strings[int(code)] if code else "" for code in distinct], "at": places.tolist()}
    for at, name in enumerate(NUMBERS, len(WORDS)):
        found[name] = columns[:, at].view(np.int64).tolist()
    return found


def doc_of(text: str, values: dict[str, Any]) -> Doc:
    """The analysed text again, from the text and its ``values_of``.

    Raises:
        ValueError: the values are not those of this text.
    """
    words, spaces, at = [], [], 0
    for length in values["lengths"]:
        words.append(text[at : at + abs(length)])
        spaces.append(length < 0)
        at += abs(length) + (length < 0)
    vocab = english().vocab
    doc = Doc(vocab, words=words, spaces=spaces)
    if doc.text != text:
        raise ValueError("these are the words of another text")
    columns = np.zeros((len(words), len(WORDS) + len(NUMBERS)), np.uint64)
    for place, name in enumerate(WORDS):
        codes = np.array([vocab.strings.add(value) if value else 0 for value in values[name]["values"]], np.uint64)
        if len(words):
            columns[:, place] = codes[np.array(values[name]["at"])]
    for place, name in enumerate(NUMBERS, len(WORDS)):
        columns[:, place] = np.array(values[name], np.int64).view(np.uint64)
    if words:
        doc.from_array([*WORDS, *NUMBERS], columns)  # type: ignore[arg-type]
    return doc


def blanked(doc: Doc, first: int, last: int) -> Doc:
    """The same analysed text with the tokens ``[first, last)`` blanked out: every other token stands where it stood.

    In their place stands one token of white space as long as they were, which hangs on the word before it (the first one on
    the word after it), as white space does in every ``Doc`` of ours. Heads outside are untouched: the tokens should be
    whole sentences.
    """
    if first >= last:
        return doc
    gap = doc[last - 1].idx + len(doc[last - 1]) + len(doc[last - 1].whitespace_) - doc[first].idx
    names: list[int | str] = ["TAG", "POS", "LEMMA", "DEP", "HEAD", "ENT_IOB", "ENT_TYPE"]
    columns, strings = doc.to_array(names), doc.vocab.strings
    back = -1 if first else (1 if last < len(doc) else 0)
    label = strings.add("dep" if back else "ROOT")
    head = int(np.int64(back).view(np.uint64))
    filler = np.array([[strings.add("_SP"), strings["SPACE"], strings.add(" " * gap), label, head, 2, 0]], np.uint64)
    words = [token.text for token in doc]
    spaces = [bool(token.whitespace_) for token in doc]
    made = Doc(
        doc.vocab,
        words=[*words[:first], " " * gap, *words[last:]],
        spaces=[*spaces[:first], False, *spaces[last:]],
    )
    return made.from_array(names, np.concatenate([columns[:first], filler, columns[last:]]))  # type: ignore[arg-type]
