-- One row per figure that stands in a text (page furniture left out): how much, of what, who says so, when, and where. What is denied, doubted, asked or not said is here too: "status" and "stance" tell, and "is_held" is false. The speaker is the nearest one who says it; whose wish or belief it is reported to be stands in "according_to".
SELECT
    f.figure_id,
    f.value,
    f.value_max,
    f.unit,
    f.unit_text,
    f.canonical_value,
    f.canonical_value_max,
    f.canonical_unit,
    f.modifier,
    f.change,
    f.part,
    f.kind,
    f.referent,
    f.text AS as_written,
    CASE WHEN w.act = 'speech' THEN w.speaker WHEN p.act = 'speech' THEN p.speaker
         WHEN g.act = 'speech' THEN g.speaker ELSE w.speaker END AS speaker,
    CASE WHEN w.act = 'speech' THEN w.source_kind WHEN p.act = 'speech' THEN p.source_kind
         WHEN g.act = 'speech' THEN g.source_kind ELSE w.source_kind END AS source_kind,
    list_filter([g.speaker, p.speaker, w.speaker], lambda name: name IS NOT NULL) AS according_to,
    w.status,
    w.stance,
    coalesce(w.is_held, true) AND coalesce(p.is_held, true) AND coalesce(g.is_held, true) AS is_held,
    w.source_text,
    w.act,
    w.kind AS claim_kind,
    coalesce(w.said_on_start, p.said_on_start, g.said_on_start) AS said_on_start,
    coalesce(w.said_on_end, p.said_on_end, g.said_on_end) AS said_on_end,
    coalesce(w.said_on_words, p.said_on_words, g.said_on_words) AS said_on_words,
    coalesce(w.said_on_edtf, p.said_on_edtf, g.said_on_edtf) AS said_on_edtf,
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
LEFT JOIN claims_with_speakers w ON w.claim_id = f.claim_id
LEFT JOIN claims_with_speakers p ON p.claim_id = w.parent_claim_id
LEFT JOIN claims_with_speakers g ON g.claim_id = p.parent_claim_id
WHERE NOT f.is_chrome
ORDER BY f.document_id, f.start_char, f.end_char
