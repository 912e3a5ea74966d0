"""Which figures are put together, which are kept apart, and what is said of those that are together."""

import random
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.extract.figures import figures_in
from pipelines.ingest.document import Document, Row, Segment
from pipelines.language import analyse
from pipelines.language.parsed import Parsed
from pipelines.resolve.quantities import compare
from pipelines.resolve.questions import questions_in
from tests.conftest import ORIGINALS

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "quantities.toml").read_text(encoding="utf-8"))


def told(documents: list[dict[str, Any]]) -> tuple[list[Row], list[Row], list[Row]]:
    """Figures, documents and questions of some texts."""
    figures, rows, questions = [], [], []
    for document, doc in zip(documents, analyse([d["text"] for d in documents]), strict=True):
        text = document["text"]
        parsed = Parsed(Document(document["id"], text), [Segment(0, len(text), "body")], doc)
        row = {"document_id": document["id"], "published_on": document.get("published_on"), "text": text}
        found = figures_in(parsed, [])
        figures += found
        rows.append(row)
        questions += questions_in(found, row)
    return figures, [{name: value for name, value in row.items() if name != "text"} for row in rows], questions


@pytest.fixture(scope="module")
def invented() -> tuple[list[Row], list[Row], list[Row]]:
    return told(CASES["document"])


def groups(figures: list[Row], owner: dict[str, str]) -> dict[str, set[str]]:
    """The members of each quantity as "document: text"."""
    found: dict[str, set[str]] = {}
    for figure in figures:
        found.setdefault(owner[figure["figure_id"]], set()).add(f"{figure['document_id']}: {figure['text']}")
    return found


def test_ten_documents_with_traps(invented: tuple[list[Row], list[Row], list[Row]]) -> None:
    figures, documents, questions = invented
    quantities, owner = compare(figures, documents, questions)
    agreement = {row["quantity_id"]: row["agreement"] for row in quantities}
    found = {(agreement[key], *sorted(members)) for key, members in groups(figures, owner).items() if len(members) > 1}
    assert found == {(group["agreement"], *sorted(group["members"])) for group in CASES["group"]}


def test_every_figure_has_one_quantity_and_the_order_does_not_matter(
    invented: tuple[list[Row], list[Row], list[Row]],
) -> None:
    figures, documents, questions = invented
    once = compare(figures, documents, questions)
    shuffled = [list(rows) for rows in (figures, documents, questions)]
    for rows in shuffled:
        random.Random(3).shuffle(rows)
    assert compare(shuffled[0], shuffled[1], shuffled[2]) == once
    quantities, owner = once
    assert owner.keys() == {figure["figure_id"] for figure in figures}
    assert sum(row["n_figures"] for row in quantities) == len(figures)
    assert len({row["quantity_id"] for row in quantities}) == len(quantities)
    for row in quantities:
        assert row["lowest"] is None or row["lowest"] <= row["highest"]


def test_page_furniture_has_no_quantity(invented: tuple[list[Row], list[Row], list[Row]]) -> None:
    figures, documents, questions = invented
    chrome = [figure | {"is_chrome": True} for figure in figures]
    assert compare(chrome, documents, questions) == ([], {})


def test_a_quantity_keeps_its_id_when_documents_join(invented: tuple[list[Row], list[Row], list[Row]]) -> None:
    figures, documents, questions = invented
    _, all_owners = compare(figures, documents, questions)
    early = [figure for figure in figures if figure["document_id"] < "h"]
    _, early_owners = compare(early, documents, questions)
    assert all(all_owners[key] == value for key, value in early_owners.items())


def test_a_part_is_not_the_whole() -> None:
    texts = [
        "Some 80% of Latvians are against the war.",
        "Some 60% of Latvian teachers are against the war.",
        "Some 80% of Lithuanians are against the war.",
        "Some 80% of Latvians support the war.",
    ]
    documents = [{"id": str(i), "text": text, "published_on": date(2031, 1, 1)} for i, text in enumerate(texts)]
    figures, rows, questions = told(documents)
    quantities, _ = compare(figures, rows, questions)
    assert {row["agreement"] for row in quantities} == {"single"}


def test_a_people_is_the_one_its_own_words_name() -> None:
    texts = [
        "Estonians looked on. 80% of the population in Latvia are against the war.",
        "70% of Latvians are against the war.",
    ]
    documents = [{"id": str(i), "text": text, "published_on": date(2031, 1, 1)} for i, text in enumerate(texts)]
    figures, rows, questions = told(documents)
    quantities, _ = compare(figures, rows, questions)
    assert [(row["agreement"], row["lowest"], row["highest"]) for row in quantities] == [("differ", 70, 80)]


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the five reference texts are not beside this checkout")
def test_the_originals() -> None:
    documents = [
        {"id": path.name[:3], "text": path.read_text(encoding="utf-8")} for path in sorted(ORIGINALS.glob("*.txt"))
    ]
    figures, rows, questions = told(documents)
    quantities, owner = compare(figures, rows, questions)
    shared = [row for row in quantities if row["n_figures"] > 1]
    assert len(shared) == 1
    assert (shared[0]["agreement"], shared[0]["lowest"], shared[0]["highest"], shared[0]["unit"]) == (
        "differ",
        75,
        90,
        "percent",
    )
    assert groups(figures, owner)[shared[0]["quantity_id"]] == {
        "000: 90%",
        "003: three-quarters of Belarusians",
        "003: the vast majority of citizens",
    }
    costs = {owner[figure["figure_id"]] for figure in figures if figure["unit"] == "USD"}
    assert len(costs) == 2
