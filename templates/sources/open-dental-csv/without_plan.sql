-- Procedures that no plan holds: one plan for those of a patient.
SELECT DISTINCT 'unplanned:' || p.PatNum AS src_key, 'procedurelog' AS src_table, p.PatNum AS patient
FROM procedurelog AS p
WHERE trim(p.ProcStatus) NOT IN ('6', 'D', '7', 'Cn')
  AND NOT EXISTS (SELECT 1 FROM treatplanattach AS a WHERE a.ProcNum = p.ProcNum)
