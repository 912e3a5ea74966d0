"""Timeline: claims by the day they were made, and the days that texts name, in order."""

from datetime import date

import streamlit as st

from warehouse.dashboard import controls
from warehouse.dashboard.bins import binned
from warehouse.dashboard.markup import quoted, write
from warehouse.dashboard.reading import PER_PAGE, Condition, ask, count
from warehouse.evidence.lookups import CLAIMS

EVENTS = """
SELECT 'claims' AS what, claim_id AS id, said_on_start AS start_on, coalesce(said_on_end, said_on_start) AS end_on,
       document_id, sentence_id, start_char, end_char FROM claims WHERE said_on_start IS NOT NULL
UNION ALL
SELECT 'dates', date_id, start_on, coalesce(end_on, start_on), document_id, sentence_id, start_char, end_char
FROM dates WHERE start_on IS NOT NULL AND NOT is_chrome
"""
WHAT = {"claims": "claims, on the day they were made", "dates": "days that texts name"}

st.title("Timeline")
first, second, third = st.columns(3)
with first:
    what = controls.several("What", "what", list(WHAT), WHAT)
with second:
    earliest = st.date_input("From", None, key="since", min_value=date(1, 1, 1), bind="query-params")
with third:
    latest = st.date_input("until", None, key="until", min_value=date(1, 1, 1), bind="query-params")
words = controls.words("Words in the sentence", "words")

wanted = Condition()
wanted.among("what", what)
if earliest:
    wanted.add("end_on >= ?", earliest)
if latest:
    wanted.add("start_on <= ?", latest)
wanted.holds(["s.text"], words)
source = f"({EVENTS}) t" + (" JOIN sentences s USING (sentence_id)" if words else "")
total = count(f"SELECT count(*) FROM {source} WHERE {wanted}", *wanted.values)
if not total:
    st.info("Nothing is dated like that: take a filter away, or choose a longer time.")
    st.stop()
ends = ask(f"SELECT min(start_on) AS low, max(start_on) AS high FROM {source} WHERE {wanted}", *wanted.values)[0]
unit, bars = binned(ends["low"], ends["high"], source, wanted)
if len(bars) > 1:
    write("bars", bars=bars, most=max(bar["n"] for bar in bars), unit=unit, what=what)
skip = controls.pages(total, "dated things" if total != 1 else "dated thing")
chosen = ask(
    f"SELECT t.* FROM {source} WHERE {wanted} ORDER BY start_on, end_on, document_id, start_char, id "
    f"LIMIT {PER_PAGE} OFFSET {skip}",
    *wanted.values,
)
ids = [row["id"] for row in chosen]
listed = ", ".join("?" * len(ids))
said = {row["claim_id"]: row for row in ask(f"{CLAIMS} WHERE c.claim_id IN ({listed})", *ids)}
dated = {row["date_id"]: row for row in ask(f"SELECT * FROM dates WHERE date_id IN ({listed})", *ids)}
sentence_ids = [row["sentence_id"] for row in chosen]
places = {
    row["sentence_id"]: row
    for row in ask(
        f"SELECT * FROM sentences WHERE sentence_id IN ({', '.join('?' * len(sentence_ids))})", *sentence_ids
    )
}
documents = [row["document_id"] for row in chosen]
titles = {
    row["document_id"]: row["title"] or row["source_id"]
    for row in ask(
        f"SELECT document_id, title, source_id FROM documents WHERE document_id IN ({', '.join('?' * len(documents))})",
        *documents,
    )
}
events = []
for row in chosen:
    place = places.get(row["sentence_id"])
    quote = None
    if place is not None:
        base = max(row["start_char"] - 240, place["start_char"])
        upto = min(row["end_char"], row["start_char"] + 600) + 240
        around = place["text"][base - place["start_char"] : upto - place["start_char"]]
        cut = (base > place["start_char"], upto < place["end_char"])
        quote = quoted(around, base, [row], is_cut=cut)
    events.append(
        {
            "row": row,
            "quote": quote,
            "claim": said.get(row["id"]),
            "date": dated.get(row["id"]),
            "title": titles[row["document_id"]],
        }
    )
write("timeline", events=events)
