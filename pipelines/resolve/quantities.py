"""Quantities: which figures, within and across documents, answer the same question, and whether they agree.

Figures are put together when their keys are equal (``questions``) and they were said within the key's window of days;
each figure is looked at once, so a million take minutes. What has no key stands alone.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from pipelines.identity import SEPARATOR, digest
from pipelines.ingest.document import Row
from pipelines.resolve.measured.dimensions import dimension
from pipelines.resolve.measured.questions import Question, is_share

_APPROXIMATELY = 0.1  # "about 50" is not contradicted by 46 or 54

Member = tuple[Row, Question]
"""A figure and the question it answers."""


def compare(
    figures: Sequence[Row], documents: Sequence[Row], questions: Sequence[Row]
) -> tuple[list[Row], dict[str, str]]:
    """The quantities of all documents, by id, and the quantity of every figure that is not page furniture.

    A quantity's ``lowest`` and ``highest`` are in its ``unit``: the figures' own where they share one, else the unit
    they are compared in. ``agreement`` is ``single``; ``agree`` when one value satisfies all figures, their bounds and
    rounding taken into account; ``differ`` when none does; ``vague`` when one without a number stands beside others.
    The result does not depend on the order of the arguments.

    ``questions`` are the rows that ``pipelines.resolve.measured.questions.questions_in`` gave for each document; of ``documents``
    the day of publication is read. A figure whose question row has ``is_held`` false is put to its quantity and counted in
    ``n_figures``, but agrees with nothing, contradicts nothing, and bounds nothing.
    """
    published = {row["document_id"]: row.get("published_on") for row in documents}
    question_of_figure = {
        row["figure_id"]: Question(tuple(row["key"].split(SEPARATOR)), row["window_days"], row["label"])
        for row in questions
    }
    denied = frozenset(row["figure_id"] for row in questions if not row.get("is_held", True))
    keyed: dict[tuple[str, ...], list[Member]] = defaultdict(list)
    quantities: list[Row] = []
    owner: dict[str, str] = {}
    for figure in sorted(
        figures, key=lambda row: (row["document_id"], row["start_char"], row["end_char"], row["figure_id"])
    ):
        if figure["is_chrome"]:
            continue
        question = question_of_figure.get(figure["figure_id"])
        if question is None:
            _add(quantities, owner, digest("quantities", figure["figure_id"]), [figure], None, denied)
        else:
            keyed[question.key].append((figure, question))
    for key, members in keyed.items():
        standing, unclear = _without_clashes(members, denied)
        for figure, _ in unclear:
            _add(quantities, owner, digest("quantities", figure["figure_id"]), [figure], None, denied)
        for mark, group in _by_time(standing, published) if standing else ():
            _add(
                quantities,
                owner,
                digest("quantities", *key, mark),
                [figure for figure, _ in group],
                _label(group),
                denied,
            )
    quantities.sort(key=lambda row: row["quantity_id"])
    return quantities, owner


def _without_clashes(members: list[Member], denied: Collection[str]) -> tuple[list[Member], list[Member]]:
    """The members that stand, and those of one sentence that contradict each other: the key does not tell what parts them."""
    by_sentence: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        by_sentence[member[0]["sentence_id"]].append(member)
    clashing = {
        member[0]["figure_id"]
        for together in by_sentence.values()
        if len(together) > 1 and _agreement(_held([figure for figure, _ in together], denied)) == "differ"
        for member in together
    }
    return (
        [member for member in members if member[0]["figure_id"] not in clashing],
        [member for member in members if member[0]["figure_id"] in clashing],
    )


def _by_time(members: list[Member], published: Mapping[str, date | None]) -> list[tuple[str, list[Member]]]:
    """The members of one key in groups that were said within its window, each with what tells it from the others.

    An opinion or a long number without a date joins when there is one group only; an undated event or measure stays in its
    document.
    """
    window = timedelta(days=members[0][1].window_days)
    dated: list[tuple[date, Member]] = []
    undated: list[Member] = []
    for member in members:
        said_on = published.get(member[0]["document_id"])
        if said_on is None:
            undated.append(member)
        else:
            dated.append((said_on, member))
    dated.sort(key=lambda pair: (pair[0], pair[1][0]["figure_id"]))
    groups: list[tuple[date, list[Member]]] = []
    for said_on, member in dated:
        if groups and said_on - groups[-1][0] <= window:
            groups[-1][1].append(member)
        else:
            groups.append((said_on, [member]))
    if members[0][1].key[0] in ("opinion", "number") and len(groups) <= 1:
        together = [member for _, group in groups for member in group] + undated
        return [("", together)]
    by_document: dict[str, list[Member]] = defaultdict(list)
    for member in undated:
        by_document[member[0]["document_id"]].append(member)
    several = len(groups) > 1
    return [(first.isoformat() if several else "", group) for first, group in groups] + list(by_document.items())


def _label(group: list[Member]) -> str | None:
    """The words of the member that says most."""
    longest = max(group, key=lambda member: (len(member[1].label), member[0]["figure_id"]))
    return longest[1].label or None


def _held(figures: list[Row], denied: Collection[str]) -> list[Row]:
    """The figures that somebody holds true: what is denied, doubted, asked or not said agrees with nothing."""
    return [figure for figure in figures if figure["figure_id"] not in denied]


def _add(
    quantities: list[Row],
    owner: dict[str, str],
    quantity_id: str,
    figures: list[Row],
    label: str | None,
    denied: Collection[str],
) -> None:
    held = _held(figures, denied)
    units = sorted({figure["unit"] or "" for figure in figures})
    same = len(units) == 1
    kinds = {figure["kind"] for figure in figures}
    unit: str | None = units[0] if same else dimension(figures[0])[0]
    if not same and any(is_share(figure) for figure in figures):
        unit = "percent"
    lows, highs = [], []
    for figure in held or figures:
        factor = 1.0 if same else _factor(figure)
        if figure["value"] is not None:
            lows.append(figure["value"] * factor)
            highs.append((figure["value"] if figure["value_max"] is None else figure["value_max"]) * factor)
    quantities.append(
        {
            "quantity_id": quantity_id,
            "label": label or figures[0]["referent"] or figures[0]["unit_text"],
            "kind": _kind(kinds),
            "unit": unit or None,
            "n_figures": len(figures),
            "n_documents": len({figure["document_id"] for figure in figures}),
            "lowest": min(lows) if lows else None,
            "highest": max(highs) if highs else None,
            "agreement": _agreement(held),
        }
    )
    owner.update((figure["figure_id"], quantity_id) for figure in figures)


def _factor(figure: Row) -> float:
    return 100.0 if figure["kind"] == "fraction" else dimension(figure)[1]


def _kind(kinds: set[str]) -> str:
    for kind in ("percent", "fraction", "count"):
        if kind in kinds and len(kinds) > 1:
            return kind
    return min(kinds)


def _agreement(figures: list[Row]) -> str:
    if len(figures) < 2:
        return "single"
    spans = [_allowed(figure) for figure in figures if figure["value"] is not None]
    if spans and max(low for low, _ in spans) > min(high for _, high in spans):
        return "differ"
    return "agree" if len(spans) == len(figures) else "vague"


def _allowed(figure: Row) -> tuple[float, float]:
    """The values that a figure, with its bound and its rounding, does not rule out, in the unit of comparison."""
    factor = _factor(figure)
    low = figure["value"] * factor
    high = low if figure["value_max"] is None else figure["value_max"] * factor
    slack = 0.0 if high > low else _rounding(figure["value"]) * factor
    if figure["kind"] == "fraction":
        slack = max(slack, 1.5)  # "two-thirds" and 67 percent
    modifier = figure["modifier"]
    if modifier == "approx":
        slack = max(slack, abs(low) * _APPROXIMATELY)
    return (
        -math.inf if modifier in ("at_most", "less_than") else low - slack,
        math.inf if modifier in ("at_least", "more_than") else high + slack,
    )


_DIGITS = [10.0**power for power in range(-6, 16)]


def _rounding(value: float) -> float:
    """Half of the last place that the number gives: 16,000 may be 15,600, 16,100 may not."""
    if value == 0 or not math.isfinite(value):
        return 0.0
    text = f"{abs(value):.6f}".rstrip("0").rstrip(".")
    if "." in text:
        return 0.5 * float(10 ** -len(text.split(".")[1]))
    zeros = len(text) - len(text.rstrip("0"))
    return 0.0 if zeros == 0 else min(0.5 * _DIGITS[bisect_left(_DIGITS, 10.0**zeros)], abs(value) * 0.05)
