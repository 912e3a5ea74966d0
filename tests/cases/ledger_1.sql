-- A ledger as version 1 wrote it: two records of one id, and two files of one text.
PRAGMA user_version = 1;
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, n_bytes INTEGER NOT NULL, changed_ns INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    file TEXT NOT NULL, name TEXT NOT NULL, format TEXT NOT NULL, n_bytes INTEGER, bytes_sha256 TEXT, reason TEXT,
    note TEXT, content_sha256 TEXT, about BLOB, first_seen_us INTEGER NOT NULL, PRIMARY KEY (file, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS texts (content_sha256 TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS results (
    document_id TEXT PRIMARY KEY, key TEXT NOT NULL, failure TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rows (
    document_id TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (document_id, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS registry (key TEXT PRIMARY KEY, entity_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS redirects (entity_id TEXT PRIMARY KEY, kept_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memory (key BLOB PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO files VALUES ('a.jsonl', 10, 1), ('b.jsonl', 10, 1), ('c.txt', 10, 1), ('d.txt', 10, 1);
INSERT INTO records VALUES
    ('b.jsonl', '1', 'jsonl', 10, 'bb', NULL, NULL, 'B', x'00', 1), ('a.jsonl', '1', 'jsonl', 10, 'aa', NULL, NULL, 'A', x'00', 1),
    ('c.txt', 'c.txt', 'txt', 10, 'cc', NULL, NULL, 'C', x'00', 1), ('d.txt', 'd.txt', 'txt', 10, 'cc', NULL, NULL, 'C', x'00', 1);
INSERT INTO registry VALUES ('k', '0123456789abcdef');
