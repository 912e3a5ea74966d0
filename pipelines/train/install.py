"""A trained network to a model folder: everything that ``pipelines.language`` reads, and nothing else."""

import unicodedata
from pathlib import Path

from pipelines.language.labels import Labels
from pipelines.language.lemmas import Lemmas, known_words
from pipelines.train.corpora import Sentence
from pipelines.train.export import export, export_relations
from pipelines.train.lemmas import lemma_table, write_lemmas
from pipelines.train.network import Network


def install(network: Network, labels: Labels, vocabulary: list[str], treebanks: list[Sentence], folder: Path) -> None:
    """Writes ``model.onnx``, ``relations.onnx``, ``labels.json``, ``vocabulary.txt`` and ``lemmas.tsv``."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = [at for at, piece in enumerate(vocabulary) if is_kept(piece)]
    (folder / "vocabulary.txt").write_text("\n".join(vocabulary[at] for at in kept), encoding="utf-8")
    labels.write(folder / "labels.json")
    export(network, kept, folder / "model.onnx")
    export_relations(network, folder / "relations.onnx")
    rules = Lemmas({}, known_words(folder / "vocabulary.txt"))
    write_lemmas(lemma_table(treebanks, rules), folder / "lemmas.tsv")


def is_kept(piece: str) -> bool:
    """Latin pieces, digits, marks and symbols; not the placeholders and the pieces of other scripts.

    A word in another script is the unknown piece with its shape then, which is all that can be known of it in English
    text; a tenth of the embeddings, and of the file, is saved.
    """
    if piece.startswith("[unused"):
        return False
    return not any(char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") for char in piece)
