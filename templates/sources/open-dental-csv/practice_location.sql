SELECT c.ClinicNum AS src_key, c.Description AS name, c.Phone AS phone, c.Address AS address_line1, c.Address2 AS address_line2,
       c.City AS city, c.State AS state, c.Zip AS postal_code
FROM clinic AS c
