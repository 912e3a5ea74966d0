-- One row per claim that was said (speech with status said, whatever its stance): who said what, when, with which words, and where it stands.
SELECT *
FROM claims_with_speakers
WHERE act = 'speech' AND status = 'said'
ORDER BY document_id, start_char, end_char
