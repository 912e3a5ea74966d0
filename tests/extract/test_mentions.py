"""Names in a text: the cases of ``tests/cases/mentions.toml``, every lexicon row's example, and what must hold for any text."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipelines.extract.mentions import names_in
from pipelines.extract.naming import agreement as within_document
from pipelines.extract.naming import gazetteer
from pipelines.extract.naming.short_forms import definitions_in
from pipelines.ingest.document import Document, Row, Segment
from pipelines.language import analyse
from pipelines.language.parsed import Parsed
from pipelines.language.tokens import english
from pipelines.lexicon.entries import entries

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "mentions.toml").read_text(encoding="utf-8"))["case"]
LEXICONS = (
    "titles",
    "organisation_words",
    "demonyms",
    "metonyms",
    "regions",
    "known_names",
    "name_contexts",
    "diminutives",
    "acronyms",
    "given_names",
    "first_names",
    "organisation_names",
    "place_names",
    "common_surnames",
    "name_words",
    "word_spellings",
    "place_words",
    "no_names",
    "products",
    "doubtful_places",
)
COLUMNS = {
    "mention_id",
    "document_id",
    "sentence_id",
    "start_char",
    "end_char",
    "text",
    "type",
    "form",
    "antecedent_id",
    "entity_id",
    "confidence",
    "claim_id",
}


def marked(text: str, ents: list[list[str]], kind: str = "body") -> Parsed:
    """A text whose names are marked as the language model would; capitalised words inside a sentence are proper nouns."""
    words = english().make_doc(text)
    spans, at = [], 0
    for name, label in ents:
        start = text.index(name, at)
        at = start + len(name)
        span = words.char_span(start, at, label=label, alignment_mode="expand")
        spans.append(span)
    inside = {token.i for span in spans for token in span}
    tags = [
        "_SP"
        if t.is_space
        else "NNP"
        if t.text[:1].isupper() and (t.i in inside or (t.i and not t.is_sent_start))
        else "NN"
        for t in words
    ]
    starts = [t.i == 0 or words[t.i - 1].text in (".", "\n") for t in words]
    heads = []
    for i, begins in enumerate(starts):
        heads.append(i if begins else heads[-1])
    doc = Doc(
        words.vocab,
        words=[t.text for t in words],
        spaces=[bool(t.whitespace_) for t in words],
        tags=tags,
        heads=heads,
        deps=["ROOT" if begins else "dep" for begins in starts],
    )
    doc.set_ents([doc.char_span(span.start_char, span.end_char, label=span.label_) for span in spans])
    return Parsed(Document("0" * 16, text), [Segment(0, len(text), kind)], doc)


def bare(text: str) -> Parsed:
    """A text without the model's analysis: words only, one sentence."""
    doc = english().make_doc(text)
    for token in doc:
        token.is_sent_start = token.i == 0
    return Parsed(Document("0" * 16, text), [Segment(0, len(text), "body")] if text else [], doc)


def pairs(rows: list[Row]) -> list[list[str]]:
    return [[row["text"], row["type"]] for row in rows]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_case(case: dict) -> None:
    rows = names_in(marked(case["text"], case["ents"]))
    assert pairs(rows) == case["names"]
    for row in rows:
        assert set(row) == COLUMNS
        assert case["text"][row["start_char"] : row["end_char"]] == row["text"]
        assert row["form"] == "name"
        assert row["entity_id"] is None
        assert row["antecedent_id"] is None


def test_names_in_chrome_give_no_mention() -> None:
    assert names_in(marked("Subscribe to Zubrin News", [["Zubrin News", "ORG"]], kind="chrome")) == []


def test_acronyms_and_shared_surnames_are_defined() -> None:
    text = "Sergey and Yulia Petrov joined the Zubrin Cooperation Organisation (ZCO)."
    parsed = marked(
        text, [["Sergey", "PERSON"], ["Yulia Petrov", "PERSON"], ["Zubrin Cooperation Organisation", "ORG"]]
    )
    rows = definitions_in(parsed, names_in(parsed))
    assert [(row["short"], row["long"]) for row in rows] == [
        ("Sergey", "Sergey Petrov"),
        ("ZCO", "Zubrin Cooperation Organisation"),
    ]
    assert all(text.startswith(row["short"], row["start_char"]) for row in rows)


def test_a_surname_is_shared_by_all_before_it() -> None:
    text = "Anna, Olga and Ivan Sidorov met Putin and Olga Novak."
    parsed = marked(text, [[name, "PERSON"] for name in ("Anna", "Olga", "Ivan Sidorov", "Putin", "Olga Novak")])
    rows = definitions_in(parsed, names_in(parsed))
    assert [(row["short"], row["long"]) for row in rows] == [("Anna", "Anna Sidorov"), ("Olga", "Olga Sidorov")]


def test_a_gloss_and_a_handle_are_other_names() -> None:
    text = "The newspaper Zubrinskaya Pravda (Zubrin Truth) quoted Zubrin Watch (@zwatch)."
    parsed = marked(text, [["Zubrinskaya Pravda", "ORG"], ["Zubrin Watch", "ORG"]])
    rows = definitions_in(parsed, names_in(parsed))
    assert [(row["short"], row["long"]) for row in rows] == [
        ("Zubrin Truth", "Zubrinskaya Pravda"),
        ("@zwatch", "Zubrin Watch"),
    ]


def test_a_name_goes_on_over_the_end_of_a_wrapped_line_and_ends_with_its_paragraph() -> None:
    text = "The talks were led by Maria\nFernandez for the United\nNations\n\nGeneva"
    doc = next(iter(analyse([text])))
    rows = names_in(Parsed(Document("0" * 16, text), [Segment(0, len(text), "body")], doc))
    assert [row["text"] for row in rows] == ["Maria\nFernandez", "United\nNations", "Geneva"]


