SELECT OfficeId AS src_key, Name AS name, Phone AS phone FROM "dbo.Office"
