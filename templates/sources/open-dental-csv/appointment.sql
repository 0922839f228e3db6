-- A sign of Pattern is five minutes. 3 and 6 (unscheduled, planned) have no day, 7 and 8 are notes.
SELECT a.AptNum AS src_key, a.PatNum AS patient, nullif(trim(a.ProvNum), '0') AS provider, nullif(trim(a.ClinicNum), '0') AS location,
       coalesce(o.OpName, nullif(trim(a.Op), '0')) AS operatory, a.AptDateTime AS start_at,
       nullif(5 * length(trim(a.Pattern)), 0) AS duration, a.ProcDescript AS session_type,
       (SELECT group_concat(code, ';')
          FROM (SELECT c.ProcCode AS code FROM procedurelog AS p JOIN procedurecode AS c ON c.CodeNum = p.CodeNum
                 WHERE p.AptNum = a.AptNum AND trim(p.ProcStatus) NOT IN ('6', 'D')
                 ORDER BY CAST(p.ProcNum AS INTEGER))) AS procedure_codes,
       a.AptStatus AS status, a.Note AS notes,
       a.SecDateTEntry AS created_at, a.DateTStamp AS modified_at
FROM appointment AS a LEFT JOIN operatory AS o ON o.OperatoryNum = a.Op
WHERE trim(a.AptStatus) NOT IN ('3', '6', '7', '8', 'UnschedList', 'Planned', 'PtNote', 'PtNoteCompleted')
