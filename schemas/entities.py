"""Table ``entities``."""

from schemas.columns import MENTION_TYPES, About, Int, Table, Text, Texts, column, key, reference


class Entities(Table):
    """One row per real-world entity, across all documents and spellings."""

    _about = About(
        grain="One row per real-world entity, across all documents and spellings.",
        primary="entity_id",
        references={"first_document_id": "documents"},
        order=("entity_id",),
    )

    entity_id: Text = key("Does not change when documents are added.")
    name: Text = column("The fullest common form of its name.")
    type: Text = column("What it is.", isin=MENTION_TYPES)
    aliases: Texts = column("Every form of its name that occurs, most frequent first.")
    former_ids: Texts = column("Ids of entities that were found to be this one; they are not used again.")
    n_mentions: Int = column("Number of mentions that refer to it, of any form.", ge=1)
    n_documents: Int = column("Number of documents that mention it.", ge=1)
    first_document_id: Text = reference("The first document that mentions it, by day of publication, then by id.")
    wikidata_id: Text = column("Wikidata item.", null="not pinned in the overrides file", str_matches=r"^Q[1-9][0-9]*$")
