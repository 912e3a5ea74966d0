"""Overview: what the published snapshot holds, where sources differ, who speaks most, what is new."""

import streamlit as st

from warehouse.calling import called
from warehouse.dashboard.markup import write
from warehouse.dashboard.picture import compared
from warehouse.dashboard.reading import ask, count, snapshot

st.title("Who said what, how much and when")

rows = snapshot().n_rows
n_quarantined = count("SELECT count(*) FROM sources WHERE status = 'quarantined'")
n_differ = count("SELECT count(*) FROM quantities WHERE agreement IN ('differ', 'vague') AND n_figures > 1")
write(
    "counts",
    counts=[
        ("documents", rows.get("documents", 0), "documents", {}),
        ("claims", rows.get("claims", 0), "claims", {}),
        ("figures", count("SELECT count(*) FROM figures WHERE NOT is_chrome"), "figures", {"view": "All figures"}),
        ("told differently", n_differ, "figures", {}),
        ("dates", count("SELECT count(*) FROM dates WHERE NOT is_chrome"), "timeline", {}),
        ("people, bodies, places", rows.get("entities", 0), "entities", {}),
        ("records in quarantine", n_quarantined, "quarantine", {}),
    ],
)

if not rows.get("documents"):
    st.info(f"No document has been read yet: put texts into a folder and call {called()} run --source FOLDER.")
    st.stop()

left, right = st.columns([3, 2], gap="large")
with left:
    disputed = ask(
        "SELECT * FROM quantities WHERE agreement IN ('differ', 'vague') AND n_figures > 1 "
        "ORDER BY n_documents DESC, n_figures DESC, label NULLS LAST, quantity_id LIMIT 4"
    )
    if disputed:
        st.header("Where sources differ")
        for quantity in disputed:
            write("quantity", quantity=quantity, picture=compared(quantity, limit=6))
    highest = " UNION ALL ".join(
        "(SELECT figure_id, row_number() OVER () AS nth FROM (SELECT figure_id FROM figures WHERE NOT is_chrome "
        f"AND claim_id IS NOT NULL AND kind = '{kind}' ORDER BY abs(value) DESC NULLS LAST, figure_id LIMIT 3))"
        for kind in ("percent", "money", "count", "vague_count")
    )
    order = {row["figure_id"]: row["nth"] for row in ask(highest)}
    headline = ask(
        "SELECT f.*, s.text AS sentence FROM figures f JOIN sentences s USING (sentence_id) "
        f"WHERE f.figure_id IN ({', '.join('?' * len(order)) or 'NULL'})",
        *order,
    )
    headline.sort(key=lambda figure: (order[figure["figure_id"]], figure["kind"]))
    if headline:
        st.header("Figures that somebody gives")
        write("headlines", figures=headline)
with right:
    st.header("Who speaks most")
    speakers = ask(
        "SELECT e.entity_id, e.name, e.type, count(*) AS n, count(DISTINCT c.document_id) AS n_documents "
        "FROM claims c JOIN entities e ON e.entity_id = c.source_entity_id "
        "GROUP BY ALL ORDER BY n DESC, e.name LIMIT 10"
    )
    if speakers:
        write("speakers", speakers=speakers, most=speakers[0]["n"])
    else:
        st.info("No claim has a speaker that is known by name.")
    st.header("Latest documents")
    latest = ask(
        "SELECT document_id, title, source_id, publisher, published_on, published_basis, published_earliest_on, "
        "published_latest_on FROM documents ORDER BY published_on DESC NULLS LAST, source_id LIMIT 8"
    )
    write("documents", documents=latest)