def test_a_shouted_heading_is_no_evidence() -> None:
    text = "ZUBRIN WINS AGAIN\nThe novelist Anna Zubrin won. Zubrin was glad."
    parsed = marked(text, [["ZUBRIN", "LOC"], ["Anna Zubrin", "PERSON"], ["Zubrin", "PERSON"]])
    assert ["Zubrin", "PERSON"] in pairs(names_in(parsed))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("He met Anna Novak in Minsk on Monday.", [["Anna Novak", "PERSON"], ["Minsk", "GPE"]]),
        ("Later the Ministry of Defence of Belarus replied.", [["Ministry of Defence of Belarus", "ORG"]]),
        ("We saw President Lukashenko and the CSTO.", [["Lukashenko", "PERSON"], ["CSTO", "ORG"]]),
        ("The weather was fine.", []),
        ("Weather Was Fine And Everybody Was Glad In The End", []),
    ],
)
def test_without_the_model(text: str, names: list[list[str]]) -> None:
    assert pairs(names_in(bare(text))) == names


def test_with_the_shipped_model() -> None:
    text = "Anna Novak, who leads the Bank of Georgia, met the Lithuanian envoy in Vilnius."
    doc = next(iter(analyse([text])))
    rows = names_in(Parsed(Document("0" * 16, text), [Segment(0, len(text), "body")], doc))
    assert {("Anna Novak", "PERSON"), ("Lithuanian", "NORP"), ("Vilnius", "GPE")} <= {
        (row["text"], row["type"]) for row in rows
    }


@pytest.mark.parametrize("lexicon", LEXICONS)
def test_every_entry_stands_in_its_example(lexicon: str) -> None:
    rows = entries(lexicon)
    assert rows
    for row in rows:
        assert row["form"].casefold() in row["example"].casefold(), row
        assert row["source"], row


def test_demonyms_name_territories_that_exist() -> None:
    from pipelines.lexicon.territories import get_territory

    for row in entries("demonyms"):
        assert not row["value"] or get_territory(row["value"]) is not None, row


def test_titles_are_left_out_of_names() -> None:
    for row in entries("titles"):
        if row["value"] == "role-part" or row["form"] in ("Warrant", "Officer"):
            continue
        text = f"Then {row['form']} Novak spoke."
        found = names_in(marked(text, [[f"{row['form']} Novak", "PERSON"]]))
        assert pairs(found) == [["Novak", "PERSON"]], row


def test_heads_tell_the_type() -> None:
    for row in entries("organisation_words"):
        if row["form"].endswith("."):
            continue
        assert gazetteer.type_of_words(["Northern", "Zubrin", row["form"]]) in (row["value"], "ORG"), row


def test_words_beside_a_name_vote() -> None:
    for row in entries("name_contexts"):
        before, _, after = row["example"].partition("Zubrin")
        assert (row["value"], float(row["weight"])) in gazetteer.types_beside(before, after), row


LETTERS = st.text("aB_-. ", max_size=40)


@settings(max_examples=200, deadline=None)
@given(LETTERS, LETTERS.map(lambda text: f"A{text}"))
def test_a_name_is_found_wherever_it_stands_as_whole_words(text: str, name: str) -> None:
    text = f"{text}{name} {text}.{name}{text}"
    beginnings: dict[str, list[int]] = {}
    for match in within_document.WORD_START.finditer(text):
        beginnings.setdefault(match[0], []).append(match.start())
    searched = [match.start() for match in re.finditer(rf"(?<![\w@#.]){re.escape(name)}(?!\w)", text)]
    assert within_document.places_of(text, [name], beginnings).get(name, []) == searched


PIECES = [*"abc ABZé\n.,()'’-@#&/\"“”0123 ", "😀", " Minsk", " Anna", " Novak", " von ", " and ", " the ", "EU"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_any_text_gives_exact_spans_in_order(text: str) -> None:
    rows = names_in(bare(text))
    assert [(r["start_char"], r["end_char"]) for r in rows] == sorted((r["start_char"], r["end_char"]) for r in rows)
    for row in rows:
        assert row["text"] == text[row["start_char"] : row["end_char"]] != ""
        assert not re.search(r"^\s|\s$", row["text"])
        assert 0 <= row["confidence"] <= 1
    assert all(row["end_char"] <= following["start_char"] for row, following in pairwise(rows))


@settings(max_examples=60, deadline=None)
@given(
    TEXTS,
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4), st.sampled_from(["PERSON", "ORG", "LOC"])), max_size=4),
)
def test_any_marks_give_exact_spans(text: str, marks: list[tuple[int, int, str]]) -> None:
    words = english().make_doc(text)
    for token in words:
        token.is_sent_start = token.i == 0
        token.tag_ = "NNP" if token.text[:1].isupper() else "NN"
    taken: set[int] = set()
    spans = []
    for start, length, label in marks:
        inside = set(range(start, min(start + length, len(words))))
        if inside and not inside & taken:
            taken |= inside
            spans.append(words[min(inside) : max(inside) + 1])
            spans[-1].label_ = label
    words.set_ents(spans)
    rows = names_in(Parsed(Document("0" * 16, text), [Segment(0, len(text), "body")] if text else [], words))
    assert all(row["text"] == text[row["start_char"] : row["end_char"]] for row in rows)
    assert all(row["end_char"] <= following["start_char"] for row, following in pairwise(rows)), rows
