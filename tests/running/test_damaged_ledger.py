"""A damaged ledger and a full disk are told in one sentence that says what to do; a fault of ours is not told as either."""

import sqlite3
from pathlib import Path

import pytest
import zstandard

from pipelines.definitions import LEDGER, _plainly, damage
from pipelines.running.ledger import Ledger
from pipelines.running.run import Stop


def fails(warehouse: Path, error: Exception | None = None, query: str = "") -> str:
    """What the user is told when this happens in a run of this warehouse."""

    def happen() -> None:
        if error is not None:
            raise error
        sqlite3.connect(warehouse / LEDGER).execute(query).fetchall()

    with pytest.raises(Stop) as told, _plainly(warehouse, "Nothing was published."):
        happen()
    return str(told.value)


def break_pages(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[4096:] = b"\xff" * (len(body) - 4096)
    path.write_bytes(body)


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    Ledger(tmp_path / LEDGER).close()
    return tmp_path


def test_damage_is_told_with_the_file_and_what_to_do(warehouse: Path) -> None:
    mend = f"The ledger {warehouse / LEDGER} is damaged"
    for error in (zstandard.ZstdError("bad"), sqlite3.OperationalError("Could not decode to UTF-8 column 'body'")):
        told = fails(warehouse, error)
        assert told.startswith(mend)
        assert "remove it, and the next run" in told
    break_pages(warehouse / LEDGER)
    assert damage(warehouse / LEDGER)
    assert fails(warehouse, query="SELECT * FROM files").startswith(mend)
    assert fails(warehouse, KeyError("what damage leads to")).startswith(mend)


def test_a_full_disk_is_no_damage(warehouse: Path) -> None:
    database = sqlite3.connect(warehouse / LEDGER)
    database.execute("PRAGMA max_page_count=1")
    full = pytest.raises(Stop, match=r"cannot be written \(database or disk is full\)")
    with full, _plainly(warehouse, "Nothing was published."):
        database.execute("CREATE TABLE more AS SELECT randomblob(100000) AS body")
    database.close()


@pytest.mark.parametrize("error", [KeyError("ours"), sqlite3.IntegrityError("UNIQUE"), sqlite3.ProgrammingError("x")])
def test_a_fault_of_ours_with_a_good_ledger_stays_what_it_is(warehouse: Path, error: Exception) -> None:
    if isinstance(error, sqlite3.Error):
        error.sqlite_errorcode = sqlite3.SQLITE_CONSTRAINT
    with pytest.raises(type(error)), _plainly(warehouse, "Nothing was published."):
        raise error
    assert damage(warehouse / LEDGER) is None
