-- The patient's doctor stands here by name: it is looked up, and taken only where one doctor has that name.
SELECT x."ID"           AS src_key,
       x."TC"           AS national_id,
       x."Name"         AS first,
       x."Surname"      AS last,
       x."BirthDate"    AS birth_date,
       x."Telefon"      AS phone,
       (SELECT CASE WHEN count(*) = 1 THEN min(t."ID") END
          FROM doktorlar AS t
         WHERE t."Name" = x."DoktorAdi") AS primary_provider,
       x."HastaNotlari" AS notes,
       x."HastaKayit"   AS first_visit
  FROM hastalar AS x
