"""The training loop: fixed seeds, a schedule in steps, a checkpoint from which it goes on exactly where it stopped."""

import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (the name everybody uses)
from torch import Tensor

from pipelines.language.labels import Labels
from pipelines.language.pieces import Pieces
from pipelines.train.batches import NOTHING, Encoded, arrays, batched, encoded, runs
from pipelines.train.corpora import Corpora, Sentence
from pipelines.train.exchange import Names, Stirring
from pipelines.train.invented import invented_names
from pipelines.train.network import Network, Output, Size, pretrained_folder

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Round:
    """One rise and fall of the learning rate, from the weights that the round before it left.

    ``rate`` is the share of the full rate at its peak; ``stirring`` tells how much names are exchanged and words hidden
    (null: not at all); ``smoothing`` is the share of a name's target that every tag gets alike (Szegedy et al. 2016);
    ``dropout`` is the share of a word's features that the heads do not see.
    """

    steps: int
    rate: float = 1.0
    stirring: Stirring | None = None
    smoothing: float = 0.0
    dropout: float = 0.15


AGAIN = (
    Round(4000, 0.5, Stirring(exchanged=0.25, hidden=0.02, hidden_in_name=0.08)),
    Round(2400, 0.4, Stirring(0.4, 0.03, 0.12, invented=0.5), smoothing=0.05, dropout=0.25),
)


@dataclass(frozen=True)
class Plan:
    """How to train. ``steps`` is the length of the first round, ``again`` are the later ones; ``stop`` is the step at
    which to leave off for now; ``pieces`` is the size of a batch. ``broad`` is the share of the first round in which
    names are also learnt where they are rough. ``kept`` is the weight, in the average that training ends with, of what
    the last round started from (Wortsman et al. 2022).
    """

    steps: int = 5500
    again: tuple[Round, ...] = AGAIN
    stop: int | None = None
    pieces: int = 1000
    encoder_rate: float = 3e-4
    head_rate: float = 1.5e-3
    warm_up: float = 0.04
    broad: float = 0.5
    kept: float = 0.25
    seed: int = 1
    save_every: int = 200

    def rate(self, step: int) -> float:
        """The share of the full learning rate: in each round up in a line, then down in a line to one per cent."""
        begun, current = self.round_at(step)
        done = (step - begun) / current.steps
        return current.rate * min(1.0, done / self.warm_up, max(0.01, (1 - done) / (1 - self.warm_up)))

    def round_at(self, step: int) -> tuple[int, Round]:
        """The round that a step belongs to, after the step at which it began."""
        begun, current = 0, Round(self.steps)
        for later in self.again:
            if step < begun + current.steps:
                break
            begun, current = begun + current.steps, later
        return begun, current

    @property
    def length(self) -> int:
        return self.steps + sum(later.steps for later in self.again)

    @property
    def end(self) -> int:
        return self.stop or self.length

    @property
    def last_begins(self) -> int:
        """The step at which the last round begins; 0 when there is but one."""
        return self.round_at(self.length - 1)[0]


