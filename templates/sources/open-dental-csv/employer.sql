SELECT 'employer:' || e.EmployerNum AS src_key, 'employer' AS kind, e.EmpName AS name, e.Phone AS phone,
       e.Address AS address_line1, e.Address2 AS address_line2, e.City AS city, e.State AS state, e.Zip AS postal_code
FROM employer AS e
