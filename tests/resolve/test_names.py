"""One pair of names at a time: the pairs of ``tests/cases/names.toml``, and what must hold for any pair."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.lexicon.entries import entries
from pipelines.lexicon.territories import get_territory
from pipelines.resolve.alike.east_asian import pinyin, sound_keys
from pipelines.resolve.alike.names import SAME, similarity
from pipelines.resolve.alike.persons import person
from pipelines.resolve.alike.romanise import clean, closeness, fold
from pipelines.resolve.clusters.blocking import keys

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "names.toml").read_text(encoding="utf-8"))
TYPES = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "PRODUCT", "WORK")


@pytest.mark.parametrize(("kind", "a", "b"), CASES["same"])
def test_one(kind: str, a: str, b: str) -> None:
    assert similarity(a, b, kind) >= SAME


@pytest.mark.parametrize(("kind", "a", "b"), CASES["different"])
def test_two(kind: str, a: str, b: str) -> None:
    assert similarity(a, b, kind) < SAME


@pytest.mark.parametrize(
    ("name", "given", "surname"),
    [
        ("Vladimir Vladimirovich Makei", ("vladimir",), ("makei",)),
        ("V. V. Makei", ("v", "v"), ("makei",)),
        ("Makei V.V.", ("v", "v"), ("makei",)),
        ("Regina M. Novak", ("regina", "m"), ("novak",)),
        ("MAKEI Vladimir", ("vladimir",), ("makei",)),
        ("Makei, Vladimir", ("vladimir",), ("makei",)),
        ("Ursula von der Leyen", ("ursula",), ("von der leyen",)),
        ("Dr. Anna Novak", ("anna",), ("novak",)),
    ],
)
def test_parts_of_a_name(name: str, given: tuple[str, ...], surname: tuple[str, ...]) -> None:
    assert (person(name).given, person(name).surname) == (given, surname)


def test_damage_is_undone() -> None:
    assert clean("LukaÅ¡enka") == "Lukašenka"
    assert fold("Lukа\u200bshenko") == "lukashenko"


def test_acronyms_meet_their_long_names() -> None:
    for row in entries("acronyms"):
        same = [r for r in entries("acronyms") if fold(r["form"]) == fold(row["form"])]
        if len(same) == 1 and row["form"] != row["value"]:
            assert similarity(row["form"], row["value"], "ORG") >= SAME, row
            assert set(keys(row["form"], "ORG")) & set(keys(row["value"], "ORG")), row


def test_other_names_of_places_and_bodies_meet() -> None:
    for lexicon, kind, group in (("place_names", "GPE", "PLACE"), ("organisation_names", "ORG", "ORG")):
        for row in entries(lexicon):
            assert similarity(row["form"], row["value"], kind) >= SAME, row
            assert set(keys(row["form"], group)) & set(keys(row["value"], group)), row


def test_other_names_of_persons_meet() -> None:
    for row in entries("person_names"):
        assert similarity(row["form"], row["value"], "PERSON") >= SAME, row
        assert row["form"] in row["example"]


def test_countries_in_other_languages_are_those_countries() -> None:
    for row in entries("territory_names"):
        territory = get_territory(row["value"])
        assert territory is not None
        assert similarity(row["form"], territory.name, "GPE") >= SAME, row
        assert row["example"] == f"{row['form']} is {territory.name}"


def test_names_that_look_alike_are_two() -> None:
    for row in entries("look_alikes"):
        assert all(similarity(row["form"], row["value"], kind) < SAME for kind in ("PERSON", "ORG", "GPE")), row
        assert row["form"] in row["example"]


def test_names_begin_with_an_east_asian_surname() -> None:
    for row in entries("east_asian_surnames"):
        assert pinyin(row["example"]) if row["value"] == "Chinese" else sound_keys(row["example"]), row


def test_forms_of_given_names_meet() -> None:
    for row in entries("given_names"):
        assert similarity(f"{row['form']} Brandauer", f"{row['value']} Brandauer", "PERSON") >= SAME, row


NAMES = st.text(alphabet=st.sampled_from("aoeiukshzvlnrАлжщéčŁ .,-'’&(J2習 "), max_size=20)


@settings(max_examples=150, deadline=None)
@given(NAMES, NAMES, st.sampled_from(TYPES))
def test_any_pair_is_scored_alike_both_ways(a: str, b: str, kind: str) -> None:
    score = similarity(a, b, kind)
    assert 0.0 <= score <= 1.0
    assert score == similarity(b, a, kind)
    assert 0.0 <= closeness(fold(a), fold(b)) <= 1.0
