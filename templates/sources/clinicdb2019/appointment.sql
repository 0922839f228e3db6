SELECT a.AppointmentId AS src_key, a.PatientId AS patient, coalesce(a.DoctorId, 'nurse:' || a.NurseId) AS provider,
       a.AppointmentDate AS start_at, a.Reason AS session_type, a.Status AS status
FROM "dbo.Appointments" AS a
