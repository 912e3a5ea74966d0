"""The contract: every promise is checked, and a broken one is named with table, column, document and value."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import ALL, SCHEMA_VERSION, Claims, Dates, Documents, Sayings, Sentences
from schemas.dictionary import dictionary
from schemas.validation import violations

DOCUMENT, SENTENCE, DATE = "d" * 16, "5" * 16, "0" * 15 + "1"
TEXT = "It rained in 1999."
ROW: dict[str, Any] = {
    "date_id": DATE, "document_id": DOCUMENT, "sentence_id": SENTENCE, "start_char": 13, "end_char": 17, "text": "1999",
    "type": "DATE", "value": "1999", "edtf": "1999", "start_on": date(1999, 1, 1), "end_on": date(1999, 12, 31),
    "modifier": None, "anchor": "explicit", "anchor_text": None, "alternative_value": None, "range_id": None,
    "relation": None, "offset_value": None, "quantifier": None, "frequency": None, "claim_id": None, "rule": "year", "is_chrome": False,
}  # fmt: skip


def broken(**changes: Any) -> list[str]:
    frame = Dates.frame([ROW | changes])
    found = violations(
        {Dates: frame}, {DOCUMENT: TEXT}, {"documents": [DOCUMENT], "sentences": [SENTENCE], "claims": []}
    )
    return [str(violation) for violation in found]


def test_a_good_row_breaks_nothing() -> None:
    assert broken() == []


@pytest.mark.parametrize(
    ("changes", "column", "value"),
    [
        ({"type": "ERA"}, "type", "ERA"),
        ({"start_char": 12}, "text", "1999"),
        ({"text": "1998"}, "text", "1998"),
        ({"end_char": 13, "text": ""}, "(row)", "end_char"),
        ({"start_on": date(2000, 1, 1)}, "(row)", "start_on"),
        ({"document_id": "e" * 16}, "document_id", "e" * 16),
        ({"sentence_id": "6" * 16}, "sentence_id", "6" * 16),
        ({"date_id": "x"}, "date_id", "x"),
        ({"value": None}, "value", "None"),
        ({"claim_id": "7" * 16}, "claim_id", "7" * 16),
        ({"rule": "A year"}, "rule", "A year"),
    ],
)
def test_a_broken_promise_names_table_column_and_value(changes: dict[str, Any], column: str, value: str) -> None:
    found = broken(**changes)
    assert any(f"table dates, column {column}" in line and value in line for line in found), found


def test_two_rows_with_one_key_are_told() -> None:
    frame = Dates.frame([ROW, ROW])
    found = violations(
        {Dates: frame}, {DOCUMENT: TEXT}, {"documents": [DOCUMENT], "sentences": [SENTENCE], "claims": []}
    )
    assert any("date_id" in str(violation) and DOCUMENT in str(violation) for violation in found)


def test_a_row_with_a_column_too_many_or_too_few_is_refused() -> None:
    with pytest.raises(KeyError, match="extra"):
        Dates.frame([ROW | {"extra": 1}])
    with pytest.raises(KeyError, match="edtf"):
        Dates.frame([{name: value for name, value in ROW.items() if name != "edtf"}])


def test_empty_tables_have_typed_columns_and_keep_the_contract() -> None:
    for model in ALL:
        frame = model.frame([])
        assert list(frame.columns) == model.arrow_schema().names
        model.validate(frame)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1), st.data())
def test_a_span_is_code_points_whatever_the_text(text: str, data: st.DataObject) -> None:
    text = text.encode("utf-8", "ignore").decode("utf-8") or "x"
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    row = {
        "sentence_id": SENTENCE,
        "document_id": DOCUMENT,
        "segment_id": "a" * 16,
        "start_char": start,
        "end_char": end,
    }
    frame = Sentences.frame([row | {"text": text[start:end], "copy_of": None}])
    keys = {"documents": [DOCUMENT], "segments": ["a" * 16]}
    assert violations({Sentences: frame}, {DOCUMENT: text}, keys) == []


def test_the_dictionary_tells_every_column_of_every_table() -> None:
    page = dictionary()
    for model in ALL:
        assert f"## {model.table_name()}\n" in page
        for column in model.arrow_schema().names:
            assert f"| `{column}` |" in page
            assert model.descriptions()[column].endswith(".")


def test_every_table_of_the_contract_is_there() -> None:
    assert {model.table_name() for model in ALL} == {
        "sources", "documents", "segments", "sentences", "mentions", "entities", "entity_merges", "dates", "figures",
        "quantities", "claims", "roles", "sayings", "faults",
    }  # fmt: skip
    assert Documents.about().primary == "document_id"


def saying(**changes: Any) -> dict[str, Any]:
    row = {
        "saying_id": "a" * 16, "speaker_entity_id": None, "text": "It rained.", "first_said_on": None,
        "first_claim_id": "c" * 16, "n_claims": 2, "n_documents": 2, "n_outlets": 1, "n_versions": 1, "differs_in": [],
        "method": "words", "score": None,
    }  # fmt: skip
    return row | changes


@pytest.mark.parametrize(("differs_in", "is_kept"), [([], True), (["polarity", "figure"], True), (["tone"], False)])
def test_what_reports_differ_in_is_a_closed_list(differs_in: list[str], is_kept: bool) -> None:
    frame = Sayings.frame([saying(differs_in=differs_in)])
    assert (violations({Sayings: frame}, {}, {"claims": ["c" * 16], "entities": []}) == []) is is_kept


def test_version_1_s_mixture_of_status_and_stance_is_gone() -> None:
    assert SCHEMA_VERSION == "2"
    assert {"status", "stance"} <= set(Claims.arrow_schema().names)
    assert not {"is_negated", "is_hedged"} & set(Claims.arrow_schema().names)
