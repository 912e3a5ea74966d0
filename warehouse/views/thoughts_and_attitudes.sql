-- One row per claim that was not said but is thought, wished, feared or supported (status said): whose it is, what it is of, and where it stands.
SELECT *
FROM claims_with_speakers
WHERE act <> 'speech' AND status = 'said'
ORDER BY document_id, start_char, end_char
