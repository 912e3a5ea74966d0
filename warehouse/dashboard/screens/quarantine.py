"""Quarantine: records no text could be had from, and why."""

import streamlit as st

from warehouse.dashboard import controls
from warehouse.dashboard.markup import write
from warehouse.dashboard.reading import PER_PAGE, Condition, ask, count

st.title("Quarantine")
words = controls.words("Words in the record's name or the reason", "words")
wanted = Condition()
wanted.add("status = 'quarantined'")
wanted.holds(["source_id", "path", "reason"], words)
total = count(f"SELECT count(*) FROM sources WHERE {wanted}", *wanted.values)
if not total:
    st.success("No record is like that." if words else "Every record found could be read: nothing is in quarantine.")
    st.stop()
st.write("These records were found, but no text could be had from them. Mend the file, and the next run takes it up.")
skip = controls.pages(total, "records" if total != 1 else "record")
query = f"SELECT * FROM sources WHERE {wanted} ORDER BY path, source_id LIMIT {PER_PAGE} OFFSET {skip}"
write("quarantine", records=ask(query, *wanted.values))
