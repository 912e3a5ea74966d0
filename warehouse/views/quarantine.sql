-- One row per record whose text could not be had, with what was wrong and where, and one per part of a document that hearsay failed on.
SELECT source_id, path, format, n_bytes, reason, NULL AS missing_from, NULL AS document_id, NULL AS start_char,
       NULL AS end_char, first_seen_at
FROM sources
WHERE status = 'quarantined'
UNION ALL
SELECT s.source_id, s.path, s.format, s.n_bytes,
       'Rows of ' || f.missing_from || ' are missing for ' ||
       CASE WHEN f.sentence_id IS NULL THEN 'the whole document' ELSE 'one sentence' END ||
       ' (' || f.error || '): a fault of hearsay''s, please report it with the text.' AS reason,
       f.missing_from, f.document_id, f.start_char, f.end_char, s.first_seen_at
FROM faults f
JOIN documents d USING (document_id)
JOIN sources s ON s.source_id = d.source_id
ORDER BY path, source_id, start_char NULLS FIRST
