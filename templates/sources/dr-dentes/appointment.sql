-- The day stands beside the times, or with them.
SELECT a.AppointmentID AS src_key, a.PatientID AS patient, a.DentistID AS provider, a.LocationID AS location,
       a.Operatory AS operatory, coalesce(nullif(trim(a.Date), '') || ' ', '') || a.StartTime AS start_at,
       coalesce(nullif(trim(a.Date), '') || ' ', '') || a.EndTime AS end_at, a.Type AS session_type,
       a.ProcedureCode AS procedure_codes, a.Status AS status, a.Notes AS notes,
       a.CreatedDate AS created_at, a.ModifiedDate AS modified_at
FROM Appointment AS a
