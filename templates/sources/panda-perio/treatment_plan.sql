SELECT t.TreatmentPlanID AS src_key, t.PatientID AS patient, t.ProviderID AS provider, t.PlanNumber AS number,
       t.PlanName AS name, t.PlanDate AS plan_date, t.Status AS status, t.Phase AS phase, t.TreatmentType AS type,
       t.EstimatedCost AS est_cost, CASE WHEN t.EstimatedCost IS NOT NULL THEN :currency END AS currency,
       t.Treatment_Notes AS notes, t.TreatmentTranslation AS narrative,
       t.CreatedDate AS created_at, t.ModifiedDate AS modified_at
FROM TreatmentPlan AS t
