-- One row per document: what it is, when and by whom it was published, and how much was found in it.
SELECT
    d.document_id,
    d.source_id,
    d.title,
    d.publisher,
    d.author,
    d.genre,
    d.language,
    d.published_on,
    d.published_basis,
    d.n_words,
    (SELECT count(*) FROM claims c WHERE c.document_id = d.document_id) AS n_claims,
    (SELECT count(*) FROM figures f WHERE f.document_id = d.document_id AND NOT f.is_chrome) AS n_figures,
    (SELECT count(*) FROM dates t WHERE t.document_id = d.document_id AND NOT t.is_chrome) AS n_dates,
    (SELECT count(DISTINCT m.entity_id) FROM mentions m WHERE m.document_id = d.document_id) AS n_entities,
    d.duplicate_of
FROM documents d
ORDER BY d.published_on NULLS LAST, d.source_id
