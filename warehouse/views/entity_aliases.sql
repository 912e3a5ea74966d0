-- One row per entity and form of its name: how often it occurs, and where first.
SELECT
    e.entity_id,
    e.name,
    e.type,
    m.text AS alias,
    count(*) AS n_mentions,
    count(DISTINCT m.document_id) AS n_documents,
    arg_min(m.mention_id, struct_pack(a := coalesce(d.published_on, DATE '9999-12-31'), b := m.document_id, c := m.start_char))
        AS first_mention_id,
    arg_min(m.document_id, struct_pack(a := coalesce(d.published_on, DATE '9999-12-31'), b := m.document_id, c := m.start_char))
        AS first_document_id
FROM mentions m
JOIN entities e USING (entity_id)
JOIN documents d USING (document_id)
WHERE m.form = 'name'
GROUP BY ALL
ORDER BY e.name, e.entity_id, n_mentions DESC, alias
