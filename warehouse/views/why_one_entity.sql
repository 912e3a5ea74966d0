-- One row per decision about two names: same, different or unsure, by which rule, on what evidence.
SELECT m.name_a, m.name_b, m.decision, m.rule, m.score, m.evidence, e.entity_id, e.name AS entity, e.type
FROM entity_merges m
LEFT JOIN entities e USING (entity_id)
ORDER BY e.name, m.name_a, m.name_b, m.rule
