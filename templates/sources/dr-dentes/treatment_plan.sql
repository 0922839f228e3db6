SELECT t.PlanID AS src_key, t.PatientID AS patient, t.DentistID AS provider, t.PlanDate AS plan_date,
       t.ProposedDate AS proposed_date, t.AcceptedStatus AS status, t.Notes AS notes
FROM TreatmentPlan AS t
