"""``hearsay explain``: why a row is what it is, and why another is none."""

import io
import json
from datetime import date
from pathlib import Path

import pytest

from pipelines.at_once import Given
from pipelines.explain import Explanation, explained
from tests.conftest import hearsay

TEXT = (
    "On Tuesday Prime Minister Roman Golovchenko said that sanctions had cost Belarus $16 billion. "
    "He added that the 787 Dreamliner would not fly. May Sands bought 30 lamps."
)


@pytest.fixture(scope="module")
def found() -> Explanation:
    return explained(Given("a text", TEXT, date(2022, 5, 15)))


def test_every_row_is_told_with_the_rule_behind_it(found: Explanation) -> None:
    first = found.sentences[0]
    (figure,), (day,) = first.rows["figures"], first.rows["dates"]
    assert (figure["rule"], figure["value"]) == ("with_unit", 16e9)
    assert (day["rule"], day["anchor"], day["anchor_text"]) == ("weekday", "publication", "2022-05-15")
    assert [row["speaker"] for row in first.rows["claims"]] == ["Roman Golovchenko"]
    assert [row["rule"] for row in found.sentences[2].rows["figures"]] == ["digits+noun"]


def test_a_pronoun_is_told_with_the_name_it_was_led_back_to(found: Explanation) -> None:
    (claim,) = (row for row in found.sentences[1].rows["claims"] if row["kind"] != "assertion")
    assert claim["speaker"].startswith("Roman Golovchenko (pronoun led back")


def test_what_wanted_to_be_a_row_and_lost_is_told_with_the_reason(found: Explanation) -> None:
    lost = {(one.table, TEXT[one.start : one.end]): one for sentence in found.sentences for one in sentence.lost}
    assert lost["figures", "787"].why == "refused by the test name"
    assert "doubted" in lost["dates", "May"].why
    assert ("figures", "$16 billion") not in lost


def test_the_tree_says_what_each_word_hangs_on(found: Explanation) -> None:
    said = next(word for word in found.sentences[0].words if word.text == "said")
    cost = next(word for word in found.sentences[0].words if word.text == "cost")
    assert (said.relation, said.head, said.depth) == ("ROOT", None, 0)
    assert (cost.relation, cost.head, cost.depth) == ("ccomp", "said", 1)


def test_only_the_sentences_that_were_asked_for_are_told() -> None:
    at = TEXT.index("May Sands")
    (only,) = explained(Given("a text", TEXT), (at, at + 3)).sentences
    assert only.text == "May Sands bought 30 lamps."


def test_an_extractor_that_fails_is_told_with_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise LookupError("the lamp is out")

    monkeypatch.setattr("pipelines.tables.figures_in", broken)
    found = explained(Given("a text", TEXT))
    assert found.fault is not None
    assert "LookupError: the lamp is out" in found.fault
    assert "figures" not in found.sentences[0].rows or not found.sentences[0].rows["figures"]
    assert found.sentences[0].words


def test_at_the_command_line_a_text_a_file_and_standard_input_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "text.txt"
    file.write_text(TEXT, "utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    told = {hearsay("explain", given, "--published-on", "2022-05-15") for given in (TEXT, file, "-")}
    ((status, out, err),) = told
    assert (status, err) == (0, "")
    assert "“787”  by digits: refused by the test name" in out
    assert all(len(line) <= 100 for line in out.splitlines())


def test_of_an_id_its_sentence_is_told_and_the_row_marked(samples: Path) -> None:
    for table, key in (
        ("figures", "figure_id"),
        ("claims", "claim_id"),
        ("dates", "date_id"),
        ("mentions", "mention_id"),
    ):
        query = (
            f"SELECT {key} AS id, text FROM {table} WHERE form = 'name'"
            if table == "mentions"
            else f"SELECT {key} AS id, text FROM {table}"
        )
        _, out, _ = hearsay("sql", f"{query} ORDER BY 1 LIMIT 3", "--warehouse", samples, "--format", "json")
        for row in json.loads(out):
            status, told, err = hearsay("explain", row["id"], "--warehouse", samples)
            assert (status, err) == (0, "")
            assert sum(line.startswith("  -> ") for line in told.splitlines()) == 1, (table, row)


def test_of_an_entity_it_is_told_why_its_names_are_one(samples: Path) -> None:
    query = "SELECT entity_id AS id, evidence FROM entity_merges WHERE decision = 'same' LIMIT 1"
    _, out, _ = hearsay("sql", query, "--warehouse", samples, "--format", "json")
    (row,) = json.loads(out)
    status, told, _ = hearsay("explain", row["id"], "--warehouse", samples)
    assert status == 0
    assert "what was decided about its names" in told
    assert "  by " in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["0123456789abcdef"], "No row of any table has the id"),
        (["  "], "There is nothing to explain"),
        (["x" * 200_000], "The text has 200,000 characters"),
    ],
)
def test_mistakes_are_told_in_one_sentence(samples: Path, arguments: list[str], says: str) -> None:
    status, out, err = hearsay("explain", *arguments, "--warehouse", samples)
    assert (status, out) == (1, "")
    assert says in err
    assert err.count("\n") == 1


def test_a_day_that_is_none_is_told() -> None:
    with pytest.raises(SystemExit) as end:
        hearsay("explain", "Ana said so.", "--published-on", "May")
    assert end.value.code == 1
