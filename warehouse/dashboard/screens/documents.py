"""Documents: all of them, and each with its text marked."""

import base64

import streamlit as st

from warehouse.calling import called
from warehouse.dashboard import controls
from warehouse.dashboard.markup import write
from warehouse.dashboard.reading import PER_PAGE, Condition, ask, count, database, occurring
from warehouse.evidence.page import page

HEIGHT = 900
"""Pixels of the marked text, which scrolls inside."""


def main() -> None:
    """One document where the address names one, else the list."""
    ident = st.query_params.get("id")
    if ident:
        one(ident, st.query_params.get("at", ""))
    else:
        every()


def every() -> None:
    """All documents, the newest first."""
    st.title("Documents")
    first, second, third = st.columns(3)
    with first:
        words = controls.words("Title, publisher, author or record", "words")
    with second:
        genres = controls.several("Kind of text", "genre", occurring("genre", "documents"))
    with third:
        order = controls.one("Order", "order", ["new", "name"], {"new": "newest first", "name": "by record"})
    wanted = Condition()
    wanted.holds(["title", "publisher", "author", "source_id"], words)
    wanted.among("genre", genres)
    total = count(f"SELECT count(*) FROM documents WHERE {wanted}", *wanted.values)
    if not total:
        st.info(
            "No document is like that: take a filter away."
            if wanted.parts
            else f"No document has been read yet: call {called()} run --source FOLDER."
        )
        return
    skip = controls.pages(total, "documents" if total != 1 else "document")
    by = "published_on DESC NULLS LAST, source_id" if order == "new" else "source_id"
    query = (
        "SELECT document_id, title, source_id, publisher, published_on, published_basis, published_earliest_on, "
        f"published_latest_on FROM documents WHERE {wanted} ORDER BY {by} LIMIT {PER_PAGE} OFFSET {skip}"
    )
    write("documents", documents=ask(query, *wanted.values))


def one(ident: str, at: str) -> None:
    """The text of a document with everything marked, as the file that ``hearsay show --html`` writes."""
    st.title("Document")
    write("back", screen="documents", words="All documents")
    try:
        html = page(database(), ident, theme=st.context.theme.type or "", focus=at)
    except KeyError:
        st.warning("No document has this id in the snapshot that is published now: look for it in the list.")
        return
    encoded = base64.b64encode(html.encode()).decode()
    anchor = f"#at-{at}" if at.isalnum() else ""
    # As an address of its own the page shares nothing with this one, whatever the text holds.
    st.iframe(f"data:text/html;charset=utf-8;base64,{encoded}{anchor}", height=HEIGHT, alt="The text, marked")
    st.download_button("Download this page", html, f"{ident}.html", "text/html", on_click="ignore")


main()
