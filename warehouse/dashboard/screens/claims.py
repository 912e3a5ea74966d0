"""Claims by speaker: who said what, each with its quote in its place."""

from datetime import date

import streamlit as st

from warehouse.calling import called
from warehouse.dashboard import controls
from warehouse.dashboard.markup import quoted, write
from warehouse.dashboard.reading import PER_PAGE, Condition, ask, count
from warehouse.evidence import wording
from warehouse.evidence.lookups import CLAIMS, FIGURES

AROUND = 160
"""Characters shown before and after a quote."""
LONGEST = 1200
"""Characters of a quote that are shown."""
FROM = "claims c JOIN documents d USING (document_id) LEFT JOIN entities e ON e.entity_id = c.source_entity_id"
SPEAKER = "coalesce(e.name, CASE WHEN c.source_kind = 'author' THEN coalesce(d.author, d.publisher) END, c.source_text)"

st.title("Claims")
st.write("Who said what. Follow *evidence* to the passage, a name to all that is known of it.")

names = [
    row["name"]
    for row in ask(
        "SELECT e.name, count(*) AS n FROM claims c JOIN entities e ON e.entity_id = c.source_entity_id "
        "GROUP BY e.entity_id, e.name ORDER BY n DESC, e.name LIMIT 200"
    )
]
names = list(dict.fromkeys(names))
first, second, third = st.columns(3)
with first:
    speaker = controls.name("Speaker", "speaker", names, "anyone: choose, or type part of a name")
    kinds = controls.several("Kind", "kind", list(wording.CLAIM_KINDS), wording.CLAIM_KINDS)
    stances = controls.several("Stance", "stance", list(wording.STANCES), wording.STANCES)
with second:
    words = controls.words("Words in the claim", "words")
    acts = controls.several("Act", "act", list(wording.ACTS), wording.ACTS)
    statuses = controls.several("Was it said", "status", list(wording.STATUSES), wording.STATUSES)
with third:
    document = controls.words("Document", "document", help="Part of a title or of a record's name, or a document's id")
    order = controls.one(
        "Order", "order", ["new", "text"], {"new": "newest first", "text": "as they stand in the texts"}
    )
early, late = st.columns(2)
earliest = early.date_input("Said or published from", None, key="since", min_value=date(1, 1, 1), bind="query-params")
latest = late.date_input("until", None, key="until", min_value=date(1, 1, 1), bind="query-params")

wanted = Condition()
wanted.holds([SPEAKER], speaker)
wanted.holds(["c.text"], words)
if len(document) == 16 and document.isalnum():
    wanted.add("c.document_id = ?", document)
else:
    wanted.holds(["d.title", "d.source_id"], document)
wanted.among("c.kind", kinds)
wanted.among("c.act", acts)
wanted.among("c.status", statuses)
wanted.among("c.stance", stances)
if earliest:
    wanted.add("coalesce(c.said_on_end, d.published_on) >= ?", earliest)
if latest:
    wanted.add("coalesce(c.said_on_start, d.published_on) <= ?", latest)

total = count(
    f"SELECT count(*) FROM {FROM} WHERE {wanted}" if wanted.parts else "SELECT count(*) FROM claims", *wanted.values
)
if not total:
    if wanted.parts:
        st.info("No claim is like that: take a filter away, or write less of the name.")
    else:
        st.info(f"No text quotes or reports anybody. Add texts and call {called()} run.")
    st.stop()
skip = controls.pages(total, "claims" if total != 1 else "claim")
by = "coalesce(c.said_on_start, d.published_on) DESC NULLS LAST, c.document_id, c.start_char, c.end_char, c.claim_id"
by = by if order == "new" else "c.document_id, c.start_char, c.end_char, c.claim_id"
chosen = ask(
    f"SELECT c.claim_id FROM {FROM} WHERE {wanted} ORDER BY {by} LIMIT {PER_PAGE} OFFSET {skip}", *wanted.values
)
ids = [row["claim_id"] for row in chosen]
listed = f"({', '.join('?' * len(ids))})"
found = {row["claim_id"]: row for row in ask(f"{CLAIMS} WHERE c.claim_id IN {listed}", *ids)}
around = {
    row["claim_id"]: row
    for row in ask(
        f"""
        SELECT c.claim_id, greatest(c.start_char - {AROUND}, 0) AS base, d.n_chars,
               least(c.end_char, c.start_char + {LONGEST}) + {AROUND} AS upto,
               substr(d.text, base + 1, upto - base) AS around
        FROM claims c JOIN documents d USING (document_id) WHERE c.claim_id IN {listed}""",
        *ids,
    )
}
parents = [row["parent_claim_id"] for row in found.values() if row["parent_claim_id"]]
told = {
    row["claim_id"]: wording.speaker(row)
    for row in (ask(f"{CLAIMS} WHERE c.claim_id IN ({', '.join('?' * len(parents))})", *parents) if parents else [])
}
inside: dict[str, list[dict[str, object]]] = {ident: [] for ident in ids}
for figure in ask(f"{FIGURES} WHERE f.claim_id IN {listed} AND NOT f.is_chrome ORDER BY f.start_char", *ids):
    inside[figure["claim_id"]].append(figure)
cards = []
for ident in ids:
    claim, place = found[ident], around[ident]
    cut = (place["base"] > 0, place["upto"] < place["n_chars"])
    cards.append(
        {
            "row": claim,
            "quote": quoted(place["around"], place["base"], claim["content_spans"] or (), is_cut=cut),
            "told_by": told.get(claim["parent_claim_id"]),
            "figures": inside[ident],
            "said": wording.days(claim["said_on_start"], claim["said_on_end"]),
        }
    )
write("claims", cards=cards)
