SELECT t.TreatPlanNum AS src_key, t.PatNum AS patient, t.Heading AS name, t.DateTP AS plan_date, t.Note AS notes
FROM treatplan AS t
