"""Snapshots: whole or not there, kept for those who still read them, reused where nothing changed."""

import os
import re
import shutil
import threading
import time
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from schemas import Quantities
from warehouse.query import NoWarehouse
from warehouse.snapshots import KEPT_SECONDS, Draft, current, faults, held, manifest_of, publish, shows, sweep

ROW = {
    "quantity_id": "0123456789abcdef", "label": "trees", "kind": "count", "unit": "tree", "n_figures": 1,
    "n_documents": 1, "lowest": 3.0, "highest": 3.0, "agreement": "single",
}  # fmt: skip


def frame(**changes: object) -> pd.DataFrame:
    return Quantities.frame([ROW | changes])


def stand(warehouse: Path, state: str, **changes: object) -> Path:
    draft = Draft(warehouse, "v1")
    draft.write("all", state, {Quantities: frame(**changes)})
    draft.finish(state)
    return publish(warehouse, state)


def test_nothing_is_current_before_the_first_publication(tmp_path: Path) -> None:
    assert current(tmp_path) is None
    draft = Draft(tmp_path, "v1")
    draft.write("all", "d", {Quantities: frame()})
    assert current(tmp_path) is None


def test_what_is_published_says_what_it_is(tmp_path: Path) -> None:
    folder = stand(tmp_path, "state-one")
    assert current(tmp_path) == folder.resolve()
    assert manifest_of(folder).n_rows == {"quantities": 1}
    about = pq.read_schema(folder / "quantities" / "part-all.parquet")
    assert about.metadata[b"grain"].startswith(b"One row per thing measured")
    assert about.metadata[b"schema_version"] == b"2"
    assert about.metadata[b"pipeline_version"] == b"v1"
    assert about.field("unit").metadata[b"description"].startswith(b"The unit")


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    first = (stand(tmp_path / "a", "s") / "quantities" / "part-all.parquet").read_bytes()
    assert (stand(tmp_path / "b", "s") / "quantities" / "part-all.parquet").read_bytes() == first


def test_a_reader_that_resolved_the_link_reads_on_after_a_new_publication(tmp_path: Path) -> None:
    stand(tmp_path, "one")
    reader = current(tmp_path)
    assert reader is not None
    stand(tmp_path, "two", lowest=1.0)
    assert pq.read_table(reader / "quantities")["lowest"].to_pylist() == [3.0]
    seen = current(tmp_path)
    assert seen is not None
    assert pq.read_table(seen / "quantities")["lowest"].to_pylist() == [1.0]


def test_an_unchanged_part_is_taken_over_without_being_written(tmp_path: Path) -> None:
    first = stand(tmp_path, "one")
    draft = Draft(tmp_path, "v1")
    assert draft.reuse("all", "one", [Quantities])
    assert not draft.reuse("all", "another digest", [Quantities])
    draft.finish("two")
    second = publish(tmp_path, "two")
    part = Path("quantities") / "part-all.parquet"
    assert (first / part).stat().st_ino == (second / part).stat().st_ino


def test_another_version_takes_nothing_over(tmp_path: Path) -> None:
    stand(tmp_path, "one")
    assert not Draft(tmp_path, "v2").reuse("all", "one", [Quantities])


def test_old_snapshots_go_a_day_after_they_were_replaced(tmp_path: Path) -> None:
    first, second = stand(tmp_path, "one"), stand(tmp_path, "two")
    sweep(tmp_path)
    replaced = (first / ".replaced").stat().st_mtime
    sweep(tmp_path, replaced + KEPT_SECONDS - 5)
    assert first.exists()
    sweep(tmp_path, replaced + KEPT_SECONDS + 5)
    assert not first.exists()
    assert second.exists()


@pytest.mark.parametrize("way", ["w", "./w/", "../{here}/w", "link", "up/w", "absolute"])
def test_the_published_snapshot_stays_however_its_warehouse_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "link").symlink_to("w")
    (tmp_path / "up").symlink_to(".")
    (tmp_path / "absolute").symlink_to(tmp_path / "w")
    monkeypatch.chdir(tmp_path)
    warehouse = Path(way.format(here=tmp_path.name))
    stand(warehouse, "one")
    second = stand(warehouse, "two")
    for day in range(3):
        sweep(warehouse, time.time() + day * (KEPT_SECONDS + 3600))
    assert [folder.name for folder in (tmp_path / "w" / "snapshots").iterdir()] == [second.name]
    assert pq.read_table(tmp_path / "w" / "current" / "quantities").num_rows == 1


def test_a_published_snapshot_that_was_marked_as_replaced_is_given_its_whole_day_again(tmp_path: Path) -> None:
    first = stand(tmp_path, "one")
    (first / ".replaced").touch()
    os.utime(first / ".replaced", (1, 1))
    sweep(tmp_path)
    stand(tmp_path, "two")
    sweep(tmp_path)
    assert first.exists()


def test_nothing_is_swept_where_nothing_is_published(tmp_path: Path) -> None:
    first = stand(tmp_path, "one")
    stand(tmp_path, "two")
    sweep(tmp_path)
    (tmp_path / "current").unlink()
    sweep(tmp_path, time.time() + 2 * KEPT_SECONDS)
    assert first.exists()


