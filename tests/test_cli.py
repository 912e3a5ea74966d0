"""Bad input gets one plain sentence; the rest goes on; the exit status says which."""

import gzip
import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.cli import main
from tests.conftest import PROJECT, hearsay

GOOD = "The mayor said that 40 houses burned down in March 2020."


def test_a_missing_source_is_one_sentence(tmp_path: Path) -> None:
    status, out, err = hearsay("run", "--source", tmp_path / "nowhere", "--warehouse", tmp_path / "w")
    assert (status, out) == (1, "")
    assert err.strip().count("\n") == 0
    assert "nowhere" in err
    assert "--source" in err


def test_a_warehouse_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("x")
    (tmp_path / "a.txt").write_text(GOOD)
    status, _, err = hearsay("run", "--source", tmp_path / "a.txt", "--warehouse", tmp_path / "w")
    assert status == 1
    assert err.strip().count("\n") == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_warehouse_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    (tmp_path / "w").mkdir(mode=0o500)
    status, _, err = hearsay("run", "--source", tmp_path / "a.txt", "--warehouse", tmp_path / "w" / "x")
    assert status == 1
    assert "cannot be written" in err


@pytest.mark.parametrize("command", [["sql", "SELECT 1"], ["show", "x"], ["check"], ["dev"]])
def test_a_warehouse_that_is_a_file_is_one_sentence_for_every_command(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "w").write_text("x")
    status, out, err = hearsay(*command, "--warehouse", tmp_path / "w")
    assert (status, out, err.strip().count("\n")) == (1, "", 0)
    assert str(tmp_path / "w") in err or "not installed" in err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look anywhere")
@pytest.mark.parametrize("command", [["run"], ["sql", "SELECT 1"], ["show", "x"], ["check"], ["dev"]])
def test_a_warehouse_that_may_not_be_looked_into_is_one_sentence(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "w").mkdir(mode=0)
    status, out, err = hearsay(*command, "--warehouse", tmp_path / "w")
    (tmp_path / "w").chmod(0o700)
    assert (status, out, err.strip().count("\n")) == (1, "", 0)


def test_bad_records_are_quarantined_with_a_reason_and_the_rest_is_published(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, "utf-8")
    (folder / "noise.bin").write_bytes(os.urandom(4096))
    (folder / "noise.txt").write_bytes(bytes(range(256)) * 64)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "cut.txt.gz").write_bytes(gzip.compress(GOOD.encode() * 100)[:-20])
    lines = [
        json.dumps({"id": "one", "text": GOOD + " One."}),
        "{not json",
        json.dumps({"id": "no text"}),
        '{"text": ""}',
    ]
    (folder / "records.jsonl").write_text("\n".join(lines), "utf-8")
    (folder / "table.csv").write_text("headline,body\nA,B\n", "utf-8")
    status, out, _ = hearsay("run", "--source", folder, "--warehouse", tmp_path / "w")
    assert status == 3
    assert "quarantined" in out
    _, rows, _ = hearsay(
        "sql", "SELECT source_id, status, reason FROM sources", "--format", "json", "--warehouse", tmp_path / "w"
    )
    found = {row["source_id"]: row for row in json.loads(rows)}
    assert found["good.txt"]["status"] == found["one"]["status"] == "ok"
    bad = {name: row["reason"] for name, row in found.items() if row["status"] == "quarantined"}
    assert {"noise.bin", "noise.txt", "empty.txt"} <= set(bad)
    assert found["cut.txt.gz"]["status"] == "ok"  # what is there is true, and the note says that more was
    assert sum(row.startswith("records.jsonl#") for row in bad) + ("no text" in bad) == 3
    assert any(name.startswith("table.csv") for name in bad)
    assert all(reason.endswith(".") and "\n" not in reason for reason in bad.values())
    status, out, err = hearsay("check", "--warehouse", tmp_path / "w")
    assert status == 0, err


def test_the_summary_counts_one_in_the_singular_and_prints_queries_that_work_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARSAY_CALLED_AS", "'/opt/my bin/hearsay'")
    (tmp_path / "my texts").mkdir()
    (tmp_path / "my texts" / "a.txt").write_text("The mayor said that 400 houses burned down in March 2020.")
    (tmp_path / "my texts" / "noise.bin").write_bytes(bytes(range(256)))
    warehouse = tmp_path / "it's a warehouse"
    status, out, err = hearsay("run", "--source", tmp_path / "my texts", "--warehouse", warehouse)
    assert status == 3, err
    assert "1 document from 2 records in 2 files; 1 extracted in this run (11 words, " in out
    assert "a CPU second from text to rows" in out
    assert "Found 1 claim, 1 figure, 1 date, and 1 mention of " in out
    assert " 1 figures" not in out
    queries = [line[line.index("'/opt/my bin") :] for line in out.splitlines() if " sql " in line]
    assert len(queries) == 2
    for query in queries:
        program, *arguments = shlex.split(query)
        assert program == "/opt/my bin/hearsay"
        assert arguments[-2:] == ["--warehouse", str(warehouse)]
        assert hearsay(*arguments)[0] == 0


