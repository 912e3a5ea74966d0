-- One row per figure that a text states (page furniture left out): how much, of what, who says so, when, and where.
SELECT
    f.figure_id,
    f.value,
    f.value_max,
    f.unit,
    f.modifier,
    f.change,
    f.kind,
    f.referent,
    f.text AS as_written,
    w.speaker,
    w.source_text,
    w.source_kind,
    w.kind AS claim_kind,
    w.said_on_start,
    w.said_on_end,
    d.published_on,
    w.content AS claim,
    s.text AS sentence,
    f.claim_id,
    f.quantity_id,
    f.document_id,
    d.title AS document_title,
    d.source_id,
    f.start_char,
    f.end_char
FROM figures f
JOIN documents d USING (document_id)
LEFT JOIN sentences s USING (sentence_id)
LEFT JOIN who_said_what w ON w.claim_id = f.claim_id
WHERE NOT f.is_chrome
ORDER BY f.document_id, f.start_char, f.end_char
