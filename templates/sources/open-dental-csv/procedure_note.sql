SELECT 'procedure:' || n.ProcNoteNum AS src_key, n.PatNum AS patient, nullif(trim(p.ProvNum), '0') AS author,
       n.EntryDateTime AS noted_at, 'progress' AS type, n.Note AS note
FROM procnote AS n LEFT JOIN procedurelog AS p ON p.ProcNum = n.ProcNum
