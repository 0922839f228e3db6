SELECT t.PlanID AS src_key, t.PatientID AS patient, t.DentistID AS provider, t.PlanDate AS plan_date,
       t.ProposedDate AS proposed_date, t.AcceptedStatus AS status, t.Notes AS notes,
       t.CreatedDate AS created_at, t.ModifiedDate AS modified_at
FROM TreatmentPlan AS t
