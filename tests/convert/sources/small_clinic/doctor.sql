SELECT DoctorId AS src_key, LastName AS last, FirstName AS first, Active AS active, 1 AS location FROM "dbo.Doctor"
