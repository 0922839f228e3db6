-- One organization for all spellings of an insurer.
SELECT 'carrier:' || carrier AS src_key, 'InsurancePolicy' AS src_table, 'carrier' AS kind, carrier AS name
FROM (SELECT DISTINCT canonical('insurance_policy.carrier_name', i.PayerName) AS carrier FROM InsurancePolicy AS i)
WHERE carrier IS NOT NULL
