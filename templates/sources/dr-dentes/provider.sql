SELECT s.UserID AS src_key, s.FirstName AS first, s.LastName AS last, s.Speciality AS specialty, s.Email AS email,
       s.Phone AS phone, s.Role AS role, s.Status AS active, 1 AS is_internal
FROM Staff AS s
