SELECT b.BillingID AS src_key, b.PatientID AS patient, b.LineID AS plan_line, b.EntryType AS type,
       b.ChargeAmount AS charge, b.PaymentAmount AS payment, b.Adjustment AS adjustment, b.Balance AS balance,
       coalesce(b.Currency, :currency) AS currency,
       b.PaymentDate AS line_date, b.Method AS method,
       b.CreatedDate AS created_at, b.ModifiedDate AS modified_at
FROM BillingLine AS b
