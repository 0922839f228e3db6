-- The text of a letter as a document of its own.
SELECT 'letter:' || l.LetterID AS src_key, 'Letter' AS src_table, l.PatientID AS patient, 'Letter' AS category,
       l.FileName AS file_name, content_mime(l.Body) AS mime_type, content_size(l.Body) AS size,
       content_sha256(l.Body) AS sha256, coalesce(l.LetterDate, l.SentDate) AS captured_at
FROM Letter AS l
WHERE content_size(l.Body) > 0
