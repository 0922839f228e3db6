-- Who pays for himself is the patient of that name on his account, or its only one.
SELECT a.AccountNo AS src_key, a.Title AS title, a.FirstName AS first, a.MiddleInitial AS middle, a.LastName AS last,
       a.Suffix AS suffix, a.HomePhone AS phone_home,
       a.WorkPhone || coalesce(' x' || nullif(trim(a.WorkPhoneExt), ''), '') AS phone_work,
       a.Street AS address_line1, a.Street2 AS address_line2, a.City AS city, a.State AS state, a.Zip AS postal_code,
       a.Relationship AS relationship,
       CASE WHEN lower(trim(a.Relationship)) IN ('self', 's')
            THEN coalesce((SELECT min(p.PatientID) FROM Patient AS p
                           WHERE p.AccountNo = a.AccountNo
                             AND canonical('patient.last', p.LastName) = canonical('patient.last', a.LastName)
                             AND canonical('patient.first', p.FirstName) = canonical('patient.first', a.FirstName)
                             AND coalesce(canonical('patient.suffix', p.Suffix), '') =
                                 coalesce(canonical('patient.suffix', a.Suffix), '')
                           HAVING count(*) = 1),
                          (SELECT min(p.PatientID) FROM Patient AS p
                           WHERE p.AccountNo = a.AccountNo HAVING count(*) = 1))
       END AS is_patient,
       a.CreatedDate AS created_at, a.ModifiedDate AS modified_at
FROM Account AS a
