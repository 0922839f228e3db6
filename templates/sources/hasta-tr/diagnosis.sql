-- What the patient was ill with when registered: one text, without a code.
SELECT x."ID"         AS src_key,
       x."ID"         AS patient,
       x."Hastalık"   AS text,
       x."HastaKayit" AS diagnosed_date
  FROM hastalar AS x
 WHERE trim(x."Hastalık") <> ''
