-- Who is his own guarantor has none. 1 (no patient) and 4 (deleted) are no states of the model: code_words.sql keeps them.
SELECT p.PatNum AS src_key, p.PatNum AS source_id, p.ChartNumber AS chart_number, p.SSN AS national_id, p.Title AS title,
       p.FName AS first, p.MiddleI AS middle, p.LName AS last, p.Preferred AS nickname, p.Birthdate AS birth_date,
       p.Gender AS sex, p.HmPhone AS phone_home, p.WirelessPhone AS phone_mobile, p.WkPhone AS phone_work, p.Email AS email,
       p.Address AS address_line1, p.Address2 AS address_line2, p.City AS city, p.State AS state, p.Zip AS postal_code,
       p.Country AS country, coalesce(b.ItemName, nullif(trim(p.BillingType), '0')) AS billing_type,
       CASE WHEN trim(p.PatStatus) IN ('1', '4', 'NonPatient', 'Deleted') THEN NULL ELSE p.PatStatus END AS status,
       nullif(trim(p.PriProv), '0') AS primary_provider, nullif(trim(p.Guarantor), trim(p.PatNum)) AS guarantor,
       (SELECT a.ReferralNum FROM refattach AS a JOIN referral AS r ON r.ReferralNum = a.ReferralNum
         WHERE a.PatNum = p.PatNum AND trim(a.RefType) IN ('1', 'RefFrom') AND coalesce(nullif(trim(r.PatNum), ''), '0') = '0'
         ORDER BY CAST(a.ItemOrder AS INTEGER), CAST(a.RefAttachNum AS INTEGER) LIMIT 1) AS referring_organization,
       'employer:' || nullif(trim(p.EmployerNum), '0') AS employer, nullif(trim(p.ClinicNum), '0') AS location,
       p.AddrNote AS notes, p.DateFirstVisit AS first_visit,
       p.SecDateEntry AS created_at, p.DateTStamp AS modified_at
FROM patient AS p LEFT JOIN definition AS b ON b.DefNum = p.BillingType
