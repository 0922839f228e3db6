SELECT 'provider:nurse:' || n.NurseId || ':Shift' AS src_key, 'dbo.Nurses' AS src_table, 'provider' AS entity,
       'nurse:' || n.NurseId AS record, 'Shift' AS name, 'text' AS type, n.Shift AS value
FROM "dbo.Nurses" AS n
