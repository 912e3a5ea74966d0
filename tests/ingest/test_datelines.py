"""What stands before the first words of a report is no part of its first sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.datelines import author_in_dateline, dateline_of, end_of_dateline


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


@pytest.mark.parametrize(
    ("text", "place", "agency"),
    [
        ("OSLO - Trams stood still.", "OSLO", None),
        ("Oslo, 3 May (Nordpress) - “Trams stood still.”", "Oslo", "Nordpress"),
        ("ZUBRIN, Wales (UPN) – The march began.", "ZUBRIN, Wales", "UPN"),
        ("OSLO, Oct. 29 /Wire/ -- Trams stood still.", "OSLO", "Wire"),
        ("OSLO (Nordpress / Wire - 03rd April, 2021) Trams stood still.", "OSLO", "Nordpress"),
        ("HARBOUR TOWN, Maine--(NEWS WIRE)--Oct. 28, 1997--Trams stood still.", "HARBOUR TOWN, Maine", "NEWS WIRE"),
        ("Porto, Portugal, 3 May 2021: Trams stood still.", "Porto, Portugal", None),
        ("The Hague (May 3, 2021) - Trams stood still.", "The Hague", None),
        ("April 3, 2021 (NPW)—Trams stood still.", "", "NPW"),
        ("The Northern Post (Oslo): “Trams stood still.”", "The Northern Post", None),
    ],
)
def test_a_dateline_tells_place_and_agency(text: str, place: str, agency: str | None) -> None:
    found = dateline_of(text)
    assert found is not None
    assert (found.place, found.agency) == (place, agency)
    assert text[: found.place_end].endswith(place)
    if agency:
        assert text.startswith(agency, found.agency_start)


@pytest.mark.parametrize(
    "text",
    [
        "On May 3, 2021 - a Monday - trams stood still.",
        "Ana Lund: Trams stood still.",
    ],
)
def test_no_dateline(text: str) -> None:
    assert dateline_of(text) is None


def test_an_author_may_stand_before_the_dateline() -> None:
    assert author_in_dateline("By Ana Lund – OSLO (Nordpress) – Trams stood still.") == "Ana Lund"
    assert author_in_dateline("OSLO (Nordpress) – Trams stood still.") is None
    assert author_in_dateline("By Ana Lund – trams stood still.") is None


@given(st.text(), st.integers(0, 20))
def test_an_end_lies_inside_the_text(text: str, start: int) -> None:
    end = end_of_dateline(text, start, len(text))
    assert end is None or start < end < len(text)
