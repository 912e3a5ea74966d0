"""Where a text says when it was published, what only bounds it, and what says nothing."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.document import Segment
from pipelines.ingest.publication import publication_date

FOUND = [
    ("16.03.2022.\n\nWhy the river matters\n\nThe talks were long.", date(2022, 3, 16)),
    ("03.04.2022\n\nThe talks were long.", date(2022, 4, 3)),
    ("HARBOUR TOWN, March 11, 2022 (Agency) - The fleet left at dawn.", date(2022, 3, 11)),
    ("Kyiv, 5 May 2021 — The fleet left at dawn.", date(2021, 5, 5)),
    ("The river matters\nBy A. Writer\nWednesday, 16 March 2022, 14:05\n\nThe talks were long.", date(2022, 3, 16)),
    ("The river matters\n\nPublished: 16 March 2022 14:05\n\nThe talks were long.", date(2022, 3, 16)),
    ("The river matters\n\nThe talks were long and dull.\n\nLast updated on 2022-03-17", date(2022, 3, 17)),
    ("The talks were long and dull.\n\nVilnius, 2 February 2020", date(2020, 2, 2)),
    ("Реки\n16 марта 2022\n\nThe talks were long.", date(2022, 3, 16)),
    ("Rzeka\n24 kwietnia 2021 r.\n\nThe talks were long.", date(2021, 4, 24)),
    ("The weir is open\n\nMarch 09, 2021 Harbour engineers said the weir held.", date(2021, 3, 9)),
    ("HARBOUR TOWN, Maine--(NEWS WIRE)--Oct. 28, 1997--The bank earned more.", date(1997, 10, 28)),
    (f"Published 2017-05-08 HARBOUR TOWN (Agency) - The fleet left at dawn{' and at noon' * 12}.", date(2017, 5, 8)),
    (
        "\n".join(
            [
                "Menu",
                "Sport",
                "Harbour",
                "Weather",
                "On the grid",
                "By The Harbour Press",
                "Tuesday, July 23, 2013, 7:15 p.m.",
                "The bank earned more.",
                "It will grow.",
                "So it said.",
                "It hopes.",
                "It owns.",
            ]
        ),
        date(2013, 7, 23),
    ),
    ("The trial\n2011 2011-12-07T17:29:40+0300 1970-01-01T03:00:00+0300 en The Quay\nIt was long.", date(2011, 12, 7)),
    ("O rio\n7 de março de 2019\n\nThe talks were long.", date(2019, 3, 7)),
]

BOUNDED = [
    ("The talks were long.\n\n© 2021 The Harbour Paper", date(2021, 1, 1), date(2021, 12, 31)),
    ("The talks were long.\n\nCopyright 2019-2022 Harbour Media", date(2022, 1, 1), date(2022, 12, 31)),
    ("They marked the twentieth anniversary of the pact signed in 2002.", date(2022, 1, 1), date(2022, 12, 31)),
    ("On September 1, 1921, the ferry - a paddle steamer - was lost.", date(1921, 9, 1), None),
    ("The bridge fell on 5 May 2020, and nobody was hurt.", date(2020, 5, 5), None),
]

INFERRED = [
    (
        "HARBOUR TOWN, Maine, Oct. 29 /WIRE/ -- In the quarter ended September 30, 1993, the bank earned more.",
        date(1993, 10, 29),
    ),
    (
        "Tuesday October 28 8:33 AM EST\nThe bank earned more in the quarter ended September 30, 1997.",
        date(1997, 10, 28),
    ),
]
"""A dateline without a year, which the last day told decides."""

NOTHING = [
    "",
    "The talks were long.",
    "The vote will be held on 5 May 2030.",
    "At the May 16 summit, held for the twentieth anniversary of the pact, he was alone.",
    "Full Member\n- Joined\n- Jul 11, 2013\n- Messages\n- 304\nHe plays his hand well.",
    "Member since 4 June 2011\nHe plays his hand well.",
    "Ada Quill\n\nAda Quill (May 2, 1872 – November 23, 1906) wrote two novels.",
    "A short history\n\n5 May 1901 Work on the dam begins.\n\n6 June 1902 Work on the dam ends.",
    "The Harbour Paper\nHarbour Town  Est. May 19, 1883\n\nThe bank earned more.",
    "The Harbour Paper\nThursday, February 26, 2026\n26.9 C\nHome\n\nThe bank earned more in May.",
    "May 19, 1883\n\nThe bank earned more than in 2005 and was sold.",
    "Since February prices have risen. After ten months of war the front is frozen.",
]


@pytest.mark.parametrize(("text", "on"), FOUND, ids=[text[:40] for text, _ in FOUND])
def test_the_day_is_in_the_text(text: str, on: date) -> None:
    found = publication_date(text, [])
    assert (found.on, found.basis, found.earliest_on, found.latest_on) == (on, "text", on, on)
    assert found.evidence == text[found.start_char : found.end_char]


@pytest.mark.parametrize(("text", "earliest", "latest"), BOUNDED, ids=[text[:40] for text, _, _ in BOUNDED])
def test_the_text_bounds_the_day(text: str, earliest: date, latest: date | None) -> None:
    found = publication_date(text, [])
    assert (found.on, found.basis, found.earliest_on, found.latest_on) == (None, "inferred", earliest, latest)
    assert found.evidence == text[found.start_char : found.end_char]


@pytest.mark.parametrize(("text", "on"), INFERRED, ids=[text[:40] for text, _ in INFERRED])
def test_a_dateline_without_its_year(text: str, on: date) -> None:
    found = publication_date(text, [])
    assert (found.on, found.basis, found.earliest_on, found.latest_on) == (on, "inferred", on, on)
    assert found.evidence == text[found.start_char : found.end_char]


@pytest.mark.parametrize("text", NOTHING, ids=[text[:40] for text in NOTHING])
def test_the_text_says_nothing(text: str) -> None:
    found = publication_date(text, [])
    assert (found.on, found.basis, found.earliest_on, found.latest_on, found.evidence) == (None, None, None, None, None)


def test_chrome_never_counts() -> None:
    text = "16 March 2022\nThe talks were long."
    assert publication_date(text, [Segment(0, 13, "chrome"), Segment(14, len(text), "body")]).basis is None
    assert publication_date(text, [Segment(0, 13, "byline"), Segment(14, len(text), "body")]).on == date(2022, 3, 16)


def test_the_header_of_a_mail_dates_it() -> None:
    mail = (
        "From: Ann Bell <ann@coast.example>\nDate: Tue, 18 Jun 2019 10:12:00 +0200\nSubject: Ferries\n\nThe board met."
    )
    found = publication_date(mail, [])
    assert (found.on, found.basis) == (date(2019, 6, 18), "text")
    assert mail[found.start_char : found.end_char] == "Tue, 18 Jun 2019 10:12:00 +0200"
    sent = mail.replace("Date: Tue, 18 Jun 2019 10:12:00 +0200", "Sent: 18 June 2019 10:12")
    assert publication_date(sent, []).on == date(2019, 6, 18)
    assert publication_date(mail.replace("Tue, 18 Jun 2019", "soon"), []).on is None
    assert publication_date("Date: none\n", []).on is None


def test_a_title_may_hold_the_date() -> None:
    assert publication_date("The talks were long.", [], "Press review of 16 March 2022").on == date(2022, 3, 16)


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=120)
    | st.lists(
        st.sampled_from(
            [
                "16.03.2022",
                "31.02.2022",
                "March 5, 2022",
                "©",
                "2021",
                "\n",
                "Published:",
                "KYIV,",
                "-",
                "Joined",
                "was",
                "anniversary",
            ]
        ),
        max_size=15,
    ).map(" ".join)
)
def test_any_text(text: str) -> None:
    found = publication_date(text, [])
    assert found.basis in ("text", "inferred", None)
    assert (found.basis is None) == (found.evidence is None)
    if found.start_char is not None:
        assert found.evidence == text[found.start_char : found.end_char]
    if found.earliest_on and found.latest_on:
        assert found.earliest_on <= found.latest_on
