"""Table ``figures``."""

import pandas as pd
import pandera.pandas as pandera

from schemas.columns import RULE, About, Bool, Double, Int, Table, Text, column, key, ordered, reference

FIGURE_KINDS = (
    "money", "percent", "fraction", "count", "age", "distance", "duration", "area", "mass", "speed", "temperature",
    "rate", "multiple", "rank", "vague_count", "other",
)  # fmt: skip
BOUNDS = ("approx", "at_least", "at_most", "more_than", "less_than")
CHANGES = ("up", "down")
PARTS = ("old", "new")
UNIT_BASES = ("written", "inferred")


class Figures(Table):
    """One row per quantity."""

    _about = About(
        grain="One row per quantity that a text states.",
        primary="figure_id",
        references={
            "document_id": "documents",
            "sentence_id": "sentences",
            "claim_id": "claims",
            "quantity_id": "quantities",
        },
        spans=(("text", "start_char", "end_char"), ("referent", "referent_start_char", "referent_end_char")),
    )

    figure_id: Text = key("Derived from the document and the span.")
    document_id: Text = reference("The document it stands in.")
    sentence_id: Text = reference("The sentence it stands in.")
    start_char: Int = column("First character, in code points of documents.text.", ge=0)
    end_char: Int = column("One past the last character: the number with its unit or scale.", ge=1)
    text: Text = column("Exactly documents.text[start_char:end_char].")
    value: Double = column(
        "The number in the unit as written ($16 billion is 16000000000); the lower end of a range.",
        null="a vague amount with no number",
    )
    value_max: Double = column("Upper end of a range.", null="no range")
    unit: Text = column(
        "ISO 4217 code; percent; a UCUM-style symbol for physical units; else the noun's lemma (soldier, job).",
        null="the text gives no unit",
    )
    unit_text: Text = column("The unit as written.", null="the text gives no unit")
    unit_basis: Text = column(
        "How the unit is known. written: its words or its sign name it; inferred: the sign leaves it open (a bare $), and one of "
        "its meanings was taken.",
        null="no unit, or it stands beside another figure",
        isin=UNIT_BASES,
    )
    kind: Text = column("What sort of quantity it is.", isin=FIGURE_KINDS)
    modifier: Text = column(
        "Bound or approximation that the words around it state.", null="stated plainly", isin=BOUNDS
    )
    change: Text = column("Direction of the change it measures.", null="no change stated", isin=CHANGES)
    part: Text = column(
        "Which end of a change it is: fell from 6 (old) to 4 (new) percent. Not told apart yet: always null.",
        null="no end of a change",
        isin=PARTS,
    )
    referent: Text = column(
        "What is counted or measured, in words of the text: documents.text[referent_start_char:referent_end_char].",
        null="the text does not say",
    )
    referent_start_char: Int = column("First character of the referent.", null="no referent", ge=0)
    referent_end_char: Int = column("One past its last character.", null="no referent", ge=1)
    canonical_value: Double = column(
        "The value in canonical_unit, to compare figures that are written in different units; currencies are not converted.",
        null="no value, or no canonical unit is certain",
    )
    canonical_value_max: Double = column(
        "Upper end of a range in canonical_unit.", null="as canonical_value, or no range"
    )
    canonical_unit: Text = column(
        "ISO 4217 code (major unit); percent for shares; UCUM base unit (m, m2, m/s, g, s, K).",
        null="none is certain: a count, a month, a crown of no known country",
    )
    rule: Text = column(
        "How the number was read: the test that admitted it (digits, words, with_unit, fraction, vague, age ...), +range for two ends, and +noun or +shared where its unit is that of what is counted or of another figure.",
        str_matches=RULE,
    )
    claim_id: Text = reference("The innermost claim that contains it.", null="no claim contains it")
    quantity_id: Text = reference("What it measures, across documents.", null="page furniture")
    is_chrome: Bool = column("Stands in page furniture, not in what the text says.")

    @pandera.dataframe_check(error="start_char < end_char")
    def span_is_not_empty(cls, frame: pd.DataFrame) -> pd.Series:
        """Every figure has a character."""
        return ordered(frame, "start_char", "end_char", strictly=True)

    @pandera.dataframe_check(error="value <= value_max")
    def range_is_ordered(cls, frame: pd.DataFrame) -> pd.Series:
        """A range does not end below its start."""
        return ordered(frame, "value", "value_max")
