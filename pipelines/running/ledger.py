"""The ledger: what was found and what was made of it, in one SQLite file that survives ``kill -9``.

It is the working memory of the warehouse, not a table for readers. Files are known by their signature and by the version
of the code that read them, so that an unchanged one is not read again; records by their file and their name in it; results
by what was given and by the versions of the steps that made them, so that nothing is extracted twice and nothing stale is
kept. Every batch of files or results is one transaction.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import zstandard

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, n_bytes INTEGER NOT NULL, changed_ns INTEGER NOT NULL, touched_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL, reader TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    file TEXT NOT NULL, name TEXT NOT NULL, format TEXT NOT NULL, n_bytes INTEGER, bytes_sha256 TEXT, reason TEXT,
    note TEXT, content_sha256 TEXT, about BLOB, first_seen_us INTEGER NOT NULL, source_id TEXT,
    PRIMARY KEY (file, name)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS records_by_id ON records (source_id);
CREATE INDEX IF NOT EXISTS records_by_text ON records (content_sha256);
CREATE TABLE IF NOT EXISTS names (
    file TEXT NOT NULL, name TEXT NOT NULL, source_id TEXT NOT NULL, PRIMARY KEY (file, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (source_id TEXT PRIMARY KEY, first_seen_us INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS holders (
    content_sha256 TEXT NOT NULL, source_id TEXT NOT NULL, turn INTEGER NOT NULL, PRIMARY KEY (content_sha256, source_id)
    ) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS texts (content_sha256 TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS results (
    document_id TEXT PRIMARY KEY, given TEXT NOT NULL, stamp TEXT NOT NULL, failure TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stamps (stamp TEXT PRIMARY KEY, versions TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (
    document_id TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (document_id, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS registry (key TEXT PRIMARY KEY, entity_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS redirects (entity_id TEXT PRIMARY KEY, kept_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memory (key BLOB PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
"""
VERSION = 3
"""Of the tables below; a ledger of an earlier one is taken over, a later one refused."""
REMEMBERED = ("names", "seen", "holders", "registry", "redirects")
"""The id memory: what a warehouse remembers besides what its sources hold now. All else can be made again from them."""
NAMED = """
WITH first AS (
    SELECT *, CASE WHEN row_number() OVER (PARTITION BY name ORDER BY file) = 1 THEN name
                   ELSE file || '#id=' || name END AS given FROM records),
named AS (
    SELECT *, CASE WHEN row_number() OVER (PARTITION BY given ORDER BY file, name) = 1 THEN given
                   ELSE given || '~' || row_number() OVER (PARTITION BY given ORDER BY file, name) END AS source_id
    FROM first)
"""
"""How version 1 named its records, anew in every run: what is in such a ledger keeps the names that it had."""
FROM_VERSION_1 = f"""
ALTER TABLE records RENAME TO records_1;
ALTER TABLE files RENAME TO files_1;
DROP TABLE results;
DROP TABLE rows;
{SCHEMA}
INSERT INTO records {NAMED.replace("FROM records", "FROM records_1")}
    SELECT file, name, format, n_bytes, bytes_sha256, reason, note, content_sha256, about, first_seen_us, source_id FROM named;
INSERT INTO holders SELECT content_sha256, source_id, 1 FROM records WHERE content_sha256 IS NOT NULL;
INSERT INTO seen SELECT source_id, first_seen_us FROM records;
INSERT INTO files SELECT path, n_bytes, changed_ns, 0, 0, '' FROM files_1;
DROP TABLE records_1;
DROP TABLE files_1;
"""
FROM_VERSION_2 = f"""
ALTER TABLE files RENAME TO files_2;
DROP TABLE results;
DROP TABLE rows;
{SCHEMA}
INSERT INTO seen SELECT source_id, first_seen_us FROM records WHERE source_id IS NOT NULL;
INSERT INTO files SELECT path, n_bytes, changed_ns, 0, 0, '' FROM files_2;
DROP TABLE files_2;
"""
"""Files are read again and documents extracted again, as after every new version; the id memory stays."""
OUTSIDE = "//"
"""What stands between a folder's name and a path in it, in the key of a file: no path has it, so no two keys are one."""


