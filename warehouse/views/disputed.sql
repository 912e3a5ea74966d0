-- One row per thing that is told in two ways: a quantity whose figures contradict each other, or a saying that one source reports and another denies; "told" lists who tells what.
SELECT
    'quantity' AS what,
    q.quantity_id,
    NULL::VARCHAR AS saying_id,
    q.label,
    q.unit,
    q.lowest,
    q.highest,
    q.n_documents,
    (SELECT list(struct_pack(claim_id := f.claim_id, figure_id := f.figure_id, speaker := f.speaker, as_written := f.as_written,
                             status := f.status, stance := f.stance) ORDER BY f.document_id, f.start_char)
     FROM figures_said f WHERE f.quantity_id = q.quantity_id) AS told
FROM quantities q
WHERE q.agreement = 'differ'
UNION ALL
SELECT
    'saying',
    NULL,
    s.saying_id,
    s.text,
    NULL,
    NULL,
    NULL,
    s.n_documents,
    (SELECT list(struct_pack(claim_id := w.claim_id, figure_id := NULL::VARCHAR, speaker := w.speaker, as_written := w.content,
                             status := w.status, stance := w.stance) ORDER BY w.document_id, w.start_char)
     FROM claims_with_speakers w WHERE w.saying_id = s.saying_id)
FROM sayings s
WHERE list_contains(s.differs_in, 'polarity')
ORDER BY label, quantity_id, saying_id
