"""Every lexicon holds what it may, a broken row is told with its line, and a form with another sense does not fire in it."""

import csv
import re
from collections.abc import Iterator
from itertools import islice

import pytest

from pipelines.at_once import Given, parsed_of
from pipelines.lexicon import checked
from pipelines.lexicon.checked import LEXICONS, faults_in
from pipelines.lexicon.entries import BadLexicon, entries, group
from pipelines.tables import rows_of

FILES = sorted(path for path in checked.FOLDER.glob("*.csv") if path.stem != "overrides")
TABLES = {"speech_cues": "claims", "currencies": "figures", "units": "figures", "bounds": "figures"}
"""The table in which a form would show; of the others dates."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_lexicon_holds_what_it_may(path) -> None:
    assert list(islice(faults_in(path.stem, path.read_text("utf-8")), 5)) == []


def test_every_lexicon_that_is_told_of_is_there() -> None:
    assert LEXICONS.keys() == {path.stem for path in FILES}


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("outlets", "# x\nform,value,example,source\nTimes,word,The Times.,own\nPost,wrd,The Post.,own\n", "outlets.csv, line 4, column value: 'wrd' is not one of name, word."),
        ("outlets", "form,value,example,source\nTimes,word,The Times.,own\nTimes,name,The Times.,own\n", "outlets.csv, line 3 has the form of line 2: keep one of them."),
        ("outlets", "form,value,example,source\nTimes,word,The Times, again.,own\n", "outlets.csv, line 2 has 5 cells, and there are 4 columns: put what has a comma in it in quotation marks."),
        ("outlets", "form,value,source\nTimes,word,own\n", "outlets.csv lacks example: its columns are form, example, source, value."),
        ("outlets", "form,value,example,source,colour\nTimes,word,The Times.,own,red\n", "outlets.csv has colour: its columns are form, example, source, value."),
        ("outlets", "form,value,example,source\n Times,word,The Times.,own\n", "outlets.csv, line 2, column form: ' Times' is not words, without white space around them."),
        ("outlets", "form,value,example,source\nTimes,word,The Times.,a book\n", "outlets.csv, line 2, column source: 'a book' is not where it is from, as own."),
        ("months", "form,value,ambiguous,example,source\nmay,13,word,In May.,own\n", "months.csv, line 2, column value: '13' is not the number of a month."),
        ("frequencies", "form,value,example,source\nweekly,1W,Weekly.,own\n", "frequencies.csv, line 2, column value: '1W' is not a TIMEX3 duration, as P1D."),
        ("currencies", "form,value,kind,example,source\n$,usd$,symbol,$5,own\n", "currencies.csv, line 2, column value: 'usd$' is not a code of ISO 4217, or the word that several countries share."),
        ("no_such", "form,value\n", "no_such.csv has no place in pipelines/lexicon/checked.py: say there what its columns may hold."),
    ],
)  # fmt: skip
def test_what_is_broken_is_told_with_its_line(name: str, text: str, told: str) -> None:
    assert list(faults_in(name, text)) == [told]


def test_a_row_with_a_cell_too_many_is_told_when_it_is_loaded(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "outlets.csv").write_text("form,value,example,source\nTimes,word,The Times, again.,own\n")
    monkeypatch.setattr("pipelines.lexicon.entries.SEEDS", tmp_path)
    with pytest.raises(BadLexicon, match=r"outlets\.csv, line 2 has 5 cells"):
        entries.__wrapped__("outlets")


def other_senses() -> Iterator[dict[str, str]]:
    with (checked.FOLDER / "other_senses.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


@pytest.mark.parametrize("row", list(other_senses()), ids=lambda row: f"{row['value']} {row['form']}")
def test_a_form_in_another_sense_does_not_fire(row: dict[str, str]) -> None:
    known = [entry for entry in entries(row["value"]) if entry["form"] == row["form"]]
    assert [entry for entry in known if entry.get("pos", "") == row["pos"]], "the lexicon has no such form"
    rows = rows_of(parsed_of(Given("a text", row["example"])))[TABLES.get(row["value"], "dates")]
    assert [found["text"] for found in rows if found.get("kind") != "assertion"] == []


BEGINNINGS = {"warmth", "price"}


@pytest.mark.parametrize("name", ["time_contexts", "figure_words", "claim_words", "question_words", "dated_events"])
def test_each_form_stands_in_its_example_as_a_word(name: str) -> None:
    for row in entries(name):
        bounds = [
            r"(?<!\w)" * row["form"][0].isalnum(),
            r"(?!\w)" * (row["form"][-1].isalnum() and row["value"] not in BEGINNINGS),
        ]
        assert re.search(re.escape(row["form"]).join(bounds), row["example"], re.IGNORECASE), row


def test_a_group_that_no_row_has_is_an_error_and_not_an_empty_set() -> None:
    with pytest.raises(BadLexicon, match=r"time_contexts\.csv has no row of the value before_noon"):
        group("time_contexts", "before_noon")
