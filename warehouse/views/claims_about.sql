-- One row per claim and entity that its content mentions (in the innermost claim that holds the mention): who talks about whom or what.
SELECT
    w.claim_id,
    w.speaker,
    w.speaker_entity_id,
    w.source_kind,
    e.entity_id,
    e.name AS entity,
    e.type,
    count(*) AS n_mentions,
    w.kind,
    w.act,
    w.status,
    w.stance,
    w.content,
    w.on_or_before,
    w.document_id,
    w.document_title,
    w.published_on,
    w.source_id,
    w.start_char,
    w.end_char
FROM mentions m
JOIN entities e USING (entity_id)
JOIN claims_with_speakers w ON w.claim_id = m.claim_id
GROUP BY ALL
ORDER BY w.document_id, w.start_char, w.end_char, w.claim_id, e.name, e.entity_id
