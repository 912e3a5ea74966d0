"""A row that breaks the contract costs its document's table, not the publication."""

from pathlib import Path
from typing import Any

import pytest

from pipelines import tables
from pipelines.running import run
from pipelines.running.ledger import Ledger
from tests.running.test_run import settle, silent, write

BAD = {
    "a span that is another's": lambda row: row | {"text": "something else"},
    "a value outside its list": lambda row: row | {"kind": "guess"},
    "a number that fits no column": lambda row: row | {"start_char": 2**70},
    "a column that nobody knows": lambda row: row | {"more": 1},
}


@pytest.mark.parametrize("how", BAD)
def test_a_row_that_breaks_the_contract_costs_its_table_of_its_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    folder = write(tmp_path / "in", range(3))
    real = tables.claims_in

    def claims(parsed: Any, *given: Any) -> Any:
        found, mentions = real(parsed, *given)
        if "3 trees" in parsed.document.text:
            found = [BAD[how](row) for row in found]
        return found, mentions

    monkeypatch.setattr(tables, "claims_in", claims)
    ledger = Ledger(tmp_path / "ledger.sqlite")
    settle(ledger, folder)
    plan = run.plan(ledger)
    whole = run.across(ledger, plan, silent)
    bad = run.digest("document", "001.txt")
    assert [row["status"] for row in whole.sources] == ["ok"] * 3
    (fault,) = whole.tables["faults"]
    assert (fault["document_id"], fault["missing_from"]) == (bad, "claims")
    assert "contract" in fault["error"]
    documents = set(plan.keys) - set(ledger.failures())
    (part,) = run.parts(3)
    rows = run.part_rows(ledger, part, whole)
    assert {row["document_id"] for row in rows["claims"]} == set(plan.keys) - {bad}
    assert not run.broken(run.frames(rows), whole, documents)
    assert not run.broken(run.frames({"sources": whole.sources, **whole.tables}), whole, documents)
    ledger.close()


def test_what_refers_to_a_row_that_is_left_out_refers_to_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "in", range(1))
    real = tables.names_in
    monkeypatch.setattr(tables, "names_in", lambda parsed: [row | {"type": "HERO"} for row in real(parsed)])
    ledger = Ledger(tmp_path / "ledger.sqlite")
    settle(ledger, folder)
    whole = run.across(ledger, run.plan(ledger), silent)
    rows = run.part_rows(ledger, run.parts(1)[0], whole)
    assert rows["mentions"] == []
    assert rows["claims"]
    assert {row["source_mention_id"] for row in rows["claims"]} == {None}
    assert [fault["missing_from"] for fault in whole.tables["faults"]] == ["mentions"]
    ledger.close()


def test_a_document_whose_own_row_breaks_the_contract_is_quarantined_with_that_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "in", range(2))
    real = run.document_of

    def odd(*given: Any) -> Any:
        document, layout = real(*given)
        return (run.replace(document, genre="poem") if "3 trees" in document.text else document), layout

    monkeypatch.setattr(run, "document_of", odd)
    ledger = Ledger(tmp_path / "ledger.sqlite")
    settle(ledger, folder)
    (reason,) = ledger.failures().values()
    assert "genre" in reason
    assert "001.txt" in reason
    ledger.close()
