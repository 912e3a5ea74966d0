"""End to end: the three figures of the mission come out whole, from the project's texts and from the originals."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import hearsay


def rows(warehouse: Path, query: str) -> list[dict[str, Any]]:
    """Rows of a query, as the command line gives them."""
    status, out, err = hearsay("sql", query, "--format", "json", "--warehouse", warehouse)
    assert status == 0, err
    found: list[dict[str, Any]] = json.loads(out)
    return found


@pytest.fixture(params=["samples", "originals"])
def warehouse(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


def one(warehouse: Path, condition: str) -> dict[str, Any]:
    """The one figure that meets a condition, checked against the characters it came from."""
    found = rows(warehouse, f"SELECT * FROM figures_said WHERE {condition}")
    assert len(found) == 1, found
    figure = found[0]
    text = rows(warehouse, f"SELECT text FROM documents WHERE document_id = '{figure['document_id']}'")[0]["text"]
    assert text[figure["start_char"] : figure["end_char"]] == figure["as_written"]
    assert figure["claim_id"] is not None
    return figure


def test_what_sanctions_cost_according_to_the_prime_minister(warehouse: Path) -> None:
    figure = one(warehouse, "unit = 'USD' AND value = 16e9")
    assert figure["kind"] == "money"
    assert figure["speaker"] == "Roman Golovchenko"
    assert figure["source_kind"] == "named"
    assert "sanctions" in figure["referent"].lower()
    assert (figure["said_on_words"], figure["said_on_edtf"]) == ("May 15", "XXXX-05-15")


def test_how_many_soldiers_la_stampa_says_are_wanted(warehouse: Path) -> None:
    figure = one(warehouse, "value = 30000 AND modifier = 'at_least'")
    assert figure["speaker"] == "La Stampa"
    assert figure["source_kind"] == "outlet"
    assert "soldier" in f"{figure['unit']} {figure['referent']}"


def test_how_many_oppose_sending_troops_according_to_a_forum_poster(warehouse: Path) -> None:
    figure = one(warehouse, "unit = 'percent' AND value = 90")
    assert figure["modifier"] == "approx"
    assert figure["source_kind"] == "author"
    assert figure["claim_kind"] == "assertion"
    assert "population" in figure["referent"]
    author = rows(warehouse, f"SELECT author, genre FROM documents WHERE document_id = '{figure['document_id']}'")[0]
    assert author["genre"] == "forum_post"
    assert figure["speaker"] == author["author"] is not None


def test_page_furniture_is_kept_and_is_no_fact(originals: Path) -> None:
    chrome = {row["value"] for row in rows(originals, "SELECT value FROM figures WHERE is_chrome")}
    assert {6345.0, 2.0, 304.0} <= chrome
    said = {row["value"] for row in rows(originals, "SELECT value FROM figures_said")}
    assert not said & {6345.0, 304.0}
    dates = rows(originals, "SELECT is_chrome FROM dates WHERE text LIKE 'Jul 11, 2013'")
    assert all(row["is_chrome"] for row in dates)


def test_the_op_ed_gives_no_figure_and_its_own_date(originals: Path) -> None:
    op_ed = "source_id LIKE '001%'"
    assert rows(originals, f"SELECT * FROM figures_said WHERE {op_ed}") == []
    document = rows(originals, f"SELECT published_on, published_basis FROM documents WHERE {op_ed}")[0]
    assert document == {"published_on": "2022-03-16", "published_basis": "text"}


def test_one_person_is_one_entity_over_all_spellings(originals: Path) -> None:
    spellings = "alias IN ('Lukashenko', 'Lukashenka', 'Alexander Lukashenko', 'Alexander Lukashenka')"
    found = rows(originals, f"SELECT DISTINCT entity_id FROM entity_aliases WHERE {spellings}")
    assert len(found) == 1
    for one_person in (("Karac", "Karač", "Olga Karach"), ("Vladislav Inozemtsev", "Vladislav Inosemtsev")):
        assert len(rows(originals, f"SELECT DISTINCT entity_id FROM entity_aliases WHERE alias IN {one_person}")) == 1
    apart = rows(
        originals, "SELECT DISTINCT entity_id FROM entity_aliases WHERE alias IN ('Kremlin', 'Moscow', 'Russia')"
    )
    assert len(apart) == 3


def test_everything_published_keeps_the_contract(warehouse: Path) -> None:
    status, out, err = hearsay("check", "--warehouse", warehouse)
    assert status == 0, err
    assert "keep the contract" in out
