SELECT PatientId AS src_key, ChartNo AS chart_number, LastName AS last, FirstName AS first, Born AS birth_date,
       CASE Sex WHEN 'F' THEN 'female' WHEN 'M' THEN 'male' WHEN 'X' THEN 'other' END AS sex,
       DoctorId AS primary_provider, 1 AS location, Note AS notes
FROM "dbo.Patient"
