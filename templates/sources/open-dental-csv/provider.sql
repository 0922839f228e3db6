SELECT p.ProvNum AS src_key, p.Abbr AS display, p.FName AS first, p.LName AS last, p.Suffix AS credentials,
       coalesce(d.ItemName, p.Specialty) AS specialty, p.TaxonomyCodeOverride AS taxonomy, p.NationalProvID AS npi,
       p.StateLicense AS license, CASE lower(trim(p.IsSecondary)) WHEN '1' THEN 'Hygienist' WHEN 'true' THEN 'Hygienist' END AS role,
       CASE lower(trim(p.IsHidden)) WHEN '0' THEN 1 WHEN 'false' THEN 1 WHEN '1' THEN 0 WHEN 'true' THEN 0 END AS active,
       1 AS is_internal,
       p.DateTStamp AS modified_at
FROM provider AS p LEFT JOIN definition AS d ON d.DefNum = p.Specialty
