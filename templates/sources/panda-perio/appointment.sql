SELECT a.AppointmentID AS src_key, a.PatientID AS patient, a.ProviderID AS provider, a.Operatory AS operatory,
       a.AppointmentDate AS start_at, a.Duration AS duration, a.SessionType AS session_type,
       a.ProcedureCodes AS procedure_codes, a.Status AS status, a.Notes AS notes,
       a.CreatedDate AS created_at, a.ModifiedDate AS modified_at
FROM Appointment AS a
