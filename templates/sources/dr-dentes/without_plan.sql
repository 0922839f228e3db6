-- Treatments that were entered without a plan: one plan for those of a patient.
SELECT DISTINCT 'unplanned:' || l.PatientID AS src_key, 'ProcedureLine' AS src_table, l.PatientID AS patient
FROM ProcedureLine AS l
WHERE coalesce(trim(l.PlanID), '') = ''
