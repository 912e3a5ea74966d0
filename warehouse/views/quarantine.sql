-- One row per record whose text could not be had, with what was wrong and where.
SELECT source_id, path, format, n_bytes, reason, first_seen_at
FROM sources
WHERE status = 'quarantined'
ORDER BY path, source_id
