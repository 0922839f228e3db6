SELECT r.ReferralID AS src_key, r.PatientID AS patient, r.ReferralSourceID AS organization, r.ReferralType AS direction,
       r.Status AS status, r.ReferralDate AS referral_date, r.StatusDate AS status_date,
       nullif(trim(coalesce(r.Reason, '') || char(10) || coalesce(r.Notes, ''), char(10)), '') AS notes,
       r.CreatedDate AS created_at, r.ModifiedDate AS modified_at
FROM Referral AS r
