-- The text of a letter as a document of its own.
SELECT 'letter:' || l.LetterID AS src_key, 'Letter' AS src_table, l.PatientID AS patient, 'Letter' AS category,
       l.FileName AS file_name, l.Body AS content, coalesce(l.LetterDate, l.SentDate) AS captured_at
FROM Letter AS l
WHERE content_size(l.Body) > 0
