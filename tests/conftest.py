"""What the tests share: the reference texts where they are, and one published warehouse of the sample texts."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.cli import SIGNALLED, main

PROJECT = Path(__file__).resolve().parent.parent
LONGEST = (
    "test_kills",
    "test_run",
    "test_watching",
    "test_sources",
    "test_stopping",
    "test_dashboard_browser",
    "test_cli",
)
"""Files that take longest: two processes that share the tests end together when these come first."""
ORIGINALS = PROJECT.parent / "shared" / "seeds"


def hearsay(*arguments: object) -> tuple[int, str, str]:
    """Call the command line in this process: (exit status, what it printed, what it complained of)."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([str(argument) for argument in arguments])
    if status > SIGNALLED:  # whoever stops the tests means all of them
        raise KeyboardInterrupt
    return status, out.getvalue(), err.getvalue()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others as they were."""
    rank = {name: at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(LONGEST)))


@pytest.fixture(scope="session", autouse=True)
def nothing_from_outside() -> Iterator[None]:
    """No test reads or writes what the person who runs it has set up."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DAGSTER_HOME", "HEARSAY_SOURCE", "HEARSAY_WAREHOUSE"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the project's own sample texts, made by the command line."""
    warehouse = tmp_path_factory.mktemp("samples")
    status, out, err = hearsay("run", "--source", PROJECT / "seeds" / "texts", "--warehouse", warehouse)
    assert status == 0, out + err
    return warehouse


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the five reference texts; skipped where they are not beside the checkout."""
    if not ORIGINALS.is_dir():
        pytest.skip("the five reference texts are under copyright and not in ../shared/seeds here")
    warehouse = tmp_path_factory.mktemp("originals")
    status, out, err = hearsay("run", "--source", ORIGINALS, "--warehouse", warehouse)
    assert status == 0, out + err
    return warehouse
