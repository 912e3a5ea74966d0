"""Snapshots: a reader sees one complete, consistent set of tables, whatever happens to the writer.

A snapshot is a folder that never changes once it has its name: one folder a table with Parquet part files, the DuckDB
file, a manifest. It is written under a temporary name, flushed to disk and renamed; then one symbolic link,
``current``, is replaced in one step. Readers resolve ``current`` once and read on in that folder (``held`` does it for
them); old snapshots stay for a day for those that still do, and for longer where a reader holds them.

The manifest knows the size and the SHA-256 of every file, so damage is found before rows are believed.
"""

import fcntl
import hashlib
import json
import os
import random
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
from warehouse.query import DATABASE, NoWarehouse, error_line, opened

KEPT_SECONDS = 24 * 3600
MANIFEST = "manifest.json"
REPLACED = ".replaced"
DAMAGED = ".damaged"
LOOK_BYTES = 256 << 20
"""What a run that changes nothing reads of a snapshot to see whether it is whole: about 0.4 s (1.5 s a GB, measured)."""
MAX_TOLD = 5
"""Faults that are told one by one."""


class Damaged(ValueError):  # noqa: N818 - it is what the user is told
    """A manifest cannot be believed; the message says which, in one sentence."""


@dataclass(frozen=True)
class Stored:
    """One file of a snapshot as it was written: its size and the SHA-256 of its bytes (64 hex digits)."""

    n_bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a snapshot is made of: the state it shows, the version that made it, digests of its parts, row counts, files.

    ``tables`` is the state of the tables alone, without what serves them. ``parts`` says by which digest a part is known
    again, ``files`` what lies on disk, by path within the snapshot.

    ``snapshot`` is the name of its own folder in ``snapshots``, null until it is published: a reader that has no way to
    follow a link (SQL) reads it once from ``current/manifest.json`` and goes on in that folder.
    """

    state: str
    pipeline_version: str
    tables: str = ""
    snapshot: str | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    n_rows: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, Stored] = field(default_factory=dict)

    def written(self) -> str:
        """The manifest as it stands in its file: JSON that ends by a digest of all the rest."""
        body = asdict(self)
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        return json.dumps({**body, "this_sha256": digest}, indent=1, sort_keys=True)


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
    """What a snapshot says of itself.

    Raises:
        Damaged: it is not as it was written, or an older version wrote it, which kept no digests.
        OSError: it is not there, or may not be read.
    """
    path = snapshot / MANIFEST
    try:
        text = path.read_text("utf-8")
        body = json.loads(text)
        del body["this_sha256"]
        files = {name: Stored(**about) for name, about in body.pop("files").items()}
        manifest = Manifest(**body, files=files)
        is_whole = manifest.written() == text
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        is_whole = False
    if not is_whole:
        raise Damaged(f"{path} is damaged, or an older hearsay wrote it, which kept no digests of its files.")
    return manifest


def shows(snapshot: Path, state: str) -> bool:
    """Whether a snapshot says that it shows this state; false where its manifest cannot be read."""
    said = _readable_manifest(snapshot)
    return said is not None and said.state == state


def _readable_manifest(snapshot: Path) -> Manifest | None:
    try:
        return manifest_of(snapshot)
    except (Damaged, OSError):
        return None


def faults(snapshot: Path, *, whole: bool = False) -> list[str]:
    """What is missing or damaged in a snapshot, in sentences; none when nothing was found.

    Looks at every file's size, at the manifest, at files that do not belong, and at the bytes of every file that was
    touched after the manifest was written. Of the others all are read where they are small (``LOOK_BYTES``) or ``whole``
    asks for it, else a share of them that differs each time: what a run takes over into the next snapshot is read anyway.
    Whether rows keep the contract is for ``warehouse.check``.
    """
    try:
        manifest = manifest_of(snapshot)
    except Damaged as error:
        return [str(error)]
    except OSError as error:
        return [f"{snapshot / MANIFEST} cannot be read ({error.strerror})."]
    share = 1.0 if whole or (snapshot / DAMAGED).exists() else _share(manifest)
    found = [*_file_faults(snapshot, manifest, share), *_strays(snapshot, manifest)]
    if len(found) > MAX_TOLD:
        found = [*found[:MAX_TOLD], f"So are {len(found) - MAX_TOLD:,} more files."]
    return found or _database_faults(snapshot / DATABASE, manifest)


def inspect(snapshot: Path) -> list[str]:
    """``faults`` of the whole snapshot; what was found is noted beside it, so that the next run reads all of it too."""
    found = faults(snapshot, whole=True)
    if found:
        try:
            (snapshot / DAMAGED).touch()
        except OSError:  # may only be read: whoever can run there finds it as we did
            return found
    return found


def _share(manifest: Manifest) -> float:
    """How likely each file is read, so that about ``LOOK_BYTES`` are."""
    return min(1.0, LOOK_BYTES / max(1, sum(about.n_bytes for about in manifest.files.values())))


def _file_faults(snapshot: Path, manifest: Manifest, share: float) -> Iterator[str]:
    written_at = (snapshot / MANIFEST).stat().st_mtime_ns
    for name, about in manifest.files.items():
        path = snapshot / name
        try:
            seen = path.stat()
            if seen.st_size != about.n_bytes:
                yield f"{path} is damaged: it has {seen.st_size:,} bytes and should have {about.n_bytes:,}."
            elif seen.st_mtime_ns > written_at or random.random() < share:  # noqa: S311 - no secret
                if _sha256(path) != about.sha256:
                    yield f"{path} is damaged: its bytes are not those that were written."
            elif path.suffix == ".parquet":
                pq.read_metadata(path)
        except FileNotFoundError:
            yield f"{path} is missing."
        except (OSError, pa.ArrowException) as error:
            yield f"{path} cannot be read ({getattr(error, 'strerror', None) or str(error).splitlines()[0]})."


def _strays(snapshot: Path, manifest: Manifest) -> Iterator[str]:
    """Files that readers would take for part of a snapshot, and no run wrote."""
    for path in sorted([*snapshot.glob("*/*.parquet"), *snapshot.glob(f"{DATABASE}.wal")]):
        if path.relative_to(snapshot).as_posix() not in manifest.files:
            yield f"{path} does not belong there."


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stored(path: Path) -> Stored:
    return Stored(path.stat().st_size, _sha256(path))


def _database_faults(database: Path, manifest: Manifest) -> list[str]:
    try:
        with opened(database) as connection:
            for table, n_rows in manifest.n_rows.items():
                (n_found,) = connection.sql(f"SELECT count(*) FROM {table}").fetchall()[0]
                if n_found != n_rows:
                    return [f"{database} has {n_found:,} {table} and should have {n_rows:,}."]
    except (duckdb.Error, RuntimeError, ValueError, MemoryError) as error:  # of damaged bytes it may say anything
        return [f"{database} cannot be read ({error_line(error)})."]
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
        self.files: dict[str, Stored] = {}
        home = warehouse / "snapshots"
        home.mkdir(parents=True, exist_ok=True)
        for left in (*home.glob(".draft-*"), *home.glob(".staged-*")):
            shutil.rmtree(left, ignore_errors=True)
        self.folder = home / f".draft-{os.getpid()}"
        self.folder.mkdir()
        published = current(warehouse)
        self._published = published
        self._before = _readable_manifest(published) if published else None

    def reuse(self, name: str, digest: str, tables: Iterable[type[Table]]) -> bool:
        """Take a part's files over from the published snapshot; false where they are not the same, or not whole any more.

        Every byte that is taken over is read first: damage must not go from one snapshot into the next.
        """
        before = self._before
        if before is None or self._published is None or before.pipeline_version != self.version:
            return False
        if before.parts.get(name) != digest:
            return False
        wanted = {model.table_name(): f"{model.table_name()}/part-{name}.parquet" for model in tables}
        if not all(_is_as_written(self._published / file, before.files.get(file)) for file in wanted.values()):
            return False
        for table, file in wanted.items():
            (self.folder / table).mkdir(exist_ok=True)
            os.link(self._published / file, self.folder / file)
            self.files[file] = before.files[file]
            self._count(table, pq.read_metadata(self.folder / file).num_rows)
        self.parts[name] = digest
        return True

    def take_all(self, tables: str) -> bool:
        """Take every Parquet file over from the published snapshot; false where its tables are of another state, or not whole.

        Then only what serves them is made anew: the database, when a view or a comment is another.
        """
        before = self._before
        if before is None or self._published is None or not tables or before.tables != tables:
            return False
        files = {name: about for name, about in before.files.items() if name.endswith(".parquet")}
        if not all(_is_as_written(self._published / name, about) for name, about in files.items()):
            return False
        for name, about in files.items():
            (self.folder / name).parent.mkdir(exist_ok=True)
            os.link(self._published / name, self.folder / name)
            self.files[name] = about
        self.parts, self.n_rows = dict(before.parts), dict(before.n_rows)
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

    def finish(self, state: str, tables: str = "") -> Path:
        """Flush the draft to disk and give it the name under which ``publish`` finds it; returns its folder.

        ``tables`` is the state of the tables alone, without what serves them.
        """
        files = {
            name: self.files.get(name) or _stored(path)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and (name := path.relative_to(self.folder).as_posix()) != MANIFEST
        }
        _write_manifest(self.folder, Manifest(state, self.version, tables, None, self.parts, self.n_rows, files))
        for path in self.folder.rglob("*"):
            _flush(path)
        _flush(self.folder)
        ready = staged_folder(self.warehouse, state)
        if ready.exists():
            shutil.rmtree(ready)
        self.folder.rename(ready)
        _flush(ready.parent)
        return ready


def _is_as_written(path: Path, about: Stored | None) -> bool:
    try:
        return about is not None and path.stat().st_size == about.n_bytes and _sha256(path) == about.sha256
    except OSError:
        return False


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
    (folder / MANIFEST).write_text(manifest.written(), "utf-8")


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
