-- A procedure stands in its first plan, the others are other_plan_line.sql's. Quadrants are charted where surfaces are.
SELECT p.ProcNum AS src_key,
       coalesce((SELECT a.TreatPlanNum FROM treatplanattach AS a WHERE a.ProcNum = p.ProcNum
                  ORDER BY CAST(a.TreatPlanNum AS INTEGER) LIMIT 1), 'unplanned:' || p.PatNum) AS plan,
       c.ProcCode AS code, c.Descript AS description, coalesce(nullif(trim(p.ToothNum), ''), p.ToothRange) AS tooth,
       CASE WHEN trim(p.Surf) IN ('UR', 'UL', 'LR', 'LL') THEN p.Surf END AS area,
       CASE WHEN trim(p.Surf) IN ('UR', 'UL', 'LR', 'LL') THEN NULL ELSE p.Surf END AS surface, p.ProcFee AS fee,
       CASE WHEN trim(p.ProcStatus) IN ('5', 'R') THEN NULL ELSE p.ProcStatus END AS status,
       CASE WHEN trim(p.ProcStatus) IN ('2', 'C') THEN p.ProcDate END AS done_date,
       p.SecDateEntry AS created_at, p.DateTStamp AS modified_at
FROM procedurelog AS p LEFT JOIN procedurecode AS c ON c.CodeNum = p.CodeNum
WHERE trim(p.ProcStatus) NOT IN ('6', 'D', '7', 'Cn')
