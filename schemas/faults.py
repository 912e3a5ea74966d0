"""Table ``faults``: the parts of documents that hearsay failed on."""

from schemas.columns import About, Int, Table, Text, column, key, reference


class Faults(Table):
    """One row per part of a document that a step of hearsay's failed on; all that the other steps and sentences gave is there."""

    _about = About(
        grain="One row per part of a document that could not be extracted: a fault of hearsay's, not of the text.",
        primary="fault_id",
        references={"document_id": "documents"},
    )

    fault_id: Text = key("Identifier of the fault.")
    document_id: Text = reference("The document.")
    missing_from: Text = column("The table whose rows are missing there.")
    sentence_id: Text = reference("The sentence without rows.", null="no single sentence: the whole document has none")
    start_char: Int = column("Where the part begins, in code points of documents.text.", ge=0)
    end_char: Int = column("Where it ends, exclusive.", ge=0)
    error: Text = column("What went wrong, in the program's words. The log of the run holds more.")
