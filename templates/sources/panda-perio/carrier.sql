-- One organization for all spellings of an insurer.
SELECT 'carrier:' || carrier AS src_key, 'Insurance' AS src_table, 'carrier' AS kind, carrier AS name,
       min(PayerID) AS payer_id
FROM (SELECT canonical('insurance_policy.carrier_name', i.CarrierName) AS carrier, nullif(trim(i.PayerID), '') AS PayerID
      FROM Insurance AS i)
WHERE carrier IS NOT NULL
GROUP BY carrier
