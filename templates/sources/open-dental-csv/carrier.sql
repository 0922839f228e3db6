SELECT 'carrier:' || c.CarrierNum AS src_key, 'carrier' AS kind, c.CarrierName AS name, c.Phone AS phone,
       c.Address AS address_line1, c.Address2 AS address_line2, c.City AS city, c.State AS state, c.Zip AS postal_code,
       c.ElectID AS payer_id,
       c.SecDateEntry AS created_at, c.SecDateTEdit AS modified_at
FROM carrier AS c
