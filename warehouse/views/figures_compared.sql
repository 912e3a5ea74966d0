-- One row per figure of a quantity that more than one figure measures: who says how much, and whether they differ. What is denied, doubted, asked or not said ("is_held" is false) agrees with nothing and contradicts nothing.
SELECT
    q.quantity_id,
    q.label,
    q.agreement,
    q.n_figures,
    q.lowest,
    q.highest,
    f.value,
    f.value_max,
    f.unit,
    f.modifier,
    f.as_written,
    f.referent,
    f.speaker,
    f.source_kind,
    f.status,
    f.stance,
    f.is_held,
    coalesce(f.said_on_start, f.published_on) AS on_or_before,
    f.sentence,
    f.figure_id,
    f.document_id,
    f.source_id
FROM quantities q
JOIN figures_said f USING (quantity_id)
WHERE q.n_figures > 1
ORDER BY q.agreement, q.label, q.quantity_id, f.document_id, f.start_char
