"""What people decide about names: followed, or told with line and column what is wrong with it."""

import os
from pathlib import Path

import pytest

from pipelines.resolve.overrides import Mistake, Override, decisions
from schemas.columns import MENTION_TYPES

HEAD = "action,name,other,type,reason\n"


def decided(path: Path, text: str | bytes) -> list[Override]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return decisions(path, types=MENTION_TYPES)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "same,Lukashenko,Lukashenka,PERSON,one man\n",
        "# who is who\n" + HEAD + "# decided in May\n\nsame,Lukashenko,Lukashenka,PERSON,one man",
        "\ufeff" + HEAD + "same,Lukashenko,Lukashenka,PERSON,one man\r\n",
        "Action , Name,OTHER,reason,type\nsame, Lukashenko ,Lukashenka,one man,PERSON\n",
        HEAD + 'same,"Lukashenko","Lukashenka",PERSON,"one man"\n,,,,\n',
    ],
)
def test_a_decision_is_read_however_the_file_was_saved(tmp_path: Path, text: str) -> None:
    assert decided(tmp_path / "o.csv", text) == [Override("same", "Lukashenko", "Lukashenka", "PERSON", "one man")]


def test_columns_that_nothing_is_said_in_may_be_missing(tmp_path: Path) -> None:
    assert decided(tmp_path / "o.csv", "action,name,other\nwikidata,Oslo,Q585\n") == [
        Override("wikidata", "Oslo", "Q585")
    ]
    assert decided(tmp_path / "o.csv", "") == []
    assert decided(tmp_path / "o.csv", "# nothing yet\n") == []
    assert decisions(tmp_path / "none.csv", types=MENTION_TYPES) == []


def test_a_comma_or_a_line_break_may_stand_in_a_cell(tmp_path: Path) -> None:
    (found, _) = decided(tmp_path / "o.csv", HEAD + 'rename,A,"Smith, John",,"first\nsecond"\nsame,A,B,,\n')
    assert (found.other, found.reason) == ("Smith, John", "first\nsecond")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + "smae,A,B,,\n", ["line 2", "column action", "'smae'", "is same meant?"]),
        (HEAD + "# a comment\n\nsame,A,B,,\nrenam,A,B,,\n", ["line 5", "column action", "is rename meant?"]),
        (HEAD + "same,,B,,\n", ["line 2", "column name"]),
        (HEAD + "same,A\n", ["line 2", "column other", "second name"]),
        (HEAD + "wikidata,A,q42,,\n", ["line 2", "column other", "'q42'", "Q42"]),
        (HEAD + "wikidata,A,https://www.wikidata.org/wiki/Q42,,\n", ["line 2", "column other"]),
        (HEAD + "type,A,Persn,,\n", ["line 2", "column other", "is PERSON meant?"]),
        (HEAD + "same,A,B,COMPANY,\n", ["line 2", "column type", "'COMPANY'"]),
        (HEAD + "rename,A,B,,\nsame,A,D,,\nrename,a,C,,\n", ["line 4", "column other", "line 2 says 'B'"]),
        (HEAD + "same,A,B,,\ndifferent,B,A,,\n", ["line 3", "column action", "line 2 says 'same'"]),
        (HEAD + "different,Ana,ANA,,\n", ["line 2", "column other", "two names"]),
        (HEAD + f"same,A,{'b' * 200_000},,\n", ["line 2", "cell of more than"]),
        (HEAD + "rename,A,Smith, John,,\n", ["line 2", "column 6", "quotation marks"]),
        ("action;name;other\nsame;A;B\n", ["line 1", "column 1"]),
        ("action\tname\tother\nsame\tA\tB\n", ["line 1", "column 1"]),
        ("action,nmae,other\n", ["line 1", "column 2", "is name meant?"]),
        ("action,name\nsame,A\n", ["line 1", "action,name,other"]),
        ("same,A,B,,\n", ["line 1", "column 1", "names the columns"]),
        (HEAD + 'same,"A,B,,\nsame,C,D,,\n', ["line 2", "quotation marks"]),
        (HEAD.encode() + b"same,Lukaschenko,Lukaschenk\xe4,,\n", ["line 2", "UTF-8"]),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_sentence_with_line_and_column(
    tmp_path: Path, text: str | bytes, told: list[str]
) -> None:
    with pytest.raises(Mistake) as mistake:
        decided(tmp_path / "o.csv", text)
    said = str(mistake.value)
    assert "\n" not in said
    assert said.startswith(str(tmp_path / "o.csv"))
    for word in told:
        assert word in said, said


def test_what_is_there_and_is_no_file_is_told_and_not_taken_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "nowhere").symlink_to("missing.csv")
    (tmp_path / "circle").symlink_to("circle")
    os.mkfifo(tmp_path / "pipe")
    for name, told in (("folder", "no file"), ("nowhere", "a link to"), ("circle", "a link to"), ("pipe", "no file")):
        with pytest.raises(Mistake, match=told):
            decisions(tmp_path / name, types=MENTION_TYPES)


def test_actions_and_types_may_be_written_in_any_case(tmp_path: Path) -> None:
    found = decided(tmp_path / "o.csv", HEAD + "Same,A,B,person,\nTYPE,C,org,,\n")
    assert [(line.action, line.type, line.other) for line in found] == [("same", "PERSON", "B"), ("type", None, "ORG")]


def test_the_same_said_twice_is_no_contradiction(tmp_path: Path) -> None:
    text = HEAD + "same,A,B,,\nsame,B,A,,\nrename,A,C,,\nrename,A,C,,again\nrename,A,D,ORG,\n"
    assert len(decided(tmp_path / "o.csv", text)) == 5
