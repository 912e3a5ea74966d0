"""A trained network to the shipped file: an ONNX graph in int8, made for one window at a time.

Every weight matrix of the encoder is kept in seven bits, with a scale for each of its columns. Seven, not eight:
processors without VNNI add two products in 16 bits, which eight bits overflow, and then the same text would be
analysed differently there. Sums of floats are made only by operations that add in one order on every x86-64 with AVX2
(``_attention`` says where that is not a matter of course). Activations are scaled per window while it runs; a window is
a call of its own, so that no other text has a say in its scale, and no text is padded.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from pipelines.train.network import Network

Floats = NDArray[np.float32]
Shape = tuple[int, Sequence[int | str]]

LARGEST = 63
"""The largest weight in seven bits."""


CAUTION = {"PERSON": 0.45, "ORG": 0.0, "LOC": 0.65}
"""Taken off the scores of a type's names: corpora made for names are denser in them than other text is. Chosen on
``uner-ewt-dev`` among a dozen settings, news sets gaining too."""


class _Graph:
    """Collects nodes and constants; every method adds one operation and returns the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def half(self, name: str, value: Floats) -> str:
        """A constant kept in 16 bits, read in 32."""
        small = self.constant(f"{name}.half", value.astype(np.float16))
        return self.add("Cast", [small], name, to=TensorProto.FLOAT)

    def write(self, path: Path, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape]) -> None:
        ends = [
            [helper.make_tensor_value_info(name, *shape) for name, shape in values.items()]
            for values in (inputs, outputs)
        ]
        model = helper.make_model(
            helper.make_graph(self.nodes, "hearsay", *ends, self.constants),
            opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)],
            ir_version=8,
            producer_name="hearsay",
        )
        onnx.checker.check_model(model)
        path.write_bytes(model.SerializeToString())

    def add(self, operation: str, inputs: list[str], output: str, **attributes: object) -> str:
        domain = "com.microsoft" if operation in _MICROSOFT else ""
        self.nodes.append(helper.make_node(operation, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def split(self, x: str, parts: list[str], sizes: list[int], axis: int = -1) -> list[str]:
        sizes_name = self.constant(f"{x}.sizes", np.array(sizes, np.int64))
        self.nodes.append(helper.make_node("Split", [x, sizes_name], parts, name=f"{x}.split", axis=axis))
        return parts

    def reshape(self, x: str, name: str, shape: list[int]) -> str:
        return self.add("Reshape", [x, self.constant(f"{name}.shape", np.array(shape, np.int64))], name)

    def linear(self, x: str, name: str, weight: Floats, bias: Floats) -> str:
        """``x @ weight + bias`` in int8, the activations scaled as they come."""
        small, scale = quantised(weight, axis=0)
        inputs = [x, self.constant(f"{name}.weight", small), self.constant(f"{name}.scale", scale)]
        no_zero_point = ""
        return self.add("DynamicQuantizeMatMul", [*inputs, no_zero_point, self.constant(f"{name}.bias", bias)], name)


_MICROSOFT = {"DynamicQuantizeMatMul", "FusedMatMul", "Gelu"}


def quantised(weight: Floats, axis: int) -> tuple[NDArray[np.int8], Floats]:
    """Symmetric integers and one scale per slice, the largest weight along ``axis`` being ``LARGEST``."""
    scale = np.maximum(np.abs(weight).max(axis=axis), 1e-8).astype(np.float32) / LARGEST
    return np.clip(np.rint(weight / np.expand_dims(scale, axis)), -LARGEST, LARGEST).astype(np.int8), scale


def export(network: Network, kept: list[int], path: Path) -> None:
    """Writes the graph.

    Inputs: ``pieces`` and ``shapes`` of one window, both ``[1, pieces]``, and ``first``, the position of each word's
    first piece, 0 for the root. Outputs, a row for the root and for each word: ``tags`` (best index), ``names``
    (scores), ``starts`` (above 0 where a sentence starts), ``arcs`` (``[dependent, head]``), ``dependent`` and
    ``head`` (for arc labels, see ``export_relations``). ``kept`` are the rows of the word embeddings to keep.
    """
    graph = _Graph()
    x = _embeddings(graph, network, kept)
    for at in range(len(network.layers)):
        x = _layer(graph, network, at, x)
    _heads(graph, network, x)
    ends = network.size.relation
    graph.write(
        path,
        {
            "pieces": (TensorProto.INT64, [1, "pieces"]),
            "shapes": (TensorProto.INT64, [1, "pieces"]),
            "first": (TensorProto.INT64, ["words"]),
        },
        {
            "tags": (TensorProto.INT64, ["words"]),
            "names": (TensorProto.FLOAT, ["words", network.name.out_features]),
            "starts": (TensorProto.FLOAT, ["words", 1]),
            "arcs": (TensorProto.FLOAT, ["words", "words"]),
            "dependent": (TensorProto.FLOAT, ["words", ends]),
            "head": (TensorProto.FLOAT, ["words", ends]),
        },
    )


def export_relations(network: Network, path: Path) -> None:
    """Writes the graph that labels arcs once the tree is known.

    Inputs: ``dependent`` and ``head``, a row per arc, taken from the outputs of the first graph. Output: ``labels``,
    the best label's index per arc. It is a graph of its own, not numpy, so that one thread does it all.
    """
    graph = _Graph()
    labels, ends = network.relation.shape[0], network.size.relation
    weight = _array(network.relation)
    # score[label] = [dependent 1] . weight[label] . [head 1]; the ones are written out as biases
    turned = weight[:, :-1].transpose(1, 0, 2).reshape(ends, -1)
    inputs = ["dependent", graph.half("weight", turned), graph.half("bias", weight[:, -1].reshape(-1))]
    half = graph.add("Gemm", inputs, "turned")
    shape = graph.constant("shape", np.array([-1, labels, ends + 1], np.int64))
    halves = graph.add("Reshape", [half, shape], "halves")
    parts = graph.split(halves, ["by_head", "alone"], [ends, 1])
    axis = graph.constant("last_axis", np.array([2], np.int64))
    column = graph.add("Unsqueeze", ["head", axis], "column")
    product = graph.add("MatMul", [parts[0], column], "product")
    scores = graph.add("Squeeze", [graph.add("Add", [product, parts[1]], "sum"), axis], "scores")
    graph.add("ArgMax", [scores], "labels", axis=-1, keepdims=0)
    rows: Shape = (TensorProto.FLOAT, ["arcs", ends])
    graph.write(path, {"dependent": rows, "head": rows}, {"labels": (TensorProto.INT64, ["arcs"])})


def _embeddings(graph: _Graph, network: Network, kept: list[int]) -> str:
    words, scale = quantised_rows(_array(network.words.weight)[kept])
    pieces = graph.add("Gather", [graph.constant("words", words), "pieces"], "words.small", axis=0)
    scales = graph.add("Gather", [graph.constant("words.scale", scale[:, None]), "pieces"], "words.scales", axis=0)
    wide = graph.add("Cast", [pieces], "words.wide", to=TensorProto.FLOAT)
    read = graph.add("Mul", [wide, scales], "words.read")
    shapes = graph.constant("shapes.weight", _array(network.shapes.weight))
    shaped = graph.add("Gather", [shapes, "shapes"], "shapes.read", axis=0)
    length = graph.add("Shape", ["pieces"], "length", start=1, end=2)
    begin = graph.constant("begin", np.array([0], np.int64))
    positions = graph.half("positions.weight", _array(network.positions.weight)[None])
    axis = graph.constant("second", np.array([1], np.int64))
    placed = graph.add("Slice", [positions, begin, length, axis], "positions.read")
    summed = graph.add("Add", [graph.add("Add", [read, shaped], "words.shaped"), placed], "embedded")
    return graph.add(
        "LayerNormalization",
        [
            summed,
            graph.constant("norm.weight", _array(network.norm.weight)),
            graph.constant("norm.bias", _array(network.norm.bias)),
        ],
        "x",
        axis=-1,
        epsilon=1e-12,
    )


def quantised_rows(table: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Eight bits and a scale per row: an embedding is looked up, never multiplied in integers."""
    scale = np.maximum(np.abs(table).max(axis=1), 1e-8).astype(np.float32) / 127
    return np.rint(table / scale[:, None]).astype(np.int8), scale


def _layer(graph: _Graph, network: Network, at: int, x: str) -> str:
    layer, name = network.layers[at], f"layer{at}"
    width = network.size.width
    attend = graph.linear(x, f"{name}.attend", _array(layer.attend.weight).T, _array(layer.attend.bias))
    mixed = _attention(graph, name, attend, layer.heads, width)
    mixed = graph.linear(mixed, f"{name}.mix", _array(layer.mix.weight).T, _array(layer.mix.bias))
    x = _normed(graph, f"{name}.norm", x, mixed, layer.norm)
    wide = graph.linear(x, f"{name}.widen", _array(layer.widen.weight).T, _array(layer.widen.bias))
    wide = graph.add("Gelu", [wide], f"{name}.gelu")
    narrow = graph.linear(wide, f"{name}.narrow", _array(layer.narrow.weight).T, _array(layer.narrow.bias))
    return _normed(graph, f"{name}.last_norm", x, narrow, layer.last_norm)


def _attention(graph: _Graph, name: str, attend: str, heads: int, width: int) -> str:
    """Queries, keys and values of all heads, side by side, to the values as mixed by each head's softmax.

    Built of its parts because the sum in a softmax (so in MultiHeadAttention and in Softmax) is added up in as many lanes as
    the processor has, and a last bit there grows to another label in one sentence of a hundred. Matrix products add
    term by term whatever the lanes are: so the sum is one, of the exponents with a column of ones beside the values.
    """
    each = width // heads
    by_head = graph.reshape(attend, f"{name}.by_head", [-1, 3 * heads, each])
    ends = [f"{name}.query", f"{name}.key", f"{name}.value"]
    query, key, value = graph.split(by_head, ends, [heads] * 3, axis=1)
    across = {"transBatchA": 1, "transBatchB": 1, "transB": 1, "alpha": each**-0.5}
    scores = graph.add("FusedMatMul", [query, key], f"{name}.scores", **across)
    most = graph.add("ReduceMax", [scores], f"{name}.most", axes=[-1], keepdims=1)
    weights = graph.add("Exp", [graph.add("Sub", [scores, most], f"{name}.less")], f"{name}.weights")
    pads = graph.constant(f"{name}.pads", np.array([0, 0, 0, 0, 0, 1], np.int64))
    one = graph.constant(f"{name}.one", np.array(1, np.float32))
    with_one = graph.add("Pad", [value, pads, one], f"{name}.with_one")
    summed = graph.add("FusedMatMul", [weights, with_one], f"{name}.summed", transBatchB=1)
    beside = graph.add("Transpose", [summed], f"{name}.beside", perm=[1, 0, 2])
    parts = graph.split(beside, [f"{name}.weighted", f"{name}.total"], [each, 1])
    return graph.reshape(graph.add("Div", parts, f"{name}.ratio"), f"{name}.mixed", [1, -1, width])


def _normed(graph: _Graph, name: str, x: str, more: str, norm: object) -> str:
    weight = graph.constant(f"{name}.weight", _array(norm.weight))  # type: ignore[attr-defined]
    bias = graph.constant(f"{name}.bias", _array(norm.bias))  # type: ignore[attr-defined]
    both = graph.add("Add", [x, more], f"{name}.sum")  # SkipLayerNormalization does the same at half the speed
    return graph.add("LayerNormalization", [both, weight, bias], name, axis=-1, epsilon=1e-12)


def _heads(graph: _Graph, network: Network, x: str) -> None:
    """All heads in one product; the sentence-start head is the difference of its two scores."""
    squeezed = graph.add("Squeeze", [x, graph.constant("first_axis", np.array([0], np.int64))], "squeezed")
    words = graph.add("Gather", [squeezed, "first"], "read_words", axis=0)
    layers = [network.tag, network.name, network.arc_dependent, network.arc_head]
    layers += [network.relation_dependent, network.relation_head]
    weights = [_array(layer.weight) for layer in layers]
    biases = [_array(layer.bias) for layer in layers]
    biases[1] = biases[1] - np.array([CAUTION.get(name[2:], 0.0) for name in network.labels.names], np.float32)
    start_weight, start_bias = _array(network.start.weight), _array(network.start.bias)
    weights.insert(2, start_weight[1:] - start_weight[:1])
    biases.insert(2, start_bias[1:] - start_bias[:1])
    product = graph.add(
        "Gemm",
        [
            words,
            graph.half("heads.weight", np.concatenate(weights).T),
            graph.constant("heads.bias", np.concatenate(biases)),
        ],
        "heads",
    )
    names = ["tag_scores", "names", "starts", "arc_dependent", "arc_head", "relation_dependent", "relation_head"]
    graph.split(product, names, [len(bias) for bias in biases])
    graph.add("ArgMax", ["tag_scores"], "tags", axis=-1, keepdims=0)
    for name, output in (("relation_dependent", "dependent"), ("relation_head", "head")):
        graph.add("LeakyRelu", [name], output, alpha=0.1)
    dependent = graph.add("LeakyRelu", ["arc_dependent"], "arc_dependent_bent", alpha=0.1)
    head = graph.add("LeakyRelu", ["arc_head"], "arc_head_bent", alpha=0.1)
    arc = _array(network.arc) / np.float32(8)
    turned = graph.add(
        "Gemm", [dependent, graph.half("arc.weight", arc[:-1]), graph.constant("arc.bias", arc[-1])], "arc_turned"
    )
    graph.add("MatMul", [turned, graph.add("Transpose", [head], "arc_across", perm=[1, 0])], "arcs")


def _array(tensor: Tensor) -> Floats:
    found: Floats = tensor.detach().cpu().float().numpy()
    return found
