"""The names of all documents by their letters, and what each document says of its own short forms."""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.resolve.alike import abbreviations as shortforms
from pipelines.resolve.alike.romanise import fold
from pipelines.resolve.clusters.columns import Flags, Lists, Numbers, column, counted, lists, numbered, runs
from pipelines.resolve.memory import Memory

GROUP = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "NORP": "NORP"}
"""Mention type to the group inside which names are compared; every other type is OTHER."""
GROUPS = ("PERSON", "ORG", "PLACE", "NORP", "OTHER")
PREVAILS = 3  # a name typed differently in other documents takes the type that outnumbers the rest by so much
PREVAILS_OVER_PERSON = 1.5  # or by so much, where no document has the person's full name
PLAIN = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
"""Texts of which folding changes nothing but capitals."""


def group_of(kind: str) -> str:
    """The group of a mention type: PERSON, ORG, PLACE, NORP or OTHER."""
    return GROUP.get(kind, "OTHER")


@dataclass(slots=True)
class Name:
    """All mentions with the same folded letters and group, over all documents."""

    index: int
    group: str
    key: str
    text: str = ""
    n: int = 0
    is_written: bool = False
    """Whether a text has it; else it only stands for short forms."""


NONE: Numbers = np.zeros(0, dtype=np.int64)


@dataclass(slots=True)
class Mentions:
    """The mentions by name, in order of document, place and id: a number a mention in each column."""

    ids: pa.Array
    document: Numbers = field(default_factory=NONE.copy)
    text: Numbers = field(default_factory=NONE.copy)
    kind: Numbers = field(default_factory=NONE.copy)
    documents: list[str] = field(default_factory=list)
    """What the numbers in ``document`` stand for, ascending; so with ``texts`` and ``kinds``."""
    texts: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    name: Numbers = field(default_factory=NONE.copy)
    """Index of the Name, after short forms were read."""
    written: Numbers = field(default_factory=NONE.copy)
    """Index of the Name as written."""


class Book:
    """The names, found by group and key; their mentions; and the documents (numbers, ascending) that have each name."""

    def __init__(self, mentions: Mentions) -> None:
        """No names yet."""
        self.mentions = mentions
        self.names: list[Name] = []
        self.found_in = Lists(NONE, NONE)
        self._found: dict[tuple[str, str], int] = {}
        self._folded: dict[str, str] = {}

    def fold(self, text: str) -> str:
        """The folded text, remembered; a text of no letters or digits stands for itself."""
        folded = self._folded.get(text)
        if folded is None:
            plain = text.lower() if PLAIN.fullmatch(text) else fold(text)
            folded = self._folded[text] = plain.removeprefix("the ") or text
        return folded

    def name(self, text: str, group: str) -> Name:
        """The name with this text's key, made when new."""
        key = self.fold(text)
        index = self._found.get((group, key))
        if index is None:
            index = len(self.names)
            self._found[group, key] = index
            self.names.append(Name(index, group, key, text))
        return self.names[index]

    def found(self, group: str, key: str) -> int | None:
        """The index of the name with this group and key; null where there is none."""
        return self._found.get((group, key))

    def by_key(self) -> dict[str, list[Name]]:
        """Key to the names of all groups that have it."""
        found: dict[str, list[Name]] = {}
        for name in self.names:
            found.setdefault(name.key, []).append(name)
        return found

    def documents_of(self, name: int) -> list[str]:
        """The documents that have the name, in order."""
        return [self.mentions.documents[number] for number in self.found_in[name].tolist()]


def read_mentions(table: Any) -> tuple[Mentions, dict[str, str | None]]:
    """The mentions by name, and the others: mention to antecedent."""
    form = column(table, "form", pa.large_string())
    pointing = pc.fill_null(pc.is_in(form, pa.array(["nominal", "pronoun"], pa.large_string())), False)
    ids, antecedents = (column(table, name, pa.large_string()) for name in ("mention_id", "antecedent_id"))
    others = dict(zip(ids.filter(pointing).to_pylist(), antecedents.filter(pointing).to_pylist(), strict=True))
    is_name = pc.invert(pointing)
    document, documents = numbered(column(table, "document_id", pa.large_string()).filter(is_name))
    text, texts = numbered(column(table, "text", pa.large_string()).filter(is_name))
    kind, kinds = numbered(column(table, "type", pa.large_string()).filter(is_name))
    start = column(table, "start_char", pa.int64()).filter(is_name).to_numpy()
    ids = ids.filter(is_name)
    order = _ordered(document, start, ids)
    found = Mentions(ids.take(pa.array(order)), document[order], text[order], kind[order], documents, texts, kinds)
    return found, others


