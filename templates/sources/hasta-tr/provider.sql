-- One column holds title, first name and surname.
SELECT x."ID"   AS src_key,
       x."Name" AS full_name,
       1        AS is_internal
  FROM doktorlar AS x
