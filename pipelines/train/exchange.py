"""Names exchanged for others of their kind, and words hidden, so that names are learnt from what is said of them.

A few hundred organisations are soon known by heart; what should be learnt is how a sentence speaks of one. A name
gives way to another of the same type, length and casing, so that the tree above it stays as it was (Dai and Adel 2020,
"mention replacement"), and now and then a word is hidden, more often one in a name. The other name is a corpus's own or
an invented one.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.language.labels import Labels
from pipelines.language.pieces import Pieces
from pipelines.train.batches import Encoded
from pipelines.train.names import Span, spans_of

Kind = tuple[str, tuple[int, ...]]
"""A name's type and the shapes of its words."""

Words = tuple[tuple[int, ...], ...]
"""A name: the pieces of each of its words."""


@dataclass(frozen=True, slots=True)
class Stirring:
    """Shares: of names that are exchanged, of words hidden, of words in names hidden, of exchanges for invented names."""

    exchanged: float
    hidden: float
    hidden_in_name: float
    invented: float = 0.0


class Names:
    """The names of a corpus by kind, each once, and invented ones, to be exchanged for one another."""

    def __init__(self, sentences: Iterable[Encoded], labels: Labels) -> None:
        self.labels = labels
        found: dict[Kind, dict[Words, None]] = defaultdict(dict)
        for sentence in sentences:
            for span in self.spans(sentence):
                found[_kind(sentence, span)][tuple(map(tuple, sentence.pieces[span[0] : span[1]]))] = None
        self._by_kind = _listed(found)
        self._invented: Mapping[Kind, Sequence[Words]] = {}

    def invent(self, names: Iterable[tuple[str, Sequence[str]]], pieces: Pieces) -> None:
        """Adds names that stand in no corpus: the type and the words of each."""
        found: dict[Kind, dict[Words, None]] = defaultdict(dict)
        for kind, words in names:
            read = [pieces.of(word) for word in words]
            found[kind, tuple(shape for _, shape in read)][tuple(tuple(own) for own, _ in read)] = None
        self._invented = _listed(found)

    def spans(self, sentence: Encoded) -> list[Span]:
        if not sentence.names or sentence.names[0] < 0:
            return []
        return spans_of([self.labels.names[name] for name in sentence.names])

    def exchanged(self, sentence: Encoded, rng: random.Random, mask: int, stirring: Stirring) -> Encoded:
        """The sentence with some names exchanged and some words hidden behind the piece ``mask``."""
        spans = self.spans(sentence)
        pieces = list(sentence.pieces)
        for span in spans:
            if rng.random() < stirring.exchanged:
                kind = _kind(sentence, span)
                others = self._invented.get(kind)
                if not others or rng.random() >= stirring.invented:
                    others = self._by_kind[kind]
                pieces[span[0] : span[1]] = map(list, rng.choice(others))
        named = {at for start, end, _ in spans for at in range(start, end)}
        for at in range(len(pieces)):
            if rng.random() < (stirring.hidden_in_name if at in named else stirring.hidden):
                pieces[at] = [mask]
        return replace(sentence, pieces=pieces)


def _kind(sentence: Encoded, span: Span) -> Kind:
    return span[2], tuple(sentence.shapes[span[0] : span[1]])


def _listed(found: Mapping[Kind, Mapping[Words, None]]) -> Mapping[Kind, Sequence[Words]]:
    return {kind: list(names) for kind, names in found.items()}
