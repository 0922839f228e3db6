SELECT p.PatientId AS src_key, p.PatientId AS source_id, rtrim(p.PersonalNumber12) AS national_id, p.FirstName AS first,
       p.LastName AS last, p.DateOfBirth AS birth_date, p.HomeAddress AS address_line1, p.Phone AS phone_mobile, p.Email AS email
FROM "dbo.Patients" AS p
