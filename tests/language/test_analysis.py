"""Any text comes through whole; sentences are trees; what a text is analysed with changes nothing."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipelines.language import analyse
from pipelines.language.analysis import _block
from pipelines.language.model import FOLDER, Model
from tests.conftest import PROJECT

pytestmark = pytest.mark.skipif(not (FOLDER / "model.onnx").exists(), reason="seeds/model holds no model")

PARAGRAPHS = [
    "The ferry sank off Rostock on Sunday. Nobody was hurt, the coast guard said.",
    "Minister calls for calm",
    "“We were never asked,” Ms. Abara told the Nairobi Courier.",
    "a",
    "In all, 1,200 people signed; the council – five men, two women – will answer in May.",
    "THE LONG WINTER",
]


def rows(doc: Doc) -> list[tuple[object, ...]]:
    return [
        (t.text, t.idx, t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i, t.is_sent_start, t.ent_iob_, t.ent_type_)
        for t in doc
    ]


def one(text: str, *breaks: int) -> Doc:
    return next(analyse([text], [breaks]))


def assert_sound(text: str, doc: Doc) -> None:
    assert doc.text == text
    for token in doc:
        assert text[token.idx : token.idx + len(token)] == token.text
    for sentence in doc.sents:
        real = [token for token in sentence if not token.is_space]
        roots = [token for token in real if token.head == token]
        assert len(roots) == min(1, len(real))
        assert all(token.dep_ == "ROOT" for token in roots)
        assert all(sentence.start <= token.head.i < sentence.end for token in real)
        assert not any(token.head.is_space for token in real)
    assert all(not list(token.children) for token in doc if token.is_space and len(list(doc.sents)) > 1)
    assert {ent.label_ for ent in doc.ents} <= {"PERSON", "ORG", "LOC"}


messy = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(" \n\t.,\"'-\u00a0\u2028\x00")), max_size=120
)


@settings(max_examples=40, deadline=None)
@given(messy)
def test_any_text_comes_through_whole(text: str) -> None:
    assert_sound(text, one(text))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([*PARAGRAPHS, "\n", " ", "\n\n", "\t", "\r\n\r\n"]), max_size=8), st.data())
def test_breaks_begin_sentences(parts: list[str], data: st.DataObject) -> None:
    text = " ".join(parts)
    breaks = sorted(data.draw(st.sets(st.integers(-2, len(text) + 2), max_size=4)))
    doc = one(text, *breaks)
    assert_sound(text, doc)
    starts = {next((t.idx for t in sent if not t.is_space), -1) for sent in doc.sents}
    for offset in breaks:
        if 0 <= offset < len(text):
            following = len(text[offset:]) - len(text[offset:].lstrip())
            assert offset + following in starts | {len(text)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n \n",
        "x" * 10_000,
        "!?" * 5_000,
        "word " * 600,
        "a, " * 300 + "b.",
        "١٢٣ مرحبا بالعالم。世界你好 Привет мир",
        "a\u0301\u200b\u200d👩‍👩‍👧 ok",
        "\x00\x01\x02",
    ],
    ids=["empty", "blank", "lines", "long word", "marks", "no end", "long sentence", "scripts", "joined", "control"],
)
def test_odd_texts(text: str) -> None:
    assert_sound(text, one(text))


def test_lone_surrogates_are_replaced_one_by_one() -> None:
    doc = one("He said \ud83d no to \udc00Ann.")
    assert doc.text == "He said \ufffd no to \ufffdAnn."


def test_a_blank_line_ends_a_sentence_and_a_line_end_alone_need_not() -> None:
    text = "Talks between the two\nsides go on\n\nNo deal is near"
    starts = [sent.start_char for sent in one(text).sents]
    assert text.index("No deal") in starts
    assert text.index("sides") not in starts


def test_white_space_tokens_hang_on_the_word_before() -> None:
    doc = one("It rained.  Then it stopped.\n\nThe end")
    for token in doc:
        if token.is_space:
            assert token.head.i == token.i - 1
            assert (token.tag_, token.pos_, token.dep_) == ("_SP", "SPACE", "dep")


def test_a_name_goes_on_over_a_line_end_and_a_double_blank() -> None:
    text = "She met Maria\nFernandez of the European  Commission in Geneva."
    (doc,) = analyse([text])
    assert [ent.text for ent in doc.ents] == ["Maria\nFernandez", "European  Commission", "Geneva"]


def test_same_analysis_in_whatever_company() -> None:
    """Each paragraph alone, all in one text, in another order, and as one list of texts: label for label the same."""
    alone = {}
    for paragraph in PARAGRAPHS:
        _block.cache_clear()
        alone[paragraph] = rows(one(paragraph))
    shuffled = PARAGRAPHS * 2
    random.Random(7).shuffle(shuffled)
    _block.cache_clear()
    for paragraph, doc in zip(shuffled, analyse(shuffled), strict=True):
        assert rows(doc) == alone[paragraph]
    _block.cache_clear()
    text = "\n\n".join(shuffled)
    doc, at = one(text), 0
    for paragraph in shuffled:
        start = text.index(paragraph, at)
        at = start + len(paragraph)
        span = doc.char_span(start, at)
        assert span is not None
        found = [
            (
                t.text,
                t.idx - start,
                t.tag_,
                t.pos_,
                t.lemma_,
                t.dep_,
                t.head.i - span.start,
                t.is_sent_start,
                t.ent_iob_,
                t.ent_type_,
            )
            for t in span
        ]
        assert found == alone[paragraph]


def test_identical_paragraphs_are_analysed_once() -> None:
    _block.cache_clear()
    list(analyse(["\n\n".join([PARAGRAPHS[0]] * 5), f"{PARAGRAPHS[0]}\n"]))
    assert _block.cache_info().misses == 1


def test_a_sentence_longer_than_any_window_stays_one_sentence() -> None:
    text = "They sold " + ", ".join(f"crate number {at}" for at in range(90)) + "."
    doc = one(text)
    assert_sound(text, doc)
    assert len(list(doc.sents)) < 5


def test_windows_meet_at_sentences() -> None:
    """A long paragraph is cut where its sentences are, so that each is read whole."""
    sentence = "The committee in Geneva rejected the second draft on Tuesday."
    doc = one(" ".join([sentence] * 40))
    assert [sent.text for sent in doc.sents] == [sentence] * 40
    assert {sent.root.text for sent in doc.sents} == {"rejected"}


@pytest.mark.parametrize(
    "text", ["XIV " * 800, "The bank is shut. " * 200, "the bank of the " * 200, "Yes. " + "the bank of the " * 60]
)
def test_no_word_is_read_again_and_again(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = []
    read = Model.read
    monkeypatch.setattr(Model, "read", lambda model, pieces: lengths.append(len(pieces)) or read(model, pieces))
    _block.cache_clear()
    (doc,) = analyse([text])
    assert sum(lengths) < 10 * len(doc)


def test_reading_tells_nobody_and_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    code = "from pipelines.language import analyse; print(len(list(analyse(['Ana spoke.']))[0]))"
    quiet = {"CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS"}  # any of them keeps onnxruntime silent by itself
    environment = {
        name: value for name, value in os.environ.items() if name not in quiet and not name.startswith("XDG_")
    }
    environment |= {"HOME": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "3\n", done.stderr
    assert list(tmp_path.rglob("*")) == []
