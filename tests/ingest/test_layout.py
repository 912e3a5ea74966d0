"""Layout: every case of cases/layout.toml, prose that must stay prose, and what holds for any text."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.document import Segment
from pipelines.ingest.layout.bylines import byline_name, is_stamp
from pipelines.ingest.layout.chrome import as_listed, chrome_in, is_rights_notice
from pipelines.ingest.layout.forum import Card, apart, is_member_card
from pipelines.ingest.layout.segments import breaks_off, header_field, segments_of
from pipelines.ingest.metadata import opinion_word
from pipelines.lexicon.entries import entries

PROJECT = Path(__file__).resolve().parents[2]
CASES: dict[str, Any] = tomllib.loads((PROJECT / "tests" / "cases" / "layout.toml").read_text(encoding="utf-8"))
AROUND = "The storm came at night, and by the morning the northern wall had gone."


def shown(text: str, segments: list[Segment]) -> list[list[str | None]]:
    parts = []
    for part in segments:
        fields = [part.kind, text[part.start_char : part.end_char], part.speaker, part.speaker_country]
        while fields[-1] is None:
            fields.pop()
        parts.append(fields)
    return parts


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    assert shown(case["text"], segments_of(case["text"], case.get("genre"))) == case["parts"]


@pytest.mark.parametrize("text", [case["text"] for case in CASES["prose"]])
def test_prose_is_never_chrome(text: str) -> None:
    for page in (text, f"{AROUND}\n\n{text}\n\n{AROUND}", f"{AROUND}\n{AROUND}\n{text}", f"{text}\n\n{AROUND}"):
        assert all(part.kind != "chrome" for part in segments_of(page)), page


POST = "\n> quoted\nNo way, it fell on Sunday."
PROOFS: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(
        ("whole", "notice", "label", "act", "topic", "counter", "credit", "stock", "part", "root", "page"), chrome_in
    ),
    "rank": lambda line: is_member_card(f"{line}\nPosts: 56"),
    "member": lambda line: is_member_card(f"Full Member\n{line}\nPosts: 56"),
    "reply": lambda line: segments_of(line + POST)[1].kind == "reply_quote",
    "byline": byline_name,
    "particle": byline_name,
    "stamp": is_stamp,
    "header": lambda line: header_field().match(line),
    "open": lambda line: breaks_off(line, "Wall"),
    "op_ed": lambda line: opinion_word().search(as_listed(line)),
    "rights": lambda line: is_rights_notice(f"{line} All copying is forbidden.", is_last=False),
    "section": lambda line: segments_of(f"{line}\n\nStorm over the bay\n\n{AROUND}")[0].kind == "chrome",
    "forbids": lambda line: is_rights_notice(f"{line} This goes for reproduction too.", is_last=False),
}


@pytest.mark.parametrize("row", entries("chrome"), ids=lambda row: f"{row['value']}: {row['form']}")
def test_each_word_of_the_lexicon_works_in_its_example(row: Mapping[str, str]) -> None:
    assert row["form"] in as_listed(row["example"])
    assert PROOFS[row["value"]](row["example"]), row["example"]


LINES = st.sampled_from(
    [
        "Home » World » Storm", "6 views", "ana_l", "Full Member", "- Joined", "- May 4, 2012", "- Messages", "- 304", "1. One", "2.",
        "> quoted", "ana_l wrote:", "Quote from: Ana", "Ana Lund said: ↑", "La Costa (PT) /", "“Quoted.”", "By Ana Lund", "04.11.2021.", "Leave a Comment", "Storm", "– – –",
        "The storm came at night and took the wall.", "and went on in lower case without an end", "From: Ana", "Subject: Wall", "", " ", "\t",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(LINES, max_size=14).map("\n".join), st.lists(LINES, max_size=9).map("\r\n\r\n".join)
)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_segments_are_in_order_apart_and_whole(text: str) -> None:
    at = 0
    for part in segments_of(text):
        assert at <= part.start_char < part.end_char <= len(text)
        assert not text[at : part.start_char].strip()
        piece = text[part.start_char : part.end_char]
        assert piece == piece.strip()
        at = part.end_char
    assert not text[at:].strip()


@pytest.mark.parametrize(
    "text",
    [
        "1234567890" * 20_000,
        "word\n" * 4_000,
        "Brest\t12\t3 May 2021\n" * 2_000,
        "the boats of the port, which were old,\n" * 2_000,
        "tom77\nFull Member\nPosts: 900\nThe wall is old.\n" * 1_000,
        "“\n" * 10_000,
        "- " * 50_000,
        "(" * 50_000 + "Storm.",
    ],
    ids=lambda text: text[:12].strip(),
)
def test_a_text_of_any_shape_is_read_to_its_end(text: str) -> None:
    assert segments_of(text)[-1].end_char == len(text.rstrip())


def test_seeds_noise_is_chrome_and_text_is_not() -> None:
    noise = {
        "forum_post.txt": ["Messages\n- 512", "1.", "2."],
        "translated_column.txt": [
            "Home » Opinions",
            "Leave a Comment",
            "Akismet",
            "rubric Opinions",
            "Translation by M. K.",
        ],
        "wire_piece.txt": ["4127 views 3 comment(s)", "Photo: Shutterstock", "Disclaimer", "Bonus video:"],
        "press_review.txt": ["Open/close all quotes"],
        "op_ed.txt": [],
    }
    for name, wanted in noise.items():
        text = (PROJECT / "seeds" / "texts" / name).read_text(encoding="utf-8")
        chrome = [text[part.start_char : part.end_char] for part in segments_of(text) if part.kind == "chrome"]
        assert [piece for piece in wanted if not any(piece in found for found in chrome)] == [], name
        assert sum(len(found) for found in chrome) < len(text) / 3
        assert not any(number in found for found in chrome for number in ("billion", "90%", "30,000", "33"))


def test_two_readings_of_one_members_card_are_one_card() -> None:
    """Seen by a fuzz campaign: a card with its labels and a bare one from the same character to the same, one of them nameless."""
    whole = Card(3, 40, None, 5, 40)
    named = Card(3, 40, (3, 6), 7, 40)
    assert apart([named, whole]) == [named]
    assert apart([whole, named, Card(40, 60, None, 41, 60), Card(1, 2, None, 1, 2)])[0].start == 1
