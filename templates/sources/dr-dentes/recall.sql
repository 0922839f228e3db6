SELECT r.RecallID AS src_key, r.PatientID AS patient, r.RecallType AS type, r.NextRecallDate AS next_date,
       r.LastAppointmentDate AS last_date
FROM Recall AS r