def shown(file: str) -> str:
    """How people are told of a file, by its key: the name of its folder, if it has one, before the path in the folder."""
    return file.replace(OUTSIDE, "/", 1)


class Damaged(Exception):  # noqa: N818 - it is what a run mends, not a failure of the program
    """A text or result in the ledger is not what was written there; ``kind`` is ``text`` or ``result``, ``key`` says of which."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"{kind} {key}")
        self.kind = kind
        self.key = key


def packed(value: object) -> bytes:
    """A value as compressed JSON, with a checksum."""
    return _compressed(orjson.dumps(value))


def unpacked(body: bytes) -> Any:
    """The value that ``packed`` made; dates come back as ISO text.

    Raises:
        ValueError: the body is damaged.
    """
    try:
        return orjson.loads(zstandard.decompress(body))
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error


def _compressed(data: bytes) -> bytes:
    return _compressor().compress(data)


@cache
def _compressor() -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=3, write_checksum=True)


class Signature(NamedTuple):
    """By what a file is known to be unchanged; a size of -1 is of one that could not be looked at.

    ``changed_ns`` is the time of last change that the file gives, ``touched_ns`` the one that nobody can set (ctime).
    """

    n_bytes: int
    changed_ns: int
    touched_ns: int
    inode: int


class Stored(NamedTuple):
    """What is kept of one document's extraction: a digest of what was given, the stamp of the steps, what went wrong."""

    given: str
    stamp: str
    failure: str | None


class Result(NamedTuple):
    """What extraction made of one document.

    ``rows`` are packed, by name, only of what was made anew; ``failure`` says why there is nothing at all, else null.
    """

    document_id: str
    given: str
    stamp: str
    failure: str | None
    rows: Mapping[str, bytes]


