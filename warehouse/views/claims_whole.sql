-- One row per claim, whole, said or not (see status): speaker, content, and lists of the figures, dates and entities that stand inside it.
SELECT
    w.claim_id,
    w.speaker,
    w.speaker_entity_id,
    w.kind,
    w.act,
    w.status,
    w.stance,
    w.content,
    w.said_on_start,
    w.said_on_end,
    (SELECT list(struct_pack(figure_id := f.figure_id, as_written := f.text, "value" := f.value, unit := f.unit, referent := f.referent) ORDER BY f.start_char)
     FROM figures f
     WHERE f.document_id = w.document_id AND f.start_char >= w.start_char AND f.end_char <= w.end_char) AS figures,
    (SELECT list(struct_pack(date_id := t.date_id, as_written := t.text, edtf := t.edtf) ORDER BY t.start_char)
     FROM dates t
     WHERE t.document_id = w.document_id AND t.start_char >= w.start_char AND t.end_char <= w.end_char) AS dates,
    (SELECT list(DISTINCT e.name ORDER BY e.name)
     FROM mentions m JOIN entities e USING (entity_id)
     WHERE m.document_id = w.document_id AND m.start_char >= w.start_char AND m.end_char <= w.end_char) AS entities,
    w.document_id,
    w.source_id,
    w.start_char,
    w.end_char
FROM claims_with_speakers w
ORDER BY w.document_id, w.start_char, w.end_char
