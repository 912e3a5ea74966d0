"""What the clusters come to: every mention's entity, and the rows of ``entities``."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.ingest.document import Row
from pipelines.lexicon.entries import entries
from pipelines.resolve.alike import abbreviations as shortforms
from pipelines.resolve.alike.romanise import fold
from pipelines.resolve.clusters.book import Book, group_of
from pipelines.resolve.clusters.columns import Numbers, column, counted, lists, runs
from pipelines.resolve.ids import Unit, unit_of
from pipelines.resolve.overrides import Override


class Writer:
    """The entities of a book whose names have their homes (clusters) and these their ids."""

    def __init__(
        self, book: Book, home: Mapping[int, Any], birth: Mapping[Unit, str], final: Mapping[str, str]
    ) -> None:
        """Finds the entity (a number into ``ids``, which ascend) of each mention."""
        self.book, self._home, self._birth, self._final = book, home, birth, final
        m = book.mentions
        used = np.bincount(m.name, minlength=len(book.names)).tolist()
        of_name = [
            final[birth[home.get(index, index)]] if n and not isinstance(home.get(index), dict) else None
            for index, n in enumerate(used)
        ]
        local = np.array([found is None for found in of_name], dtype=np.bool_)
        by_document = np.flatnonzero(local[m.name]) if len(m.name) else m.name
        places = zip(m.name[by_document].tolist(), m.document[by_document].tolist(), strict=True)
        differing = [final[birth[unit_of(home, name, m.documents[document])]] for name, document in places]
        self.ids = sorted({*(found for found in of_name if found is not None), *differing})
        number = {entity_id: at for at, entity_id in enumerate(self.ids)}
        of_names = np.array([-1 if found is None else number[found] for found in of_name], dtype=np.int64)
        self._entity: Numbers = of_names[m.name]
        self._entity[by_document] = [number[found] for found in differing]
        self._of_name = of_name
        self._shown = frozenset(self.ids)

    def entity_of(self, pointing: Mapping[str, str | None]) -> dict[str, str | None]:
        """Mention to entity; null for one that stands for a name (``pointing``: to what) that is none or cannot be found."""
        entities = map(self.ids.__getitem__, self._entity.tolist())
        found: dict[str, str | None] = dict(zip(self.book.mentions.ids.to_pylist(), entities, strict=True))
        for mention_id in pointing:
            found[mention_id] = _followed(mention_id, pointing, found)
        return found

    def entity_of_name(self, name: int) -> str | None:
        """The entity of a name that is one in all documents; null where it differs, or where no mention has it."""
        if (known := self._of_name[name]) is not None:
            return known
        where = self._home.get(name, name)
        born = None if isinstance(where, dict) else self._birth.get(where)
        found = None if born is None else self._final[born]
        return found if found in self._shown else None

    def rows(
        self,
        pointing: Mapping[str, str | None],
        entity_of: Mapping[str, str | None],
        seen_on: Mapping[str, date | None],
    ) -> dict[str, Row]:
        """The rows of ``entities`` by their ids, in order."""
        m, n_entities = self.book.mentions, len(self.ids)
        n_mentions = np.bincount(self._entity, minlength=n_entities).tolist()
        number = {entity_id: at for at, entity_id in enumerate(self.ids)}
        for mention_id in pointing:
            if (followed := entity_of[mention_id]) is not None:
                n_mentions[number[followed]] += 1
        by_date = sorted(range(len(m.documents)), key=lambda d: (seen_on.get(m.documents[d]) or date.max, d))
        when = np.empty(len(by_date), dtype=np.int64)
        when[by_date] = np.arange(len(by_date))
        first_of = np.full(n_entities, len(by_date), dtype=np.int64)
        np.minimum.at(first_of, self._entity, when[m.document])
        n_documents = lists(self._entity, m.document, n_entities).lengths.tolist()
        firsts = [m.documents[by_date[rank]] for rank in first_of.tolist()]
        shown: dict[str, Row] = {}
        columns = (self.ids, self._kinds(), self._texts(), n_mentions, n_documents, firsts)
        for entity_id, kind, counts, n, n_in, first in zip(*columns, strict=True):
            aliases = list(counts)
            if len(aliases) > 1:
                aliases.sort(key=lambda text: (-counts[text], text))
            shown[entity_id] = {
                "entity_id": entity_id,
                "name": _best_name(aliases, counts, kind),
                "type": kind,
                "aliases": aliases,
                "n_mentions": n,
                "n_documents": n_in,
                "first_document_id": first,
                "wikidata_id": None,
            }
        return shown

    def _kinds(self) -> list[str]:
        """The type that most mentions of each entity have."""
        kinds = self.book.mentions.kinds
        pairs, counts = counted(self._entity * max(1, len(kinds)) + self.book.mentions.kind)
        entity, kind = np.divmod(pairs, max(1, len(kinds)))
        order = np.lexsort((kind, counts, entity))
        return [kinds[number] for number in kind[order[runs(entity)[1:] - 1]].tolist()] if len(order) else []

    def _texts(self) -> list[dict[str, int]]:
        """How each entity is written, on one line and without double blanks, and how often."""
        m = self.book.mentions
        on_one_line = [" ".join(text.split()) for text in m.texts]
        texts = sorted(set(on_one_line))
        number = {text: at for at, text in enumerate(texts)}
        as_shown = np.array([number[text] for text in on_one_line], dtype=np.int64)
        pairs, counts = counted(self._entity * max(1, len(texts)) + as_shown[m.text])
        entity, at = np.divmod(pairs, max(1, len(texts)))
        found: list[dict[str, int]] = [{} for _ in self.ids]
        for which, text, n in zip(entity.tolist(), at.tolist(), counts.tolist(), strict=True):
            found[which][texts[text]] = n
        return found

    def by_name(self, keys: Iterable[str]) -> dict[str, set[str]]:
        """The entities of each of these folded names."""
        wanted, m = set(keys), self.book.mentions
        chosen = np.array([self.book.fold(text) in wanted for text in m.texts], dtype=np.bool_)
        at = np.flatnonzero(chosen[m.text]) if len(m.text) else m.text
        found: defaultdict[str, set[str]] = defaultdict(set)
        for text, entity in set(zip(m.text[at].tolist(), self._entity[at].tolist(), strict=True)):
            found[self.book.fold(m.texts[text])].add(self.ids[entity])
        return found


def asked_for(decided: Sequence[Override]) -> set[str]:
    """The folded names that overrides and metonyms speak of."""
    spoken_of = {line.key.removeprefix("the ") for line in decided}
    return spoken_of | {fold(row["form"]) for row in (*entries("metonyms"), *entries("capitals"))}


def first_seen(documents: Any) -> dict[str, date | None]:
    """Document to its day of publication; null where none is known."""
    ids = column(documents, "document_id", pa.large_string()).to_pylist()
    return dict(zip(ids, column(documents, "published_on", pa.date32()).to_pylist(), strict=True))


def _followed(mention_id: str, pointing: Mapping[str, str | None], entity_of: Mapping[str, str | None]) -> str | None:
    """The entity at the end of a chain of antecedents, null when it ends nowhere or runs in a circle."""
    visited: set[str] = set()
    at: str | None = mention_id
    while at is not None and at in pointing and at not in visited:
        visited.add(at)
        at = pointing[at]
    return entity_of.get(at) if at is not None and at not in pointing else None


def _best_name(aliases: Sequence[str], counts: Mapping[str, int], kind: str) -> str:
    """The alias to show: a full name before a short one, then the most frequent; capitals throughout come last."""
    if len(aliases) == 1:
        return aliases[0]

    def rank(text: str) -> tuple[bool, int, int, str]:
        return (text.isupper() and len(text) > 5, -counts[text], -len(text), text)

    ordered = sorted(aliases, key=rank)
    if kind == "PERSON":
        shouting = rank(ordered[0])[0]
        same = (text for text in ordered if rank(text)[0] == shouting)
        return next((text for text in same if not shortforms.is_short(text, group_of(kind))), ordered[0])
    return ordered[0]
