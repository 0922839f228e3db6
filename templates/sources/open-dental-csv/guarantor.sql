-- A family's account is its head's patient number: who pays for others is a guarantor.
SELECT g.PatNum AS src_key, 'patient' AS src_table, g.Title AS title, g.FName AS first, g.MiddleI AS middle, g.LName AS last,
       g.Birthdate AS birth_date, g.Gender AS sex, g.HmPhone AS phone_home, g.WirelessPhone AS phone_mobile, g.WkPhone AS phone_work, g.Email AS email,
       g.Address AS address_line1, g.Address2 AS address_line2, g.City AS city, g.State AS state, g.Zip AS postal_code,
       g.PatNum AS is_patient
FROM patient AS g
WHERE g.PatNum IN (SELECT p.Guarantor FROM patient AS p WHERE p.Guarantor <> p.PatNum)
