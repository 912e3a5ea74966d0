"""Dagster shows what the table functions say: lineage, columns, checks, job, schedule, sensor, history."""

import os
from datetime import datetime
from pathlib import Path

import dagster as dg
import pytest

from pipelines import history, tables
from pipelines.definitions import defs, hourly, new_files, staged
from schemas import BY_NAME


def test_every_table_is_an_asset_with_its_columns_and_a_blocking_check() -> None:
    specs = {spec.key.to_user_string(): spec for spec in staged.specs}
    assert set(specs) == set(BY_NAME)
    for name, model in BY_NAME.items():
        columns = specs[name].metadata["dagster/column_schema"].columns
        assert [column.name for column in columns] == model.arrow_schema().names
        assert all(column.description for column in columns)
    assert {check.asset_key.to_user_string() for check in staged.check_specs if check.blocking} == set(BY_NAME)


def test_lineage_follows_the_parameters_of_the_table_functions() -> None:
    assert tables.reads("figures") == {"dates", "claims"} | tables.reads("claims")
    assert "mentions" in tables.reads("entities")
    assert tables.reads("quantities") == {"figures", "documents"}
    specs = {spec.key.to_user_string(): spec for spec in staged.specs}
    for name in BY_NAME:
        assert {dep.asset_key.to_user_string() for dep in specs[name].deps} == tables.reads(name)


def test_there_is_one_job_an_hourly_schedule_and_a_sensor_both_off() -> None:
    assert defs.resolve_job_def("publish_all")
    assert hourly.cron_schedule == "0 * * * *"
    assert hourly.default_status is dg.DefaultScheduleStatus.STOPPED
    assert new_files.default_status is dg.DefaultSensorStatus.STOPPED


def test_the_sensor_asks_for_a_run_once_for_every_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARSAY_SOURCE", str(tmp_path))
    (tmp_path / "a.txt").write_text("One.")
    first = new_files(dg.build_sensor_context())
    assert isinstance(first, dg.SensorResult)
    assert first.run_requests
    again = new_files(dg.build_sensor_context(cursor=first.cursor))
    assert isinstance(again, dg.SkipReason)
    (tmp_path / "b.txt").write_text("Two.")
    assert isinstance(new_files(dg.build_sensor_context(cursor=first.cursor)), dg.SensorResult)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    monkeypatch.setenv("DAGSTER_HOME", "")
    history.home(tmp_path)
    return dg.DagsterInstance.get()


def test_a_run_whose_process_is_gone_is_marked_as_failed(instance: dg.DagsterInstance) -> None:
    marks = history.tags()
    dead = marks | {"hearsay/process": "999999999"}
    job = defs.resolve_job_def("publish_all")
    runs = [
        instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED, tags=tags).run_id for tags in (marks, dead)
    ]
    history.tidy(instance)
    statuses = [run.status for run in (instance.get_run_by_id(run_id) for run_id in runs) if run]
    assert statuses == [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE]


def test_the_history_keeps_the_newest_runs_only(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "KEPT_RUNS", 3)
    job = defs.resolve_job_def("publish_all")
    made = [instance.create_run_for_job(job, status=dg.DagsterRunStatus.SUCCESS).run_id for _ in range(5)]
    history.tidy(instance)
    assert {run.run_id for run in instance.get_runs()} == set(made[-3:])


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
