SELECT e.PerioExamNum AS src_key, e.PatNum AS patient, nullif(trim(e.ProvNum), '0') AS provider, e.ExamDate AS exam_at,
       'universal' AS numbering, e.Note AS notes
FROM perioexam AS e
