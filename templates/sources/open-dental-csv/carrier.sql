-- Each insurer is a record, as the practice keeps them. Companies of one state have the group they belong to as parent: its own
-- record, where there is one, else that of carrier_group.sql. Which company a spelling is says the payer id, where it is one.
WITH named AS (
  SELECT c.CarrierNum AS num, canonical('insurance_policy.carrier_name', c.CarrierName) AS carrier,
         carrier_known(c.CarrierName) AS known, upper(trim(c.ElectID)) AS payer
  FROM carrier AS c),
by_payer AS (
  SELECT payer, coalesce(max(known), min(carrier)) AS carrier FROM named
  WHERE length(payer) >= 4 AND replace(payer, substr(payer, 1, 1), '') <> ''
  GROUP BY payer HAVING count(DISTINCT known) <= 1),
one AS (
  SELECT n.num, coalesce(b.carrier, n.carrier) AS carrier FROM named AS n LEFT JOIN by_payer AS b ON b.payer = n.payer)
SELECT 'carrier:' || c.CarrierNum AS src_key, 'carrier' AS kind, c.CarrierName AS name, c.Phone AS phone,
       c.Address AS address_line1, c.Address2 AS address_line2, c.City AS city, c.State AS state, c.Zip AS postal_code,
       c.ElectID AS payer_id,
       coalesce((SELECT 'carrier:' || min(g.num) FROM one AS g WHERE g.carrier = carrier_parent(o.carrier)),
                'group:' || carrier_parent(o.carrier)) AS parent,
       c.SecDateEntry AS created_at, c.SecDateTEdit AS modified_at
FROM carrier AS c LEFT JOIN one AS o ON o.num = c.CarrierNum
