"""Names exchanged for others of their kind, and words hidden, so that names are learnt from what is said of them.

A few hundred organisations are soon known by heart; what should be learnt is how a sentence speaks of one. A name
gives way to another of the same type, length and casing, so that the tree above it stays as it was (Dai and Adel 2020,
"mention replacement"), and now and then a word is hidden, more often one in a name.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipelines.language.labels import Labels
from pipelines.train.batches import Encoded
from pipelines.train.names import Span, spans_of

Kind = tuple[str, tuple[int, ...]]
"""A name's type and the shapes of its words."""

EXCHANGED, HIDDEN, HIDDEN_IN_NAME = 0.25, 0.02, 0.08


class Names:
    """The names of a corpus by kind, each once, to be exchanged for one another."""

    def __init__(self, sentences: Iterable[Encoded], labels: Labels) -> None:
        self.labels = labels
        found: dict[Kind, dict[tuple[tuple[int, ...], ...], None]] = defaultdict(dict)
        for sentence in sentences:
            for span in self.spans(sentence):
                found[_kind(sentence, span)][tuple(map(tuple, sentence.pieces[span[0] : span[1]]))] = None
        self._by_kind: Mapping[Kind, Sequence[tuple[tuple[int, ...], ...]]] = {
            kind: list(names) for kind, names in found.items()
        }

    def spans(self, sentence: Encoded) -> list[Span]:
        if not sentence.names or sentence.names[0] < 0:
            return []
        return spans_of([self.labels.names[name] for name in sentence.names])

    def exchanged(self, sentence: Encoded, rng: random.Random, mask: int) -> Encoded:
        """The sentence with some names exchanged and some words hidden behind the piece ``mask``."""
        spans = self.spans(sentence)
        pieces = list(sentence.pieces)
        for span in spans:
            if rng.random() < EXCHANGED:
                pieces[span[0] : span[1]] = map(list, rng.choice(self._by_kind[_kind(sentence, span)]))
        named = {at for start, end, _ in spans for at in range(start, end)}
        for at in range(len(pieces)):
            if rng.random() < (HIDDEN_IN_NAME if at in named else HIDDEN):
                pieces[at] = [mask]
        return replace(sentence, pieces=pieces)


def _kind(sentence: Encoded, span: Span) -> Kind:
    return span[2], tuple(sentence.shapes[span[0] : span[1]])
