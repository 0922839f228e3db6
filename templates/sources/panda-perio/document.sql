SELECT d.DocumentID AS src_key, d.PatientID AS patient, d.ExamID AS exam, d.DocType AS category, d.FileName AS file_name,
       content_mime(d.Content) AS mime_type, content_size(d.Content) AS size, content_sha256(d.Content) AS sha256,
       d.CapturedDate AS captured_at
FROM Document AS d
