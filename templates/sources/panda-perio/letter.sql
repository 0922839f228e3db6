SELECT l.LetterID AS src_key, l.PatientID AS patient, l.ReferralID AS referral, l.LetterType AS type,
       coalesce(CASE lower(trim(l.RecipientType))
                  WHEN 'patient' THEN (SELECT trim(coalesce(p.FirstName, '') || ' ' || coalesce(p.LastName, ''))
                                       FROM Patient AS p WHERE p.PatientID = l.PatientID)
                  ELSE (SELECT coalesce(nullif(trim(coalesce(r.RefdrFirstName, '') || ' ' || coalesce(r.RefdrLastName, '')), ''),
                                        r.PracticeName)
                        FROM ReferralSource AS r WHERE r.ReferralSourceID = l.RecipientID)
                END, l.RecipientType) AS recipient,
       coalesce(l.LetterDate, l.SentDate) AS letter_date,
       CASE WHEN content_size(l.Body) > 0 THEN 'letter:' || l.LetterID END AS document,
       l.CreatedDate AS created_at, l.ModifiedDate AS modified_at
FROM Letter AS l
