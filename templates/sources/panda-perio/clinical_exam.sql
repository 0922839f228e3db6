SELECT e.ExamID AS src_key, e.PatientID AS patient, e.ProviderID AS provider, e.ExamDate AS exam_at,
       e.ChartingType AS charting_type, e.ToothNumberingSystem AS numbering, e.AAPStage AS aap_stage,
       e.AAPGrade AS aap_grade, e.AAPExtent AS aap_extent, e.AAPDiagnosis AS aap_text, e.BOPPercent AS source_bop,
       e.PlaqueIndex AS plaque_index, e.Notes AS notes,
       e.CreatedDate AS created_at, e.ModifiedDate AS modified_at
FROM ClinicalExam AS e
