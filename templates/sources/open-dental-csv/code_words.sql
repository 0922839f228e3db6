-- What codes say beyond the words of the model.
SELECT 'patient:' || p.PatNum || ':PatStatus' AS src_key, 'patient' AS src_table, 'patient' AS entity, p.PatNum AS record,
       'PatStatus' AS name, 'text' AS type, CASE trim(p.PatStatus) WHEN '1' THEN 'NonPatient' WHEN '4' THEN 'Deleted'
                                            ELSE p.PatStatus END AS value
FROM patient AS p
WHERE trim(p.PatStatus) IN ('1', '4', 'NonPatient', 'Deleted')
UNION ALL
SELECT 'plan_line:' || q.ProcNum || ':ProcStatus', 'procedurelog', 'plan_line', q.ProcNum, 'ProcStatus', 'text',
       CASE trim(q.ProcStatus) WHEN '3' THEN 'EC' WHEN '4' THEN 'EO' WHEN '5' THEN 'R' ELSE q.ProcStatus END
FROM procedurelog AS q
WHERE trim(q.ProcStatus) IN ('3', '4', '5', 'EC', 'EO', 'R')
