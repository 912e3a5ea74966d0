-- One row per claim, said or not: its speaker by name, what the text says of the saying (status), what the speaker does with it (stance), and where it stands. The other views of claims read this one.
SELECT
    c.claim_id,
    coalesce(e.name, CASE WHEN c.source_kind = 'author' THEN coalesce(d.author, d.publisher, '(the author)') END,
             a.text, c.source_text) AS speaker,
    c.source_text,
    c.source_kind,
    c.source_entity_id AS speaker_entity_id,
    c.kind,
    c.act,
    c.cue_text,
    c.text AS content,
    coalesce(c.said_on_start, d.published_on) AS on_or_before,
    c.said_on_start,
    c.said_on_end,
    t.text AS said_on_words,
    t.edtf AS said_on_edtf,
    c.status,
    c.stance,
    c.status = 'said' AND c.stance NOT IN ('denies', 'doubts', 'asks') AS is_held,
    c.rule,
    c.confidence,
    c.parent_claim_id,
    c.saying_id,
    coalesce(n.n_figures, 0) AS n_figures,
    s.text AS sentence,
    c.document_id,
    d.title AS document_title,
    d.published_on,
    d.source_id,
    c.start_char,
    c.end_char
FROM claims c
JOIN documents d USING (document_id)
LEFT JOIN sentences s USING (sentence_id)
LEFT JOIN dates t ON t.date_id = c.said_on_date_id
LEFT JOIN mentions m ON m.mention_id = c.source_mention_id
LEFT JOIN mentions a ON a.mention_id = m.antecedent_id
LEFT JOIN entities e ON e.entity_id = c.source_entity_id
LEFT JOIN (SELECT claim_id, count(*) AS n_figures FROM figures GROUP BY claim_id) n ON n.claim_id = c.claim_id
ORDER BY c.document_id, c.start_char, c.end_char
