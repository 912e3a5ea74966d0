"""One fault costs one sentence: what the other sentences and the other steps give is kept."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from pipelines import tables
from pipelines.ingest.documents import borders, document_of
from pipelines.language import analyse
from pipelines.language.analysis import encodable
from pipelines.language.parsed import Parsed
from pipelines.language.stored import blanked, doc_of, values_of
from pipelines.running import run
from pipelines.running.guards import isolation
from pipelines.running.guards.isolation import recovered, remade
from pipelines.running.ledger import packed, unpacked
from pipelines.tables import PER_DOCUMENT
from tests.conftest import PROJECT

TEXT = (
    "Mayor Ana Petrova said on 4 May 2021 that 30 trees were planted in Oslo. "
    "“We lost 17 boats,” the harbour master, Olaf Hansen, told reporters on Friday.\n\n"
    "The council of Bergen bought 2,000 lamps last year. "
    "According to the ministry, 90 percent of the fishermen oppose the plan.\n"
)


def parsed_of(text: str, document_id: str = "0123456789abcdef") -> Parsed:
    document, layout = document_of(document_id, "a.txt", text, {})
    (doc,) = analyse([text], [borders(text, layout)])
    return Parsed(document, layout, doc)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Make a step fail on any text that holds these words."""

    def breaking(name: str, words: str) -> None:
        real = getattr(tables, name)

        def step(**given: Any) -> Any:
            if words in given["parsed"].document.text:
                raise ZeroDivisionError(f"cannot bear {words}")
            return real(**given)

        step.__name__ = name
        step.__signature__ = inspect.signature(real)  # type: ignore[attr-defined]
        steps = tuple(step if one.__name__ == name else one for one in PER_DOCUMENT)
        monkeypatch.setattr(isolation, "PER_DOCUMENT", steps)

    return breaking


STEPS = ["names", "definitions", "times", "figures_alone", "attributions", "fingerprints"]


@pytest.mark.parametrize("step", STEPS[:-1])
@pytest.mark.parametrize("words", ["30 trees", "17 boats", "2,000 lamps", "90 percent"])
def test_a_fault_in_one_sentence_costs_that_sentence_of_that_table(
    broken: Callable[[str, str], None], step: str, words: str
) -> None:
    parsed = parsed_of(TEXT)
    whole = remade(parsed).rows
    broken(step, words)
    rows, faults = remade(parsed)
    (fault,) = faults
    assert words in TEXT[fault["start_char"] : fault["end_char"]]
    assert "ZeroDivisionError" in fault["error"]
    assert "Traceback" in fault["trace"]
    sentence = next(s for s in parsed.sentences if s.sentence_id == fault["sentence_id"])
    table = fault["missing_from"]
    if table in rows:
        lost = [row for row in whole[table] if row not in rows[table]]
        assert all(sentence.start_char <= row["start_char"] < sentence.end_char for row in lost)
    for name in ("documents", "segments", "sentences"):
        assert rows[name] == whole[name]
    for name, found in rows.items():
        for row in found:
            if "text" in row and "start_char" in row and name != "documents":
                assert row["text"] == TEXT[row["start_char"] : row["end_char"]]


def test_a_fault_on_every_text_costs_that_table_and_no_other(broken: Callable[[str, str], None]) -> None:
    parsed = parsed_of(TEXT)
    whole = remade(parsed).rows
    broken("times", "")
    rows, (fault,) = remade(parsed)
    assert fault["sentence_id"] is None
    assert (fault["start_char"], fault["end_char"]) == (0, len(TEXT))
    assert rows["dates"] == []
    assert rows["mentions"] == whole["mentions"]
    assert len(rows["claims"]) == len(whole["claims"])


def test_two_bad_sentences_cost_two(broken: Callable[[str, str], None]) -> None:
    text = TEXT + "\n\nSweden sent 40 ships in June 2020.\n\n" + TEXT
    broken("figures_alone", "17 boats")
    rows, faults = remade(parsed_of(text))
    assert len(faults) == 2
    assert {row["text"].split()[0] for row in rows["figures"]} >= {"30", "40", "2,000", "90"}


def test_a_document_without_its_essential_rows_is_none(broken: Callable[[str, str], None]) -> None:
    broken("sentences", "Oslo")
    with pytest.raises(ZeroDivisionError):
        remade(parsed_of(TEXT))


@pytest.mark.parametrize("path", sorted((PROJECT / "seeds" / "texts").glob("*.txt")), ids=lambda path: path.stem)
def test_what_is_kept_of_a_document_gives_back_what_every_step_made(path: Any) -> None:
    """Through JSON, as the ledger has it: each step's result, and all rows after any one step is run again."""
    parsed = parsed_of(path.read_text("utf-8"))
    results = tables.evaluate(PER_DOCUMENT, {"parsed": parsed})
    kept = {name: run._typed(name, unpacked(packed(results[name]))) for name in tables.KEPT}
    for step in PER_DOCUMENT:
        assert recovered(step.__name__, kept) == results[step.__name__], step.__name__
    for step in PER_DOCUMENT:
        stale = {step.__name__}
        for later in PER_DOCUMENT:
            if stale & set(tables.named(later)):
                stale.add(later.__name__)
        rows, faults = remade(parsed, kept, stale)
        assert not faults
        assert set(rows) == stale & set(tables.KEPT)
        assert all(rows[name] == results[name] for name in rows)


def test_an_analysed_text_is_the_same_after_it_was_kept() -> None:
    texts = [
        "",
        " ",
        "\n\n",
        TEXT,
        "A lone \ud800 half.",
        "Tabs\tand  gaps .\r\n\r\n  The end  ",
        "é\u0301 ﬃ 漢字 مرحبا",
    ]
    for text, doc in zip(texts, analyse(texts), strict=True):
        again = doc_of(encodable(text), unpacked(packed(values_of(doc))))
        assert again.text == doc.text
        for one, other in zip(doc, again, strict=True):
            for name in (
                "text",
                "whitespace_",
                "tag_",
                "pos_",
                "lemma_",
                "dep_",
                "ent_iob",
                "ent_type_",
                "is_sent_start",
            ):
                assert getattr(one, name) == getattr(other, name), (text, one.i, name)
            assert one.head.i == other.head.i


def test_what_is_kept_of_one_text_is_refused_for_another() -> None:
    (doc,) = analyse(["Ana left."])
    with pytest.raises(ValueError, match="another text"):
        doc_of("Ana left. Bo stayed.", values_of(doc))


def test_blanking_moves_no_character_and_no_other_sentence() -> None:
    parsed = parsed_of(TEXT)
    for sentence in parsed.sentences:
        rest = parsed.without([sentence])
        assert len(rest.document.text) == len(TEXT)
        assert rest.document.text[: sentence.start_char] == TEXT[: sentence.start_char]
        assert rest.document.text[sentence.end_char :] == TEXT[sentence.end_char :]
        assert not rest.document.text[sentence.start_char : sentence.end_char].strip()
        assert [s.sentence_id for s in rest.sentences] == [
            s.sentence_id for s in parsed.sentences if s.sentence_id != sentence.sentence_id
        ]
    assert blanked(parsed.doc, 3, 3) is parsed.doc
    assert not parsed.without(parsed.sentences).document.text.strip()
