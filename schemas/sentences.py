"""Table ``sentences``."""

import pandas as pd
import pandera.pandas as pandera

from schemas.columns import About, Int, Table, Text, column, key, ordered, reference


class Sentences(Table):
    """One row per sentence."""

    _about = About(
        grain="One row per sentence; none crosses a segment's border.",
        primary="sentence_id",
        references={"document_id": "documents", "segment_id": "segments", "copy_of": "sentences"},
        spans=(("text", "start_char", "end_char"),),
    )

    sentence_id: Text = key("Derived from the document and the span.")
    document_id: Text = reference("The document it stands in.")
    segment_id: Text = reference("The layout part it stands in.")
    start_char: Int = column("First character, in code points of documents.text.", ge=0)
    end_char: Int = column("One past the last character; white space around the sentence is outside.", ge=1)
    text: Text = column("Exactly documents.text[start_char:end_char].")
    copy_of: Text = reference(
        "The first sentence, by publication, that this one is a copy of. Not looked for yet: always null.",
        null="an original",
    )

    @pandera.dataframe_check(error="start_char < end_char")
    def span_is_not_empty(cls, frame: pd.DataFrame) -> pd.Series:
        """Every sentence has a character."""
        return ordered(frame, "start_char", "end_char", strictly=True)
