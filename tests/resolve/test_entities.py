"""Entities over documents: the cases of ``tests/cases/entities.toml``, ids that stay, overrides that win and can be undone."""

import random
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from pipelines.resolve.entities import Resolution, resolve

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "entities.toml").read_text(encoding="utf-8"))["case"]
Names = dict[str, Sequence[Sequence[str]]]

BASE: Names = {
    "a": [["PERSON", "Alexander Lukashenko"], ["PERSON", "Lukashenko"], ["GPE", "Belarus"], ["ORG", "CSTO"]],
    "b": [["PERSON", "Lukashenka"], ["PERSON", "Olga Karach"], ["PERSON", "Karač"]],
    "c": [["PERSON", "Ivanov"], ["PERSON", "Vladislav Inozemtsev"], ["ORG", "Wagner Group"]],
}
MORE: Names = {
    "d": [["PERSON", "Aliaksandr Lukašenka"], ["PERSON", "Sergei Ivanov"], ["PERSON", "Igor Ivanov"]],
    "e": [["PERSON", "Vladislav Inosemtsev"], ["ORG", "Collective Security Treaty Organisation"], ["ORG", "Wagner"]],
    "0": [["PERSON", "Aaron Karach"], ["GPE", "Republic of Belarus"]],
}


def table(documents: Names) -> pd.DataFrame:
    rows = [
        {
            "mention_id": f"{document}: {position}",
            "document_id": document,
            "sentence_id": document,
            "start_char": position,
            "text": text,
            "type": kind,
            "form": "name",
            "antecedent_id": None,
        }
        for document, names in documents.items()
        for position, (kind, text) in enumerate(names)
    ]
    return pd.DataFrame(rows)


def resolved(
    documents: Names, overrides: Sequence[dict[str, str]] = (), known: dict[str, str] | None = None, **more
) -> Resolution:
    return resolve(table(documents), pd.DataFrame({"document_id": list(documents)}), overrides, known, **more)


def ids(documents: Names, found: Resolution) -> dict[str, str]:
    """ "document: text" to the entity of its last mention."""
    return {
        f"{document}: {text}": found.entity_of[f"{document}: {position}"]
        for document, names in documents.items()
        for position, (_, text) in enumerate(names)
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict) -> None:
    definitions = [
        {"document_id": document, "long": long, "short": short, "start_char": 0}
        for document, long, short in case.get("definitions", ())
    ]
    of = ids(case["documents"], resolved(case["documents"], definitions=definitions))
    assert len({of[name] for name in case.get("one", ())}) <= 1, of
    apart = [of[name] for name in case.get("apart", ())]
    assert len(set(apart)) == len(apart), of


def test_the_order_of_rows_does_not_matter() -> None:
    documents = {**BASE, **MORE}
    first = resolved(documents)
    rows = table(documents).sample(frac=1, random_state=7)
    second = resolve(pa.Table.from_pandas(rows), pd.DataFrame({"document_id": sorted(documents, reverse=True)}), [])
    assert first == second


def test_ids_are_those_of_a_fresh_run() -> None:
    before, after = ids(BASE, resolved(BASE)), ids({**BASE, **MORE}, resolved({**BASE, **MORE}))
    unchanged = {
        "a: Alexander Lukashenko",
        "a: Belarus",
        "a: CSTO",
        "b: Olga Karach",
        "c: Vladislav Inozemtsev",
        "c: Wagner Group",
    }
    assert {name: before[name] for name in unchanged} == {name: after[name] for name in unchanged}


def test_new_documents_leave_known_ids_alone() -> None:
    first = resolved(BASE)
    second = resolved({**BASE, **MORE}, known=dict(first.known))
    before, after = ids(BASE, first), ids({**BASE, **MORE}, second)
    for name, entity_id in before.items():
        assert second.redirects.get(entity_id, entity_id) == after[name]
    third = resolved({**BASE, **MORE}, known=dict(second.known))
    assert third.entity_of == second.entity_of


