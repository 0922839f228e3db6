SELECT 'nurse:' || n.NurseId AS src_key, n.FirstName AS first, n.LastName AS last, coalesce(n.Certification, 'Nurse') AS role,
       n.Phone AS phone, n.Email AS email, 1 AS is_internal
FROM "dbo.Nurses" AS n
