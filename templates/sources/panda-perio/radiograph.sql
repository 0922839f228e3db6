SELECT r.RadiographID AS src_key, r.PatientID AS patient, r.ExamID AS exam, r.RadiographType AS type,
       r.TakenDate AS taken_date, r.Findings AS findings, r.PeriapicalStatus AS periapical_status,
       r.DocumentID AS document,
       r.CreatedDate AS created_at, r.ModifiedDate AS modified_at
FROM Radiograph AS r
