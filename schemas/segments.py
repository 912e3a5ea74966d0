"""Table ``segments``: the layout of each document."""

import pandas as pd
import pandera.pandas as pandera

from schemas.columns import About, Int, Table, Text, column, key, ordered, reference

SEGMENT_KINDS = ("title", "byline", "heading", "body", "quotation", "reply_quote", "chrome")


class Segments(Table):
    """One row per layout part of a document."""

    _about = About(
        grain="One row per layout part of a document: title, byline, heading, paragraph, quotation, page furniture.",
        primary="segment_id",
        references={"document_id": "documents"},
        spans=(("text", "start_char", "end_char"),),
    )

    segment_id: Text = key("Derived from the document and the span.")
    document_id: Text = reference("The document it is part of.")
    start_char: Int = column("First character, in code points of documents.text.", ge=0)
    end_char: Int = column("One past the last character.", ge=1)
    text: Text = column("Exactly documents.text[start_char:end_char].")
    kind: Text = column(
        "What it is. chrome is navigation, counters, sign-up lines, disclaimers, captions and list markers: kept, "
        "labelled, never a source of facts.",
        isin=SEGMENT_KINDS,
    )
    speaker: Text = column("Outlet, columnist or quoted poster whose words these are.", null="the layout names none")
    speaker_country: Text = column("Country of the speaker as the layout gives it (two letters).", null="not given")

    @pandera.dataframe_check(error="start_char < end_char")
    def span_is_not_empty(cls, frame: pd.DataFrame) -> pd.Series:
        """Every segment has a character."""
        return ordered(frame, "start_char", "end_char", strictly=True)
