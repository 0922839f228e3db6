SELECT s.UserID AS src_key, s.FirstName AS first, s.LastName AS last, s.Speciality AS specialty, s.Email AS email,
       s.Phone AS phone, s.Role AS role, s.Status AS active, 1 AS is_internal,
       s.CreatedDate AS created_at, s.ModifiedDate AS modified_at
FROM Staff AS s