def test_an_id_stays_with_the_full_name_when_a_bare_surname_leaves_or_joins_it() -> None:
    alone: Names = {
        "a": [["PERSON", "Zofia Brandauer"]],
        "b": [["PERSON", "Brandauer"]],
        "z": [["PERSON", "Brandauer"]],
    }
    first = resolved(alone)
    assert len(set(first.entity_of.values())) == 1
    two = {**alone, "c": [["PERSON", "Karel Brandauer"]]}
    second = resolved(two, known=dict(first.known))
    assert ids(two, second)["a: Zofia Brandauer"] == ids(alone, first)["a: Zofia Brandauer"]
    assert len(set(second.entity_of.values())) > 2
    third = resolved(alone, known=dict(second.known))
    assert third.entity_of == first.entity_of


def test_a_merge_leaves_a_redirect() -> None:
    apart: Names = {"a": [["PERSON", "Karel Brandauer"]], "b": [["PERSON", "Brandaur"]]}
    first = resolved(apart)
    line = {"action": "same", "name": "Karel Brandauer", "other": "Brandaur", "type": "", "reason": "one man"}
    second = resolved(apart, [line], dict(first.known))
    kept, gone = sorted(set(second.entity_of.values())), set(first.entity_of.values())
    if len(gone) == 2:
        (old,) = gone - set(kept)
        assert second.redirects == {old: kept[0]}


def line(action: str, name: str, other: str, kind: str = "") -> dict[str, str]:
    return {"action": action, "name": name, "other": other, "type": kind, "reason": "test"}


def test_overrides_win_and_undo_restores() -> None:
    documents: Names = {
        "a": [["PERSON", "Viktor Lukashenko"], ["ORG", "Zubrin Works"]],
        "b": [["PERSON", "Alexander Lukashenko"], ["PERSON", "Aliaksandr Lukašenka"], ["ORG", "Zubrin Plant"]],
    }
    plain = resolved(documents)
    of = ids(documents, plain)
    changed = resolved(
        documents,
        [
            line("same", "Zubrin Works", "Zubrin Plant"),
            line("different", "Alexander Lukashenko", "Aliaksandr Lukašenka"),
            line("rename", "Viktor Lukashenko", "Viktor A. Lukashenko"),
            line("wikidata", "Zubrin Works", "Q42"),
            line("type", "Zubrin Works", "FAC"),
        ],
        dict(plain.known),
    )
    now = ids(documents, changed)
    assert now["a: Zubrin Works"] == now["b: Zubrin Plant"]
    assert now["b: Alexander Lukashenko"] != now["b: Aliaksandr Lukašenka"]
    rows = {row["entity_id"]: row for row in changed.entities}
    assert rows[now["a: Viktor Lukashenko"]]["name"] == "Viktor A. Lukashenko"
    assert rows[now["a: Zubrin Works"]]["wikidata_id"] == "Q42"
    assert rows[now["a: Zubrin Works"]]["type"] == "FAC"
    assert {(r["decision"], r["rule"]) for r in changed.merges if "Zubrin Works" in (r["name_a"], r["name_b"])} == {
        ("same", "override")
    }
    undone = resolved(documents, [], dict(changed.known))
    assert ids(documents, undone) == of


def test_an_override_nobody_understands_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1"):
        resolved(BASE, [line("merge", "a", "b")])


def test_rows_say_what_they_are() -> None:
    found = resolved(BASE)
    assert [row["entity_id"] for row in found.entities] == sorted(set(found.entity_of.values()))
    lukashenko = next(row for row in found.entities if row["name"] == "Alexander Lukashenko")
    assert lukashenko["aliases"][0] == "Alexander Lukashenko"
    assert set(lukashenko["aliases"]) == {"Alexander Lukashenko", "Lukashenko", "Lukashenka"}
    assert (lukashenko["n_mentions"], lukashenko["n_documents"], lukashenko["first_document_id"]) == (3, 2, "a")
    assert lukashenko["wikidata_id"] is None
    columns = {"name_a", "name_b", "entity_id", "decision", "rule", "score", "evidence"}
    assert all(set(row) == columns for row in found.merges)
    assert {row["decision"] for row in found.merges} <= {"same", "different", "unsure"}


def test_a_renaming_is_dated() -> None:
    found = resolved(
        {"a": [["GPE", "Upper Volta"], ["ORG", "Statoil"]], "b": [["GPE", "Burkina Faso"], ["ORG", "Equinor"]]}
    )
    same = {row["name_a"]: row for row in found.merges if row["decision"] == "same"}
    assert {row["rule"] for row in same.values()} == {"old and new names"}
    assert same["Burkina Faso"]["evidence"].startswith("Upper Volta: renamed 1984")
    assert same["Equinor"]["evidence"].startswith("Statoil: renamed 2018")


