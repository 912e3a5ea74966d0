"""What is known about a text besides its words."""

from datetime import date
from typing import Any

import pytest

from pipelines.ingest.given import genre_given
from pipelines.ingest.layout.segments import segments_of
from pipelines.ingest.metadata import describe

STORM = "The port is shut for the third day, and the mayor said that it would stay so until the wind has turned."
ESSAY = (
    "I have walked along the northern wall every Sunday for thirty years, and I have never seen it in such a state. "
    "The board tells us that the repair can wait until the summer, when the ferries rest and the money is there. I doubt "
    "that. The stones that fell in March were as large as a stove, and children play where they fell. In my view the town "
    "should pay now and argue later, for a wall that stands is cheaper than one that has to be built again from the ground."
)
REPORT = (
    "The mayor of Porto defended the plans for the northern wall on Tuesday and told the council that no other town of this "
    "size had done as much. “I think that we should be proud,” she said. “I have never doubted it, and I believe that my "
    "friends on the board see it as I do.” The opposition called the speech a disgrace and asked for the accounts of the last "
    "nine years, which the town has not published so far. A vote on the plans is set for the first week of May, at the earliest."
)


def about(text: str, **record: object) -> dict[str, Any]:
    return describe(text, segments_of(text), record)


def test_what_the_record_gives_stands() -> None:
    given = {
        "title": "T", "author": "A", "publisher": "P", "url": "https://coast.example", "language": "xx", "genre": "news",
        "published_on": date(2021, 11, 4),
    }  # fmt: skip
    text = f"ana_l\nFull Member\nPosts: 5\n{STORM}"
    assert about(text, **given) == given | {"genre_basis": "metadata"}


def test_unknown_is_null() -> None:
    names = ("title", "author", "publisher", "url", "published_on")
    assert {name: about(STORM)[name] for name in names} == dict.fromkeys(names)
    assert about("")["language"] is None
    assert (about("Ok.")["genre"], about("Ok.")["genre_basis"]) == ("other", None)


@pytest.mark.parametrize(
    ("text", "genre", "basis"),
    [
        (f"ana_l\nFull Member\nPosts: 5\n{STORM}", "forum_post", "card"),
        (f"PORTO (Lusa) -- {STORM}", "wire", "agency"),
        (f"PORTO, May 3 -- {STORM}", "news", "dateline"),
        (f"Pay for the wall\n\nBy Ana Lund\n\n{ESSAY}", "op_ed", "first_person"),
        (f"Mayor defends the wall\n\nBy Ana Lund\n\n{REPORT}", "news", "reporting"),
    ],
)
def test_the_basis_tells_what_decided_the_genre(text: str, genre: str, basis: str) -> None:
    assert (about(text)["genre"], about(text)["genre_basis"]) == (genre, basis)


@pytest.mark.parametrize("genre", ["interview", "transcript", "press_release", "live_blog"])
def test_a_record_may_give_any_genre_of_the_contract(genre: str) -> None:
    assert genre_given(genre.replace("_", " ").title()) == genre
    assert about(STORM, genre=genre)["genre"] == genre


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (f"Storm over the bay\n\nBy Ana Lund, Staff Writer\n\n{STORM}", "Ana Lund"),
        (f"Storm over the bay\n\nBy Ana Lund and Tom van der Field\n\n{STORM}", "Ana Lund and Tom van der Field"),
        (f"Шторм\n\nАвтор: Анна Лунд\n\n{STORM}", "Анна Лунд"),
        (f"ana_l\nFull Member\nPosts: 5\n{STORM}", "ana_l"),
        (f'From: "Ana Lund" <ana@example.org>\nTo: Tom\n\n{STORM}', "Ana Lund"),
        (f"Storm over the bay\n\nBy Monday the wind had turned.\n\n{STORM}", None),
        (f"La Costa (PT) /\n\n“{STORM}”", None),
    ],
)
def test_author(text: str, author: str | None) -> None:
    assert about(text)["author"] == author


@pytest.mark.parametrize(
    ("text", "genre", "publisher"),
    [
        (f"ana_l\nFull Member\nPosts: 5\n{STORM}", "forum_post", None),
        (f"tom77 wrote:\n> it will hold\n{STORM}", "forum_post", None),
        (f"A (PT) /\n\n“{STORM}”\n\nB (NO) /\n\n“{STORM}”", "press_review", None),
        (f"PORTO (Nordpress) - {STORM}", "wire", "Nordpress"),
        (f"PORTO, Nov. 4 (Nordpress) --\n\n{STORM}\n\n{STORM}", "wire", "Nordpress"),
        (f"Porto Opens Its Port Again.\n\nPORTO, Portugal, Nov. 4 (UPN) — {STORM}", "wire", "UPN"),
        (f"PORTO, Portugal — {STORM}", "news", None),
        (f"Home » Opinion » The wall\n\nThe wall\n\n{STORM}", "op_ed", None),
        (f"The wall\n\n{STORM} In my opinion it is a scandal.", "other", None),
        (f"Opinion: The wall\n\n{STORM}", "op_ed", None),
        (f"Pay for the wall\n\nBy Ana Lund\n\n{ESSAY}", "op_ed", None),
        (f"Pay for the wall\n\n{ESSAY}", "other", None),
        (f"Mayor defends wall\n\nBy Ana Lund\n\n{REPORT}", "news", None),
        (f"Mayor defends wall\n\n{REPORT} The board said that it would wait, according to its head.", "news", None),
        (
            f"Mayor defends wall\n\n{REPORT.replace('on Tuesday', 'in 1911')} The board said so, according to its head.",
            "other",
            None,
        ),
        (f"Mayor defends wall\n\n{REPORT} The board said so to me and mine, according to its head.", "other", None),
        (f"The wall\n\nBy Ana Lund\n\nQ: {ESSAY}", "other", None),
        (f"PORTO, Nov. 4, 2021 - {STORM}", "news", None),
        (f"From: Ana Lund\nTo: Tom Field\n\n{STORM}\n\n> Is it the wall?", "other", None),
        (f"{STORM}\n\n© 2021 The Coast Post. All rights reserved.", "other", "The Coast Post"),
        (f"{STORM}\n\nCopyright © 2021 by Ana Lund", "other", None),
    ],
)
def test_genre_and_publisher(text: str, genre: str, publisher: str | None) -> None:
    assert (about(text)["genre"], about(text)["publisher"]) == (genre, publisher)
