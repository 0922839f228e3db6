SELECT d.DiagnosisID AS src_key, d.PatientID AS patient, d.DentistID AS provider, d.ToothNo AS tooth,
       coalesce(nullif(trim(d.ICD10), ''), d.Code) AS code, CASE WHEN trim(d.ICD10) <> '' THEN 'ICD-10' END AS code_system,
       d.Text AS text, d.Date AS diagnosed_date,
       d.CreatedDate AS created_at, d.ModifiedDate AS modified_at
FROM Diagnosis AS d
