-- Conditions are charted as procedures of status 7.
SELECT p.ProcNum AS src_key, 'procedurelog' AS src_table, p.PatNum AS patient, nullif(trim(p.ProvNum), '0') AS provider, p.ToothNum AS tooth, c.ProcCode AS code,
       'LOCAL' AS code_system, c.Descript AS text, p.ProcDate AS diagnosed_date
FROM procedurelog AS p LEFT JOIN procedurecode AS c ON c.CodeNum = p.CodeNum
WHERE trim(p.ProcStatus) IN ('7', 'Cn')
