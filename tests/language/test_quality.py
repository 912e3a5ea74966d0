"""The shipped model against sentences of our own: a floor, pinned with what was measured.

When the model or the sentences change, the digest fails: look at the new scores, and pin them on purpose. The floor is
a word or a name below what was measured, since training again rounds a close decision the other way.
"""

import hashlib
import tomllib
from pathlib import Path

import pytest

from pipelines.language import analyse
from pipelines.language.model import FOLDER

CASES = Path(__file__).parent.parent / "cases"
FILES = ("model.onnx", "relations.onnx", "labels.json", "vocabulary.txt")

pytestmark = pytest.mark.skipif(not (FOLDER / "model.onnx").exists(), reason="seeds/model holds no model")


def measured() -> dict[str, float]:
    """Per cent of tags, heads and labelled heads (without punctuation), and F of names and of sentences."""
    sentences = tomllib.loads((CASES / "language.toml").read_text(encoding="utf-8"))["sentence"]
    docs = analyse(["\n\n".join(sentence["text"] for sentence in sentences)])
    spans = [sent for sent in next(docs).sents if any(not token.is_space for token in sent)]
    tags = heads = labelled = words = counted = right = found = wanted = 0
    whole = len(spans) == len(sentences)
    for sentence, span in zip(sentences, spans, strict=False):
        tokens = [token for token in span if not token.is_space]
        gold = [word.rsplit("/", 3) for word in sentence["words"].split()]
        assert [token.text for token in tokens] == [word[0] for word in gold]
        for token, (_, tag, head, label) in zip(tokens, gold, strict=True):
            words += 1
            tags += token.tag_ == tag
            if label != "punct":
                same = (0 if token.head == token else token.head.i - span.start + 1) == int(head)
                counted += 1
                heads += same
                labelled += same and token.dep_ == label
        names = {(name["text"], name["type"]) for name in sentence["names"]}
        own = {(ent.text, ent.label_) for ent in span.ents}
        right, found, wanted = right + len(names & own), found + len(own), wanted + len(names)
    return {
        "sentences": 100.0 * whole,
        "tags": round(100 * tags / words, 1),
        "uas": round(100 * heads / counted, 1),
        "las": round(100 * labelled / counted, 1),
        "names": round(200 * right / (found + wanted), 1),
    }


def digest() -> str:
    """Of everything that the scores depend on."""
    total = hashlib.sha256()
    for path in [*(FOLDER / name for name in FILES), CASES / "language.toml"]:
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def test_scores_are_the_pinned_ones() -> None:
    pinned = tomllib.loads((CASES / "language_floor.toml").read_text(encoding="utf-8"))
    scores = measured()
    assert digest() == pinned["digest"], f"model or sentences changed: measured {scores}, digest {digest()}; pin them"
    for measure, floor in pinned["scores"].items():
        assert scores[measure] >= floor, f"{measure}: {scores[measure]} is below the floor of {floor}"
