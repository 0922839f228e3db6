SELECT f.FlagID AS src_key, f.PatientID AS patient, f.ProviderID AS provider, f.FlagType AS type,
       f.Description AS description, f.RaisedDate AS raised_date, f.DueDate AS due_date, f.Status AS status,
       f.ResolvedDate AS resolved_date,
       f.CreatedDate AS created_at, f.ModifiedDate AS modified_at
FROM ClinicalFlags AS f
