-- A patient can have several phones and e-mail addresses; which comes first means nothing, so the lowest is taken and
-- the rest kept.
SELECT rtrim(p.patientid) AS src_key,
       rtrim(p.patientid) AS source_id,
       p.patientfname     AS first,
       p.patientlname     AS last,
       p.patientbdate     AS birth_date,
       p.patientssn       AS national_id,
       rtrim(p.docid)     AS primary_provider,
       rtrim(d.deptid)    AS location,
       (SELECT min(rtrim(t.patientphone)) FROM "dbo.patientphone" AS t WHERE t.patientid = p.patientid) AS phone,
       (SELECT group_concat(phone, ';')
          FROM (SELECT rtrim(t.patientphone) AS phone FROM "dbo.patientphone" AS t WHERE t.patientid = p.patientid
                 ORDER BY 1 LIMIT -1 OFFSET 1)) AS other_phones,
       (SELECT min(e.patientemail) FROM "dbo.patientemail" AS e WHERE e.patientid = p.patientid) AS email,
       (SELECT group_concat(email, ';')
          FROM (SELECT e.patientemail AS email FROM "dbo.patientemail" AS e WHERE e.patientid = p.patientid
                 ORDER BY 1 LIMIT -1 OFFSET 1)) AS other_emails
  FROM "dbo.patient" AS p
  LEFT JOIN "dbo.doctor" AS d ON d.docid = p.docid