def test_the_first_document_is_the_earliest() -> None:
    documents: Names = {"a": [["GPE", "Minsk"]], "b": [["GPE", "Minsk"]]}
    dated = pd.DataFrame({"document_id": ["a", "b"], "published_on": [date(2024, 5, 2), date(2023, 1, 1)]})
    found = resolve(table(documents), dated)
    assert found.entities[0]["first_document_id"] == "b"


def test_pronouns_take_the_entity_of_what_they_stand_for() -> None:
    rows = table({"a": [["PERSON", "Anna Novak"]]}).to_dict("records")
    rows += [
        {**rows[0], "mention_id": "she", "text": "she", "form": "pronoun", "start_char": 5, "antecedent_id": "a: 0"},
        {
            **rows[0],
            "mention_id": "woman",
            "text": "the woman",
            "form": "nominal",
            "start_char": 7,
            "antecedent_id": "she",
        },
        {**rows[0], "mention_id": "he", "text": "he", "form": "pronoun", "start_char": 9, "antecedent_id": None},
        {**rows[0], "mention_id": "x", "text": "it", "form": "pronoun", "start_char": 11, "antecedent_id": "x"},
    ]
    found = resolve(pd.DataFrame(rows), pd.DataFrame({"document_id": ["a"]}))
    assert found.entity_of["she"] == found.entity_of["woman"] == found.entity_of["a: 0"] is not None
    assert found.entity_of["he"] is None
    assert found.entity_of["x"] is None
    assert found.entities[0]["n_mentions"] == 3


OFFICE = [
    ("the president of Poland", {"a": "Bronisław Komorowski", "b": "Andrzej Duda"}),
    ("the prime minister", {"a": "Theresa May", "b": "Keir Starmer"}),
    ("Georgia's president", {"a": "Giorgi Margvelashvili", "b": "Salome Zourabichvili"}),
    ("the mayor", {"a": "Anna Novak", "b": "Anton Novak"}),
]


@pytest.mark.parametrize(("office", "holders"), OFFICE)
def test_an_office_is_whoever_held_it_in_that_text(office: str, holders: dict[str, str]) -> None:
    documents: Names = {document: [["PERSON", name]] for document, name in holders.items()}
    rows = table({**documents, "c": [["GPE", "Poland"]]}).to_dict("records")
    for document in ("a", "b", "c"):
        antecedent = f"{document}: 0" if document in holders else None
        rows.append(
            {
                **rows[0],
                "mention_id": f"{document} office",
                "document_id": document,
                "text": office,
                "form": "nominal",
                "start_char": 9,
                "antecedent_id": antecedent,
            }
        )
    found = resolve(pd.DataFrame(rows), pd.DataFrame({"document_id": ["a", "b", "c"]}))
    assert found.entity_of["a office"] == found.entity_of["a: 0"] != found.entity_of["b: 0"]
    assert found.entity_of["b office"] == found.entity_of["b: 0"]
    assert found.entity_of["c office"] is None
    assert office not in {alias for entity in found.entities for alias in entity["aliases"]}


def test_nothing_gives_nothing() -> None:
    found = resolve(table({}), pd.DataFrame({"document_id": []}))
    assert (found.entities, found.merges, dict(found.entity_of)) == ([], [], {})


def test_odd_names_do_no_harm() -> None:
    odd = [
        "",
        " ",
        "!!!",
        "😀",
        "习近平",
        "Жук",
        "A",
        "A.",
        "-",
        "von",
        "Jr.",
        "O'Neil, Jr.",
        "x" * 300,
        "Mr",
        "The",
        "(",
        "U.S.",
        "№ 5",
    ]
    generator = random.Random(3)
    kinds = ["PERSON", "ORG", "GPE", "LOC", "NORP", "EVENT", "WORK"]
    documents: Names = {str(d): [[generator.choice(kinds), text] for text in odd] for d in range(3)}
    found = resolved(documents)
    assert all(found.entity_of.values())
