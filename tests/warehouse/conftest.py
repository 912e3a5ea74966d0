"""A warehouse to read, made once."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from library import filled

from warehouse.query import connect


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the small library in it."""
    return filled().publish(tmp_path_factory.mktemp("shelf") / "data")


@pytest.fixture
def database(shelf: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to it."""
    with connect(shelf) as connection:
        yield connection
