SELECT n.NoteID AS src_key, n.PatientID AS patient, n.ProviderID AS author, n.NoteDate AS noted_at, n.NoteType AS type,
       n.Subjective AS subjective, n.Objective AS objective, n.Assessment AS assessment, n.Plan AS plan,
       n.NoteText AS note,
       n.CreatedDate AS created_at, n.ModifiedDate AS modified_at
FROM SOAPNotes AS n
