"""Words: how a text is cut, what the encoder reads of a word, its lemma, its universal tag."""

import pytest

from pipelines.language.lemmas import Lemmas
from pipelines.language.pieces import CLASSIFIER, PIECES_PER_WORD, SEPARATOR, SHAPES, UNKNOWN, Pieces, shape_of
from pipelines.language.tokens import words_of
from pipelines.language.universal import universal_tag


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What?! Never!!!", ["What", "?!", "Never", "!!!"]),
        ("an anti-war rally", ["an", "anti-war", "rally"]),
        ("a war-torn region", ["a", "war", "-", "torn", "region"]),
        ("a Nonce-word", ["a", "Nonce", "-", "word"]),
        ("and/or", ["and", "/", "or"]),
        ("pages 10–12", ["pages", "10", "–", "12"]),
        ("at 7:30pm", ["at", "7:30", "pm"]),
        ("a farmer,34", ["a", "farmer", ",", "34"]),
        ("1,200,000", ["1,200,000"]),
        ("Phone:0151", ["Phone", ":", "0151"]),
        ("the mayor(Liberal)said", ["the", "mayor", "(", "Liberal", ")", "said"]),
        ("f(2)", ["f", "(", "2", ")"]),
        ("I wanna go, dunno", ["I", "wan", "na", "go", ",", "du", "n", "no"]),
        ("they don't", ["they", "do", "n't"]),
        ("Lt. Moss, Ft. Worth", ["Lt.", "Moss", ",", "Ft.", "Worth"]),
        ("two  blanks", ["two", " ", "blanks"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    found = words_of(text)
    assert [word for word, _ in found] == words
    assert "".join(word + " " * space for word, space in found) == text


def test_endless_words_are_cut() -> None:
    text = "see " + "-a." * 4000 + " there"
    found = words_of(text)
    assert "".join(word + " " * space for word, space in found) == text


def test_pieces() -> None:
    pieces = Pieces([CLASSIFIER, SEPARATOR, UNKNOWN, "bank", "##er", "##s", "e", ".", "u"])
    assert pieces.of("Bankers") == ([3, 4, 5], SHAPES.index("title"))
    assert pieces.of("Ü.E.")[0] == [8, 7, 6, 7]
    assert pieces.of("привет")[0] == [2]
    assert pieces.of("\u200b")[0] == [2]
    assert len(pieces.of("e." * 50)[0]) == PIECES_PER_WORD


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("bank", "lower"),
        ("%", "lower"),
        ("Bank", "title"),
        ("NATO", "upper"),
        ("A", "initial"),
        ("iPhone", "mixed"),
        ("G7", "digit"),
    ],
)
def test_shape(word: str, shape: str) -> None:
    assert SHAPES[shape_of(word)] == shape


KNOWN = {
    word: at
    for at, word in enumerate(
        ["make", "hope", "plan", "carry", "house", "go", "tell", "use", "stop", "big", "pass", "win", "change", "study"]
    )
}


@pytest.mark.parametrize(
    ("word", "tag", "lemma"),
    [
        ("Houses", "NNS", "house"),
        ("studies", "NNS", "study"),
        ("goes", "VBZ", "go"),
        ("passes", "VBZ", "pass"),
        ("making", "VBG", "make"),
        ("hoped", "VBD", "hope"),
        ("planned", "VBD", "plan"),
        ("carried", "VBN", "carry"),
        ("stifled", "VBN", "stifle"),
        ("bigger", "JJR", "big"),
        ("NGOs", "NNS", "NGO"),
        ("n't", "RB", "not"),
        ("I", "PRP", "I"),
        ("Banks", "NNP", "Banks"),
        ("told", "VBD", "tell"),
    ],
)
def test_lemma(word: str, tag: str, lemma: str) -> None:
    assert Lemmas({("told", "VBD"): "tell"}, KNOWN).of(word, tag) == lemma


@pytest.mark.parametrize(
    ("word", "tag", "relation", "universal"),
    [
        ("is", "VBZ", "cop", "AUX"),
        ("is", "VBZ", "ROOT", "VERB"),
        ("that", "IN", "mark", "SCONJ"),
        ("that", "WDT", "nsubj", "PRON"),
        ("that", "DT", "det", "DET"),
        ("that", "DT", "nsubj", "PRON"),
        ("not", "RB", "advmod", "PART"),
        ("everyone", "NN", "nsubj", "PRON"),
        ("to", "TO", "mark", "PART"),
        ("—", ":", "punct", "PUNCT"),
    ],
)
def test_universal_tag(word: str, tag: str, relation: str, universal: str) -> None:
    assert universal_tag(word, tag, relation) == universal
