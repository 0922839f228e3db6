-- The model knows one kind of payment and of adjustment: what the program tells apart is kept beside it.
SELECT 'billing_line:' || b.BillingID || ':EntryType' AS src_key, 'BillingLine' AS src_table, 'billing_line' AS entity,
       b.BillingID AS record, 'EntryType' AS name, 'text' AS type, b.EntryType AS value
FROM BillingLine AS b
WHERE trim(b.EntryType) <> ''
