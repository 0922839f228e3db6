-- The doctor of a referral source; the source itself is an organization.
SELECT 'ref:' || r.ReferralSourceID AS src_key, 'ReferralSource' AS src_table, r.RefdrFirstName AS first,
       r.RefdrLastName AS last, r.Specialty AS specialty, r.Email AS email, r.RefdrWorkPhone AS phone,
       'Referring provider' AS role, 0 AS is_internal
FROM ReferralSource AS r
WHERE trim(coalesce(r.RefdrLastName, '')) <> ''
