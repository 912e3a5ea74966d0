"""Corpora to sentences: CoNLL-U treebanks, IOB2 names joined to them, and corpora that have names only."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from pipelines.language.tokens import english
from pipelines.train.names import Span, entity_names, span_tags, spans_of

NAME_TYPES = ("PERSON", "ORG", "LOC")

_UNIVERSAL_NER = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC"}
_CROSSNER = {
    "politician": "PERSON",
    "person": "PERSON",
    "politicalparty": "ORG",
    "organisation": "ORG",
    "country": "LOC",
    "location": "LOC",
}
_WNUT = {"person": "PERSON", "corporation": "ORG", "group": "ORG", "location": "LOC"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One annotated sentence.

    ``heads`` are positions counted from 1, 0 for the root. ``tags``, ``heads``, ``labels`` and ``lemmas`` are empty in
    a corpus that has names only; ``names`` (BIO tags) is null where nobody marked names. ``spaced[i]`` tells whether
    white space follows word i. ``opens`` is true where a paragraph begins. ``rough`` is true where names were derived
    or follow other rules than Universal NER's: good to learn from first, not to finish with.
    """

    words: tuple[str, ...]
    names: tuple[str, ...] | None = None
    tags: tuple[str, ...] = ()
    universal: tuple[str, ...] = ()
    lemmas: tuple[str, ...] = ()
    heads: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    spaced: tuple[bool, ...] = ()
    document: str = ""
    sent_id: str = ""
    opens: bool = False
    rough: bool = False

    @property
    def parsed(self) -> bool:
        return bool(self.heads)


@dataclass(frozen=True, slots=True)
class Corpora:
    """What the model learns from: sentences in reading order, those with trees apart from those with names only."""

    treebanks: list[Sentence]
    names: list[Sentence]


def training_data(folder: Path) -> Corpora:
    """Everything in the corpora folder that may be trained on. Dev files are not among it."""
    return Corpora(
        treebanks=[*english_web_treebank(folder, "train"), *georgetown_treebank(folder, "train")],
        names=[*wikigold(folder), *crossner_politics(folder), *emerging_entities(folder)],
    )


def english_web_treebank(folder: Path, part: str) -> list[Sentence]:
    """UD English EWT with the names of UNER, which are joined by sentence id and by character."""
    trees = read_treebank(folder / "ud-ewt" / f"en_ewt-{part}.conllu")
    names = _universal_ner(folder / "uner-ewt" / f"en_ewt-{part}.iob2")
    return [_with_names(tree, names[tree.sent_id]) if tree.sent_id in names else tree for tree in trees]


def georgetown_treebank(folder: Path, part: str) -> list[Sentence]:
    """GUM's open documents, with names cut out of the nested entities."""
    trees = read_treebank(folder / "gum-open" / f"gum_open-{part}.conllu", entity_names)
    return [replace(tree, rough=True) for tree in trees]


def wikigold(folder: Path) -> list[Sentence]:
    return list(_columns(folder / "wikigold" / "wikigold.conll.txt", " ", _UNIVERSAL_NER))


def crossner_politics(folder: Path) -> list[Sentence]:
    files = [folder / "crossner-politics" / f"{part}.txt" for part in ("train", "dev", "test")]
    return [replace(sentence, rough=True) for file in files for sentence in _columns(file, "\t", _CROSSNER)]


def emerging_entities(folder: Path) -> list[Sentence]:
    """WNUT 17, only messages with a name of a type we keep: the others are mostly chatter, and there are many."""
    messages = _columns(folder / "wnut17" / "wnut17-train.conll", "\t", _WNUT)
    named = (message for message in messages if message.names and any(tag != "O" for tag in message.names))
    return [replace(message, rough=True) for message in named]


NameReader = Callable[[Sequence[Sequence[str]]], tuple[str, ...]]
"""A sentence's CoNLL-U rows to its BIO names."""


