"""Who the source of a claim is: ``tests/cases/sources.toml``, and what must hold of pronouns and descriptions anywhere."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from pipelines.extract.attribution.reference.pronouns import HE, SHE
from pipelines.ingest.document import Row
from pipelines.lexicon.entries import entries
from pipelines.resolve.entities import resolve
from tests.extract.test_claims import found, speaker

TEXTS = tomllib.loads((Path(__file__).parent.parent / "cases" / "sources.toml").read_text(encoding="utf-8"))["text"]


def smallest(claims: list[Row], words: str) -> Row:
    """The claim with the least text that holds the words."""
    holding = [row for row in claims if words in row["text"]]
    assert holding, [(row["text"], row["source_text"]) for row in claims]
    return min(holding, key=lambda row: (len(row["text"]), row["claim_id"]))


@pytest.mark.parametrize("case", TEXTS, ids=[case["text"][:40] for case in TEXTS])
def test_source(case: dict[str, object]) -> None:
    claims, mentions = found(str(case["text"]))
    for words, name, kind in case["claims"]:  # type: ignore[attr-defined]
        row = smallest(claims, words)
        said = speaker(row, mentions)
        assert said.endswith(name) if name else said == "", (words, said, row["source_text"])
        assert row["source_kind"] == kind, (words, row["source_text"])


def test_two_names_joined_stand_in_one_source() -> None:
    claims, mentions = found("France and Germany say they will not sign.")
    row = smallest(claims, "sign")
    inside = [one["text"] for one in mentions.values() if row["source_start_char"] <= one["start_char"]
              and one["end_char"] <= row["source_end_char"]]  # fmt: skip
    assert sorted(inside) == ["France", "Germany"]


def test_a_chain_lowers_confidence() -> None:
    claims, _ = found(
        "Prime Minister Pavel Novotny visited the valley. The prime minister left. He said the dam would hold."
    )
    assert smallest(claims, "dam")["confidence"] < 0.9


def test_person_words_are_sound() -> None:
    for row in entries("person_words"):
        assert row["value"] in ("she", "he", "any"), row
        assert row["kind"] in ("office", "relation", "description"), row


def test_no_given_name_goes_with_both_pronouns() -> None:
    by_name: dict[str, set[str]] = {}
    for row in entries("pronoun_names"):
        by_name.setdefault(row["form"], set()).add(row["value"])
    assert {name: values for name, values in by_name.items() if len(values) > 1} == {}
    assert {value for values in by_name.values() for value in values} == {"she", "he"}
    assert not HE & SHE


def test_a_capital_stands_for_its_government_and_is_not_merged_with_it() -> None:
    text = "Official Minsk denies the reports. Sofia Lund said in Minsk that Washington had not been consulted."
    _, mentions = found(text)
    merges = resolve(pd.DataFrame(list(mentions.values())), pd.DataFrame({"document_id": ["0" * 16]})).merges
    stands = {(row["name_a"], row["name_b"], row["decision"]) for row in merges if row["rule"] == "metonym"}
    assert ("Minsk", "government of Belarus", "different") in stands
    assert ("Washington", "government of the United States", "different") in stands
    assert not any(name == "Sofia" for name, _, _ in stands)
