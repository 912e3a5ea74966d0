"""Rows against annotated texts: a perfect answer has 100, an empty one 0, and each fault costs what it is."""

from typing import Any

import pytest

from pipelines.evaluation.annotations import GoldDocument, parsed
from pipelines.evaluation.scoring import Part, Rows, Tally, paired, same_unit, scored

GOLD = """id: ferries
genre: news

{s1|{n:PERSON|Ana Berg}} {c1|denied} {x1|that {r1|fares} would rise by {q1|12 percent}}.
#x1 indirect speech said stance=denies speaker="Ana Berg"
#q1 12 percent up
"""


@pytest.fixture
def document() -> GoldDocument:
    return parsed(GOLD, "ferries.ann")


def spans(*given: tuple[int, int]) -> list[dict[str, int]]:
    return [{"start_char": start, "end_char": end} for start, end in given]


CLAIM: dict[str, Any] = {
    "claim_id": "c", "kind": "indirect", "act": "speech", "start_char": 16, "end_char": 53, "content_spans": spans((16, 53)), "source_spans": spans((0, 8)),
    "source_text": "Ana Berg", "cue_text": "denied", "text": "that fares would rise by 12 percent", "status": "said", "stance": "denies", "rule": "clause", "source_entity_id": "ana",
}  # fmt: skip
FIGURE: dict[str, Any] = {
    "start_char": 41, "end_char": 51, "text": "12 percent", "value": 12.0, "value_max": None, "unit": "percent", "canonical_unit": "percent",
    "canonical_value": 12.0, "modifier": None, "change": "up", "referent": "fares", "claim_id": "c", "is_chrome": False,
}  # fmt: skip
NAME: dict[str, Any] = {"start_char": 0, "end_char": 8, "type": "PERSON", "form": "name"}
NAMES = {"ana": ["Ana Berg"], "bo": ["Bo Lind"]}


def score_of(document: GoldDocument, figures: list[Any], claims: list[Any], mentions: list[Any]) -> dict[Part, float]:
    tally = scored(document, Rows(figures, claims, mentions, NAMES))
    return {part: round(tally.score(part), 1) for part in tally.parts()}


def test_what_is_as_the_gold_has_a_hundred_everywhere(document: GoldDocument) -> None:
    assert document.text[16:51] == "that fares would rise by 12 percent"
    found = score_of(document, [FIGURE], [CLAIM], [NAME])
    wrong = {part: value for part, value in found.items() if value != 100}
    assert wrong == {Part("claims", "misnamed"): 0}
    assert len(found) > 15


def test_what_finds_nothing_has_nothing(document: GoldDocument) -> None:
    assert set(score_of(document, [], [], []).values()) == {0}


@pytest.mark.parametrize(
    ("change", "costs"),
    [
        ({"value": 13.0, "canonical_value": 13.0}, {"value", "unit", "bound", "change", "referent", "speaker"}),
        ({"unit": "EUR", "canonical_unit": "EUR"}, {"unit"}),
        ({"modifier": "at_least"}, {"bound"}),
        ({"change": None}, {"change"}),
        ({"referent": "ferries"}, {"referent"}),
        ({"claim_id": None}, {"speaker"}),
        ({"start_char": 0, "end_char": 8}, {"found", "value", "unit", "bound", "change", "referent", "speaker"}),
        ({"is_chrome": True}, {"found", "value", "unit", "bound", "change", "referent", "speaker"}),
        ({"start_char": 44}, set()),
    ],
)
def test_each_fault_of_a_figure_costs_its_own_measure(
    document: GoldDocument, change: dict[str, Any], costs: set[str]
) -> None:
    whole = score_of(document, [FIGURE], [CLAIM], [NAME])
    found = score_of(document, [FIGURE | change], [CLAIM], [NAME])
    assert {part.measure for part, value in whole.items() if found.get(part, 0) != value} - {"speaker"} == costs - {
        "speaker"
    }


@pytest.mark.parametrize(
    ("change", "costs"),
    [
        ({"status": "possible"}, {"status", "not said"}),
        ({"stance": "asserts"}, {"stance", "with a stance"}),
        ({"source_entity_id": "bo"}, {"named", "misnamed"}),
        ({"source_entity_id": None}, {"named"}),
        ({"act": "thought"}, {"speech"}),
        ({"content_spans": spans((16, 30))}, {"main", "content"}),
        ({"content_spans": spans((16, 40))}, set()),
        ({"source_spans": spans((10, 12))}, {"main"}),
    ],
)
def test_each_fault_of_a_claim_costs_its_own_measure(
    document: GoldDocument, change: dict[str, Any], costs: set[str]
) -> None:
    whole = score_of(document, [FIGURE], [CLAIM], [NAME])
    found = score_of(document, [FIGURE], [CLAIM | change], [NAME])
    differ = {
        part.measure for part in {*whole, *found} if part.table == "claims" and found.get(part) != whole.get(part)
    }
    if "main" in costs:  # what is no pair has no status, stance or speaker
        assert costs <= differ
    else:
        assert differ == costs


def test_one_claim_too_many_costs_precision_alone(document: GoldDocument) -> None:
    tally = scored(document, Rows([FIGURE], [CLAIM, CLAIM | {"claim_id": "d"}], [NAME], NAMES))
    main = Part("claims", "main")
    assert (tally.precision(main), tally.recall(main)) == (50, 100)
    assert [miss.what for miss in tally.misses] == ["too many"]


def test_the_heaviest_pairs_come_first_one_to_one() -> None:
    weights = {(0, 0): 3, (0, 1): 5, (1, 1): 4, (1, 0): 0}
    assert paired(2, 2, lambda i, j: weights[i, j]) == [(0, 1)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("person", "people", True), ("bbl/day", "barrel per day", True), ("child", "school child", True), (None, None, True),
        ("EUR", "USD", False), ("soldier", None, False), ("km", "mile", False), ("job", "soldier", False),
    ],
)  # fmt: skip
def test_units_agree_over_spellings_and_plurals_and_nothing_else(
    one: str | None, other: str | None, same: bool
) -> None:
    assert same_unit(one, other) is same


def test_tallies_add_up(document: GoldDocument) -> None:
    whole = Tally()
    for figures in ([FIGURE], []):
        whole.add(scored(document, Rows(figures, [CLAIM], [NAME], NAMES)))
    assert whole.recall(Part("figures", "value")) == 50
    assert whole.n_documents == 2
