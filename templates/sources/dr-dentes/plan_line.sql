SELECT l.LineID AS src_key, coalesce(nullif(trim(l.PlanID), ''), 'unplanned:' || l.PatientID) AS plan, l.Code AS code,
       l.CodeSystem AS code_system, l.Name AS description, l.ToothNo AS tooth, l.Surface AS surface, l.Fee AS fee,
       l.InsuranceEstimate AS insurance_estimate, l.Status AS status, l.PerformedDate AS done_date,
       l.CreatedDate AS created_at, l.ModifiedDate AS modified_at
FROM ProcedureLine AS l
