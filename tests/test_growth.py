"""No text takes for ever: twice the length is at most about twice the work, whatever the text is made of.

The short form of ``benchmarks/growth.py``: every kind of text of ``tests/storms.py``, with a stand-in for the language model
whose trees are as deep as trees get (each word hangs on the one before it), so that whatever climbs or walks them pays
for it. Times are CPU times and only ever compared with each other; what seems to grow too fast is measured again, longer
and several times, before it counts.
"""

from collections.abc import Sequence

import pytest
from spacy.tokens import Doc

from benchmarks.growth import stages
from pipelines.ingest.documents import borders, document_of
from pipelines.language import analyse
from pipelines.language.analysis import encodable
from pipelines.language.parsed import Parsed
from pipelines.language.tokens import english, words_of
from pipelines.language.windows import LONGEST
from pipelines.tables import rows_of
from tests.storms import STORMS

LENGTH = 2_500
MOST = 2.3
"""How many times as long a text of twice the length may take."""
AGAIN = (1, 1, 2, 3)
"""How many times as long the texts are on which a stage that seems to grow is measured again; it must seem to each time."""
SHORT = 0.03
"""Seconds that anything may take: below, the machine's other work weighs more."""
VERBS = frozenset({"said", "was", "met", "is", "cost", "said,", "knows", "wrote", "says"})
TAGS = {"CD": "NUM", "VBD": "VERB", "NNP": "PROPN", "NN": "NOUN", "IN": "ADP", ",": "PUNCT"}


def chained(text: str, cuts: Sequence[int]) -> Doc:
    """A text as if parsed: each word depends on the one before, capitalised words are names, sentences end at ``LONGEST`` words."""
    tokens = words_of(encodable(text))
    starts, at, wanted = [], 0, set(cuts)
    since = 0
    for word, space in tokens:
        begins = at in wanted or since >= LONGEST or not starts
        since = 1 if begins else since + 1
        starts.append(begins)
        at += len(word) + space
    words = [word for word, _ in tokens]
    tags = [_tag(word) for word in words]
    return Doc(
        english().vocab,
        words=words,
        spaces=[space for _, space in tokens],
        tags=tags,
        pos=["SPACE" if word.isspace() else TAGS[tag] for word, tag in zip(words, tags, strict=True)],
        lemmas=[word.lower() for word in words],
        heads=[at if begins else at - 1 for at, begins in enumerate(starts)],
        deps=["ROOT" if begins else _relation(tag, at) for at, (begins, tag) in enumerate(zip(starts, tags, strict=True))],
        ents=["B-PERSON" if tag == "NNP" else "O" for tag in tags],
    )  # fmt: skip


def _tag(word: str) -> str:
    if word.isdigit():
        return "CD"
    if word in VERBS:
        return "VBD"
    if word in ("of", "in", "to", "that", "by", "at"):
        return "IN"
    if not any(char.isalnum() for char in word):
        return ","
    return "NNP" if word[0].isupper() else "NN"


def _relation(tag: str, at: int) -> str:
    if tag == "VBD":
        return "ccomp" if at % 2 else "acl:relcl"
    return {"CD": "nummod", "IN": "case", ",": "punct", "NNP": "nsubj"}.get(
        tag, ("nmod", "conj", "appos", "obj")[at % 4]
    )


def growing(kind: str, length: int, tries: int) -> set[str]:
    """The stages that take more than ``MOST`` times as long for the double."""
    weighs = {stage: seconds for stage, seconds in _times(kind, 2 * length, tries).items() if seconds > SHORT}
    if not weighs:
        return set()
    short = _times(kind, length, tries)
    return {stage for stage, seconds in weighs.items() if seconds > MOST * max(short.get(stage, 0.0), SHORT / 4)}


def _times(kind: str, length: int, tries: int) -> dict[str, float]:
    return dict(stages(STORMS[kind](length), tries, 20.0, chained))


@pytest.fixture(scope="module", autouse=True)
def _lexicons() -> None:
    """What is read once is read before anything is measured."""
    for _ in stages("Anna Berg, mayor of Oslo, said on 3 May 2020 that 40 houses had burned down.", 1, 60.0, chained):
        pass


@pytest.mark.parametrize("kind", STORMS)
def test_twice_the_text_is_about_twice_the_work(kind: str) -> None:
    suspects = growing(kind, LENGTH, 1)
    for times in AGAIN:
        if not suspects:
            return
        suspects &= growing(kind, times * LENGTH, 3)
    assert not suspects, f"{suspects} grow faster than a text of: {kind}"


def test_a_sentence_that_never_ends_is_ended() -> None:
    (doc,) = analyse(["the bank of the " * 700])
    assert max(len(sentence) for sentence in doc.sents) < 2 * LONGEST
    assert len(list(doc.sents)) > 3


def test_a_claim_goes_no_further_than_the_sentence_behind_its_own() -> None:
    text = "Mara Holt said that Ivo Reyes said that " * 400
    document, layout = document_of("0123456789abcdef", "a.txt", text, {})
    (doc,) = analyse([text], [borders(text, layout)])
    parsed = Parsed(document, layout, doc)
    longest = max(sentence.end_char - sentence.start_char for sentence in parsed.sentences)
    assert len(parsed.sentences) > 3
    assert max(claim["end_char"] - claim["start_char"] for claim in rows_of(parsed)["claims"]) <= 2 * longest
