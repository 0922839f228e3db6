SELECT l.LineID AS src_key, l.TreatmentPlanID AS plan, l.Sequence AS seq, l.Phase AS phase, l.ADACode AS code,
       l.PMSCode AS pms_code, l.Description AS description, l.LetterDescription AS letter_description,
       l.ToothSite AS tooth, l.Surface AS surface, l.EstimatedCost AS fee, l.Status AS status,
       l.CompletedDate AS done_date,
       l.CreatedDate AS created_at, l.ModifiedDate AS modified_at
FROM TreatmentPlanLine AS l
