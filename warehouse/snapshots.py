"""Snapshots: a reader sees one complete, consistent set of tables, whatever happens to the writer.

A snapshot is a folder that never changes once it has its name: one folder a table with Parquet part files, the DuckDB
file, a manifest. It is written under a temporary name, flushed to disk and renamed; then one symbolic link,
``current``, is replaced in one step. Readers resolve ``current`` once and read on in that folder (``held`` does it for
them); old snapshots stay for a day for those that still do, and for longer where a reader holds them.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from schemas import Table
from warehouse.calling import command
from warehouse.query import DATABASE, NoWarehouse

KEPT_SECONDS = 24 * 3600
MANIFEST = "manifest.json"
REPLACED = ".replaced"


@dataclass(frozen=True)
class Manifest:
    """What a snapshot is made of: the state it shows, the version that made it, digests of its parts, row counts.

    ``snapshot`` is the name of its own folder in ``snapshots``, null until it is published: a reader that has no way to
    follow a link (SQL) reads it once from ``current/manifest.json`` and goes on in that folder.
    """

    state: str
    pipeline_version: str
    snapshot: str | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    n_rows: Mapping[str, int] = field(default_factory=dict)


def current(warehouse: Path) -> Path | None:
    """The folder of the snapshot that is published now; null when there is none yet."""
    link = warehouse / "current"
    return link.resolve() if link.exists() else None


@contextmanager
def held(warehouse: str | Path) -> Iterator[Path]:
    """The folder of the snapshot that is published now, which stays whole inside the block however long it takes.

    The one way to read several tables that belong together: ``with held(warehouse) as snapshot`` and then
    ``snapshot / "claims" / "*.parquet"``. To open ``current/claims`` and then ``current/figures`` may give two snapshots,
    when a run publishes between.

    Raises:
        NoWarehouse: nothing has been published there.
        OSError: the snapshot may not be read.
    """
    warehouse = Path(warehouse)
    while True:
        snapshot = current(warehouse)
        if snapshot is None:
            raise NoWarehouse(f"There are no tables in {warehouse} yet: call {command('run', warehouse)} first.")
        try:
            handle = os.open(snapshot / MANIFEST, os.O_RDONLY)
        except FileNotFoundError:  # replaced and swept since it was looked up
            if current(warehouse) == snapshot:
                raise
            continue
        _lock(handle, fcntl.LOCK_SH)
        if (snapshot / MANIFEST).exists():
            break
        os.close(handle)
    try:
        yield snapshot
    finally:
        os.close(handle)


def manifest_of(snapshot: Path) -> Manifest:
    """What a snapshot says of itself."""
    return Manifest(**json.loads((snapshot / MANIFEST).read_text("utf-8")))


def shows(snapshot: Path, state: str) -> bool:
    """Whether a snapshot says that it shows this state; false where its manifest cannot be read."""
    said = _readable_manifest(snapshot)
    return said is not None and said.state == state


def _readable_manifest(snapshot: Path) -> Manifest | None:
    try:
        return manifest_of(snapshot)
    except (OSError, ValueError, TypeError):
        return None


def faults(snapshot: Path) -> list[str]:
    """What is missing or damaged in a snapshot, in sentences: manifest, part files, row counts, the database; none when whole.

    Looks at the files' ends and counts, not at every value (``warehouse.check`` does that).
    """
    return _part_faults(snapshot) or _database_faults(snapshot / DATABASE, manifest_of(snapshot))


def _part_faults(snapshot: Path) -> list[str]:
    try:
        manifest = manifest_of(snapshot)
    except (OSError, ValueError, TypeError) as error:
        return [f"{snapshot / 'manifest.json'} cannot be read ({type(error).__name__})."]
    found = []
    for table, n_rows in manifest.n_rows.items():
        files = sorted((snapshot / table).glob("part-*.parquet"))
        try:
            n_found = sum(pq.read_metadata(path).num_rows for path in files)
        except (OSError, ValueError) as error:
            found.append(f"{snapshot / table} is damaged ({str(error).splitlines()[0]}).")
            continue
        if n_found != n_rows:
            found.append(f"{snapshot / table} holds {n_found:,} rows and should hold {n_rows:,}.")
    return found


def _database_faults(database: Path, manifest: Manifest) -> list[str]:
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            for table, n_rows in manifest.n_rows.items():
                (n_found,) = connection.sql(f"SELECT count(*) FROM {table}").fetchall()[0]
                if n_found != n_rows:
                    return [f"{database} has {n_found:,} {table} and should have {n_rows:,}."]
    except duckdb.Error as error:
        return [f"{database} cannot be read ({str(error).splitlines()[0]})."]
    return []


class Draft:
    """A snapshot being written; nobody reads it before it is published."""

    def __init__(self, warehouse: Path, pipeline_version: str) -> None:
        """Make an empty draft beside the published snapshots; what earlier, killed runs left there goes.

        Raises:
            OSError: the warehouse cannot be written.
        """
        self.warehouse = warehouse
        self.version = pipeline_version
        self.parts: dict[str, str] = {}
        self.n_rows: dict[str, int] = {}
        home = warehouse / "snapshots"
        home.mkdir(parents=True, exist_ok=True)
        for left in (*home.glob(".draft-*"), *home.glob(".staged-*")):
            shutil.rmtree(left, ignore_errors=True)
        self.folder = home / f".draft-{os.getpid()}"
        self.folder.mkdir()
        published = current(warehouse)
        self._published = published
        self._before = manifest_of(published) if published and not _part_faults(published) else None

    def reuse(self, name: str, digest: str, tables: Iterable[type[Table]]) -> bool:
        """Take a part's files over from the published snapshot; false where they are not the same."""
        before = self._before
        if before is None or self._published is None or before.pipeline_version != self.version:
            return False
        if before.parts.get(name) != digest:
            return False
        for model in tables:
            table = model.table_name()
            (self.folder / table).mkdir(exist_ok=True)
            source = self._published / table / f"part-{name}.parquet"
            os.link(source, self.folder / table / source.name)
            self._count(table, pq.read_metadata(source).num_rows)
        self.parts[name] = digest
        return True

    def write(self, name: str, digest: str, tables: Mapping[type[Table], pd.DataFrame]) -> None:
        """Write one part: one file a table."""
        for model, frame in tables.items():
            table = model.table_name()
            folder = self.folder / table
            folder.mkdir(exist_ok=True)
            write_parquet(frame, model, folder / f"part-{name}.parquet", self.version)
            self._count(table, len(frame))
        self.parts[name] = digest

    def _count(self, table: str, n_rows: int) -> None:
        self.n_rows[table] = self.n_rows.get(table, 0) + n_rows

    def finish(self, state: str) -> Path:
        """Flush the draft to disk and give it the name under which ``publish`` finds it; returns its folder."""
        parts, n_rows = dict(sorted(self.parts.items())), dict(sorted(self.n_rows.items()))
        _write_manifest(self.folder, Manifest(state, self.version, None, parts, n_rows))
        for path in self.folder.rglob("*"):
            _flush(path)
        _flush(self.folder)
        ready = staged_folder(self.warehouse, state)
        if ready.exists():
            shutil.rmtree(ready)
        self.folder.rename(ready)
        _flush(ready.parent)
        return ready


