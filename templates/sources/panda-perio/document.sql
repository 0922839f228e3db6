SELECT d.DocumentID AS src_key, d.PatientID AS patient, d.ExamID AS exam, d.DocType AS category, d.FileName AS file_name,
       d.Content AS content, d.FilePath AS source_path, d.CapturedDate AS captured_at,
       d.CreatedDate AS created_at, d.ModifiedDate AS modified_at
FROM Document AS d
