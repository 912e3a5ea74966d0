"""One text, one analysis, whatever the processor: with its instructions hidden, and against what another machine found."""

import os
import tomllib
from pathlib import Path

import pytest

from pipelines.language.model import FOLDER
from tests.instruction_sets import CannotHideError, digests, own_level, seen

FLOOR = Path(__file__).parent.parent / "cases" / "language_floor.toml"

pytestmark = pytest.mark.skipif(not (FOLDER / "model.onnx").exists(), reason="seeds/model holds no model")


@pytest.mark.skipif("HEARSAY_HIDDEN" in os.environ, reason="instructions are hidden already")
def test_labels_and_bits_are_the_same_with_instructions_hidden(tmp_path: Path) -> None:
    try:
        _, read, refused = seen(tmp_path)
    except CannotHideError as error:
        pytest.skip(str(error))
    if len(read) == 1:
        pytest.skip("; ".join(f"{name}: {why}" for name, why in refused.items()))
    assert len({found["labels"] for found in read.values()}) == 1, read
    assert len({found["bits"] for found in read.values()}) == 1, read


def test_labels_and_bits_are_those_of_other_machines() -> None:
    try:
        if own_level() == "no AVX2":
            pytest.skip("without AVX2 nothing is promised")
    except CannotHideError as error:
        pytest.skip(str(error))
    pinned = tomllib.loads(FLOOR.read_text(encoding="utf-8"))["same"]
    assert digests() == pinned, (
        "model, vocabulary, tokenizer or sentences changed (then pin these), or this processor reads them otherwise"
    )
