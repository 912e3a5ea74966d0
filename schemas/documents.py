"""Table ``documents``: the distinct texts, unchanged, with what is known about them."""

import pandas as pd
import pandera.pandas as pandera

from schemas.columns import About, Day, Int, Table, Text, column, key, ordered, reference

GENRES = (
    "news", "wire", "op_ed", "press_review", "forum_post", "interview", "transcript", "press_release", "live_blog", "other",
)  # fmt: skip
GENRE_BASES = (
    "metadata", "card", "outlets", "agency", "opinion_word", "replies", "dateline", "first_person", "reporting",
)  # fmt: skip
BASES = ("metadata", "text", "inferred")


class Documents(Table):
    """One row per distinct text."""

    _about = About(
        grain="One row per distinct text, as decoded (wrong decoding undone, else unchanged), with what is known about it.",
        primary="document_id",
        references={"duplicate_of": "documents"},
        order=("document_id",),
    )

    document_id: Text = key("Derived from source_id: stable when the text is edited.")
    source_id: Text = column("The record it came from (the first by name, when several hold the same text).")
    content_sha256: Text = column("SHA-256 of the text in UTF-8, in hex.", str_matches=r"^[0-9a-f]{64}$", unique=True)
    title: Text = column("Title, from the record or the layout.", null="none found")
    publisher: Text = column("Who published it.", null="the text does not say")
    author: Text = column("Who wrote it; for a forum post, the poster.", null="the text does not say")
    published_on: Day = column("Day of publication.", null="neither the record nor the text gives the day")
    published_basis: Text = column(
        "How published_on or its bounds are known: metadata of the record, stated in the text, inferred from it.",
        null="not known at all",
        isin=BASES,
    )
    published_earliest_on: Day = column("No earlier than this day.", null="not bounded")
    published_latest_on: Day = column("No later than this day.", null="not bounded")
    genre: Text = column("Kind of text.", isin=GENRES)
    genre_basis: Text = column(
        "Which evidence decided the genre. metadata: the record says it; card: a forum member's card; outlets: several outlets "
        "and what they write; agency: an agency's dateline; opinion_word: the page's own word for opinion; replies: quoted "
        "replies; dateline: a place before the first sentence; first_person: a signed text that argues as I; reporting: it tells "
        "what others said these days.",
        null="nothing did: the genre is other",
        isin=GENRE_BASES,
    )
    language: Text = column("ISO 639 code of the language.", null="too little text to tell")
    url: Text = column("Where it was published.", null="the record does not say")
    n_chars: Int = column("Length of the text in Unicode code points.", ge=0)
    n_words: Int = column("Number of runs of characters between white space.", ge=0)
    duplicate_of: Text = reference(
        "An earlier document (by id) whose text differs only in white space, case, quotation marks or page furniture.",
        null="none",
    )
    text: Text = column(
        "The text as decoded (wrong decoding undone, and noted in sources; else unchanged); all offsets count its code points."
    )

    @pandera.dataframe_check(error="published_earliest_on <= published_latest_on")
    def bounds_are_ordered(cls, frame: pd.DataFrame) -> pd.Series:
        """The earliest day is not after the latest."""
        return ordered(frame, "published_earliest_on", "published_latest_on")

    @pandera.dataframe_check(error="n_chars is the length of the text")
    def length_is_counted(cls, frame: pd.DataFrame) -> pd.Series:
        """``n_chars`` counts the code points of ``text``."""
        return (frame["text"].str.len() == frame["n_chars"]).astype(bool)
