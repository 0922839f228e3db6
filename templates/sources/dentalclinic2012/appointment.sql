-- The time lies in a datetime of 1900-01-01.
SELECT a.ApId AS src_key,
       (SELECT min(p.PatId) FROM "dbo.Patient" AS p WHERE p.PatName = a.ApPat HAVING count(*) = 1) AS patient,
       a.ApDate || ' ' || substr(a.ApTime, 12, 8) AS start_at, a.ApTreat AS session_type
FROM "dbo.Appoinment" AS a
