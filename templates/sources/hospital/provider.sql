SELECT rtrim(d.docid)  AS src_key,
       d.docfname      AS first,
       d.doclname      AS last,
       d.docemail      AS email,
       p.rankname      AS role,
       1               AS is_internal,
       rtrim(d.deptid) AS location
  FROM "dbo.doctor" AS d
  LEFT JOIN "dbo.position" AS p ON p.rankid = d.rankid
