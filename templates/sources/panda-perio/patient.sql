-- Who pays for himself has no link to himself as guarantor.
SELECT p.PatientID AS src_key, p.ChartNumber AS chart_number, p.PatientID AS source_id, p.SSN AS national_id,
       p.Title AS title, p.FirstName AS first, p.MiddleInitial AS middle, p.LastName AS last, p.Suffix AS suffix,
       p.NickName AS nickname, p.BirthDate AS birth_date, p.Sex AS sex, p.HomePhone AS phone_home,
       p.CellPhone AS phone_mobile, p.WorkPhone || coalesce(' x' || nullif(trim(p.WorkPhoneExt), ''), '') AS phone_work,
       p.Email AS email, p.Street AS address_line1, p.Street2 AS address_line2, p.City AS city, p.State AS state,
       p.Zip AS postal_code, p.Country AS country, p.BillingType AS billing_type,
       coalesce(p.Status, CASE lower(p.Inactive) WHEN '1' THEN 'inactive' WHEN 'true' THEN 'inactive'
                          WHEN '0' THEN 'active' WHEN 'false' THEN 'active' END) AS status,
       p.PrimaryProviderID AS primary_provider, p.ReferralSourceID AS referring_organization,
       CASE WHEN EXISTS (SELECT 1 FROM Account AS a
                         WHERE a.AccountNo = p.AccountNo AND lower(trim(a.Relationship)) IN ('self', 's')
                           AND ((SELECT count(*) FROM Patient AS q WHERE q.AccountNo = p.AccountNo) = 1 OR
                                canonical('patient.last', p.LastName) = canonical('patient.last', a.LastName)
                                AND canonical('patient.first', p.FirstName) = canonical('patient.first', a.FirstName)
                                AND coalesce(canonical('patient.suffix', p.Suffix), '') =
                                    coalesce(canonical('patient.suffix', a.Suffix), '')))
            THEN NULL ELSE p.AccountNo END AS guarantor,
       'employer:' || canonical('organization.name', p.Employer) AS employer, p.FirstVisitDate AS first_visit,
       p.CreatedDate AS created_at, p.ModifiedDate AS modified_at
FROM Patient AS p
