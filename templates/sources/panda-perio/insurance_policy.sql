-- Policies of one payer id have one insurer, as carrier.sql says.
WITH policy AS (
  SELECT canonical('insurance_policy.carrier_name', i.CarrierName) AS carrier,
         carrier_known(i.CarrierName) AS known, upper(trim(i.PayerID)) AS payer
  FROM Insurance AS i),
by_payer AS (
  SELECT payer, coalesce(max(known), min(carrier)) AS carrier FROM policy
  WHERE length(payer) >= 4 AND replace(payer, substr(payer, 1, 1), '') <> ''
  GROUP BY payer HAVING count(DISTINCT known) <= 1)
SELECT i.InsuranceID AS src_key, i.PatientID AS patient,
       'carrier:' || coalesce(b.carrier, canonical('insurance_policy.carrier_name', i.CarrierName)) AS carrier,
       i.CarrierName AS carrier_raw, coalesce(b.carrier, i.CarrierName) AS carrier_name, i.PayerID AS payer_id,
       i.PolicyNumber AS policy_number, i.GroupNumber AS group_number, i.Coverage AS coverage,
       i.SubscriberName AS subscriber, i.SubscriberRelationship AS relationship, i.Priority AS priority,
       i.EffectiveDate AS valid_from, i.TermDate AS valid_to,
       i.CreatedDate AS created_at, i.ModifiedDate AS modified_at
FROM Insurance AS i
LEFT JOIN by_payer AS b ON b.payer = upper(trim(i.PayerID))