def test_a_snapshot_that_a_reader_holds_stays_until_it_is_let_go(tmp_path: Path) -> None:
    first = stand(tmp_path, "one")
    late = time.time() + 2 * KEPT_SECONDS
    with held(tmp_path) as snapshot:
        assert snapshot == first.resolve()
        stand(tmp_path, "two")
        sweep(tmp_path)
        sweep(tmp_path, late)
        assert pq.read_table(snapshot / "quantities").num_rows == 1
        with held(tmp_path) as other:
            assert other != snapshot
    sweep(tmp_path, late)
    assert not first.exists()


def test_nothing_can_be_held_before_the_first_publication(tmp_path: Path) -> None:
    with pytest.raises(NoWarehouse, match="hearsay run"), held(tmp_path):
        pass


def test_readers_that_hold_see_one_set_while_snapshots_come_and_go(tmp_path: Path) -> None:
    """Each snapshot's two parts bear its number: a reader that opens one after the other finds the same in both."""
    stop = threading.Event()
    torn: list[object] = []
    looks = 0

    def look() -> None:
        nonlocal looks
        while not stop.is_set():
            with held(tmp_path) as snapshot:
                first = pq.read_table(snapshot / "quantities" / "part-a.parquet")["lowest"][0].as_py()
                second = pq.read_table(snapshot / "quantities" / "part-b.parquet")["lowest"][0].as_py()
            looks += 1
            if first != second:
                torn.append((first, second))

    def put(number: int) -> None:
        draft = Draft(tmp_path, "v1")
        for part in ("a", "b"):
            draft.write(part, f"{number}{part}", {Quantities: frame(lowest=float(number), highest=float(number))})
        draft.finish(f"state-{number}")
        publish(tmp_path, f"state-{number}")
        sweep(tmp_path, time.time() + number * 2 * KEPT_SECONDS)

    put(0)
    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 25):
        put(number)
    stop.set()
    for reader in readers:
        reader.join()
    assert looks > 10
    assert torn == []


def test_the_sql_of_the_readme_reads_one_snapshot(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    (block,) = re.findall(r"```sql\n(.*?)```", readme, re.DOTALL)
    folder = stand(tmp_path, "one")
    with duckdb.connect() as client:
        for statement in block.replace("DIR", str(tmp_path)).replace("claims", "quantities").split(";"):
            if "SET VARIABLE" in statement:
                client.execute(statement)
                assert client.sql("SELECT getvariable('snapshot')").fetchall() == [
                    (f"{tmp_path}/snapshots/{folder.name}",)
                ]
                stand(tmp_path, "two", lowest=1.0)
            elif statement.strip():
                assert client.sql(statement).fetchall() == [(1,)]


def test_what_a_killed_run_left_is_cleared_and_harms_nobody(tmp_path: Path) -> None:
    folder = stand(tmp_path, "one")
    left = tmp_path / "snapshots" / ".draft-99999"
    left.mkdir()
    (left / "half.parquet").write_bytes(b"half")
    Draft(tmp_path, "v1")
    assert not left.exists()
    assert current(tmp_path) == folder.resolve()


def test_nothing_staged_cannot_be_published(tmp_path: Path) -> None:
    (tmp_path / "snapshots").mkdir()
    with pytest.raises(FileNotFoundError):
        publish(tmp_path, "never staged")


def test_damage_is_told_and_nothing_is_taken_over_from_it(tmp_path: Path) -> None:
    folder = stand(tmp_path, "one")
    assert "hearsay.duckdb cannot be read" in faults(folder)[0]  # none was made here
    assert shows(folder, "one")
    part = folder / "quantities" / "part-all.parquet"
    part.write_bytes(b"no longer Parquet")
    assert f"{part} is damaged: it has 17 bytes" in faults(folder)[0]
    assert not Draft(tmp_path, "v1").reuse("all", "one", [Quantities])
    (folder / "manifest.json").write_text("{")
    assert "manifest.json is damaged" in faults(folder)[0]
    assert not shows(folder, "one")


def test_a_warehouse_copied_without_its_links_keeps_the_snapshot_that_its_manifest_names(tmp_path: Path) -> None:
    folder = stand(tmp_path / "one", "one")
    (tmp_path / "one" / "hearsay.duckdb").unlink()  # it was not made here, so the link leads nowhere
    shutil.copytree(tmp_path / "one", tmp_path / "two")  # links become folders
    for day in range(3):
        sweep(tmp_path / "two", time.time() + day * (KEPT_SECONDS + 3600))
    named = manifest_of(tmp_path / "two" / "current").snapshot
    assert named == folder.name
    assert (tmp_path / "two" / "snapshots" / named / "quantities" / "part-all.parquet").exists()


def test_a_warehouse_copied_without_its_links_is_published_to(tmp_path: Path) -> None:
    stand(tmp_path / "one", "one")
    shutil.copytree(tmp_path / "one" / "current", tmp_path / "two" / "current")
    folder = stand(tmp_path / "two", "two", lowest=1.0)
    assert current(tmp_path / "two") == folder.resolve()
