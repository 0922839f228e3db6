-- Their specialties are a physician's, not those of the model: they are told as what people do.
SELECT d.DoctorId AS src_key, d.FirstName AS first, d.LastName AS last, coalesce(d.Specialization, 'Doctor') AS role,
       d.Phone AS phone, d.Email AS email, 1 AS is_internal
FROM "dbo.Doctors" AS d
