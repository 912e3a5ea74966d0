"""The label sets of a model folder, in the order of the network's outputs."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

NAMES = ("O", "B-PERSON", "I-PERSON", "B-ORG", "I-ORG", "B-LOC", "I-LOC")


@dataclass(frozen=True, slots=True)
class Labels:
    """``tags`` are Penn tags, ``relations`` dependency labels (the root's is ROOT), ``names`` BIO tags."""

    tags: tuple[str, ...]
    relations: tuple[str, ...]
    names: tuple[str, ...] = NAMES

    @classmethod
    def of(cls, tags: Iterable[str], relations: Iterable[str]) -> "Labels":
        """Sorted, so that the same corpora give the same numbers; with the labels that repairs need."""
        return cls(tuple(sorted(set(tags))), tuple(sorted({"ROOT", "dep", "parataxis", *relations})))

    @classmethod
    def read(cls, path: Path) -> "Labels":
        return cls(**{key: tuple(value) for key, value in json.loads(path.read_text(encoding="utf-8")).items()})

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=0), encoding="utf-8")
