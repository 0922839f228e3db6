SELECT DISTINCT 'employer:' || employer AS src_key, 'Patient' AS src_table, 'employer' AS kind, employer AS name
FROM (SELECT canonical('organization.name', p.Employer) AS employer FROM Patient AS p)
WHERE employer IS NOT NULL
