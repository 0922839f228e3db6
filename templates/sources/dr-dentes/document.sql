-- A path to a file outside of the export is carried as a custom value.
SELECT d.DocumentID AS src_key, d.PatientID AS patient, d.Category AS category, d.FileName AS file_name,
       coalesce(content_mime(d.Content), d.MimeType) AS mime_type, content_size(d.Content) AS size,
       content_sha256(d.Content) AS sha256, d.CapturedDate AS captured_at
FROM Document AS d