def _ordered(document: Numbers, start: Numbers, ids: pa.Array) -> Numbers:
    order = np.lexsort((start, document)).astype(np.int64)
    same = (np.diff(document[order]) == 0) & (np.diff(start[order]) == 0)
    for at in np.flatnonzero(same & ~np.concatenate(([False], same))[:-1]).tolist():  # two names of one place: by id
        end = at + 1
        while end < len(same) and same[end]:
            end += 1
        order[at : end + 1] = sorted(order[at : end + 1].tolist(), key=lambda i: str(ids[i]))
    return order


def fill(book: Book) -> None:
    """Gives each mention its name, in the group that nearly all mentions of the same letters have."""
    m = book.mentions
    n_kinds = max(1, len(m.kinds))
    pairs, first, pair_of, counts = np.unique(
        m.text * n_kinds + m.kind, return_index=True, return_inverse=True, return_counts=True
    )
    texts, kinds = (numbers.tolist() for numbers in np.divmod(pairs, n_kinds))
    folded = [book.fold(text) for text in m.texts]
    group_by_kind = [group_of(kind) for kind in m.kinds]
    spelled = [(folded[text], group_by_kind[kind]) for text, kind in zip(texts, kinds, strict=True)]
    people = {m.texts[text] for text, (_, group) in zip(texts, spelled, strict=True) if group == "PERSON"}
    full = [book.fold(text) for text in people if " " in text]
    prevailing = _prevailing(spelled, counts.tolist(), full)
    full_in = _full_names_in(book, prevailing) if prevailing else set()
    keys = [prevailing.get(key) for key, _ in spelled]
    depends = np.array(
        [key is not None and group == "PERSON" != key for (_, group), key in zip(spelled, keys, strict=True)],
        dtype=np.bool_,
    )
    by_document = np.flatnonzero(depends[pair_of]) if depends.any() else NONE
    name_of = np.full(len(pairs), -1, dtype=np.int64)
    differing: dict[int, int] = {}
    events = np.sort(np.concatenate((first[~depends], by_document)))  # names are numbered as they are met
    for at, pair in zip(events.tolist(), pair_of[events].tolist(), strict=True):
        text, (key, group) = m.texts[texts[pair]], spelled[pair]
        if depends[pair]:
            is_person = (int(m.document[at]), key) in full_in
            differing[at] = book.name(text, "PERSON" if is_person else str(keys[pair])).index
        else:
            name_of[pair] = book.name(text, keys[pair] or group).index
    m.name = name_of[pair_of]
    m.name[list(differing)] = list(differing.values())
    m.written = m.name.copy()


def _full_names_in(book: Book, words: Container[str]) -> set[tuple[int, str]]:
    """(document, word) where a full name of a person in that document has the word, of these words."""
    m = book.mentions
    telling = [[word for word in book.fold(text).split() if word in words] if " " in text else [] for text in m.texts]
    chosen: Flags = np.array([bool(found) for found in telling], dtype=np.bool_)
    is_person = m.kind == (m.kinds.index("PERSON") if "PERSON" in m.kinds else -1)
    at = np.flatnonzero(chosen[m.text] & is_person)
    pairs = zip(m.document[at].tolist(), m.text[at].tolist(), strict=True)
    return {(document, word) for document, text in pairs for word in telling[text]}


