SELECT p.ProviderID AS src_key, p.ProviderName AS display, p.FirstName AS first,
       coalesce(nullif(trim(p.LastName), ''), p.ProviderName) AS last, p.Credentials AS credentials,
       p.Specialty AS specialty, p.NPI AS npi, p.LicenseNo AS license, p.Email AS email, p.Phone AS phone, p.Role AS role,
       coalesce(p.IsActive, CASE lower(p.IsHidden) WHEN '1' THEN 0 WHEN '0' THEN 1 WHEN 'true' THEN 0 WHEN 'false' THEN 1
                            END) AS active,
       1 AS is_internal,
       p.CreatedDate AS created_at, p.ModifiedDate AS modified_at
FROM Provider AS p
