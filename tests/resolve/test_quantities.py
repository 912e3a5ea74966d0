"""Which figures are put together, which are kept apart, and what is said of those that are together."""

import random
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.extract.figures import figures_in
from pipelines.identity import SEPARATOR
from pipelines.ingest.document import Document, Row, Segment
from pipelines.language import analyse
from pipelines.language.parsed import Parsed
from pipelines.lexicon.entries import entries
from pipelines.resolve.measured.questions import questions_in
from pipelines.resolve.quantities import compare
from pipelines.tables import rows_of
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


def together(*texts: str) -> set[tuple[str, ...]]:
    """The texts of the figures of each quantity that has several, of documents without a date."""
    figures, rows, questions = told([{"id": str(i), "text": text} for i, text in enumerate(texts)])
    _, owner = compare(figures, rows, questions)
    return {tuple(sorted(members)) for members in groups(figures, owner).values() if len(members) > 1}


def test_a_long_number_is_the_same_again() -> None:
    assert together("Toll hits 1,793.\n\nIn all, 1,793 sailors are now missing.") == {("0: 1,793", "0: 1,793 sailors")}
    assert together("They count 404,418 guests.", "In the end 404,418 had come.") == {
        ("0: 404,418 guests", "1: 404,418")
    }


@pytest.mark.parametrize(
    "texts",
    [
        ["They have 1,793 goats. They sold 1,793 sheep."],
        ["They have 1,700 goats. Later they had 1,700."],
        ["They have 365 goats and 365 sheep."],
        ["They have 1,793 goats.", "They have 1,793 goats."],
        ["It costs $799. That one costs $799."],
    ],
)
def test_a_short_number_or_another_thing_is_not(texts: list[str]) -> None:
    assert together(*texts) == set()


def test_a_number_of_nothing_is_not_compared() -> None:
    assert together("The number in Norway has risen to 4 million. The number in Norway stood at 7 million.") == set()


def test_words_that_name_no_owner_and_nothing_measured() -> None:
    """ "The number in Norway was 50" asks nothing; "GDP in Norway was 50" asks about Norway, and not about a Mr GDP."""
    lines = [row for row in entries("quantity_words") if row["kind"] in ("hollow", "indicator")]
    figures, _, questions = told([{"id": row["form"], "text": f"{row['example']}."} for row in lines])
    asked = {figure["document_id"]: figure["figure_id"] for figure in figures}
    owners = {question["figure_id"]: question["key"].split(SEPARATOR)[3] for question in questions}
    for row in lines:
        owner = owners.get(asked[row["form"]])
        assert owner is None if row["kind"] == "hollow" else owner in (None, "no"), row


def test_what_drugs_are_effective_against_is_no_opinion() -> None:
    assert (
        together("Vaccine effectiveness was 83% against the virus.", "Vaccine effectiveness was 61% against the virus.")
        == set()
    )


@pytest.mark.parametrize(
    ("unheld", "agreement", "bounds"),
    [
        ((), "differ", (70, 80)),
        ((0,), "single", (70, 70)),
        ((1,), "single", (80, 80)),
        ((0, 1), "single", (70, 80)),
    ],
)
def test_what_is_denied_agrees_with_nothing_and_contradicts_nothing(
    unheld: tuple[int, ...], agreement: str, bounds: tuple[float, float]
) -> None:
    texts = ["80% of Latvians are against the war.", "70% of Latvians are against the war."]
    figures, rows, questions = told(
        [{"id": str(i), "text": text, "published_on": date(2031, 1, 1)} for i, text in enumerate(texts)]
    )
    denied = [
        question | {"is_held": int(figure["document_id"]) not in unheld}
        for question, figure in zip(questions, figures, strict=True)
    ]
    quantities, owner = compare(figures, rows, denied)
    assert len(set(owner.values())) == 1
    (row,) = quantities
    assert (row["n_figures"], row["agreement"], row["lowest"], row["highest"]) == (2, agreement, *bounds)


def test_a_denied_figure_of_the_same_number_does_not_agree() -> None:
    texts = ["The ministry denied that 80% of Latvians are against the war.", "80% of Latvians are against the war."]
    rows = [
        rows_of(
            Parsed(Document(str(i) * 16, text, published_on=date(2031, 1, 1)), [Segment(0, len(text), "body")], doc)
        )
        for i, (text, doc) in enumerate(zip(texts, analyse(texts), strict=True))
    ]
    figures, documents, questions = (
        [row for one in rows for row in one[name]] for name in ("figures", "documents", "questions")
    )
    assert [row["is_held"] for row in questions] == [False, True]
    quantities, _ = compare(figures, documents, questions)
    assert [(row["n_figures"], row["agreement"]) for row in quantities] == [(2, "single")]


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
