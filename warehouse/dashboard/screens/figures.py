"""Figures: those that measure the same thing side by side, and all of them with who said them."""

import streamlit as st

from warehouse.dashboard import controls
from warehouse.dashboard.markup import quoted, write
from warehouse.dashboard.picture import compared
from warehouse.dashboard.reading import PER_PAGE, Condition, ask, count, occurring
from warehouse.evidence import wording
from warehouse.evidence.lookups import FIGURES

FROM = FIGURES[FIGURES.index("FROM") :]
SPEAKER = "coalesce(e.name, CASE WHEN c.source_kind = 'author' THEN coalesce(d.author, d.publisher) END, c.source_text)"


def main() -> None:
    """One of the two views."""
    st.title("Figures")
    views = {"same": "The same thing, compared", "all": "All figures"}
    if controls.one("View", "view", list(views), views) == "same":
        same()
    else:
        every()


def same() -> None:
    """Quantities that more than one figure measures, each as a picture."""
    st.write("Every row is a figure: who gives it, in which words. What has no number is shown in its words.")
    first, second, third = st.columns(3)
    with first:
        words = controls.words("What is measured", "words")
    with second:
        kinds = controls.several("Kind", "kind", occurring("kind", "quantities"))
    with third:
        agreements = controls.several("Do they agree", "agreement", list(wording.AGREEMENTS)[1:], wording.AGREEMENTS)
    wanted = Condition()
    wanted.add("n_figures > 1")
    wanted.holds(["label", "unit"], words)
    wanted.among("kind", kinds)
    wanted.among("agreement", agreements)
    total = count(f"SELECT count(*) FROM quantities WHERE {wanted}", *wanted.values)
    if not total:
        if len(wanted.parts) > 1:
            st.info("No two figures measure the same thing like that: take a filter away.")
        else:
            st.info("No two figures of these texts measure the same thing. Choose 'All figures' above to see each one.")
        return
    skip = controls.pages(total, "things measured more than once" if total != 1 else "thing measured more than once")
    order = "list_position(['differ', 'vague', 'agree'], agreement), n_documents DESC, n_figures DESC, quantity_id"
    query = f"SELECT * FROM quantities WHERE {wanted} ORDER BY {order} LIMIT {PER_PAGE} OFFSET {skip}"
    for quantity in ask(query, *wanted.values):
        write("quantity", quantity=quantity, picture=compared(quantity))


def every() -> None:
    """All figures of what the texts say, filtered."""
    first, second, third = st.columns(3)
    with first:
        speaker = controls.words("Speaker", "speaker")
        kinds = controls.several("Kind", "kind", occurring("kind", "quantities"))
    with second:
        words = controls.words("Of what, in which unit, or as written", "words")
        low = st.number_input("From", value=None, key="low", format="%g", bind="query-params")
    with third:
        document = controls.words("Document", "document", help="Part of a title or of a record's name")
        high = st.number_input("To", value=None, key="high", format="%g", bind="query-params")
    wanted = Condition()
    wanted.add("NOT f.is_chrome")
    wanted.holds([SPEAKER], speaker)
    wanted.holds(["f.referent", "f.unit", "f.text"], words)
    wanted.holds(["d.title", "d.source_id"], document)
    wanted.among("f.kind", kinds)
    if low is not None:
        wanted.add("coalesce(f.value_max, f.value) >= ?", low)
    if high is not None:
        wanted.add("f.value <= ?", high)
    simple = "SELECT count(*) FROM figures f WHERE NOT f.is_chrome"
    total = count(simple if len(wanted.parts) == 1 else f"SELECT count(*) {FROM} WHERE {wanted}", *wanted.values)
    if not total:
        st.info("No figure is like that: take a filter away.")
        return
    skip = controls.pages(total, "figures" if total != 1 else "figure")
    order = "f.document_id, f.start_char, f.end_char"
    chosen = ask(
        f"SELECT f.figure_id {FROM} WHERE {wanted} ORDER BY {order} LIMIT {PER_PAGE} OFFSET {skip}", *wanted.values
    )
    ids = [row["figure_id"] for row in chosen]
    listed = ", ".join("?" * len(ids))
    found = ask(f"{FIGURES} WHERE f.figure_id IN ({listed}) ORDER BY {order}", *ids)
    places = {
        row["figure_id"]: row
        for row in ask(
            "SELECT f.figure_id, s.text, s.start_char AS base FROM figures f JOIN sentences s USING (sentence_id) "
            f"WHERE f.figure_id IN ({listed})",
            *ids,
        )
    }
    cards = []
    for figure in found:
        place = places.get(figure["figure_id"], {"text": figure["text"], "base": figure["start_char"]})
        low_cut = max(figure["start_char"] - place["base"] - 300, 0)
        around = place["text"][low_cut : figure["end_char"] - place["base"] + 300]
        cut = (low_cut > 0, low_cut + len(around) < len(place["text"]))
        cards.append({"row": figure, "quote": quoted(around, place["base"] + low_cut, [figure], is_cut=cut)})
    write("figures", cards=cards)


main()
