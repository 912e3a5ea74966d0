"""The shipped model: opens ``seeds/model`` and reads one window of words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from pipelines.language.labels import Labels
from pipelines.language.lemmas import read_lemmas
from pipelines.language.pieces import Pieces
from pipelines.lexicon.entries import SEEDS

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FOLDER = SEEDS / "model"
MAX_PIECES = 254
"""The encoder has 256 positions, two of which are taken by the marks around a window."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network says of a window. The arrays have a row per word; arcs and ends one more, first, for the root."""

    tags: Ints
    names: Floats
    starts: Floats
    arcs: Floats
    dependent: Floats
    head: Floats


class Model:
    """A model folder, opened: the network on one thread, its labels, and its vocabulary."""

    def __init__(self, folder: Path) -> None:
        """Raises FileNotFoundError: the folder holds no model."""
        self.labels = Labels.read(folder / "labels.json")
        self.pieces = Pieces((folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n"))
        self.lemmas = read_lemmas(folder)
        self._words = _session(folder / "model.onnx")
        self._relations = _session(folder / "relations.onnx")

    def read(self, pieces: Sequence[tuple[list[int], int]]) -> Reading:
        """The network over one window, given each word's pieces and shape.

        A window is always a call of its own: int8 activations are scaled over what is read together, and so a text
        is analysed the same whatever is analysed before, after or beside it.
        """
        ids, shapes, first = [self.pieces.classifier], [0], [0]
        for own, shape in pieces:
            first.append(len(ids))
            ids += own
            shapes += [shape] * len(own)
        ids.append(self.pieces.separator)
        shapes.append(0)
        feeds = {
            "pieces": np.array([ids], np.int64),
            "shapes": np.array([shapes], np.int64),
            "first": np.array(first, np.int64),
        }
        tags, names, starts, arcs, dependent, head = self._words.run(None, feeds)
        return Reading(tags[1:], names[1:], starts[1:, 0], arcs, dependent, head)

    def relations(self, dependent: Floats, head: Floats) -> Ints:
        """The best label of each arc, given the two ends' rows of a ``Reading``."""
        best: Ints = self._relations.run(None, {"dependent": dependent, "head": head})[0]
        return best


@cache
def opened(folder: Path) -> Model:
    """The model of a folder, opened once a process.

    Raises:
        FileNotFoundError: the folder holds no model.
    """
    return Model(folder)


def _session(path: Path) -> onnxruntime.InferenceSession:
    if not path.exists():
        raise FileNotFoundError(f"no language model: {path} is missing")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # on arm64 with SME it would scale activations another way than everywhere else
    options.add_session_config_entry("mlas.disable_kleidiai", "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