class Ledger:
    """One warehouse's working memory. One process writes it at a time (the run holds the warehouse's lock)."""

    def __init__(self, path: Path) -> None:
        """Open, or make, the ledger in this file.

        Raises:
            sqlite3.Error: the file cannot be opened or is no ledger, or one that a later version wrote.
        """
        self._db = sqlite3.connect(path, isolation_level=None)
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version not in (0, 1, 2, VERSION):
            raise sqlite3.DatabaseError(f"it is of version {version}, this program writes version {VERSION}")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        if version != VERSION:
            script = {1: FROM_VERSION_1, 2: FROM_VERSION_2}.get(version, SCHEMA)
            self._db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version={VERSION}; COMMIT;")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside, or none of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:  # some faults end it themselves, and to end it again would hide them
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # files and records

    def files(self) -> dict[str, tuple[Signature, str]]:
        """Every file that was read: path to its signature then, and the version of the code that read it."""
        rows = self._db.execute("SELECT path, n_bytes, changed_ns, touched_ns, inode, reader FROM files")
        return {path: (Signature(*signature), reader) for path, *signature, reader in rows}

    def forget_file(self, path: str) -> None:
        """Drop a file and its records; their results stay until ``sweep``."""
        self._db.execute("DELETE FROM records WHERE file = ?", (path,))
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))

    def known(self, file: str) -> dict[str, str | None]:
        """Of each record of a file its source_id, by its name in the file."""
        return dict(self._db.execute("SELECT name, source_id FROM records WHERE file = ?", (file,)).fetchall())

    def counts(self) -> dict[str, int]:
        """Number of records of every file that has one."""
        return dict(self._db.execute("SELECT file, count(*) FROM records GROUP BY file").fetchall())

    def add_file(self, path: str, signature: Signature, reader: str) -> None:
        """Note that a file was read to its end, by this version of the code."""
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", (path, *signature, reader))

    def add_record(self, record: Mapping[str, Any], text: str | None) -> None:
        """Add one record; its text is stored once however many records have it.

        Raises:
            sqlite3.IntegrityError: the file has a record of that name already.
        """
        self._db.execute(
            "INSERT INTO records VALUES (:file, :name, :format, :n_bytes, :bytes_sha256, :reason, :note, "
            ":content_sha256, :about, :first_seen_us, :source_id)",
            record,
        )
        if text is not None:
            body = _compressed(text.encode("utf-8", "surrogatepass"))
            self._db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (record["content_sha256"], body))

    def settle(self, wanted: Callable[[str, str], Iterator[str]]) -> None:
        """Give every new record its source_id, and note who has which text and when each was first seen.

        ``wanted`` says, for a record's file and name, which ids it would take, the best first and without end: it gets the
        first that no record has. Before the others come those that were given a worse one than their best earlier, and
        were away meanwhile: they get it again if it is free. Otherwise new records are served by file and name, so that
        the order in which they were read has no say.
        """
        with self.transaction():
            new = self._db.execute(
                "SELECT file, name, names.source_id FROM records LEFT JOIN names USING (file, name) "
                "WHERE records.source_id IS NULL ORDER BY names.source_id IS NULL, file, name"
            ).fetchall()
            for file, name, earlier in new:
                ids = wanted(file, name)
                best = next(ids)
                wishes = chain([earlier] if earlier else [], [best], ids)
                free = next(ident for ident in wishes if not self._is_taken(ident))
                self._db.execute("UPDATE records SET source_id = ? WHERE file = ? AND name = ?", (free, file, name))
                if free != best:
                    self._db.execute("INSERT OR REPLACE INTO names VALUES (?, ?, ?)", (file, name, free))
            self._db.execute("INSERT OR IGNORE INTO seen SELECT source_id, first_seen_us FROM records")
            (turn,) = self._db.execute("SELECT coalesce(max(turn), 0) + 1 FROM holders").fetchone()
            self._db.execute(
                "INSERT OR IGNORE INTO holders SELECT content_sha256, source_id, ? FROM records "
                "WHERE content_sha256 IS NOT NULL",
                (turn,),
            )
            self._db.execute(
                "DELETE FROM holders WHERE NOT EXISTS (SELECT 1 FROM records WHERE records.source_id = holders.source_id "
                "AND records.content_sha256 = holders.content_sha256) AND NOT EXISTS (SELECT 1 FROM holders AS other "
                "WHERE other.content_sha256 = holders.content_sha256 AND other.source_id != holders.source_id)"
            )

    def _is_taken(self, source_id: str) -> bool:
        return self._db.execute("SELECT 1 FROM records WHERE source_id = ?", (source_id,)).fetchone() is not None

    def records(self) -> Iterator[tuple[Any, ...]]:
        """Every record by source_id: source_id, path, format, n_bytes, bytes_sha256, reason, note, content, first seen."""
        columns = "source_id, file, format, n_bytes, bytes_sha256, reason, note, content_sha256, seen.first_seen_us"
        for source_id, file, *rest in self._db.execute(
            f"SELECT {columns} FROM records JOIN seen USING (source_id) ORDER BY source_id"
        ):
            yield source_id, shown(file), *rest

    def originals(self) -> Iterator[tuple[str, str, bytes]]:
        """(source_id, content_sha256, packed metadata) of the record that owns each distinct text, by source_id.

        Of the records that have a text its owner is the one that had it first, also if it was away meanwhile; of those that
        came in one run, the first by source_id.
        """
        return iter(
            self._db.execute(
                "SELECT source_id, content_sha256, about FROM (SELECT source_id, content_sha256, about, row_number() OVER "
                "(PARTITION BY content_sha256 ORDER BY turn, source_id) AS place "
                "FROM records JOIN holders USING (content_sha256, source_id)) WHERE place = 1 ORDER BY 1"
            )
        )

    def text(self, content_sha256: str) -> str:
        """A text by the digest of its content.

        Raises:
            Damaged: it is not there, or not whole.
        """
        found = self._db.execute("SELECT body FROM texts WHERE content_sha256 = ?", (content_sha256,)).fetchone()
        try:
            data = zstandard.decompress(found[0]) if found else b""
        except zstandard.ZstdError:
            data = b""
        if sha256(data).hexdigest() != content_sha256:
            raise Damaged("text", content_sha256)
        return data.decode("utf-8", "surrogatepass")

    # results

    def results(self) -> dict[str, Stored]:
        """What is kept of every document that was extracted."""
        rows = self._db.execute("SELECT document_id, given, stamp, failure FROM results")
        return {document_id: Stored(*rest) for document_id, *rest in rows}

    def stamps(self) -> dict[str, dict[str, str]]:
        """The version of every step under each stamp that a result has."""
        return {stamp: orjson.loads(body) for stamp, body in self._db.execute("SELECT stamp, versions FROM stamps")}

    def keep_stamp(self, stamp: str, versions: Mapping[str, str]) -> None:
        """Note which versions a stamp stands for; those that no result has any more go."""
        with self.transaction():
            self._db.execute("DELETE FROM stamps WHERE stamp NOT IN (SELECT stamp FROM results)")
            self._db.execute(
                "INSERT OR REPLACE INTO stamps VALUES (?, ?)", (stamp, orjson.dumps(dict(versions)).decode())
            )

    def failures(self) -> dict[str, str]:
        """What went wrong, of every document that could not be extracted."""
        query = "SELECT document_id, failure FROM results WHERE failure IS NOT NULL"
        return dict(self._db.execute(query).fetchall())

    def add_results(self, results: Iterable[Result]) -> None:
        """Add what extraction made, replacing what was there of the same name; all goes where a document failed."""
        with self.transaction():
            for result in results:
                if result.failure is not None:
                    self._db.execute("DELETE FROM rows WHERE document_id = ?", (result.document_id,))
                self._db.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)", result[:4])
                self._db.executemany(
                    "INSERT OR REPLACE INTO rows VALUES (?, ?, ?)",
                    [(result.document_id, name, body) for name, body in result.rows.items()],
                )

    def restamp(self, documents: Iterable[str], stamp: str) -> None:
        """Note that what is kept of these documents is what the steps of this stamp would make."""
        with self.transaction():
            rows = [(stamp, document_id) for document_id in documents]
            self._db.executemany("UPDATE results SET stamp = ? WHERE document_id = ?", rows)

    def kept(self, document_id: str) -> dict[str, bytes]:
        """All that is kept of one document, packed, by name."""
        rows = self._db.execute("SELECT name, body FROM rows WHERE document_id = ?", (document_id,))
        return dict(rows.fetchall())

    def rows(self, name: str, first: str = "", last: str = "g") -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """(document_id, its rows of one table) by document, from ``first`` up to but not including ``last``.

        Raises:
            Damaged: those of a document are not whole.
        """
        query = "SELECT document_id, body FROM rows WHERE name = ? AND document_id >= ? AND document_id < ? ORDER BY 1"
        for document_id, body in self._db.execute(query, (name, first, last)):
            try:
                yield document_id, unpacked(body)
            except ValueError as error:
                raise Damaged("result", document_id) from error

    def mend(self, damage: Damaged) -> None:
        """Forget what is damaged, so that it is made again: a result by extraction, a text by reading its files."""
        with self.transaction():
            if damage.kind == "result":
                self._db.execute("DELETE FROM results WHERE document_id = ?", (damage.key,))
                self._db.execute("DELETE FROM rows WHERE document_id = ?", (damage.key,))
                return
            self._db.execute("DELETE FROM texts WHERE content_sha256 = ?", (damage.key,))
            self._db.execute(
                "UPDATE files SET reader = '' WHERE path IN (SELECT file FROM records WHERE content_sha256 = ?)",
                (damage.key,),
            )

    def sweep(self, documents: Sequence[str]) -> None:
        """Drop results and texts that no record needs any more; ``documents`` are the ids that are still there."""
        with self.transaction():
            self._db.execute("CREATE TEMP TABLE IF NOT EXISTS kept (document_id TEXT PRIMARY KEY)")
            self._db.execute("DELETE FROM kept")
            self._db.executemany("INSERT OR IGNORE INTO kept VALUES (?)", [(ident,) for ident in documents])
            for table in ("results", "rows"):
                self._db.execute(f"DELETE FROM {table} WHERE document_id NOT IN (SELECT document_id FROM kept)")
            self._db.execute(
                "DELETE FROM texts WHERE content_sha256 NOT IN "
                "(SELECT content_sha256 FROM records WHERE content_sha256 IS NOT NULL)"
            )

    # what the next run must know

    def registry(self) -> dict[str, str]:
        """Entity ids given so far, by the resolver's keys: they do not change when documents are added."""
        return dict(self._db.execute("SELECT key, entity_id FROM registry").fetchall())

    def redirects(self) -> dict[str, str]:
        """Ids of entities that were merged into another: retired id to the id that is kept."""
        return dict(self._db.execute("SELECT entity_id, kept_id FROM redirects").fetchall())

    def keep_registry(self, known: Mapping[str, str], redirects: Mapping[str, str]) -> None:
        """Replace the entity ids given so far, and the redirects from those that were retired; only what differs is written."""
        with self.transaction():
            for table, column, wanted in (("registry", "entity_id", known), ("redirects", "kept_id", redirects)):
                key = "key" if table == "registry" else "entity_id"
                there = dict(self._db.execute(f"SELECT {key}, {column} FROM {table}").fetchall())
                gone = [(name,) for name in there if name not in wanted]
                self._db.executemany(f"DELETE FROM {table} WHERE {key} = ?", gone)
                differing = [item for item in wanted.items() if there.get(item[0]) != item[1]]
                self._db.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", differing)

    def memory(self) -> dict[bytes, bytes]:
        """What was worked out from names in the last run, by digest: it saves time, and losing it changes nothing."""
        return dict(self._db.execute("SELECT key, body FROM memory").fetchall())

    def keep_memory(self, changed: Mapping[bytes, bytes], unneeded: Iterable[bytes]) -> None:
        """Keep what this run worked out, and drop what it did not need."""
        with self.transaction():
            self._db.executemany("DELETE FROM memory WHERE key = ?", [(key,) for key in unneeded])
            self._db.executemany("INSERT OR REPLACE INTO memory VALUES (?, ?)", changed.items())

    def fact(self, name: str) -> str | None:
        """A small fact by name; null when there is none."""
        found = self._db.execute("SELECT body FROM facts WHERE name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def keep_fact(self, name: str, body: str) -> None:
        """Keep a small fact."""
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, body))


