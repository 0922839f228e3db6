-- The history that was taken down at registration.
SELECT x."ID"              AS src_key,
       x."ID"              AS patient,
       'narrative'         AS type,
       x."HastaKayit"      AS noted_at,
       x."HastalıkGecmisi" AS note
  FROM hastalar AS x
 WHERE trim(x."HastalıkGecmisi") <> ''
