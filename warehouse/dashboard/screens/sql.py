"""SQL: any question, read-only, with examples and downloads."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import streamlit as st

from warehouse.calling import called
from warehouse.dashboard.answers import MAX_ROWS, SHOWN_ROWS, csv_bytes, parquet_bytes, run
from warehouse.dashboard.markup import notice, write
from warehouse.dashboard.reading import ask, database, snapshot
from warehouse.query import connect, error_line

EXAMPLES = {
    "Figures with who said them": (
        "SELECT value, unit, modifier, referent, speaker, status, stance, as_written, figure_id\nFROM figures_said\nORDER BY value DESC NULLS LAST"
    ),
    "Who contradicts whom": (
        "SELECT label, agreement, value, value_max, unit, modifier, as_written, speaker, status, stance, figure_id\n"
        "FROM figures_compared\nWHERE agreement IN ('differ', 'vague')"
    ),
    "What one speaker says": (
        "SELECT speaker, kind, act, content, on_or_before, claim_id\nFROM who_said_what\nWHERE speaker ILIKE '%name%'"
    ),
    "Who speaks most": "SELECT speaker, n_claims, n_direct, n_documents, first_on, last_on, entity_id\nFROM claims_per_speaker",
    "What happened when": "SELECT start_on, end_on, as_written, sentence, date_id\nFROM timeline",
    "Who talks about whom": "SELECT speaker, entity, status, stance, content, claim_id\nFROM claims_about\nWHERE entity ILIKE '%name%'",
    "Every name of an entity": "SELECT name, type, alias, n_mentions, n_documents, entity_id\nFROM entity_aliases",
    "Claims within claims": (
        "SELECT outer_claim.speaker AS told_by, inner_claim.speaker, inner_claim.content, inner_claim.claim_id\n"
        "FROM claims_with_speakers inner_claim\nJOIN claims_with_speakers outer_claim ON outer_claim.claim_id = inner_claim.parent_claim_id"
    ),
    "All tables and views": "SHOW TABLES",
}

st.title("SQL")
st.write("Any query on the tables and views, in DuckDB's dialect. Nothing can be changed from here.")


def _ask() -> None:
    st.session_state["asked"] = True


def _take_example() -> None:
    st.session_state["query"] = EXAMPLES[st.session_state["example"]]
    _ask()


st.selectbox("Example", list(EXAMPLES), key="example", on_change=_take_example)
query = st.text_area("Query", EXAMPLES[next(iter(EXAMPLES))], key="query", height=180, on_change=_ask)
st.button("Run", type="primary", shortcut="Ctrl+Enter", on_click=_ask)
with st.expander("Tables, views and columns"):
    write(
        "columns",
        tables=ask(
            "SELECT table_name AS name, list({name: column_name, type: data_type, comment: comment} ORDER BY column_index) "
            "AS columns FROM duckdb_columns() WHERE NOT internal GROUP BY ALL ORDER BY table_name"
        ),
    )

if not st.session_state.get("asked"):
    st.info("Press Run to ask this, choose another example, or write your own.")
    st.stop()
try:
    shown, is_whole = run(database(), query, SHOWN_ROWS)
except duckdb.InterruptException:
    st.error(f"This took too long and was stopped: ask for less, or call {called()} sql, which waits.")
    st.stop()
except duckdb.Error as error:
    notice(error_line(error))
    st.stop()
except ValueError as error:
    notice(str(error))
    st.stop()

n_rows = f"{shown.num_rows:,} {'row' if shown.num_rows == 1 else 'rows'}"
st.caption(
    n_rows if is_whole else f"The first {n_rows}; a download holds up to {MAX_ROWS:,}, {called()} sql gives all."
)
columns = {}
for name in dict.fromkeys(shown.column_names):
    if name.endswith("_id") and name != "source_id" and shown.column_names.count(name) == 1:
        at = shown.column_names.index(name)
        if pa.types.is_string(shown.column(at).type):
            links = [None if value is None else f"/evidence?id={value}" for value in shown.column(at).to_pylist()]
            shown = shown.set_column(at, name, pa.array(links, pa.string()))
            columns[name] = st.column_config.LinkColumn(display_text=r"id=(.*)$")
st.dataframe(shown, hide_index=True, column_config=columns, alt="The rows that the query gives")


def _written(folder: Path, asked: str, write_rows: Callable[[pa.Table], bytes]) -> Callable[[], bytes]:
    """What a download makes when it is asked for: by then this interaction and its connection are over."""

    def made() -> bytes:
        with connect(folder) as connection:
            return write_rows(run(connection, asked, MAX_ROWS)[0])

    return made


left, right, _ = st.columns([1, 1, 3])
left.download_button(
    "Download CSV", _written(snapshot().folder, query, csv_bytes), "hearsay.csv", "text/csv", on_click="ignore"
)
right.download_button(
    "Download Parquet",
    _written(snapshot().folder, query, parquet_bytes),
    "hearsay.parquet",
    "application/vnd.apache.parquet",
    on_click="ignore",
)
st.caption(
    "In the CSV, an apostrophe stands before text that a spreadsheet would run as a formula (=, +, -, @). Parquet is exact."
)
