SELECT 'referral:' || r.ReferralNum AS src_key, 'referral' AS src_table, r.FName AS first, r.LName AS last,
       r.Title AS credentials, coalesce(d.ItemName, r.Specialty) AS specialty, r.NationalProvID AS npi, r.EMail AS email,
       r.Telephone AS phone, 0 AS is_internal
FROM referral AS r LEFT JOIN definition AS d ON d.DefNum = r.Specialty
WHERE lower(trim(r.IsDoctor)) IN ('1', 'true') AND lower(coalesce(trim(r.NotPerson), '0')) IN ('0', 'false', '')
