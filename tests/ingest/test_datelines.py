"""What stands before the first words of a report is no part of its first sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.datelines import author_in_dateline, end_of_dateline


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("OSLO - Trams stood still.", "Trams stood still."),
        ("OSLO (Nordpress) — Trams stood still.", "Trams stood still."),
        ("Oslo, 3 May (Nordpress) - “Trams stood still.”", "“Trams stood still.”"),
        ("April 3, 2021 (NPW)—Trams stood still.", "Trams stood still."),
        ("OSLO (Nordpress / Wire - 03rd April, 2021) Trams stood still.", "Trams stood still."),
        ("ZUBRIN (founded in 1949) plays at home.", None),
        ("NEW ULM, Minn. _ Trams stood still.", "Trams stood still."),
        ("LOS ANGELES, Sept. 28 (NPW) -- Trams stood still.", "Trams stood still."),
        ("By Ana Lund – OSLO (Nordpress) – Trams stood still.", "Trams stood still."),
        ("Trams stood still - nobody knew why.", None),
        ("Ana Lund (Labour) said so.", None),
        ("NATO - the alliance - met.", None),
        ("OSLO -", None),
        ("", None),
    ],
)
def test_the_sentence_begins_behind_the_dateline(text: str, rest: str | None) -> None:
    end = end_of_dateline(text, 0, len(text))
    assert (None if end is None else text[end:]) == rest


def test_an_author_may_stand_before_the_dateline() -> None:
    assert author_in_dateline("By Ana Lund – OSLO (Nordpress) – Trams stood still.") == "Ana Lund"
    assert author_in_dateline("OSLO (Nordpress) – Trams stood still.") is None
    assert author_in_dateline("By Ana Lund – trams stood still.") is None


@given(st.text(), st.integers(0, 20))
def test_an_end_lies_inside_the_text(text: str, start: int) -> None:
    end = end_of_dateline(text, start, len(text))
    assert end is None or start < end < len(text)
