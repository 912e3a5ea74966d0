"""Names: entities with their aliases, why these are one, who is named beside them, and what they say."""

import streamlit as st

from warehouse.dashboard import controls
from warehouse.dashboard.markup import write
from warehouse.dashboard.reading import PER_PAGE, Condition, ask, count
from warehouse.evidence import wording


def main() -> None:
    """One entity where the address names one, else the list."""
    ident = st.query_params.get("id")
    if ident:
        one(ident)
    else:
        every()


def every() -> None:
    """All entities, most mentioned first."""
    st.title("Names")
    first, second = st.columns(2)
    with first:
        words = controls.words("Name or alias", "words")
    with second:
        types = controls.several("Type", "type", list(wording.MENTION_TYPES), wording.MENTION_TYPES)
    wanted = Condition()
    wanted.among("type", types)
    wanted.holds(["name", "array_to_string(aliases, chr(10))"], words)
    total = count(f"SELECT count(*) FROM entities WHERE {wanted}", *wanted.values)
    if not total:
        st.info(
            "Nobody is called that: write less of the name, or take the type away."
            if wanted.parts
            else "No text names anybody."
        )
        return
    skip = controls.pages(total, "names" if total != 1 else "name")
    query = (
        f"SELECT *, (SELECT count(*) FROM claims c WHERE c.source_entity_id = entities.entity_id) AS n_claims "
        f"FROM entities WHERE entity_id IN (SELECT entity_id FROM entities WHERE {wanted} "
        f"ORDER BY n_mentions DESC, name, entity_id LIMIT {PER_PAGE} OFFSET {skip}) ORDER BY n_mentions DESC, name, entity_id"
    )
    write("entities", entities=ask(query, *wanted.values))


def one(ident: str) -> None:
    """All that is known of one entity."""
    found = ask("SELECT * FROM entities WHERE entity_id = ?", ident)
    if not found:
        st.title("Names")
        st.warning("No entity has this id in the snapshot that is published now: look for the name in the list.")
        write("back", screen="entities", words="All names")
        return
    aliases = ask(
        "SELECT text, form, count(*) AS n, count(DISTINCT document_id) AS n_documents, min(mention_id) AS mention_id "
        "FROM mentions WHERE entity_id = ? GROUP BY text, form ORDER BY form = 'name' DESC, n DESC, text LIMIT 100",
        ident,
    )
    merges = ask(
        "SELECT * FROM entity_merges WHERE entity_id = ? ORDER BY decision, name_a, name_b, rule LIMIT 200", ident
    )
    beside = ask(
        """
        WITH here AS (SELECT DISTINCT sentence_id FROM mentions WHERE entity_id = ?)
        SELECT e.entity_id, e.name, e.type, count(DISTINCT m.sentence_id) AS n, min(m.sentence_id) AS sentence_id
        FROM mentions m JOIN here USING (sentence_id) JOIN entities e USING (entity_id)
        WHERE m.entity_id <> ? GROUP BY ALL ORDER BY n DESC, e.name LIMIT 20""",
        ident,
        ident,
    )
    documents = ask(
        "SELECT d.document_id, d.title, d.source_id, d.publisher, d.published_on, d.published_basis, "
        "d.published_earliest_on, d.published_latest_on, n FROM documents d JOIN "
        "(SELECT document_id, count(*) AS n FROM mentions WHERE entity_id = ? GROUP BY ALL) USING (document_id) "
        "ORDER BY n DESC, d.source_id LIMIT 20",
        ident,
    )
    n_claims = count("SELECT count(*) FROM claims WHERE source_entity_id = ?", ident)
    st.title("Name")
    write(
        "entity", entity=found[0], aliases=aliases, merges=merges, beside=beside, documents=documents, n_claims=n_claims
    )


main()