def _prevailing(spelled: Sequence[tuple[str, str]], counts: Sequence[int], full: Iterable[str]) -> dict[str, str]:
    """Key to group, of names that are typed differently in places but nearly always the same.

    ``spelled``: key and group of each way to write a name, ``counts`` times; ``full``: keys of people's full names.
    """
    only: dict[str, str] = {}
    several = {key for key, group in spelled if only.setdefault(key, group) != group}
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (key, group), n in zip(spelled, counts, strict=True) if several else ():
        if key in several:
            groups[key][group] += n
    people = {word for key in full for word in key.split()} if several else set()
    found: dict[str, str] = {}
    for key, seen in groups.items():
        (top, n), *rest = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
        only_person = [group for group, _ in rest] == ["PERSON"] and key not in people
        if n >= (PREVAILS_OVER_PERSON if only_person else PREVAILS) * sum(count for _, count in rest):
            found[key] = top
    return found


def read_short_forms(
    book: Book, definitions: Iterable[Mapping[str, Any]], memory: Memory
) -> tuple[dict[tuple[str, int], list[int]], dict[int, set[int]]]:
    """Moves mentions that a document's full names explain to those names.

    Gives back the names that several explain, and, for each short form that a text defines, the names it is short for.
    """
    m = book.mentions
    defined: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in definitions:
        defined[row["document_id"]][row["short"]] = row["long"]
    competing: dict[tuple[str, int], list[int]] = {}
    meant: defaultdict[int, set[int]] = defaultdict(set)
    number = {group: at for at, group in enumerate(GROUPS)}
    group_at = np.array([number[name.group] for name in book.names], dtype=np.int64)
    called, call_of = np.unique(m.text * len(GROUPS) + group_at[m.name], return_inverse=True)
    calls = [(m.texts[call // len(GROUPS)], GROUPS[call % len(GROUPS)]) for call in called.tolist()]
    may_be_short = np.isin(group_at[m.name], (number["PERSON"], number["ORG"]))
    bounds = runs(m.document)
    worth_it = np.logical_or.reduceat(may_be_short, bounds[:-1]).tolist() if len(m.document) else []
    for start, end, is_worth_it in zip(bounds[:-1].tolist(), bounds[1:].tolist(), worth_it, strict=True):
        document_id = m.documents[int(m.document[start])]
        if not is_worth_it and document_id not in defined:
            continue
        short = defined.get(document_id, {})
        reading = _reading([calls[call] for call in call_of[start:end].tolist()], short, memory)
        for at, full in reading.meant.items():
            written = int(m.name[start + at])
            found = book.name(full, book.names[written].group).index
            m.name[start + at] = found
            if short and m.texts[int(m.text[start + at])] in short and found != written:
                meant[written].add(found)
        for word, fulls in reading.candidates.items():
            competing[document_id, book.name(word, "PERSON").index] = [
                book.name(full, "PERSON").index for full in fulls
            ]
    return competing, dict(meant)


def _reading(texts: Sequence[tuple[str, str]], definitions: Mapping[str, str], memory: Memory) -> shortforms.Reading:
    given = (texts, sorted(definitions.items()))
    meant, candidates = memory.recall("short forms", given, lambda: _as_lists(shortforms.read(texts, definitions)))
    return shortforms.Reading(dict(meant), candidates)


def _as_lists(reading: shortforms.Reading) -> tuple[list[tuple[int, str]], dict[str, list[str]]]:
    return list(reading.meant.items()), reading.candidates


def count(book: Book) -> None:
    """Counts each name's mentions and documents, and gives it the text that it is most often written with."""
    m = book.mentions
    for name, n in zip(book.names, np.bincount(m.name, minlength=len(book.names)).tolist(), strict=True):
        name.n = n
    book.found_in = lists(m.name, m.document, len(book.names))
    n_texts = max(1, len(m.texts))
    surfaces, counts = counted(m.written * n_texts + m.text)
    names, texts = np.divmod(surfaces, n_texts)
    best: dict[int, tuple[int, bool, str]] = {}
    for index, number, n in zip(names.tolist(), texts.tolist(), counts.tolist(), strict=True):
        text = m.texts[number]
        rank = (n, not text.isupper(), text)
        if index not in best or rank > best[index]:
            best[index] = rank
    for index, (_, _, text) in best.items():
        name = book.names[index]
        name.text, name.is_written = text, True
