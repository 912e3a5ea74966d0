"""Each question about a word is asked of one module, and answered here once."""

import pytest

from pipelines.lexicon.calendar_names import calendar_names, capital_month_pattern, month_pattern, short_names
from pipelines.lexicon.entries import entries
from pipelines.lexicon.given_names import family_of, initials_of, is_given_name, meant_by, pronoun_of
from pipelines.lexicon.legal_forms import any_legal_form, legal_end, legal_tail
from pipelines.lexicon.outlets import is_known_outlet, is_outlet, is_outlet_line, is_outlet_word
from pipelines.lexicon.person_words import is_office, person_words
from pipelines.lexicon.plain import plain


@pytest.mark.parametrize("name", ["Anna", "anna", "Sasha", "Aliaksandr", "Kevin", "Zoë", "ZOE", "Abdel"])
def test_given_names(name: str) -> None:
    assert is_given_name(name)


@pytest.mark.parametrize("name", ["Minsk", "Virginia", "Grant", "Harvey", "table", "", "Anna Novak"])
def test_no_given_names(name: str) -> None:
    assert not is_given_name(name)


def test_forms_of_one_name_share_a_family_a_pronoun_and_their_initials() -> None:
    assert family_of("Yevgeny") & family_of("Eugene")
    assert meant_by("Sasha") >= {"alexander"}
    assert {"e", "y"} <= initials_of(min(family_of("Yevgeny") & family_of("Eugene")))
    assert pronoun_of("Aliaksandr") == pronoun_of("Alexander") == "he"
    assert (family_of("Minsk"), meant_by("Minsk"), pronoun_of("Minsk")) == (frozenset(), frozenset(), None)


@pytest.mark.parametrize("row", [row for row in entries("pronoun_names") if row["also"]], ids=lambda row: row["form"])
def test_a_name_that_is_something_else_too_still_tells_a_pronoun(row: dict) -> None:
    assert pronoun_of(row["form"]) is not None


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("The Northern Times", True),
        ("Northern Times’s", True),
        ("meduza.io", False),
        ("delfi.lt", True),
        ("the BBC", True),
        ("Times", False),
        ("Anna Novak", False),
        ("Radio Nord", True),
    ],
)
def test_outlets(name: str, is_one: bool) -> None:
    assert is_outlet(name) is is_one


def test_a_word_of_outlets_written_small_is_a_word() -> None:
    assert is_outlet_word("Post")
    assert not is_outlet_word("post")
    assert is_known_outlet("The Economist")
    assert is_outlet_line("The Northern Post")
    assert not is_outlet_line("Evening News Falls Silent")
    assert not is_outlet_line("reuters")


def test_short_names_are_the_beginnings_of_longer_ones() -> None:
    assert {"jan", "sept", "tues"} <= short_names()
    assert not {"may", "june", "march", "monday", "mondays"} & short_names()
    assert {"may", "monday", "spring"} <= calendar_names()
    assert "march" in month_pattern()
    assert "march" not in month_pattern(of_words=False)
    assert "September|" in capital_month_pattern()


def test_plain_names_have_no_case_accent_or_article() -> None:
    assert plain("The  Ž'izn") == "zizn"


def test_legal_forms() -> None:
    assert any_legal_form().sub("", "nordtel gmbh & co kg") == "nordtel "
    assert [
        bool(legal_end().search(name)) for name in ("Nordtel, Inc.", "Nordtel Group", "Nordtel Bridge", "Company")
    ] == [True, True, False, True]
    assert [
        bool(legal_tail().match(rest)) for rest in (", Inc. said", " GmbH said", " Co. said", " Co said", " said")
    ] == [True, True, True, False, False]


@pytest.mark.parametrize(
    "row",
    [row for row in entries("organisation_forms") if row["value"] != "legal form"],
    ids=lambda row: f"{row['form']} {row['value']}",
)
def test_each_form_works_in_its_example_as_its_value_says(row: dict) -> None:
    rest = row["example"].removeprefix("They asked Nordtel").removesuffix(" about it.")
    assert legal_tail().match(rest) if row["value"] in ("tail", "dotted") else legal_end().search(f"Nordtel{rest}")


def test_offices() -> None:
    assert is_office("minister")
    assert is_office("judges")
    assert not is_office("daughter")
    assert not is_office("lamp")
    assert person_words()["daughter"] == ("she", "relation")
