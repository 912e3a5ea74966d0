"""What is kept between runs: it changes nothing but the time, on random documents added in random order."""

import random
from collections.abc import Mapping

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.resolution import names, table
from pipelines.resolve.entities import Resolution, resolve
from pipelines.resolve.memory import Memory

PEOPLE = (
    "Olga Karach", "Olga Karač", "Karach", "Karac", "Karacz", "Sergei Ivanov", "Siarhei Ivanou", "Ivanov", "Ivanou", "Igor Ivanov", "S. Ivanov", "Misha",
    "Mikheil Saakashvili", "Saakashvili", "Petrova", "Petrov", "Mao Zedong", "Mao Tse-tung", "V. Makei", "Viktor Makei",
    "Vladimir Makei", "Makei Vladimir",
)  # fmt: skip
BODIES = (
    "Zubrin Works",
    "Zubrin",
    "CSTO",
    "ODKB",
    "Harbour Trust",
    "HT",
    "Ministry of Defence",
    "Russian Defence Ministry",
)
PLACES = ("Astana", "Nur-Sultan", "Brest", "Brest region", "Belarus", "Republic of Belarus", "Zubrin")
NAMES = st.one_of(
    st.tuples(st.just("PERSON"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("ORG"), st.sampled_from(BODIES)),
    st.tuples(st.just("GPE"), st.sampled_from(PLACES)),
)
DOCUMENTS = st.lists(st.lists(NAMES, min_size=1, max_size=6), min_size=2, max_size=8)


def mentions(documents: list[list[tuple[str, str]]], chosen: set[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "mention_id": f"{number} {position}",
            "document_id": f"d{number}",
            "start_char": position,
            "text": text,
            "type": kind,
            "form": "name",
            "antecedent_id": None,
        }
        for number, found in enumerate(documents)
        if number in chosen
        for position, (kind, text) in enumerate(found)
    )


def resolved(rows: pd.DataFrame, memory: Memory | None, known: dict[str, str] | None = None) -> Resolution:
    definitions = [{"document_id": "d0", "short": "HT", "long": "Harbour Trust", "start_char": 0}]
    return resolve(rows, pd.DataFrame({"document_id": rows["document_id"].unique()}), (), known, definitions, memory)


@settings(max_examples=40, deadline=None)
@given(DOCUMENTS, st.data())
def test_adding_documents_gives_what_a_full_run_gives(
    documents: list[list[tuple[str, str]]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(documents))))
    cut = data.draw(st.integers(1, len(documents) - 1))
    some, everything = mentions(documents, set(order[:cut])), mentions(documents, set(order))
    first = Memory("stamp")
    before = resolved(some, first)
    assert before == resolved(some, None)
    second = Memory("stamp", first.asked)
    after = resolved(everything, second, dict(before.known))
    assert after == resolved(everything, None, dict(before.known))
    again = Memory("stamp", second.asked)
    assert resolved(everything, again, dict(before.known)) == after
    assert again.n_computed == 0
    assert again.asked == second.asked


def damaged(kept: Mapping[bytes, bytes], generator: random.Random) -> dict[bytes, bytes]:
    """A memory of which some results are lost and some are torn."""
    left = {key: body for key, body in kept.items() if generator.random() < 0.9}
    torn = {key: body[: generator.randrange(len(body))] for key, body in left.items() if generator.random() < 0.1}
    return left | torn


@settings(max_examples=30, deadline=None)
@given(DOCUMENTS, st.data())
def test_documents_come_and_go_and_memory_may_be_torn(
    documents: list[list[tuple[str, str]]], data: st.DataObject
) -> None:
    generator = random.Random(data.draw(st.integers(0, 99)))
    chosen: set[int] = set()
    known: dict[str, str] = {}
    memory = Memory("stamp")
    for change in data.draw(st.lists(st.sets(st.integers(0, len(documents) - 1)), min_size=2, max_size=5)):
        chosen ^= change
        rows = mentions(documents, chosen or {0})
        memory = Memory("stamp", damaged(memory.asked, generator))
        found = resolved(rows, memory, known)
        assert found == resolved(rows, None, known)
        fresh = Memory("stamp")
        resolved(rows, fresh, known)
        assert memory.asked == fresh.asked
        known = dict(found.known)


def test_a_few_more_documents_compare_few_names() -> None:
    generator = random.Random(5)
    rows = table(names(1500, generator), 6000, 25, generator)
    first = Memory("stamp")
    resolved(rows[:5900], first)
    second = Memory("stamp", first.asked)
    resolved(rows, second)
    assert second.n_computed < 0.15 * first.n_computed


def test_another_stamp_finds_nothing() -> None:
    first = Memory("one")
    assert first.recall("kind", ["a"], lambda: [1, 2.5]) == [1, 2.5]
    assert Memory("one", first.asked).recall("kind", ["a"], list) == [1, 2.5]
    assert Memory("two", first.asked).recall("kind", ["a"], list) == []
    assert Memory("one", first.asked).recall("other kind", ["a"], list) == []


def test_only_what_changed_is_written() -> None:
    first = Memory("stamp")
    resolved(mentions([[("PERSON", name)] for name in PEOPLE], set(range(12))), first)
    assert (first.changed(), first.unneeded()) == (first.asked, [])
    second = Memory("stamp", first.asked)
    resolved(mentions([[("PERSON", name)] for name in PEOPLE], set(range(4, 16))), second)
    left = {key: body for key, body in first.asked.items() if key not in second.unneeded()}
    assert left | second.changed() == second.asked
    assert 0 < len(second.changed()) < len(second.asked)
