"""SQL on what is published: every result in turn, however long it is, and nothing but reading."""

import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from warehouse.asked import Refused, query_in
from warehouse.query import answer, connect, error_line, spill_folder, unique

PROJECT = Path(__file__).resolve().parents[2]


class Bytes(io.TextIOWrapper):
    """An output that is no terminal, as a pipe is."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "utf-8", newline="")

    def written(self) -> bytes:
        self.flush()
        buffer: Any = self.buffer
        return bytes(buffer.getvalue())


def answered(database: duckdb.DuckDBPyConnection, text: str, form: str = "table") -> str:
    out = Bytes()
    answer(database, text, form, out)
    return out.written().decode()


# ---------------------------------------------------------------- what is a query


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("SELECT 'one;two';;  ; -- a comment; with a semicolon\n", "one;two"),
        ("\ufeffSELECT 'one'", "one"),
        ("/* DROP TABLE sources; */ SELECT 'it''s; fine' AS x", "it's; fine"),
        ("-- only this one\nSELECT 'ü' AS \"Copy\" /* COPY */", "ü"),
        ("PIVOT sources ON status USING count(*) GROUP BY format", "duplicate"),
        ("EXPLAIN SELECT 'COPY' AS \"copy\" -- copy", "explain_value"),
        ("PRAGMA table_info('claims')", "claim_id"),
        ("SUMMARIZE claims", "claim_id"),
        ("SHOW TABLES", "who_said_what"),
        ("DESCRIBE figures", "quantity_id"),
        ("FROM sources LIMIT 1", "source_id"),
        ("VALUES ('x')", "x"),
    ],
)
def test_what_reads_is_answered(database: duckdb.DuckDBPyConnection, text: str, cell: str) -> None:
    assert cell in answered(database, text)
    assert len(answered(database, text, "csv").splitlines()) >= 2
    assert json.loads(answered(database, text, "json"))
    out = Bytes()
    answer(database, text, "parquet", out)
    assert pq.read_table(io.BytesIO(out.written())).num_rows


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no query"),
        (" ;; -- nothing\n/* at all */", "no query"),
        ("SELECT 1; SELECT 2", "2 queries, and none was run"),
        ("SELECT 1; DROP TABLE claims; SELECT 2", "3 queries, and none was run"),
        ("SELECT '\udc80'", "no UTF-8"),
        ("SELECT 'not closed", "unterminated"),
        ("SET VARIABLE x = 1", "SET cannot be used"),
        ("SET memory_limit = '1KB'", "SET cannot be used"),
        ("CREATE TEMP TABLE few AS SELECT 1", "CREATE cannot be used"),
        ("COPY claims TO '/tmp/claims.csv'", "COPY cannot be used"),
        ("-- first\ncopy (PIVOT sources ON status) TO '/tmp/x.csv'", "COPY cannot be used"),
        ("EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/x.csv'", "COPY cannot be used"),
        ("EXPLAIN (FORMAT json) COPY (SELECT 'é') TO '/tmp/x.csv'", "COPY cannot be used"),
        ("EXPORT DATABASE '/tmp/all'", "EXPORT cannot be used"),
        ("ATTACH '/tmp/other.duckdb'", "ATTACH cannot be used"),
        ("INSTALL httpfs", "INSTALL cannot be used"),
        ("LOAD icu", "LOAD cannot be used"),
        ("PREPARE p AS SELECT 1", "PREPARE cannot be used"),
        ("BEGIN", "BEGIN cannot be used"),
        ("DELETE FROM claims", "DELETE cannot be used"),
        ("EXPLAIN ANALYZE DELETE FROM claims", "read-only"),
        ("WITH gone AS (DELETE FROM claims RETURNING *) SELECT * FROM gone", "."),
        ("FROM '/etc/hosts'", "does not exist"),
        ("SELECT * FROM read_text('/etc/hosts')", "disabled by configuration"),
        ("SELECT * FROM glob('/*')", "disabled by configuration"),
    ],
)
def test_what_does_not_read_is_refused_in_one_sentence(
    database: duckdb.DuckDBPyConnection, text: str, why: str
) -> None:
    (n_before,) = database.execute("SELECT count(*) FROM claims").fetchall()[0]
    with pytest.raises((Refused, duckdb.Error), match=why) as told:
        answered(database, text)
    assert "\n" not in (error_line(told.value) if isinstance(told.value, duckdb.Error) else str(told.value))
    assert database.execute("SELECT count(*) FROM claims").fetchall() == [(n_before,)]


def test_nothing_can_be_written_beside_what_is_published(shelf: Path) -> None:
    """DuckDB allows COPY to where the database and its temporary files lie, whatever else is forbidden."""
    snapshot = (shelf / "current").resolve()
    before = {path: path.read_bytes() for path in snapshot.rglob("*") if path.is_file()}
    places = [snapshot / "hearsay.duckdb", snapshot / "hearsay.duckdb.wal", snapshot / "hearsay.duckdb.tmp" / "x"]
    for place in [*places, Path(spill_folder()) / "x.csv"]:
        for query in ("COPY (SELECT 1) TO '{}'", "EXPLAIN ANALYZE COPY (SELECT 1) TO '{}'", "COPY claims FROM '{}'"):
            with connect(shelf) as database, pytest.raises(Refused):
                query_in(database, query.format(place))
    assert {path: path.read_bytes() for path in snapshot.rglob("*") if path.is_file()} == before


# ---------------------------------------------------------------- long results


class Enough(Exception):  # noqa: N818 - it is no error: the reader has seen enough
    pass


class Head(io.TextIOWrapper):
    """A reader that leaves after so many bytes."""

    def __init__(self, n_bytes: int) -> None:
        self.left = n_bytes
        super().__init__(io.BytesIO(), "utf-8")

    def write(self, text: str) -> int:
        self.left -= len(text)
        if self.left < 0:
            raise Enough
        return len(text)


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_the_first_rows_come_before_the_last_are_known(database: duckdb.DuckDBPyConnection, form: str) -> None:
    with pytest.raises(Enough):
        answer(database, "SELECT range AS n, 'x' AS word FROM range(1_000_000_000_000)", form, Head(1_000_000))


def test_a_long_result_is_whole_in_every_form(database: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT range AS n, CASE WHEN range = 29_999 THEN 'much wider than all before it' ELSE 'x' END AS word FROM range(30_000)"
    lines = answered(database, query).splitlines()
    assert len(lines) == 2 + 30_000 + 1
    assert lines[-1] == "(30000 rows)"
    assert lines[-2] == "29999  much wider than all before it"
    assert len(answered(database, query, "csv").splitlines()) == 30_001
    assert len(json.loads(answered(database, query, "json"))) == 30_000
    out = Bytes()
    answer(database, query, "parquet", out)
    assert pq.read_table(io.BytesIO(out.written()))["n"].to_pylist() == list(range(30_000))


def test_a_parquet_file_that_broke_off_does_not_look_whole(
    database: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.query.GROUP_BYTES", 1)
    out = Bytes()
    query = "SELECT CASE WHEN range = 900_000 THEN error('late') ELSE range END AS n FROM range(1_000_000)"
    with pytest.raises(duckdb.Error, match="late"):
        answer(database, query, "parquet", out)
    assert not out.written().endswith(b"PAR1")


def test_no_column_is_lost_that_bears_the_name_of_another(database: duckdb.DuckDBPyConnection) -> None:
    assert json.loads(answered(database, "SELECT 1 AS a, 2 AS a", "json")) == [{"a": 1, "a_1": 2}]
    assert unique(["a", "a", "a_1", "b", "a"]) == ["a", "a_2", "a_1", "b", "a_3"]


def test_what_json_has_no_words_for_is_written_all_the_same(database: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT MAP {DATE '2024-05-01': 'nan'::DOUBLE} AS m, ['inf'::DOUBLE]::DOUBLE[1] AS a, 'b'::BLOB AS b"
    (row,) = json.loads(answered(database, query, "json"))
    assert row["m"] == {"2024-05-01": None}
    assert row["a"] == [None]
    assert '{""2024-05-01"": null}' in answered(database, query, "csv")


def test_a_lone_carriage_return_is_in_quotes(database: duckdb.DuckDBPyConnection) -> None:
    assert answered(database, "SELECT 'a' || chr(13) || 'b' AS x", "csv") == 'x\n"a\rb"\n'


# ---------------------------------------------------------------- where DuckDB puts what does not fit


def test_what_does_not_fit_into_memory_is_kept_outside_the_snapshot_and_removed(shelf: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from warehouse.query import connect, spill_folder\n"
        "from warehouse import query; query.LOCKED |= {'memory_limit': '60MB', 'threads': 1}\n"
        "with connect(Path(sys.argv[1])) as database:\n"
        "    made = database.execute('SELECT hash(range) AS h, repeat(chr(120), 100) AS x FROM range(1_500_000) ORDER BY h').fetchmany(1)\n"
        "    print(spill_folder()); print(len(os.listdir(spill_folder())))"
    )
    snapshot = (shelf / "current").resolve()
    before = sorted(snapshot.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-c", code, str(shelf)], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    folder, n_files = done.stdout.split()
    assert int(n_files) > 0
    assert Path(folder).parent == Path(tempfile.gettempdir())
    assert not Path(folder).exists()
    assert sorted(snapshot.rglob("*")) == before


def test_without_a_folder_to_write_in_it_still_reads(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("warehouse.query.tempfile.mkdtemp", full)
    spill_folder.cache_clear()
    try:
        assert spill_folder() == ""
        with connect(shelf) as database:
            assert database.execute("SELECT count(*) > 0 FROM claims ORDER BY ALL").fetchall() == [(True,)]
    finally:
        spill_folder.cache_clear()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take its own rights away from a child")
def test_a_warehouse_that_may_not_be_written_is_read(shelf: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from warehouse.query import connect\n"
        "os.setuid(65534); database = connect(Path(sys.argv[1])); print(database.sql('SELECT count(*) FROM claims').fetchall())"
    )
    for folder in (shelf, *shelf.parents):
        if (
            folder != Path("/")
            and folder.is_relative_to(tempfile.gettempdir())
            and folder != Path(tempfile.gettempdir())
        ):
            folder.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", code, str(shelf)], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
