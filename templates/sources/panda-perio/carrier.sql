-- One organization for all spellings of an insurer and for all that have one payer id, unless two known insurers share it; ids
-- such as 0000 are none. Companies of one state have the group they belong to as parent.
WITH policy AS (
  SELECT canonical('insurance_policy.carrier_name', i.CarrierName) AS carrier,
         carrier_known(i.CarrierName) AS known, upper(trim(i.PayerID)) AS payer
  FROM Insurance AS i),
by_payer AS (
  SELECT payer, coalesce(max(known), min(carrier)) AS carrier FROM policy
  WHERE length(payer) >= 4 AND replace(payer, substr(payer, 1, 1), '') <> ''
  GROUP BY payer HAVING count(DISTINCT known) <= 1),
named AS (
  SELECT coalesce(b.carrier, p.carrier) AS carrier, nullif(p.payer, '') AS payer
  FROM policy AS p LEFT JOIN by_payer AS b ON b.payer = p.payer),
company AS (
  SELECT carrier, min(payer) AS payer, carrier_parent(carrier) AS parent FROM named
  WHERE carrier IS NOT NULL GROUP BY carrier)
SELECT 'carrier:' || carrier AS src_key, 'Insurance' AS src_table, 'carrier' AS kind, carrier AS name, payer AS payer_id,
       'carrier:' || parent AS parent
FROM company
UNION ALL
SELECT DISTINCT 'carrier:' || parent, 'Insurance', 'carrier', parent, NULL, NULL
FROM company
WHERE parent NOT IN (SELECT carrier FROM company)
