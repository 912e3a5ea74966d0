"""Evidence: any row by its id, with the passage, who says it, when, where it stands, and what it is linked to."""

import streamlit as st

from warehouse.dashboard.markup import blocks, notice, write
from warehouse.dashboard.reading import database
from warehouse.evidence.lookups import Unknown, document_of
from warehouse.evidence.row_facts import facts

st.title("Evidence")
ident = st.text_input("Id of a row of any table, or the name of a record", key="id", bind="query-params")
if not ident:
    st.info("Every number and every quote on the other screens links to here. Or write an id, as a table lists it.")
    st.stop()
try:
    found = facts(database(), ident)
except Unknown as error:
    notice(str(error))
    st.stop()
try:
    document = document_of(database(), ident)
except Unknown:
    document = ""
write("evidence", blocks=blocks(found), document=document, ident=ident)
