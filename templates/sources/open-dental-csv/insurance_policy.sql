-- One name for all spellings of an insurer and for all that have one payer id, as carrier.sql says.
WITH named AS (
  SELECT c.CarrierNum AS num, canonical('insurance_policy.carrier_name', c.CarrierName) AS carrier,
         carrier_known(c.CarrierName) AS known, upper(trim(c.ElectID)) AS payer
  FROM carrier AS c),
by_payer AS (
  SELECT payer, coalesce(max(known), min(carrier)) AS carrier FROM named
  WHERE length(payer) >= 4 AND replace(payer, substr(payer, 1, 1), '') <> ''
  GROUP BY payer HAVING count(DISTINCT known) <= 1)
SELECT i.PatPlanNum AS src_key, i.PatNum AS patient, 'carrier:' || p.CarrierNum AS carrier, c.CarrierName AS carrier_raw,
       coalesce(b.carrier, c.CarrierName) AS carrier_name,
       c.ElectID AS payer_id, coalesce(nullif(trim(i.PatID), ''), s.SubscriberID) AS policy_number, p.GroupNum AS group_number,
       p.GroupName AS coverage, trim(coalesce(h.FName, '') || ' ' || h.LName) AS subscriber, i.Relationship AS relationship,
       i.Ordinal AS priority, s.DateEffective AS valid_from, s.DateTerm AS valid_to,
       i.SecDateTEntry AS created_at, i.SecDateTEdit AS modified_at
FROM patplan AS i LEFT JOIN inssub AS s ON s.InsSubNum = i.InsSubNum LEFT JOIN insplan AS p ON p.PlanNum = s.PlanNum
     LEFT JOIN carrier AS c ON c.CarrierNum = p.CarrierNum LEFT JOIN patient AS h ON h.PatNum = s.Subscriber
     LEFT JOIN by_payer AS b ON b.payer = upper(trim(c.ElectID))