def staged_folder(warehouse: Path, state: str) -> Path:
    """Where the tables of a state wait for their publication."""
    return warehouse / "snapshots" / f".staged-{state[:16]}"


def publish(warehouse: Path, state: str) -> Path:
    """Make the staged tables of this state the ones that readers see, in one step; returns their folder.

    Raises:
        FileNotFoundError: nothing is staged under this state.
    """
    ready = staged_folder(warehouse, state)
    number, home = 1, warehouse / "snapshots"
    while (home / f"{state[:16]}-{number}").exists():
        number += 1
    final = home / f"{state[:16]}-{number}"
    _write_manifest(ready, replace(manifest_of(ready), snapshot=final.name))
    _flush(ready / MANIFEST)
    ready.rename(final)
    _flush(home)
    show(warehouse)  # first: whoever finds ``current`` finds the database too, also when this is killed between the two
    _point(warehouse / "current", Path("snapshots") / final.name)
    _flush(warehouse)
    return final


def show(warehouse: Path) -> None:
    """See to it that the database of the snapshot that is published is where SQL looks for it."""
    _point(warehouse / DATABASE, Path("current") / DATABASE)


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True), "utf-8")


def write_parquet(frame: pd.DataFrame, model: type[Table], path: Path, pipeline_version: str) -> None:
    """One Parquet file with the table's grain, column descriptions and versions in its metadata; same rows, same bytes."""
    schema = model.arrow_schema()
    schema = schema.with_metadata({**(schema.metadata or {}), b"pipeline_version": pipeline_version.encode()})
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(schema.metadata)
    pq.write_table(table, path, compression="zstd", row_group_size=65536)


def sweep(warehouse: Path, now: float | None = None) -> None:
    """Remove the snapshots that were replaced more than a day ago and that nobody holds; never the one that is published.

    A snapshot's age counts from when its successor came, because until then it was what readers were given.
    """
    now = time.time() if now is None else now
    published = current(warehouse)
    if published is None:  # the link is gone or leads nowhere: whatever is there may be what somebody mends it with
        return
    (published / REPLACED).unlink(missing_ok=True)
    said = _readable_manifest(published)
    named = said and said.snapshot  # the same folder, unless the warehouse was copied and its links became folders
    for folder in (warehouse / "snapshots").iterdir():
        if folder.name.startswith(".") or folder.name == named or folder.samefile(published):
            continue
        mark = folder / REPLACED
        try:
            if not mark.exists():
                mark.touch()
            elif now - mark.stat().st_mtime > KEPT_SECONDS and _released(folder):
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:
            continue


def _released(snapshot: Path) -> bool:
    """Whether a snapshot may go: no reader is inside ``held`` with it, and from now on none gets hold of it."""
    manifest = snapshot / MANIFEST
    try:
        handle = os.open(manifest, os.O_RDONLY)
    except FileNotFoundError:
        return True
    try:
        _lock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        manifest.unlink()
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def _lock(handle: int, how: int) -> None:
    """Lock an open file; where the file system knows no locks, a snapshot's age alone decides.

    Raises:
        BlockingIOError: somebody else holds it, and ``how`` says not to wait.
    """
    try:
        fcntl.flock(handle, how)
    except BlockingIOError:
        raise
    except OSError:
        return


def _point(link: Path, target: Path) -> None:
    """Make ``link`` point at ``target`` in one step; it is left alone when it does already."""
    if link.is_symlink() and link.readlink() == target:
        return
    if link.is_dir() and not link.is_symlink():  # a warehouse that was copied or unpacked without its links
        link.rename(link.parent / "snapshots" / f"copied-{os.getpid()}-{time.time_ns()}")
    beside = link.with_name(f".{link.name}-{os.getpid()}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(link)


def _flush(path: Path) -> None:
    """Ask the system to have this file or folder on disk before anything that follows."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
