"""``hearsay evaluate``: what it prints, and what it does not."""

import json
from pathlib import Path

from tests.conftest import hearsay


def test_it_prints_scores_by_table_and_genre_with_the_digest_of_the_texts() -> None:
    status, out, err = hearsay("evaluate", "--table", "figures")
    assert (status, err) == (0, "")
    assert "sha256 of the texts: " in out
    assert "claims" not in out
    assert "forum_post" in out


def test_as_json_every_number_has_its_counts_and_errors_are_written_of_the_open_half(tmp_path: Path) -> None:
    status, out, _ = hearsay("evaluate", "--format", "json", "--genre", "press_review", "--errors", tmp_path / "errors")
    assert status == 0
    body = json.loads(out[: out.rindex("}") + 1])
    value = body["genres"]["press_review"]["figures"]["value"]
    assert value["score"] == round(200 * value["right"] / (value["gold"] + value["rows"]), 2)
    assert body["genres"]["all"] == body["genres"]["press_review"]
    misses = [json.loads(line) for line in (tmp_path / "errors" / "claims.jsonl").read_text("utf-8").splitlines()]
    n_missed = sum(miss["what"] == "missed" for miss in misses)
    main = body["genres"]["all"]["claims"]["main"]
    assert n_missed == main["gold"] - main["right"]


def test_what_the_sealed_half_gets_wrong_is_not_told(tmp_path: Path) -> None:
    status, out, err = hearsay("evaluate", "--half", "sealed", "--errors", tmp_path / "errors")
    assert (status, out) == (1, "")
    assert "never read" in err
    assert not (tmp_path / "errors").exists()


def test_a_genre_that_no_text_has_is_told() -> None:
    status, out, err = hearsay("evaluate", "--genre", "poem")
    assert (status, out) == (1, "")
    assert err.startswith("No text of the benchmark is of the genre poem")