def read_treebank(path: Path, names_from: NameReader | None = None) -> Iterator[Sentence]:
    """The sentences of a CoNLL-U file whose words spell out its text.

    A multiword token must be the concatenation of its words ("can" + "not"); a sentence where it is not ("du" for
    "de le"), or where a word holds a space, is left out: at run time there are only words that stand in the text.
    """
    document, opens, sent_id = "", False, ""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows: list[list[str]] = []
        joined: list[tuple[int, int, str, str]] = []
        for line in block.splitlines():
            if line.startswith("#"):
                key, _, value = line[1:].partition("=")
                if key.strip() == "newdoc id":
                    document, opens = value.strip(), True
                elif key.strip().split(" ")[0] == "newpar":
                    opens = True
                elif key.strip() == "sent_id":
                    sent_id = value.strip()
                continue
            columns = line.split("\t")
            if "-" in columns[0]:
                first, last = map(int, columns[0].split("-"))
                joined.append((first, last, columns[1], columns[9]))
            elif "." not in columns[0]:
                rows.append(columns)
        sentence = _sentence(rows, joined)
        if sentence is None:
            continue
        names = names_from(rows) if names_from else None
        yield replace(sentence, names=names, document=document, sent_id=sent_id, opens=opens)
        opens = False


def _sentence(rows: Sequence[Sequence[str]], joined: Iterable[tuple[int, int, str, str]]) -> Sentence | None:
    if not rows or any(" " in row[1] for row in rows):
        return None
    spaced = ["SpaceAfter=No" not in row[9] for row in rows]
    for first, last, form, misc in joined:
        if "".join(row[1] for row in rows[first - 1 : last]) != form:
            return None
        spaced[first - 1 : last] = [False] * (last - first) + ["SpaceAfter=No" not in misc]
    heads = tuple(int(row[6]) for row in rows)
    return Sentence(
        words=tuple(row[1] for row in rows),
        tags=tuple(row[4] for row in rows),
        universal=tuple(row[3] for row in rows),
        lemmas=tuple(row[2] for row in rows),
        heads=heads,
        labels=tuple("ROOT" if head == 0 else row[7] for row, head in zip(rows, heads, strict=True)),
        spaced=tuple(spaced),
    )


def _universal_ner(path: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Sentence id to words and BIO tags; types that we do not keep become O."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = block.splitlines()
        sent_id = next((line.partition("=")[2].strip() for line in lines if line.startswith("# sent_id")), None)
        rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
        if sent_id and rows:
            found[sent_id] = ([row[1] for row in rows], _mapped([row[2] for row in rows], _UNIVERSAL_NER))
    return found


def _with_names(sentence: Sentence, annotated: tuple[list[str], list[str]]) -> Sentence:
    """Names carried over to the treebank's words by character; null where the two spell different texts."""
    words, tags = annotated
    theirs, ours = "".join(words), "".join(sentence.words)
    if theirs != ours:
        return sentence
    their_starts, our_starts = _starts(words), _starts(sentence.words)
    spans: list[Span] = []
    for start, end, kind in spans_of(tags):
        first = _word_at(our_starts, their_starts[start])
        last = _word_at(our_starts, their_starts[end] - 1)
        spans.append((first, last + 1, kind))
    return replace(sentence, names=span_tags(spans, len(sentence.words)))


def _starts(words: Sequence[str]) -> list[int]:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    return starts


def _word_at(starts: Sequence[int], char: int) -> int:
    return next(at for at, (start, end) in enumerate(pairwise(starts)) if start <= char < end)


def _columns(path: Path, separator: str, kinds: Mapping[str, str]) -> Iterator[Sentence]:
    """Two columns, word and IO or BIO tag, sentences apart by an empty line."""
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        rows = [line.rstrip().split(separator) for line in block.splitlines() if line.strip()]
        rows = [row for row in rows if len(row) == 2 and row[0]]
        if rows:
            words, names = _as_at_run_time([row[0] for row in rows], _mapped([row[1] for row in rows], kinds))
            yield Sentence(words=words, names=names, document=path.stem)


def _as_at_run_time(words: Sequence[str], names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words cut as the tokenizer cuts them ("pro-EU" is three), and possessives that the corpus cut put together."""
    cut: list[str] = []
    tags: list[str] = []
    for word, name in zip(words, names, strict=True):
        if cut and cut[-1] in ("'", "\u2019") and word == "s":
            cut[-1] += word
            continue
        parts = [token.text for token in english().tokenizer(word)]
        cut += parts
        tags += [name] + [name.replace("B-", "I-")] * (len(parts) - 1)
    return tuple(cut), tuple(tags)


def _mapped(tags: Iterable[str], kinds: Mapping[str, str]) -> list[str]:
    """Tags in BIO with our types: an I after nothing of its type opens a name."""
    mapped: list[str] = []
    before = "O"
    for tag in tags:
        kind = kinds.get(tag[2:])
        if kind is None:
            mapped.append("O")
        elif tag[0] == "I" and before == tag[2:]:
            mapped.append(f"I-{kind}")
        else:
            mapped.append(f"B-{kind}")
        before = tag[2:]
    return mapped
