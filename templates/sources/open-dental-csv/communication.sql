SELECT c.CommlogNum AS src_key, c.PatNum AS patient, c.CommDateTime AS noted_at, c.Note AS note
FROM commlog AS c
