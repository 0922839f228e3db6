SELECT d.DocNum AS src_key, d.PatNum AS patient, coalesce(c.ItemName, nullif(trim(d.DocCategory), '0')) AS category,
       d.FileName AS file_name, d.DateCreated AS captured_at,
       d.DateTStamp AS modified_at
FROM document AS d LEFT JOIN definition AS c ON c.DefNum = d.DocCategory
