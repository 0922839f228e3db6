SELECT a.RefAttachNum AS src_key, a.PatNum AS patient,
       CASE WHEN coalesce(nullif(trim(r.PatNum), ''), '0') = '0' THEN a.ReferralNum END AS organization,
       nullif(trim(a.ProvNum), '0') AS provider, a.RefType AS direction, nullif(nullif(trim(a.RefToStatus), '0'), 'None') AS status,
       a.RefDate AS referral_date, a.Note AS notes,
       a.DateTStamp AS modified_at
FROM refattach AS a LEFT JOIN referral AS r ON r.ReferralNum = a.ReferralNum
