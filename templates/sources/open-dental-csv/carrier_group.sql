-- Groups of insurers that are no insurers of the practice themselves.
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
SELECT DISTINCT 'group:' || carrier_parent(o.carrier) AS src_key, 'carrier' AS src_table, 'carrier' AS kind,
       carrier_parent(o.carrier) AS name
FROM one AS o
WHERE carrier_parent(o.carrier) NOT IN (SELECT g.carrier FROM one AS g WHERE g.carrier IS NOT NULL)
