-- The source has a date and a time of the form HH:MM, no length and no provider: the patient's doctor is the one.
SELECT rtrim(a.appid)                                AS src_key,
       rtrim(a.patientid)                            AS patient,
       rtrim(p.docid)                                AS provider,
       a.appdate || ' ' || rtrim(a.apptime) || ':00' AS start_at
  FROM "dbo.appointment" AS a
  LEFT JOIN "dbo.patient" AS p ON p.patientid = a.patientid
