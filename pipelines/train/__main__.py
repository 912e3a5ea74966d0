"""``python -m pipelines.train --corpora DIR --out DIR``: trains, quantises, installs, scores, writes the model card."""

import argparse
import logging
from pathlib import Path

import torch

from pipelines.train.card import write_card
from pipelines.train.corpora import training_data
from pipelines.train.fit import Fit, Plan, vocabulary
from pipelines.train.install import install
from pipelines.train.score import scores


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m pipelines.train", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with ud-ewt, gum-open, uner-ewt ...")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write, for instance seeds/model")
    parser.add_argument(
        "--work", type=Path, default=Path("data/train"), help="checkpoints; training goes on from there"
    )
    parser.add_argument(
        "--steps", type=int, default=Plan.steps, help="length of the first round (default: %(default)s)"
    )
    parser.add_argument("--threads", type=int, default=2, help="processor threads for training (default: %(default)s)")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(given.threads)
    corpora = training_data(given.corpora)
    fit = Fit(corpora, given.work, Plan(steps=given.steps))
    install(fit.run(), fit.labels, vocabulary(), corpora.treebanks, given.out)
    measured = scores(given.corpora, given.out)
    write_card(measured, fit.plan, given.out)
    for name, score in measured.items():
        print(name, score.summary())


if __name__ == "__main__":
    main()
