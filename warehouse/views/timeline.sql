-- One row per temporal expression that names calendar days (page furniture left out), earliest first, with its sentence and the claim that holds it.
SELECT
    t.start_on,
    t.end_on,
    t.edtf,
    t.value,
    t.text AS as_written,
    t.anchor,
    t.anchor_text,
    t.claim_id,
    c.status,
    c.stance,
    s.text AS sentence,
    t.date_id,
    t.document_id,
    d.title AS document_title,
    d.published_on,
    t.start_char,
    t.end_char
FROM dates t
JOIN documents d ON d.document_id = t.document_id
LEFT JOIN sentences s ON s.sentence_id = t.sentence_id
LEFT JOIN claims c ON c.claim_id = t.claim_id
WHERE t.start_on IS NOT NULL AND NOT t.is_chrome
ORDER BY t.start_on, t.end_on, t.document_id, t.start_char
