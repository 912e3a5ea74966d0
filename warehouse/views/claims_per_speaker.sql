-- One row per speaker that is an entity: how many claims, of what kind and standing, in how many documents, from when to when.
SELECT
    e.entity_id,
    e.name AS speaker,
    e.type,
    count(*) AS n_claims,
    count(*) FILTER (WHERE c.kind = 'direct') AS n_direct,
    count(*) FILTER (WHERE c.kind = 'mixed') AS n_mixed,
    count(*) FILTER (WHERE c.kind = 'indirect') AS n_indirect,
    count(*) FILTER (WHERE c.status = 'said') AS n_said,
    count(*) FILTER (WHERE c.status = 'said' AND c.stance IN ('denies', 'doubts')) AS n_denied,
    count(DISTINCT c.document_id) AS n_documents,
    min(coalesce(c.said_on_start, d.published_on)) AS first_on,
    max(coalesce(c.said_on_end, d.published_on)) AS last_on
FROM claims c
JOIN entities e ON e.entity_id = c.source_entity_id
JOIN documents d USING (document_id)
GROUP BY ALL
ORDER BY n_claims DESC, e.name, e.entity_id
