-- A ledger as version 2 wrote it: one record with a result, one that went by a worse name and is away.
PRAGMA user_version = 2;
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, n_bytes INTEGER NOT NULL, changed_ns INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    file TEXT NOT NULL, name TEXT NOT NULL, format TEXT NOT NULL, n_bytes INTEGER, bytes_sha256 TEXT, reason TEXT,
    note TEXT, content_sha256 TEXT, about BLOB, first_seen_us INTEGER NOT NULL, source_id TEXT,
    PRIMARY KEY (file, name)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS records_by_id ON records (source_id);
CREATE INDEX IF NOT EXISTS records_by_text ON records (content_sha256);
CREATE TABLE IF NOT EXISTS names (
    file TEXT NOT NULL, name TEXT NOT NULL, source_id TEXT NOT NULL, PRIMARY KEY (file, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS holders (
    content_sha256 TEXT NOT NULL, source_id TEXT NOT NULL, turn INTEGER NOT NULL, PRIMARY KEY (content_sha256, source_id)
    ) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS texts (content_sha256 TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS results (
    document_id TEXT PRIMARY KEY, key TEXT NOT NULL, failure TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (
    document_id TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (document_id, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS registry (key TEXT PRIMARY KEY, entity_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS redirects (entity_id TEXT PRIMARY KEY, kept_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memory (key BLOB PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO files VALUES ('a.jsonl', 10, 1), ('c.txt', 10, 1);
INSERT INTO records VALUES
    ('a.jsonl', '1', 'jsonl', 10, 'aa', NULL, NULL, 'A', x'00', 1000000, '1'),
    ('c.txt', 'c.txt', 'txt', 10, 'cc', NULL, NULL, 'C', x'00', 2000000, 'c.txt');
INSERT INTO names VALUES ('b.jsonl', '1', 'b.jsonl#id=1');
INSERT INTO holders VALUES ('A', '1', 1), ('C', 'c.txt', 1);
INSERT INTO results VALUES ('0123456789abcdef', 'fedcba9876543210', NULL);
INSERT INTO rows VALUES ('0123456789abcdef', 'claims', x'00');
INSERT INTO registry VALUES ('k', '0123456789abcdef');
