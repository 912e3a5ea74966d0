"""The dashboard: one screen a question, over the snapshot that is published now."""

import duckdb
import streamlit as st

from warehouse.dashboard import reading
from warehouse.dashboard.markup import HERE, notice, write
from warehouse.query import NoWarehouse, error_line

SCREENS = {
    "overview": ("Overview", ":material/home:"),
    "claims": ("Claims", ":material/format_quote:"),
    "figures": ("Figures", ":material/bar_chart:"),
    "timeline": ("Timeline", ":material/event:"),
    "entities": ("Names", ":material/groups:"),
    "documents": ("Documents", ":material/description:"),
    "evidence": ("Evidence", ":material/search:"),
    "quarantine": ("Quarantine", ":material/report:"),
    "sql": ("SQL", ":material/database:"),
}
"""Every screen by the name of its file: its title and its icon, in the order of the menu."""


def main() -> None:
    """One interaction: resolve the snapshot, show the screen that is asked for from it."""
    st.set_page_config(page_title="hearsay", page_icon=HERE / "icon.svg", layout="wide")
    st.html(HERE / "style.css")
    pages = [
        st.Page(HERE / "screens" / f"{name}.py", title=title, icon=icon, url_path=name, default=name == "overview")
        for name, (title, icon) in SCREENS.items()
    ]
    page = st.navigation(pages)
    try:
        with reading.opened() as snapshot:
            with st.sidebar:
                write("snapshot", snapshot=snapshot, age=reading.age(snapshot.written_at))
            page.run()
    except (NoWarehouse, FileNotFoundError) as error:
        st.title("Nothing to show yet")
        notice(str(error))
    except duckdb.Error as error:
        notice(
            f"The tables could not be read: {error_line(error)} Load the page again: a new run may have replaced them."
        )


main()