def test_sql_before_any_run_says_what_to_do(tmp_path: Path) -> None:
    status, _, err = hearsay("sql", "SELECT 1", "--warehouse", tmp_path)
    assert status == 1
    assert "./hearsay run" in err


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_sql_prints_rows_in_every_format(samples: Path, form: str) -> None:
    status, out, err = hearsay("sql", "SELECT 16 AS a, 'x' AS b", "--format", form, "--warehouse", samples)
    assert status == 0, err
    assert "16" in out
    assert "x" in out


def test_sql_csv_is_no_formula_and_json_has_no_nan(samples: Path) -> None:
    query = "SELECT '=1+1' AS a, '-1.9%' AS b, '+cmd' AS c, '@x' AS d, 'nan'::DOUBLE AS e, ['inf'::DOUBLE] AS f"
    _, out, _ = hearsay("sql", query, "--format", "csv", "--warehouse", samples)
    assert out.splitlines()[1].startswith("'=1+1,-1.9%,'+cmd,'@x,")
    _, out, _ = hearsay("sql", query, "--format", "json", "--warehouse", samples)
    assert json.loads(out) == [{"a": "=1+1", "b": "-1.9%", "c": "+cmd", "d": "@x", "e": None, "f": [None]}]


@pytest.mark.parametrize("wrong", [["run", "--workers", "many"], ["sing"], []])
def test_a_wrong_call_is_told_with_the_status_for_nothing_done(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(wrong)
    assert stop.value.code == 1
    assert "hearsay" in capsys.readouterr().err


def test_sql_reads_no_file_outside_and_writes_nothing(samples: Path) -> None:
    for query in (
        "SELECT * FROM read_csv('/etc/passwd')",
        "DELETE FROM claims",
        "SET enable_external_access = true",
        "COPY claims TO '/tmp/hearsay-claims.csv'",
        "ATTACH '/tmp/hearsay-other.duckdb'",
    ):
        status, _, err = hearsay("sql", query, "--warehouse", samples)
        assert status == 1, query
        assert err.strip().count("\n") == 0


def test_a_wrong_query_is_one_line(samples: Path) -> None:
    status, _, err = hearsay("sql", "SELECT nothing FROM nowhere", "--warehouse", samples)
    assert status == 1
    assert err.strip().count("\n") == 0
    assert "nowhere" in err


def test_sql_loads_neither_dagster_nor_spacy_nor_pandas(samples: Path) -> None:
    code = (
        "import sys; from pipelines.cli import main; status = main(sys.argv[1:]);"
        "heavy = {'dagster', 'spacy', 'pandas', 'pandera', 'pyarrow'} & set(sys.modules); sys.exit(repr(heavy) if heavy else status)"
    )
    command = [sys.executable, "-c", code, "sql", "SELECT 1", "--warehouse", str(samples)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_second_run_at_once_says_so_and_waits(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD, "utf-8")
    hold = (
        "import sys, time; from pathlib import Path; from pipelines.running.locking import only_run\n"
        "with only_run(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(3)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path / "w")], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    started = time.monotonic()
    status, _, err = hearsay("run", "--source", tmp_path / "a.txt", "--warehouse", tmp_path / "w")
    holder.wait()
    assert status == 0, err
    assert f"Another run (process {holder.pid}) is working on" in err
    assert time.monotonic() - started > 1


def test_a_folder_of_texts_is_not_made_a_warehouse(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD, "utf-8")
    (tmp_path / "link").symlink_to(tmp_path)
    status, _, err = hearsay("run", "--source", tmp_path, "--warehouse", tmp_path / "link")
    assert status == 1
    assert "name another folder with --warehouse" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "link"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that takes nothing")
@pytest.mark.parametrize("form", ["table", "csv", "json", "parquet"])
def test_output_that_cannot_be_written_is_told_in_one_sentence(samples: Path, form: str) -> None:
    call = [
        sys.executable,
        "-m",
        "pipelines.cli",
        "sql",
        "SELECT * FROM claims",
        "--format",
        form,
        "--warehouse",
        str(samples),
    ]
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(call, cwd=PROJECT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) == 1, ran.stderr


def test_damaged_settings_of_dagsters_are_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD, "utf-8")
    (tmp_path / "w" / "dagster").mkdir(parents=True)
    (tmp_path / "w" / "dagster" / "dagster.yaml").write_bytes(bytes(range(128, 228)))
    status, _, err = hearsay("run", "--source", tmp_path / "a.txt", "--warehouse", tmp_path / "w")
    assert status == 1
    assert "dagster.yaml" in err
    assert len(err.splitlines()) == 1
