-- The same procedure in further plans of the patient.
SELECT p.ProcNum || ':' || a.TreatPlanNum AS src_key, 'treatplanattach' AS src_table, a.TreatPlanNum AS plan, c.ProcCode AS code,
       c.Descript AS description, coalesce(nullif(trim(p.ToothNum), ''), p.ToothRange) AS tooth,
       CASE WHEN trim(p.Surf) IN ('UR', 'UL', 'LR', 'LL') THEN p.Surf END AS area,
       CASE WHEN trim(p.Surf) IN ('UR', 'UL', 'LR', 'LL') THEN NULL ELSE p.Surf END AS surface, p.ProcFee AS fee,
       CASE WHEN trim(p.ProcStatus) IN ('5', 'R') THEN NULL ELSE p.ProcStatus END AS status,
       CASE WHEN trim(p.ProcStatus) IN ('2', 'C') THEN p.ProcDate END AS done_date
FROM treatplanattach AS a JOIN procedurelog AS p ON p.ProcNum = a.ProcNum LEFT JOIN procedurecode AS c ON c.CodeNum = p.CodeNum
WHERE trim(p.ProcStatus) NOT IN ('6', 'D', '7', 'Cn')
  AND CAST(a.TreatPlanNum AS INTEGER) > (SELECT min(CAST(b.TreatPlanNum AS INTEGER)) FROM treatplanattach AS b
                                          WHERE b.ProcNum = a.ProcNum)
