"""Text to ``Doc``: cuts a text into blocks, has each block analysed once, and puts the whole together again."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.symbols import IDS, SPACE
from spacy.tokens import Doc

from pipelines.language.model import FOLDER, Model, opened
from pipelines.language.tokens import english, words_of
from pipelines.language.universal import universal_tag
from pipelines.language.windows import analysed

Columns = NDArray[np.uint64]

_ATTRIBUTES: list[int | str] = ["TAG", "POS", "LEMMA", "DEP", "HEAD", "ENT_IOB", "ENT_TYPE"]
_BLANK_LINE = re.compile(r"[\r\n\f\u2029]\s*")
_LINE_ENDS = re.compile(r"\r\n|[\r\n\f\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_REMEMBERED = 1500
"""Characters of a block that is remembered: what repeats is short, and two thousand long ones would fill the memory."""
_INSIDE, _OUTSIDE, _BEGINS = 1, 2, 3
"""spaCy's codes for ENT_IOB."""


def analyse(
    texts: Iterable[str], breaks: Iterable[Sequence[int]] | None = None, folder: Path = FOLDER
) -> Iterator[Doc]:
    """One ``Doc`` per text, in order: words, sentences, tags, lemmas, dependencies and names.

    ``breaks`` gives, for each text, the offsets (code points) at which a sentence has to begin, for instance where a
    layout part begins or ends; a blank line begins one anyway. Offsets outside the text are ignored. ``folder`` is
    the model to use, the shipped one unless another is being measured.

    ``doc.text == text``, so ``token.idx`` is an offset into the text; only a lone surrogate, which no UTF-8 can hold,
    is replaced by U+FFFD, one character by one. Tags are Penn, ``pos_`` universal, ``dep_`` Universal Dependencies'
    English labels with ROOT for the root, ``ents`` PERSON, ORG and LOC. Every sentence has one root. White space
    beyond one blank is a token of its own (tag _SP, label dep) that hangs on the word before it and heads nothing;
    where a text holds nothing else, it is its own root.

    A text gives the same ``Doc`` whatever was analysed before it.

    Raises:
        FileNotFoundError: the folder holds no model.
    """
    model = opened(folder)
    if breaks is None:
        yield from (_document(text, (), model) for text in texts)
    else:
        yield from (_document(text, own, model) for text, own in zip(texts, breaks, strict=True))


@dataclass(frozen=True, slots=True)
class _Block:
    """The tokens of one block: texts, whether a blank follows each, and spaCy's attributes."""

    words: list[str]
    spaces: list[bool]
    columns: Columns


def _document(text: str, breaks: Sequence[int], model: Model) -> Doc:
    text = encodable(text)
    words: list[str] = []
    spaces: list[bool] = []
    columns: list[Columns] = []
    for start, end in pairwise(_borders(text, breaks)):
        core = text[start:end].rstrip()
        gap = text[start + len(core) : end]
        if core:
            block = _block(core, model) if len(core) <= _REMEMBERED else _block.__wrapped__(core, model)
            words += block.words
            spaces += block.spaces
            columns.append(block.columns)
            if gap.startswith(" "):
                spaces[-1] = True
                gap = gap[1:]
        if gap:
            words.append(gap)
            spaces.append(False)
            columns.append(_white_space(gap, back=1 if len(words) > 1 else 0))
    if len(words) > 1 and words[0].isspace():
        columns[0] = _white_space(words[0], back=-1)
    doc = Doc(english().vocab, words=words, spaces=spaces)
    if words:
        doc.from_array(_ATTRIBUTES, np.concatenate(columns))  # type: ignore[arg-type]
    return doc


def _borders(text: str, breaks: Sequence[int]) -> list[int]:
    """Where blocks begin, and the text's end: at its first word, after blank lines, and at the breaks."""
    wanted = {0, len(text)} | {offset for offset in breaks if 0 < offset < len(text)}
    for gap in _BLANK_LINE.finditer(text):
        mark = gap.group()[0]
        if mark in "\f\u2029" or len(_LINE_ENDS.findall(gap.group())) > 1:
            wanted.add(gap.end())
    borders = {_next_word(text, offset) for offset in wanted}
    return sorted(borders | {0, len(text)})


def _next_word(text: str, offset: int) -> int:
    """The first offset from here on that is not white space."""
    while offset < len(text) and text[offset].isspace():
        offset += 1
    return offset


@lru_cache(maxsize=2048)
def _block(core: str, model: Model) -> _Block:
    """One block, without white space around it; texts repeat titles, disclaimers and whole paragraphs."""
    tokens = words_of(core)
    words = [word for word, _ in tokens]
    spaces = [space for _, space in tokens]
    real = [at for at, word in enumerate(words) if not word.isspace()]
    found = analysed([words[at] for at in real], model)
    codes = _codes(model)
    columns = np.zeros((len(words), len(_ATTRIBUTES)), np.uint64)
    place = np.array(real)
    columns[place, 0] = codes.tags[found.tags]
    columns[place, 3] = codes.relations[found.relations]
    columns[place, 4] = (place[found.heads] - place).astype(np.int64).view(np.uint64)
    columns[place, 5] = codes.iob[found.names]
    columns[place, 6] = codes.types[found.names]
    strings = english().vocab.strings
    labels = model.labels
    for at, tag_index, relation_index in zip(real, found.tags.tolist(), found.relations.tolist(), strict=True):
        word, tag, relation = words[at], labels.tags[tag_index], labels.relations[relation_index]
        columns[at, 1] = IDS[universal_tag(word, tag, relation)]
        columns[at, 2] = strings.add(model.lemmas.of(word, tag))
    for at in sorted(set(range(len(words))) - set(real)):
        after = bisect_left(real, at)
        columns[at] = _white_space(words[at], back=at - real[after - 1])[0]
        if columns[real[after], 5] == _INSIDE:
            columns[at, 5:7] = columns[real[after], 5:7]
    return _Block(words, spaces, columns)


def _white_space(gap: str, back: int) -> Columns:
    """The row of a white-space token that hangs on the word ``back`` tokens before it; 0 makes it a root."""
    strings = english().vocab.strings
    label = strings.add("dep" if back else "ROOT")
    head = np.int64(-back).view(np.uint64)
    return np.array([[strings.add("_SP"), SPACE, strings.add(gap), label, head, _OUTSIDE, 0]], np.uint64)


@dataclass(frozen=True, slots=True)
class _Codes:
    """Label numbers of the model to spaCy's."""

    tags: Columns
    relations: Columns
    iob: Columns
    types: Columns


@cache
def _codes(model: Model) -> _Codes:
    strings, labels = english().vocab.strings, model.labels
    iob = {"O": _OUTSIDE, "B": _BEGINS, "I": _INSIDE}
    return _Codes(
        tags=np.array([strings.add(tag) for tag in labels.tags], np.uint64),
        relations=np.array([strings.add(relation) for relation in labels.relations], np.uint64),
        iob=np.array([iob[name[0]] for name in labels.names], np.uint64),
        types=np.array([strings.add(name[2:]) if name != "O" else 0 for name in labels.names], np.uint64),
    )


def encodable(text: str) -> str:
    """The text with every lone surrogate replaced, one character by one: spaCy keeps its strings in UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text
