-- Who refers or is referred to; patients who do are patients.
SELECT r.ReferralNum AS src_key, 'referring_practice' AS kind,
       coalesce(nullif(trim(r.BusinessName), ''),
                trim(coalesce(r.FName, '') || ' ' || r.LName || coalesce(', ' || nullif(trim(r.Title), ''), ''))) AS name,
       r.Telephone AS phone, r.EMail AS email, r.Address AS address_line1, r.Address2 AS address_line2, r.City AS city, r.ST AS state,
       r.Zip AS postal_code, coalesce(d.ItemName, r.Specialty) AS specialty,
       r.DateTStamp AS modified_at
FROM referral AS r LEFT JOIN definition AS d ON d.DefNum = r.Specialty
WHERE coalesce(nullif(trim(r.PatNum), ''), '0') = '0'
