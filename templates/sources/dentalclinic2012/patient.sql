-- PatName is one field: its last word is the surname.
SELECT p.PatId AS src_key, p.PatId AS source_id, p.PatName AS full_name, p.PatName AS last, p.PatPhone AS phone,
       p.PatAddress AS address_line1, p.PatDOB AS birth_date, p.PatGen AS sex
FROM "dbo.Patient" AS p