def files_in(path: Path) -> dict[str, tuple[int, set[str]]]:
    """Of every file whose records a ledger holds, by its key: its size, and the SHA-256 of its records' bytes.

    None where there is no ledger yet. Makes nothing and changes nothing.

    Raises:
        sqlite3.Error: the file cannot be read or is no ledger.
    """
    if not path.exists():
        return {}
    found: dict[str, tuple[int, set[str]]] = {}
    with closing(_only_to_look(path)) as database:
        if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'files'").fetchone():
            rows = "SELECT path, files.n_bytes, bytes_sha256 FROM files LEFT JOIN records ON records.file = files.path"
            for key, size, digest in database.execute(rows):
                found.setdefault(key, (size, set()))[1].add(digest)
    return found


def _only_to_look(path: Path, wait_seconds: float = 5) -> sqlite3.Connection:
    """A connection that makes and changes nothing; it waits so long for one who writes at this moment."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=wait_seconds)


def fact_in(path: Path, name: str) -> str | None:
    """A small fact from the ledger in this file, for one who only looks; null when there is none, or no ledger of ours.

    Makes nothing, changes nothing and does not wait for the run that writes there.
    """
    try:
        with closing(_only_to_look(path, wait_seconds=1)) as database:
            found = database.execute("SELECT body FROM facts WHERE name = ?", (name,)).fetchone()
    except sqlite3.Error:
        return None
    return None if found is None else str(found[0])
