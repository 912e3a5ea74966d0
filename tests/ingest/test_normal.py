"""Texts that differ only in dress have one fingerprint."""

import unicodedata

import pytest

from pipelines.ingest.layout.segments import segments_of
from pipelines.ingest.normal import MOST_MARKS, composed, fingerprint

STORM = "The port is shut, “for now”, said the mayor – and $16 million are lost."


@pytest.mark.parametrize(
    "other",
    [
        STORM.replace(", ", ",\n  "),
        STORM.upper(),
        STORM.replace("“", "«").replace("”", '"'),
        STORM.replace(" – ", " - "),
        f"Home » News » Port\n\n{STORM}\n\nLeave a Comment\n\n5 comments",
        f"By Ana Lund\n\n{STORM}",
        STORM.replace("mayor", "ma\u00adyor\u200b"),
    ],
)
def test_dress_makes_no_difference(other: str) -> None:
    assert fingerprint(other) == fingerprint(STORM) == fingerprint(STORM, segments_of(STORM))


@pytest.mark.parametrize("other", [STORM.replace("16", "18"), STORM.replace("$", ""), STORM + " No.", "", "Storm."])
def test_words_and_figures_do(other: str) -> None:
    assert fingerprint(other) != fingerprint(STORM)


def test_a_page_that_is_nothing_but_chrome_has_one_too() -> None:
    assert fingerprint("5 views\n\n3 comments") != fingerprint("5 views\n\n4 comments")


@pytest.mark.parametrize(
    "text",
    ["Café ﬁve ½", "e\u0323\u0301", "e\u0301\u0323", "e" + "\u0301\u0323" * (MOST_MARKS // 2) + " …" + "—" * 200 + "…" * 200, "क्षि ", "\U0001f469\u200d" * 99],
)  # fmt: skip
def test_what_people_write_has_its_normal_form(text: str) -> None:
    assert composed(text, "NFKC") == unicodedata.normalize("NFKC", text)


def test_marks_beyond_the_thirtieth_are_in_a_row_of_their_own() -> None:
    parts = composed("e" + "\u0301\u0323" * 40, "NFD").split("\u034f")
    assert [len(part) for part in parts] == [1 + MOST_MARKS, MOST_MARKS, 20]
