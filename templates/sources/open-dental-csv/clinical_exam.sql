SELECT e.PerioExamNum AS src_key, e.PatNum AS patient, nullif(trim(e.ProvNum), '0') AS provider, e.ExamDate AS exam_at,
       'universal' AS numbering, e.Note AS notes,
       e.DateTMeasureEdit AS modified_at
FROM perioexam AS e
