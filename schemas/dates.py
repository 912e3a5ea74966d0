"""Table ``dates``."""

import pandas as pd
import pandera.pandas as pandera

from schemas.columns import RULE, About, Bool, Day, Int, Table, Text, column, key, ordered, reference

DATE_TYPES = ("DATE", "TIME", "DURATION", "SET")
ANCHORS = ("explicit", "publication", "context", "event", "none")
RELATIONS = ("since", "until", "before", "after", "by")
MODIFIERS = (
    "BEFORE", "AFTER", "ON_OR_BEFORE", "ON_OR_AFTER", "LESS_THAN", "MORE_THAN", "EQUAL_OR_LESS", "EQUAL_OR_MORE",
    "START", "MID", "END", "APPROX",
)  # fmt: skip


class Dates(Table):
    """One row per temporal expression (TimeML's TIMEX3)."""

    _about = About(
        grain="One row per temporal expression.",
        primary="date_id",
        references={"document_id": "documents", "sentence_id": "sentences", "claim_id": "claims"},
        spans=(("text", "start_char", "end_char"),),
    )

    date_id: Text = key("Derived from the document and the span.")
    document_id: Text = reference("The document it stands in.")
    sentence_id: Text = reference("The sentence it stands in.")
    start_char: Int = column("First character, in code points of documents.text.", ge=0)
    end_char: Int = column("One past the last character.", ge=1)
    text: Text = column("Exactly documents.text[start_char:end_char].")
    type: Text = column("TIMEX3 type.", isin=DATE_TYPES)
    value: Text = column("TIMEX3 value (TimeML 1.2.1): 2022-03-16, 2022-W10, P2D, PRESENT_REF, XXXX-XX-XX.")
    edtf: Text = column("The same in EDTF (ISO 8601-2).", null="EDTF cannot say it")
    start_on: Day = column("First day of the calendar interval it names.", null="the text fixes none")
    end_on: Day = column("Last day of that interval, inclusive.", null="the text fixes none, or it is open")
    modifier: Text = column("TIMEX3 modifier.", null="none", isin=MODIFIERS)
    anchor: Text = column(
        "What it was resolved against: explicit (nothing needed), publication, context (another date of the text), "
        "event (an event that is not dated), none (unresolved).",
        isin=ANCHORS,
    )
    anchor_text: Text = column("The words or the day it was resolved against.", null="no anchor was needed or found")
    alternative_value: Text = column("The other reading, where two stand (03/04/2022).", null="one reading only")
    range_id: Text = column(
        "Shared by the two ends of one range (from 2014 to 2018).", null="no range", str_matches=r"^[0-9a-f]{16}$"
    )
    relation: Text = column(
        "How the text relates what it states to the date (since February).", null="plainly on or in it", isin=RELATIONS
    )
    offset_value: Text = column(
        "Signed ISO 8601 duration from the time it hangs on (two days later: +P2D), kept where that is unresolved.",
        null="hangs on no other time",
    )
    quantifier: Text = column("TIMEX3 quant of a SET (EVERY).", null="none")
    frequency: Text = column("TIMEX3 freq of a SET (2X).", null="none")
    claim_id: Text = reference("The innermost claim whose content holds it.", null="no claim holds it")
    rule: Text = column(
        "The rule that found it, by its name; two with + where neighbours make one time.", str_matches=RULE
    )
    is_chrome: Bool = column("Stands in page furniture, not in what the text says.")

    @pandera.dataframe_check(error="start_char < end_char")
    def span_is_not_empty(cls, frame: pd.DataFrame) -> pd.Series:
        """Every expression has a character."""
        return ordered(frame, "start_char", "end_char", strictly=True)

    @pandera.dataframe_check(error="start_on <= end_on")
    def interval_is_ordered(cls, frame: pd.DataFrame) -> pd.Series:
        """The interval does not end before it starts."""
        return ordered(frame, "start_on", "end_on")
