SELECT r.RecallID AS src_key, r.PatientID AS patient, r.RecallType AS type, r.NextRecallDate AS next_date,
       r.LastAppointmentDate AS last_date,
       r.CreatedDate AS created_at, r.ModifiedDate AS modified_at
FROM Recall AS r
