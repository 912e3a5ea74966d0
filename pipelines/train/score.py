"""Scores of a model folder on raw text: what a reader of the tables gets, not what gold tokens would give."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spacy.tokens import Doc

from pipelines.language import analyse
from pipelines.language.model import FOLDER
from pipelines.train.corpora import Sentence, english_web_treebank, georgetown_treebank
from pipelines.train.names import spans_of


@dataclass(slots=True)
class Counts:
    """How many are right, found and wanted."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def add(self, found: set[object], wanted: set[object]) -> None:
        self.right += len(found & wanted)
        self.found += len(found)
        self.wanted += len(wanted)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f(self) -> float:
        """2 right / (found + wanted), of 1."""
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0


@dataclass(slots=True)
class Score:
    """F of words, sentences, tags, lemmas, attachments and names, each counted over spans of characters.

    A word is right when it has the same characters; tags, lemmas, heads (``uas``) and heads with labels (``las``)
    must besides be right on it, as in the CoNLL 2018 evaluation, punctuation included, subtypes of labels too.
    A name is right when its span and its type are; ``untyped`` asks for the span only.
    """

    words: Counts = field(default_factory=Counts)
    sentences: Counts = field(default_factory=Counts)
    tags: Counts = field(default_factory=Counts)
    universal: Counts = field(default_factory=Counts)
    lemmas: Counts = field(default_factory=Counts)
    uas: Counts = field(default_factory=Counts)
    las: Counts = field(default_factory=Counts)
    names: Counts = field(default_factory=Counts)
    untyped: Counts = field(default_factory=Counts)
    kinds: dict[str, Counts] = field(default_factory=dict)

    def summary(self) -> dict[str, float]:
        """Per cent, to one decimal; with the share of right tags among words that were cut as in the treebank."""
        measured = {key: getattr(self, key) for key in self.__slots__ if key != "kinds"} | self.kinds
        found = {key: round(100 * counts.f, 1) for key, counts in measured.items() if counts.wanted}
        if self.words.right:
            found["tags of right words"] = round(100 * self.tags.right / self.words.right, 1)
        return found


def scores(corpora: Path, model: Path = FOLDER) -> dict[str, Score]:
    """The dev sets of the corpora folder, by name, with the model of a folder."""
    return {
        "ud-ewt dev": score(english_web_treebank(corpora, "dev"), model),
        "gum-open dev": score(georgetown_treebank(corpora, "dev"), model),
    }


def score(sentences: Iterable[Sentence], model: Path = FOLDER) -> Score:
    """Each paragraph's sentences are put together into its text, analysed, and compared."""
    paragraphs = _paragraphs(sentences)
    texts = [_text(paragraph) for paragraph in paragraphs]
    total = Score()
    for paragraph, doc in zip(paragraphs, analyse(texts, folder=model), strict=True):
        _compare(total, doc, paragraph)
    return total


def _paragraphs(sentences: Iterable[Sentence]) -> list[list[Sentence]]:
    found: list[list[Sentence]] = []
    for sentence in sentences:
        if not found or sentence.opens or found[-1][-1].document != sentence.document:
            found.append([])
        found[-1].append(sentence)
    return found


def _text(paragraph: Sequence[Sentence]) -> str:
    words = (
        word + " " * (spaced or at == len(sentence.words) - 1)
        for sentence in paragraph
        for at, (word, spaced) in enumerate(zip(sentence.words, sentence.spaced, strict=True))
    )
    return "".join(words).rstrip(" ")


Span = tuple[int, int]


def _compare(total: Score, doc: Doc, paragraph: Sequence[Sentence]) -> None:
    gold = _gold(paragraph)
    words = [token for token in doc if not token.is_space]
    span = {token.i: (token.idx, token.idx + len(token)) for token in words}
    none = (-1, -1)
    head = {token.i: none if token.head == token or token.dep_ == "ROOT" else span[token.head.i] for token in words}
    total.words.add(set(span.values()), set(gold.spans))
    total.sentences.add(
        {
            (real[0].idx, real[-1].idx + len(real[-1]))
            for sent in doc.sents
            if (real := [t for t in sent if not t.is_space])
        },
        set(gold.sentences),
    )
    pairs: dict[str, tuple[set[object], set[object]]] = {
        "tags": ({(span[t.i], t.tag_) for t in words}, set(zip(gold.spans, gold.tags, strict=True))),
        "universal": ({(span[t.i], t.pos_) for t in words}, set(zip(gold.spans, gold.universal, strict=True))),
        "lemmas": ({(span[t.i], t.lemma_) for t in words}, set(zip(gold.spans, gold.lemmas, strict=True))),
        "uas": ({(span[t.i], head[t.i]) for t in words}, set(zip(gold.spans, gold.heads, strict=True))),
        "las": (
            {(span[t.i], head[t.i], t.dep_) for t in words},
            set(zip(gold.spans, gold.heads, gold.labels, strict=True)),
        ),
    }
    for key, (found, wanted) in pairs.items():
        getattr(total, key).add(found, wanted)
    if all(sentence.names is not None for sentence in paragraph):
        named: set[object] = {(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents}
        total.names.add(named, set(gold.names))
        total.untyped.add(
            {(ent.start_char, ent.end_char) for ent in doc.ents}, {(start, end) for start, end, _ in gold.names}
        )
        kinds = Counter(kind for _, _, kind in gold.names) + Counter(ent.label_ for ent in doc.ents)
        for kind in kinds:
            total.kinds.setdefault(kind, Counts()).add(
                {(ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ == kind},
                {(start, end) for start, end, own in gold.names if own == kind},
            )


@dataclass(slots=True)
class _Gold:
    spans: list[Span] = field(default_factory=list)
    sentences: list[Span] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    universal: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    heads: list[Span] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    names: list[tuple[int, int, str]] = field(default_factory=list)


def _gold(paragraph: Sequence[Sentence]) -> _Gold:
    gold, at = _Gold(), 0
    for sentence in paragraph:
        spans: list[Span] = []
        for word, spaced in zip(sentence.words, sentence.spaced, strict=True):
            spans.append((at, at + len(word)))
            at += len(word) + spaced
        at = spans[-1][1] + 1
        gold.spans += spans
        gold.sentences.append((spans[0][0], spans[-1][1]))
        gold.tags += sentence.tags
        gold.universal += sentence.universal
        gold.lemmas += sentence.lemmas
        gold.heads += [spans[head - 1] if head else (-1, -1) for head in sentence.heads]
        gold.labels += sentence.labels
        gold.names += [(spans[a][0], spans[b - 1][1], kind) for a, b, kind in spans_of(sentence.names or ())]
    return gold


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m pipelines.train.score", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=FOLDER)
    given = parser.parse_args()
    for name, found in scores(given.corpora, given.model).items():
        sys.stdout.write(f"{name}: {found.summary()}\n")
