"""Texts that differ only in dress have one fingerprint."""

import pytest

from pipelines.ingest.layout import segments_of
from pipelines.ingest.normal import fingerprint

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
