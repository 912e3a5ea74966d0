"""Table ``sources``: everything that was found where the pipeline was told to look."""

import pandas as pd
import pandera.pandas as pandera

from schemas.columns import About, Instant, Int, Table, Text, column, reference

STATUSES = ("ok", "duplicate", "quarantined")


class Sources(Table):
    """One row per record found where the pipeline was told to look, good or bad: nothing found is ever missing here."""

    _about = About(
        grain="One row per record found where the pipeline was told to look, good or bad.",
        primary="source_id",
        references={"document_id": "documents"},
        order=("source_id",),
    )

    source_id: Text = column(
        "The record's name, given once: relative path; for a record file its id field, else path#line. Where a warehouse reads "
        "more than one folder, a folder's name stands before the paths in it; where another record had the id first, "
        "path#id=id.",
        unique=True,
    )
    path: Text = column(
        "The file it was found in, relative to the source folder, whose name stands before it if it has one."
    )
    format: Text = column("File format as told by the name: txt, md, html, jsonl, csv, parquet, warc ...")
    n_bytes: Int = column(
        "Size of the record (for a whole file: of the file) in bytes.", null="could not be read", ge=0
    )
    bytes_sha256: Text = column(
        "SHA-256 of those bytes, in hex.", null="could not be read", str_matches=r"^[0-9a-f]{64}$"
    )
    status: Text = column(
        "ok: its document is its own; duplicate: another record has exactly the same text and theirs is one document; "
        "quarantined: no text could be had from it, see reason.",
        isin=STATUSES,
    )
    reason: Text = column("What was wrong with it, in one plain sentence.", null="nothing was wrong")
    note: Text = column(
        "What the record gave that could not be used (a date that is no date), or that was guessed or repaired, though its "
        "text could be used.",
        null="nothing",
    )
    document_id: Text = reference("The document that holds its text.", null="quarantined")
    batch: Text = column(
        "The batch its document was worked on and is published in: names the Parquet part files.", null="quarantined"
    )
    first_seen_at: Instant = column(
        "When the record was first seen (UTC): when its file had last been written as hearsay first met a record of this "
        "source_id. It stays when the text changes, and when the record goes away and comes back. Taken from the file, not "
        "from the clock, so that a run repeated elsewhere writes the same bytes."
    )

    @pandera.dataframe_check(error="a quarantined source has a reason and no document; any other has a document")
    def quarantine_is_explained(cls, frame: pd.DataFrame) -> pd.Series:
        """Quarantined if and only if there is a reason and no document."""
        bad = frame["status"] == "quarantined"
        return ((bad == frame["document_id"].isna()) & (~bad | frame["reason"].notna())).astype(bool)
