SELECT n.NoteID AS src_key, n.PatientID AS patient, n.AuthorID AS author, n.NoteDate AS noted_at, n.NoteType AS type,
       n.Body AS note,
       n.CreatedDate AS created_at, n.ModifiedDate AS modified_at
FROM ClinicalNote AS n
