"""How quickly the dashboard opens on a large warehouse: ``python -m benchmarks.dashboard``.

Makes a warehouse of 100,000 documents with a million claims out of nothing but counters, then opens every screen in a
real browser and prints the seconds until the screen is complete: first in a new browser on a new server, then again.
Needs the extras ``dashboard`` and ``browser``, and Chromium. The promise is 3 s for the first screen.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from schemas import ALL, BY_NAME
from warehouse.catalogue import views
from warehouse.dashboard.pictures import chromium, sandbox_arguments, serving
from warehouse.query import DATABASE

SCREENS = ("", "claims", "claims?speaker=Speaker%2000012", "figures", "timeline", "entities", "documents", "sql")
SENTENCES = 30
"""Sentences a document; every third of them holds a claim with a figure."""
SENTENCE = (
    "'Speaker ' || lpad(CAST((n * 7 + i) % 5000 AS VARCHAR), 5, '0') || ' said that ' || "
    "lpad(CAST((n + i * 13) % 100 AS VARCHAR), 3, '0') || ' percent of harbour ' || lpad(CAST(n AS VARCHAR), 7, '0') || ' shut. '"
)
LENGTH = 60
"""Characters of such a sentence with the space after it."""
ROWS = {
    "documents": f"""
        SELECT id('d', n, 0) AS document_id, 'text-' || lpad(CAST(n AS VARCHAR), 7, '0') || '.txt' AS source_id,
               md5(CAST(n AS VARCHAR)) || md5('x' || n) AS content_sha256, 'Report ' || n AS title,
               'Publisher ' || n % 300 AS publisher, DATE '2015-01-01' + CAST(n % 3650 AS INTEGER) AS published_on,
               'metadata' AS published_basis, 'news' AS genre, 'en' AS language, {SENTENCES * LENGTH} AS n_chars,
               {SENTENCES * 8} AS n_words,
               array_to_string([{SENTENCE} FOR i IN range({SENTENCES})], '') AS text
        FROM range($documents) t(n)""",
    "sentences": f"""
        SELECT id('s', n, i) AS sentence_id, id('d', n, 0) AS document_id, id('g', n, 0) AS segment_id,
               i * {LENGTH} AS start_char, i * {LENGTH} + {LENGTH - 1} AS end_char, rtrim({SENTENCE}) AS text
        FROM range($documents) t(n), range({SENTENCES}) u(i)""",
    "claims": f"""
        SELECT id('c', n, i) AS claim_id, id('d', n, 0) AS document_id, id('s', n, i) AS sentence_id, 'indirect' AS kind,
               'speech' AS act, i * {LENGTH} + 24 AS start_char, i * {LENGTH} + 58 AS end_char,
               substr({SENTENCE}, 25, 34) AS text,
               [{{'start_char': i * {LENGTH} + 24, 'end_char': i * {LENGTH} + 58}}] AS content_spans,
               substr({SENTENCE}, 1, 13) AS source_text, i * {LENGTH} AS source_start_char,
               i * {LENGTH} + 13 AS source_end_char, [] AS source_spans, 'named' AS source_kind,
               id('e', (n * 7 + i) % 5000, 0) AS source_entity_id, 'said' AS cue_text, [] AS cue_spans,
               DATE '2015-01-01' + CAST((n + i) % 3650 AS INTEGER) AS said_on_start,
               DATE '2015-01-01' + CAST((n + i) % 3650 AS INTEGER) AS said_on_end,
               NULL::VARCHAR AS said_on_date_id, 'said' AS status, 'asserts' AS stance,
               'clause' AS rule, 1.0 AS confidence
        FROM range($documents) t(n), range(0, {SENTENCES}, 3) u(i)""",
    "figures": f"""
        SELECT id('f', n, i) AS figure_id, id('d', n, 0) AS document_id, id('s', n, i) AS sentence_id,
               i * {LENGTH} + 24 AS start_char, i * {LENGTH} + 35 AS end_char, substr({SENTENCE}, 25, 11) AS text,
               (n + i * 13) % 100 AS value, 'percent' AS unit, 'percent' AS unit_text, 'percent' AS kind,
               'harbour' AS referent, i * {LENGTH} + 39 AS referent_start_char, i * {LENGTH} + 46 AS referent_end_char,
               id('c', n, i) AS claim_id, id('q', n, 0) AS quantity_id, false AS is_chrome
        FROM range($documents) t(n), range(0, {SENTENCES}, 3) u(i)""",
    "quantities": """
        SELECT id('q', n, 0) AS quantity_id, 'harbour ' || n AS label, 'percent' AS kind, 'percent' AS unit, 10 AS n_figures,
               1 AS n_documents, 0 AS lowest, 99 AS highest, 'differ' AS agreement FROM range($documents) t(n)""",
    "mentions": f"""
        SELECT id('m', n, i) AS mention_id, id('d', n, 0) AS document_id, id('s', n, i) AS sentence_id,
               i * {LENGTH} AS start_char, i * {LENGTH} + 13 AS end_char, substr({SENTENCE}, 1, 13) AS text,
               'PERSON' AS type, 'name' AS form, id('e', (n * 7 + i) % 5000, 0) AS entity_id, 1.0 AS confidence
        FROM range($documents) t(n), range({SENTENCES}) u(i)""",
    "entities": """
        SELECT id('e', n, 0) AS entity_id, 'Speaker ' || lpad(CAST(n AS VARCHAR), 5, '0') AS name, 'PERSON' AS type,
               ['Speaker ' || lpad(CAST(n AS VARCHAR), 5, '0')] AS aliases, 600 AS n_mentions, 600 AS n_documents,
               id('d', n, 0) AS first_document_id FROM range(5000) t(n)""",
    "dates": f"""
        SELECT id('t', n, i) AS date_id, id('d', n, 0) AS document_id, id('s', n, i) AS sentence_id, i * {LENGTH} AS start_char,
               i * {LENGTH} + 7 AS end_char, 'Speaker' AS text, 'DATE' AS type, '2015' AS value,
               DATE '2015-01-01' + CAST((n * 3 + i) % 3650 AS INTEGER) AS start_on,
               DATE '2015-01-01' + CAST((n * 3 + i) % 3650 AS INTEGER) AS end_on, 'explicit' AS anchor,
               'year' AS rule, false AS is_chrome
        FROM range($documents) t(n), range(0, {SENTENCES}, 10) u(i)""",
    "sources": """
        SELECT 'text-' || lpad(CAST(n AS VARCHAR), 7, '0') || '.txt' AS source_id, 'text.jsonl' AS path, 'jsonl' AS format,
               'ok' AS status, id('d', n, 0) AS document_id, 'all' AS batch, TIMESTAMPTZ '2026-01-01' AS first_seen_at
        FROM range($documents) t(n)""",
}


def make(warehouse: Path, documents: int) -> None:
    """Publish a warehouse of this many documents, each with ten claims, ten figures, three dates and thirty names."""
    folder = warehouse / "snapshots" / "benchmark-1"
    folder.mkdir(parents=True)
    n_rows = {}
    with duckdb.connect(folder / DATABASE) as database:
        database.execute("CREATE MACRO id(kind, n, i) AS substr(md5(kind || '/' || n || '/' || i), 1, 16)")
        for model in ALL:
            name = model.table_name()
            empty = model.arrow_schema().empty_table()
            database.execute(f"CREATE TABLE {name} AS FROM empty")
            del empty
            if name in ROWS:
                query = ROWS[name]
                given = {"documents": documents} if "$documents" in query else {}
                database.execute(f"INSERT INTO {name} BY NAME {query}", given)
            n_rows[name] = int(database.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])
        database.execute("DROP MACRO id")
        for name, query in views().items():
            database.execute(f"CREATE VIEW {name} AS {query}")
    manifest = {"state": "benchmark", "pipeline_version": "benchmark", "parts": {}, "n_rows": n_rows}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (warehouse / "current").symlink_to(Path("snapshots") / folder.name)
    (warehouse / DATABASE).symlink_to(Path("current") / DATABASE)
    assert set(ROWS) <= set(BY_NAME)


def measure(warehouse: Path) -> dict[str, list[float]]:
    """Seconds until each screen is complete, opened twice, each time in a new browser context."""
    from playwright.sync_api import sync_playwright

    seconds: dict[str, list[float]] = {screen: [] for screen in SCREENS}
    with serving(warehouse) as port, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=sandbox_arguments())
        for _ in range(2):
            for screen in SCREENS:
                view = browser.new_context().new_page()
                began = time.monotonic()
                view.goto(f"http://127.0.0.1:{port}/{screen}")
                view.locator(".stMain h1").first.wait_for(timeout=120_000)
                view.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=120_000)
                seconds[screen].append(time.monotonic() - began)
                view.context.close()
        browser.close()
    return seconds


def main() -> None:
    """Make the warehouse, open the screens, print the seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    options = parser.parse_args()
    if chromium() is None:
        sys.exit("There is no Chromium on this machine: on Debian, apt install chromium.")
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        make(Path(folder), options.documents)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6
        out = [f"{options.documents:,} documents, {size:,.0f} MB, made in {time.monotonic() - began:.0f} s"]
        load = os.getloadavg()[0]
        for screen, (first, again) in measure(Path(folder)).items():
            out.append(f"{screen or 'overview':40} {first:6.1f} s   again {again:6.1f} s")
        out.append(f"(machine load {load:.1f} on {os.cpu_count()} processors)")
        sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
