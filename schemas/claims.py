"""Table ``claims``."""

import pandas as pd
import pandera.pandas as pandera

from schemas.columns import RULE, About, Day, Double, Int, Spans, Table, Text, column, key, ordered, reference

CLAIM_KINDS = ("direct", "indirect", "mixed", "assertion")
ACTS = ("speech", "thought", "attitude")
STATUSES = ("said", "denied", "possible", "future", "hypothetical")
STANCES = ("asserts", "denies", "doubts", "asks", "promises", "hedges")
SOURCE_KINDS = ("named", "outlet", "anonymous", "group", "document", "author", "unknown")


class Claims(Table):
    """One row per attribution, plus the author's own checkable statements."""

    _about = About(
        grain="One row per attribution (who says what), plus the author's own checkable statements.",
        primary="claim_id",
        references={
            "document_id": "documents",
            "sentence_id": "sentences",
            "parent_claim_id": "claims",
            "source_mention_id": "mentions",
            "source_entity_id": "entities",
            "said_on_date_id": "dates",
            "saying_id": "sayings",
        },
        spans=(("text", "start_char", "end_char"), ("source_text", "source_start_char", "source_end_char")),
    )

    claim_id: Text = key("Derived from the document, the content's spans and the cue.")
    document_id: Text = reference("The document it stands in.")
    sentence_id: Text = reference("The sentence its content begins in.")
    parent_claim_id: Text = reference("The claim that reports this one (who reports that who said).", null="outermost")
    kind: Text = column(
        "direct: in quotation marks; indirect: reported in the writer's words; mixed: both; "
        "assertion: the author's own statement that holds a figure or a calendar date.",
        isin=CLAIM_KINDS,
    )
    act: Text = column("speech, thought (belief, knowledge) or attitude (wish, plan, fear, praise).", isin=ACTS)
    start_char: Int = column("First character of the content's hull, in code points of documents.text.", ge=0)
    end_char: Int = column("One past the last character of the hull.", ge=1)
    text: Text = column("The hull of the content: exactly documents.text[start_char:end_char].")
    content_spans: Spans = column("The content itself, which may be discontinuous, in order.")
    source_text: Text = column(
        "Who says it, in words of the text: documents.text[source_start_char:source_end_char].",
        null="the author's own voice, or nobody is named",
    )
    source_start_char: Int = column("First character of the source.", null="as source_text", ge=0)
    source_end_char: Int = column("One past its last character.", null="as source_text", ge=1)
    source_spans: Spans = column("The source, which may be discontinuous, in order; empty when there is none.")
    source_kind: Text = column("What the source is; author: the text's own writer.", isin=SOURCE_KINDS)
    source_mention_id: Text = reference("The mention that heads the source.", null="no mention stands for the source")
    source_entity_id: Text = reference(
        "The entity that says it, through pronouns and descriptions.", null="not resolved: never guessed"
    )
    cue_text: Text = column("The words that attribute it (said, according to).", null="no words do: layout or marks")
    cue_spans: Spans = column("Where those words stand; empty when there are none.")
    said_on_start: Day = column("First day on which it may have been said.", null="the text does not say")
    said_on_end: Day = column("Last such day, inclusive.", null="the text does not say")
    said_on_date_id: Text = reference(
        "The temporal expression that says when it was said, also where its year stays open (May 15).",
        null="the text does not say",
    )
    status: Text = column(
        "What the text says of the saying (or the thinking, the wishing) itself. said: it happened, or is a standing view; "
        "denied: it did not; possible: it may have (may say, reportedly); future: it will; hypothetical: it would, or the text "
        "only asks or supposes it (would say, if he says, you could argue).",
        isin=STATUSES,
    )
    stance: Text = column(
        "What the source does with the content. asserts: holds it true, or wants it, as act says; denies, doubts; asks: a "
        "question, a request, an order; promises; hedges: says that it may be so (not told from asserts yet).",
        isin=STANCES,
    )
    rule: Text = column("The rule that found it, by its name.", str_matches=RULE)
    confidence: Double = column("0 to 1: how sure the source is; below 1 where the chain to it is long.", ge=0, le=1)
    saying_id: Text = reference("The saying that it reports, across documents.", null="not compared yet: always null")

    @pandera.dataframe_check(error="start_char < end_char")
    def span_is_not_empty(cls, frame: pd.DataFrame) -> pd.Series:
        """Every claim has a character."""
        return ordered(frame, "start_char", "end_char", strictly=True)

    @pandera.dataframe_check(error="said_on_start <= said_on_end")
    def interval_is_ordered(cls, frame: pd.DataFrame) -> pd.Series:
        """It was not said to the end of a time before its start."""
        return ordered(frame, "said_on_start", "said_on_end")
