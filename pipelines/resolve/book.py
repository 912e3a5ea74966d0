"""The names of all documents by their letters, and what each document says of its own short forms."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from pipelines.resolve import shortforms
from pipelines.resolve.memory import Memory
from pipelines.resolve.romanise import fold

GROUP = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "NORP": "NORP"}
"""Mention type to the group inside which names are compared; every other type is OTHER."""
PREVAILS = 3  # a name typed differently in other documents takes the type that outnumbers the rest by so much
PREVAILS_OVER_PERSON = 1.5  # or by so much, where no document has the person's full name


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
    surfaces: dict[str, int] = field(default_factory=dict)
    documents: list[str] = field(default_factory=list)
    """In order, each once."""


@dataclass(slots=True)
class Mention:
    """One mention while it is being resolved. ``name`` is the index of its Name, after short forms were read."""

    mention_id: str
    document_id: str
    start: int
    text: str
    type: str
    name: int = -1
    written: int = -1
    """Index of the Name as written, before its short form was read."""


class Book:
    """The names, found by group and key."""

    def __init__(self) -> None:
        """An empty book."""
        self.names: list[Name] = []
        self._found: dict[tuple[str, str], int] = {}
        self._folded: dict[str, str] = {}

    def fold(self, text: str) -> str:
        """The folded text, remembered; a text of no letters or digits stands for itself."""
        folded = self._folded.get(text)
        if folded is None:
            folded = fold(text).removeprefix("the ") or text
            self._folded[text] = folded
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


def columns(table: Any, *columns: str) -> list[list[Any]]:
    """The columns of a pandas or Arrow table as lists, equal values one object; a column that is not there is all null."""
    names = list(table.column_names) if hasattr(table, "column_names") else list(table.columns)
    length = table.num_rows if hasattr(table, "num_rows") else len(table)
    return [_values(table[c]) if c in names else [None] * length for c in columns]


def _values(column: Any) -> list[Any]:
    array = column if isinstance(column, pa.ChunkedArray | pa.Array) else pa.array(column, from_pandas=True)
    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        return list(array.to_pylist())
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # a column of no or of very many characters
        return list(array.to_pylist())
    encoded = array.dictionary_encode()  # a million mentions repeat few texts
    distinct = encoded.dictionary.to_pylist()
    return [None if at is None else distinct[at] for at in encoded.indices.to_pylist()]


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def read_mentions(mentions: Any) -> tuple[list[Mention], dict[str, str | None]]:
    """The named mentions in order of document and place, and the others: mention to antecedent."""
    named: list[Mention] = []
    pointing: dict[str, str | None] = {}
    table = columns(mentions, "mention_id", "document_id", "start_char", "text", "type", "form", "antecedent_id")
    for mention_id, document_id, start, text, kind, form, antecedent in zip(*table, strict=True):
        if form in ("nominal", "pronoun"):
            pointing[mention_id] = _text_or_none(antecedent)
        else:
            named.append(Mention(mention_id, document_id, int(start), text, kind))
    named.sort(key=lambda m: (m.document_id, m.start, m.mention_id))
    return named, pointing


def fill(book: Book, named: list[Mention]) -> None:
    """Gives each mention its name, in the group that nearly all mentions of the same letters have."""
    written = Counter((mention.text, mention.type) for mention in named)
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (text, kind), n in written.items():
        groups[book.fold(text)][group_of(kind)] += n
    full = {text: book.fold(text).split() for text, kind in written if kind == "PERSON" and " " in text}
    prevailing = _prevailing(groups, {word for words in full.values() for word in words})
    telling = {text: found for text, words in full.items() if (found := [word for word in words if word in prevailing])}
    with_full_name = {
        (m.document_id, word) for m in named if m.type == "PERSON" and m.text in telling for word in telling[m.text]
    }
    names: dict[tuple[str, str], int] = {}
    for mention in named:
        index = names.get((mention.text, mention.type))
        if index is None:
            key, group = book.fold(mention.text), group_of(mention.type)
            if key in prevailing and group == "PERSON" != prevailing[key]:  # depends on the document
                if (mention.document_id, key) not in with_full_name:
                    group = prevailing[key]
                index = book.name(mention.text, group).index
            else:
                index = book.name(mention.text, prevailing.get(key, group)).index
                names[mention.text, mention.type] = index
        mention.name = mention.written = index


def _prevailing(groups: Mapping[str, Counter[str]], people: set[str]) -> dict[str, str]:
    """The group of names that are typed differently in places but nearly always the same. ``people``: words of full names."""
    found: dict[str, str] = {}
    for key, counts in groups.items():
        if len(counts) == 1:
            continue
        (top, n), *rest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        only_person = [group for group, _ in rest] == ["PERSON"] and key not in people
        if n >= (PREVAILS_OVER_PERSON if only_person else PREVAILS) * sum(count for _, count in rest):
            found[key] = top
    return found


def read_short_forms(
    book: Book, named: list[Mention], definitions: Iterable[Mapping[str, Any]], memory: Memory | None = None
) -> tuple[dict[tuple[str, int], list[int]], dict[int, set[int]]]:
    """Moves mentions that a document's full names explain to those names.

    Gives back the names that several explain, and, for each short form that a text defines, the names it is short for.
    """
    defined: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in definitions:
        defined[row["document_id"]][row["short"]] = row["long"]
    competing: dict[tuple[str, int], list[int]] = {}
    meant: defaultdict[int, set[int]] = defaultdict(set)
    start = 0
    while start < len(named):
        end = start
        while end < len(named) and named[end].document_id == named[start].document_id:
            end += 1
        part = named[start:end]
        document_id = part[0].document_id
        texts = [(m.text, book.names[m.name].group) for m in part]
        if document_id in defined or any(
            shortforms.is_short(text, group) or group == "ORG" for text, group in set(texts)
        ):
            reading = _reading(texts, defined.get(document_id, {}), memory)
            for at, full in reading.meant.items():
                part[at].name = book.name(full, book.names[part[at].name].group).index
            for short, fulls in reading.candidates.items():
                competing[document_id, book.name(short, "PERSON").index] = [
                    book.name(full, "PERSON").index for full in fulls
                ]
            for mention in part:
                if mention.text in defined.get(document_id, {}) and mention.name != mention.written:
                    meant[mention.written].add(mention.name)
        start = end
    return competing, dict(meant)


def _reading(
    texts: Sequence[tuple[str, str]], definitions: Mapping[str, str], memory: Memory | None
) -> shortforms.Reading:
    if memory is None:
        return shortforms.read(texts, definitions)
    given = [texts, sorted(definitions.items())]
    meant, candidates = memory.recall("short forms", given, lambda: _as_lists(shortforms.read(texts, definitions)))
    return shortforms.Reading(dict(meant), candidates)


def _as_lists(reading: shortforms.Reading) -> tuple[list[tuple[int, str]], dict[str, list[str]]]:
    return list(reading.meant.items()), reading.candidates


def count(book: Book, named: list[Mention]) -> None:
    """Counts each name's mentions, its spellings and its documents; ``named`` is in order of document."""
    for mention in named:
        name = book.names[mention.name]
        name.n += 1
        if not name.documents or name.documents[-1] != mention.document_id:
            name.documents.append(mention.document_id)
        surfaces = book.names[mention.written].surfaces
        surfaces[mention.text] = surfaces.get(mention.text, 0) + 1
    for name in book.names:
        if name.surfaces:
            name.text = max(name.surfaces.items(), key=lambda item: (item[1], not item[0].isupper(), item[0]))[0]
