SELECT c.CommlogNum AS src_key, c.PatNum AS patient, c.CommDateTime AS noted_at, c.Note AS note,
       c.DateTEntry AS created_at, c.DateTStamp AS modified_at
FROM commlog AS c
