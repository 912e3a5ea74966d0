"""Table ``mentions``."""

import pandas as pd
import pandera.pandas as pandera

from schemas.columns import MENTION_TYPES, About, Double, Int, Table, Text, column, key, ordered, reference

FORMS = ("name", "nominal", "pronoun")


class Mentions(Table):
    """One row per mention of a named entity, and per nominal or pronoun that is a claim's source."""

    _about = About(
        grain="One row per mention of a named entity, and per nominal or pronoun that is a claim's source.",
        primary="mention_id",
        references={
            "document_id": "documents",
            "sentence_id": "sentences",
            "entity_id": "entities",
            "antecedent_id": "mentions",
            "claim_id": "claims",
        },
        spans=(("text", "start_char", "end_char"),),
    )

    mention_id: Text = key("Derived from the document and the span.")
    document_id: Text = reference("The document it stands in.")
    sentence_id: Text = reference("The sentence it stands in.")
    start_char: Int = column("First character, in code points of documents.text.", ge=0)
    end_char: Int = column("One past the last character. Titles, roles and possessive endings are outside.", ge=1)
    text: Text = column("Exactly documents.text[start_char:end_char].")
    type: Text = column("What is named. NORP: people by nation, faith or politics.", isin=MENTION_TYPES)
    form: Text = column("name, nominal (the Belarusian ruler) or pronoun (she).", isin=FORMS)
    antecedent_id: Text = reference(
        "The mention by name that this nominal or pronoun refers to; for a pronoun of somebody without a name, the phrase "
        "that first spoke of them (the captain).",
        null="a name itself, or not resolved",
    )
    entity_id: Text = reference("The entity it refers to.", null="not resolved: ambiguous, or no name stands for it")
    claim_id: Text = reference("The innermost claim whose content holds it.", null="no claim holds it")
    confidence: Double = column(
        "0 to 1: how sure type and reference are; below 1 for what was resolved over a distance.", ge=0, le=1
    )

    @pandera.dataframe_check(error="start_char < end_char")
    def span_is_not_empty(cls, frame: pd.DataFrame) -> pd.Series:
        """Every mention has a character."""
        return ordered(frame, "start_char", "end_char", strictly=True)
