SELECT 'patient:' || r.record || ':' || v.name || ':' || r.PId AS src_key, r.PId AS src_row, 'patient' AS entity, r.record, v.name,
       v.type,
       CASE v.name WHEN 'Prescription.TreatName' THEN r.TreatName WHEN 'Prescription.TreatCost' THEN r.TreatCost
                   WHEN 'Prescription.Mediences' THEN r.Mediences ELSE r.Qty END AS value
FROM (SELECT q.*, (SELECT min(p.PatId) FROM "dbo.Patient" AS p WHERE p.PatName = q.PatName HAVING count(*) = 1) AS record
      FROM "dbo.Prescription" AS q) AS r,
     (SELECT 'Prescription.TreatName' AS name, 'text' AS type UNION ALL SELECT 'Prescription.TreatCost', 'number'
      UNION ALL SELECT 'Prescription.Mediences', 'text' UNION ALL SELECT 'Prescription.Qty', 'number') AS v
