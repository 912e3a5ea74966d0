"""The model card, licence notice and credits that stand beside the weights."""

from collections.abc import Mapping
from pathlib import Path

from pipelines.train.fit import Plan
from pipelines.train.score import Score

_MEASURES = (
    "words",
    "sentences",
    "tags",
    "tags of right words",
    "universal",
    "lemmas",
    "uas",
    "las",
    "names",
    "untyped",
    "PERSON",
    "ORG",
    "LOC",
)
_MARK = "<!-- scores -->"


def write_card(measured: Mapping[str, Score], plan: Plan, folder: Path) -> None:
    """Writes ``README.md``, ``CREDITS`` and ``LICENSE`` from the texts in ``pipelines/train/card``."""
    texts = Path(__file__).parent / "card"
    card = (texts / "README.md").read_text(encoding="utf-8").replace(_MARK, score_table(measured, plan))
    (folder / "README.md").write_text(card, encoding="utf-8")
    for name in ("CREDITS", "LICENSE"):
        (folder / name).write_text((texts / name).read_text(encoding="utf-8"), encoding="utf-8")


def score_table(measured: Mapping[str, Score], plan: Plan) -> str:
    """F in per cent on raw text, a row per measure and a column per set, and how long was trained."""
    summaries = {name: score.summary() for name, score in measured.items()}
    lines = [f"Trained for {plan.end:,} steps of about {plan.pieces:,} word pieces.", ""]
    lines += [f"| F, per cent | {' | '.join(summaries)} |", "|---" * (len(summaries) + 1) + "|"]
    for measure in _MEASURES:
        cells = [str(summary.get(measure, "")) for summary in summaries.values()]
        lines.append(f"| {measure} | {' | '.join(cells)} |")
    return "\n".join(lines)
