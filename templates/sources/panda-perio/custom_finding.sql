SELECT f.FindingID AS src_key, f.ExamID AS exam,
       f.ExamID || ':' || tooth_fdi(f.ToothNumber, e.ToothNumberingSystem) AS tooth,
       f.FindingName AS name, f.FindingValue AS value, 'text' AS type
FROM CustomFinding AS f LEFT JOIN ClinicalExam AS e ON e.ExamID = f.ExamID
