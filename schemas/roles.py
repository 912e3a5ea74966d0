"""Table ``roles``."""

import pandas as pd
import pandera.pandas as pandera

from schemas.columns import About, Int, Table, Text, column, key, ordered, reference


class Roles(Table):
    """One row per description beside a name. Nothing fills it yet."""

    _about = About(
        grain="One row per description beside a name (Prime Minister of Belarus). Empty: not looked for yet.",
        primary="role_id",
        references={
            "document_id": "documents",
            "sentence_id": "sentences",
            "entity_id": "entities",
            "mention_id": "mentions",
            "of_entity_id": "entities",
        },
        spans=(("text", "start_char", "end_char"),),
    )

    role_id: Text = key("Derived from the document and the span.")
    document_id: Text = reference("The document it stands in.")
    sentence_id: Text = reference("The sentence it stands in.")
    entity_id: Text = reference("The entity that it describes.", null="the name is not resolved")
    mention_id: Text = reference("The mention beside which it stands.")
    start_char: Int = column("First character, in code points of documents.text.", ge=0)
    end_char: Int = column("One past the last character.", ge=1)
    text: Text = column("Exactly documents.text[start_char:end_char].")
    office: Text = column("The office or trade in it (Prime Minister).", null="it names none")
    of_entity_id: Text = reference(
        "The country or body whose office it is.", null="it names none, or it is not resolved"
    )
    age: Int = column("Age in years.", null="it gives none", ge=0)

    @pandera.dataframe_check(error="start_char < end_char")
    def span_is_not_empty(cls, frame: pd.DataFrame) -> pd.Series:
        """Every description has a character."""
        return ordered(frame, "start_char", "end_char", strictly=True)
