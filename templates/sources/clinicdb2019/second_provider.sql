SELECT 'appointment:' || a.AppointmentId || ':NurseId' AS src_key, 'dbo.Appointments' AS src_table, 'appointment' AS entity,
       a.AppointmentId AS record, 'NurseId' AS name, 'text' AS type, 'nurse:' || a.NurseId AS value
FROM "dbo.Appointments" AS a
WHERE a.DoctorId IS NOT NULL AND a.NurseId IS NOT NULL
