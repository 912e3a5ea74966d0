"""Dagster shows what the table functions say: lineage, columns, checks, job, schedule, sensor, history."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq
import pytest

from pipelines import definitions, tables
from pipelines.definitions import Request, defs, hourly, new_files, publish_all, published
from pipelines.running import history
from schemas import BY_NAME
from schemas.validation import Violation
from tests.conftest import PROJECT, hearsay
from warehouse.snapshots import Draft

TEXT = "Mayor Ana Petrova said that {n} trees were planted in Oslo."


def test_every_table_is_an_asset_with_its_columns_and_a_blocking_check() -> None:
    specs = {spec.key.to_user_string(): spec for spec in published.specs}
    assert set(specs) == {*BY_NAME, "published"}
    for name, model in BY_NAME.items():
        columns = specs[name].metadata["dagster/column_schema"].columns
        assert [column.name for column in columns] == model.arrow_schema().names
        assert all(column.description for column in columns)
    assert {check.asset_key.to_user_string() for check in published.check_specs if check.blocking} == set(BY_NAME)


def test_lineage_follows_the_parameters_of_the_table_functions() -> None:
    assert tables.reads("figures") == tables.reads("dates") == {"claims"} | tables.reads("claims")
    assert "mentions" in tables.reads("entities")
    assert tables.reads("quantities") == {"figures", "claims", "documents"}
    specs = {spec.key.to_user_string(): spec for spec in published.specs}
    for name in BY_NAME:
        assert {dep.asset_key.to_user_string() for dep in specs[name].deps} == tables.reads(name)


def test_there_is_one_job_an_hourly_schedule_and_a_sensor_both_off() -> None:
    assert defs.resolve_job_def("publish_all")
    assert hourly.cron_schedule == "0 * * * *"
    assert hourly.default_status is dg.DefaultScheduleStatus.STOPPED
    assert new_files.default_status is dg.DefaultSensorStatus.STOPPED


# ---------------------------------------------------------------- what is shown is what is published


class Books:
    """A warehouse with one text published, and its books."""

    def __init__(self, folder: Path) -> None:
        self.source, self.warehouse = folder / "in", folder / "w"
        self.source.mkdir()
        self.write(2)
        status, _, err = hearsay("run", "--source", self.source, "--warehouse", self.warehouse)
        assert status == 0, err
        self.instance = history.books(self.warehouse)

    def write(self, n: int) -> None:
        (self.source / f"{n}.txt").write_text(TEXT.format(n=n), "utf-8")

    def run(self) -> dg.ExecuteInProcessResult:
        request = Request(sources=[str(self.source)], warehouse=str(self.warehouse))
        console = {"console": {"config": {"log_level": "CRITICAL"}}}
        config = dg.RunConfig(ops={"published": request}, loggers=console)
        job = defs.resolve_job_def(history.JOB)
        return job.execute_in_process(run_config=config, instance=self.instance, raise_on_error=False)

    def shown(self) -> dict[str, tuple[str, int | None]]:
        """For each asset the run that materialised it last, and its number of rows."""
        found = {}
        for name in (*BY_NAME, "published"):
            event = self.instance.get_latest_materialization_event(dg.AssetKey(name))
            assert event
            assert event.asset_materialization
            rows = event.asset_materialization.metadata.get("dagster/row_count")
            found[name] = (event.run_id, None if rows is None else int(str(rows.value)))
        return found

    def rows(self) -> dict[str, int]:
        """For each table the number of rows that readers have."""
        return {name: pq.read_table(self.warehouse / "current" / name).num_rows for name in BY_NAME}


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return Books(tmp_path)


def test_a_run_shows_every_table_and_check_as_readers_have_it(books: Books) -> None:
    books.write(3)
    for is_new in (True, False):
        result = books.run()
        assert result.success
        assert {run_id for run_id, _ in books.shown().values()} == {result.run_id}
        assert {name: n for name, (_, n) in books.shown().items() if n is not None} == books.rows()
        assert {check.asset_key.to_user_string() for check in result.get_asset_check_evaluations() if check.passed} == {
            *BY_NAME
        }
        (event,) = [
            made for made in result.asset_materializations_for_node("published") if made.asset_key.path == ["published"]
        ]
        assert event.metadata["is_new"].value is is_new
        assert Path(str(event.metadata["snapshot"].value)) == (books.warehouse / "current").resolve()


def break_a_promise(patch: pytest.MonkeyPatch) -> None:
    broken = Violation("figures", "value", None, "12", "at least one")
    patch.setattr(definitions.run, "broken", lambda *_: [broken])


def break_(where: object, name: str, error: Exception) -> Callable[[pytest.MonkeyPatch], None]:
    def refuse(*_: object, **__: object) -> None:
        raise error

    return lambda patch: patch.setattr(where, name, refuse)


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "a broken promise": break_a_promise,
    "reading fails": break_(definitions.run, "read", OSError(5, "Input/output error")),
    "writing fails": break_(Draft, "finish", OSError(28, "No space left on device")),
    "the database fails": break_(definitions.catalogue, "build", RuntimeError("x")),
    "publishing fails": break_(definitions, "publish", OSError(28, "No space left on device")),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_was_not_published_is_not_shown(
    books: Books, monkeypatch: pytest.MonkeyPatch, fault: Callable[[pytest.MonkeyPatch], None]
) -> None:
    shown, rows = books.shown(), books.rows()
    books.write(3)
    with monkeypatch.context() as patch:
        fault(patch)
        result = books.run()
    assert not result.success
    assert (books.shown(), books.rows()) == (shown, rows)
    assert books.run().success
    assert books.shown() != shown
    assert books.rows() != rows


def test_a_broken_promise_is_shown_at_its_table_and_told_once(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    break_a_promise(monkeypatch)
    books.write(3)
    result = books.run()
    checks = {check.asset_key.to_user_string(): check.passed for check in result.get_asset_check_evaluations()}
    assert checks == dict.fromkeys(BY_NAME, True) | {"figures": False}
    status, _, err = hearsay("run", "--source", books.source, "--warehouse", books.warehouse)
    assert status == 1
    assert err.startswith("The new tables break the contract and were not published; the last ones stay.")


def test_what_fails_after_the_publication_does_not_hide_it(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    books.write(3)
    break_(definitions, "sweep", PermissionError(13, "Permission denied"))(monkeypatch)
    status, _, err = hearsay("run", "--source", books.source, "--warehouse", books.warehouse)
    assert status == 1
    assert "The new tables are published" in err
    assert {name: n for name, (_, n) in books.shown().items() if n is not None} == books.rows()


@pytest.mark.parametrize("part", [dg.AssetSelection.groups("tables"), dg.AssetSelection.assets("figures")], ids=str)
def test_no_table_can_be_made_without_being_published(part: dg.AssetSelection) -> None:
    job = dg.define_asset_job("part", selection=part)
    with pytest.raises(dg.DagsterInvalidDefinitionError) as refused:
        dg.Definitions(assets=[published], jobs=[job]).resolve_job_def("part")
    assert "does not support subsetting" in str(refused.value.__cause__)


# ---------------------------------------------------------------- beside other people's


def test_merged_with_other_peoples_assets_the_job_makes_ours_only() -> None:
    @dg.asset(deps=["figures"])
    def report() -> None:
        """Another team's."""

    @dg.asset
    def other() -> None:
        """Another team's, without any relation to ours."""

    merged = dg.Definitions.merge(defs, dg.Definitions(assets=[report, other]))
    made = merged.resolve_job_def(publish_all.name).asset_layer.executable_asset_keys
    assert {key.to_user_string() for key in made} == {*BY_NAME, "published"}


def test_the_schedule_asks_for_no_second_run_while_one_is_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARSAY_WAREHOUSE", str(tmp_path))
    instance = history.books(tmp_path)
    context = dg.build_schedule_context(instance)
    asked = hourly(context)
    assert isinstance(asked, dg.RunRequest)
    assert asked.tags == history.tags(tmp_path)
    instance.create_run_for_job(defs.resolve_job_def(history.JOB), tags=asked.tags)
    assert isinstance(hourly(context), dg.SkipReason)


def test_importing_the_definitions_switches_nothing_for_the_process_that_does() -> None:
    code = (
        "import logging, os; before = dict(os.environ); import pipelines.definitions\n"
        "assert (logging.root.manager.disable, dict(os.environ)) == (0, before)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True)


def test_a_published_run_says_how_many_rows_each_table_has(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "DAGSTER_HOME", str(samples / "dagster"))
    with dg.DagsterInstance.get() as books:
        event = books.get_latest_materialization_event(dg.AssetKey("figures"))
    assert event is not None
    assert event.asset_materialization is not None
    about = event.asset_materialization.metadata
    assert about["dagster/row_count"].value > 0
    assert "figure_id" in str(about["preview"].value)
    assert datetime.fromtimestamp(event.timestamp).year > 2000
