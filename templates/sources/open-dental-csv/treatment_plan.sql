SELECT t.TreatPlanNum AS src_key, t.PatNum AS patient, t.Heading AS name, t.DateTP AS plan_date, t.Note AS notes,
       t.SecDateEntry AS created_at, t.SecDateTEdit AS modified_at
FROM treatplan AS t