class Fit:
    """A network on its way: ``run`` trains it from the checkpoint in ``folder``, if there is one, to the end."""

    def __init__(self, corpora: Corpora, folder: Path, plan: Plan, size: Size | None = None) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.folder = plan, folder
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.labels = Labels.of(
            (tag for sentence in corpora.treebanks for tag in sentence.tags),
            (label for sentence in corpora.treebanks for label in sentence.labels),
        )
        self.pieces = Pieces(vocabulary())
        exact = [replace(sentence, names=None) if sentence.rough else sentence for sentence in corpora.treebanks]
        named = [sentence for sentence in corpora.names if not sentence.rough]
        self.broad = self._encoded(corpora.treebanks), self._encoded(corpora.names)
        self.narrow = self._encoded(exact), self._encoded(named)
        self.names = Names([sentence for part in self.broad for sentence in part], self.labels)
        self.names.invent(invented_names(), self.pieces)
        self.mask = vocabulary().index("[MASK]")
        self.network = Network(self.labels, size)
        if size is None:
            self.network.load_pretrained()
        self.network.to(self.device)
        self.optimizer = _optimizer(self.network, plan)
        self.step = 0
        self.before: dict[str, Tensor] | None = None

    def run(self) -> Network:
        """Trains to the end of the plan, saving now and then; returns the network in evaluation mode."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._resume()
        self.network.train()
        began, words, loss = time.monotonic(), 0, None
        for batch_rng, batch in self._batches():
            current = self.plan.round_at(self.step)[1]
            self._prepare(current)
            if current.stirring is not None:
                batch = [self._stirred(run, batch_rng, current.stirring) for run in batch]
            made = arrays(batch, self.pieces, batch_rng)
            targets = {key: torch.from_numpy(getattr(made, key)).to(self.device) for key in made.__slots__}
            total = self._learn(targets, current.smoothing)
            self.step += 1
            words += made.n_words
            loss = total if loss is None else 0.98 * loss + 0.02 * total
            if self.step % 50 == 0:
                rate = words / (time.monotonic() - began)
                log.info("step %d of %d, loss %.3f, %.0f words a second", self.step, self.plan.end, loss, rate)
            if self.step % self.plan.save_every == 0:
                self._save()
        self._save()
        if self.step == self.plan.length and self.before is not None:
            _average(self.network, self.before, self.plan.kept)
        self.network.eval()
        return self.network

    def _prepare(self, current: Round) -> None:
        """Sets the rates of this step, and keeps the weights with which the last round begins."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["full"] * self.plan.rate(self.step)
        self.network.head_dropout.p = current.dropout
        if self.step == self.plan.last_begins > 0:
            self.before = {name: weight.detach().clone() for name, weight in self.network.state_dict().items()}

    def _stirred(self, run: list[Encoded], rng: random.Random, stirring: Stirring) -> list[Encoded]:
        return [self.names.exchanged(sentence, rng, self.mask, stirring) for sentence in run]

    def _learn(self, batch: dict[str, Tensor], smoothing: float) -> float:
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=_has_bfloat16(self.device)):
            output = self.network(batch["pieces"], batch["shapes"], batch["mask"], batch["first"])
        loss = loss_of(self.network, Output(*(part.float() for part in output)), batch, smoothing)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        self.optimizer.step()
        return float(loss.detach())

    def _batches(self) -> Iterator[tuple[random.Random, list[list[Encoded]]]]:
        """The batches that are left, the same ones in the same order however often training was stopped."""
        at = epoch = 0
        while True:
            rng = random.Random(f"{self.plan.seed} {epoch}")  # noqa: S311 (shuffles)
            treebanks, names = self.broad if at < self.plan.broad * self.plan.steps else self.narrow
            found = runs(treebanks, rng) + runs(names, rng, most=2)
            for batch in batched(found, rng, self.plan.pieces):
                if at >= self.plan.end:
                    return
                if at >= self.step:
                    torch.manual_seed(self.plan.seed * 1_000_003 + at)
                    yield random.Random(f"{self.plan.seed} {at}"), batch  # noqa: S311 (shuffles)
                at += 1
            epoch += 1
            log.info("epoch %d done at step %d", epoch, at)

    def _encoded(self, sentences: Sequence[Sentence]) -> list[Encoded]:
        return [encoded(sentence, self.labels, self.pieces) for sentence in sentences]

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def _save(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "before": self.before,
            "step": self.step,
        }
        beside = self.checkpoint.with_suffix(".new")
        torch.save(state, beside)
        beside.replace(self.checkpoint)
        self.labels.write(self.folder / "labels.json")

    def _resume(self) -> None:
        if self.checkpoint.exists():
            state: dict[str, Any] = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
            self.network.load_state_dict(state["network"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step, self.before = state["step"], state["before"]
            log.info("going on from step %d", self.step)


def vocabulary() -> list[str]:
    """The pretrained encoder's word pieces, in the order of its embeddings."""
    return (pretrained_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()


def loss_of(network: Network, output: Output, target: dict[str, Tensor], smoothing: float = 0.0) -> Tensor:
    """Tags + names (smoothed) + half of sentence starts + arcs + arc labels; what a batch lacks counts nothing."""
    losses: list[Tensor] = []
    if bool((target["names"] != NOTHING).any()):
        losses.append(_entropy(output.names, target["names"], smoothing))
    if bool((target["tags"] != NOTHING).any()):
        losses.append(_entropy(output.tags, target["tags"]))
        losses.append(_entropy(output.starts, target["starts"]) / 2)
        losses.append(_entropy(output.arcs.masked_fill(~target["valid"][:, None, :], -1e4), target["heads"]))
        run, word = (target["heads"] != NOTHING).nonzero(as_tuple=True)
        chosen = network.relations(output.dependent[run, word], output.head[run, target["heads"][run, word]])
        losses.append(F.cross_entropy(chosen, target["relations"][run, word], ignore_index=NOTHING))
    return torch.stack(losses).sum()


def _entropy(scores: Tensor, target: Tensor, smoothing: float = 0.0) -> Tensor:
    return F.cross_entropy(scores.flatten(0, 1), target.flatten(), ignore_index=NOTHING, label_smoothing=smoothing)


def _average(network: Network, before: dict[str, Tensor], kept: float) -> None:
    """Weights as they are and as they were, ``kept`` of the latter."""
    with torch.no_grad():
        for name, weight in network.state_dict().items():
            weight.lerp_(before[name], kept)


def _optimizer(network: Network, plan: Plan) -> torch.optim.Optimizer:
    """AdamW with two rates: the encoder knows much already, the heads know nothing."""
    encoder: list[Tensor] = []
    heads: list[Tensor] = []
    for name, weight in network.named_parameters():
        if weight.requires_grad:
            known = name.startswith(("words.", "positions.", "shapes.", "norm.", "layers."))
            (encoder if known else heads).append(weight)
    groups = [
        {"params": encoder, "lr": plan.encoder_rate, "full": plan.encoder_rate},
        {"params": heads, "lr": plan.head_rate, "full": plan.head_rate},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01, fused=True)


def _has_bfloat16(device: torch.device) -> bool:
    """Half the width, twice the speed, where the processor multiplies bfloat16 itself."""
    return device.type == "cuda" or bool(torch.cpu._is_avx512_bf16_supported())
