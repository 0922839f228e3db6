-- Names of entities as the program or the export calls them.
SELECT entity || ':' || f.EntityID || ':' || f.FieldName AS src_key, entity, f.EntityID AS record, f.FieldName AS name,
       f.DataType AS type, f.Value AS value
FROM (SELECT c.*, CASE lower(trim(c.EntityName))
                       WHEN 'patient' THEN 'patient' WHEN 'hasta' THEN 'patient'
                       WHEN 'treatmentplan' THEN 'treatment_plan' WHEN 'planlama' THEN 'treatment_plan'
                       WHEN 'procedureline' THEN 'plan_line' WHEN 'tedavi' THEN 'plan_line'
                       WHEN 'appointment' THEN 'appointment' WHEN 'randevu' THEN 'appointment'
                       WHEN 'location' THEN 'practice_location' WHEN 'klinik' THEN 'practice_location'
                       WHEN 'staff' THEN 'provider' WHEN 'dişhekimi' THEN 'provider' WHEN 'dishekimi' THEN 'provider'
                       WHEN 'insurancepolicy' THEN 'insurance_policy' WHEN 'sigorta' THEN 'insurance_policy'
                       WHEN 'diagnosis' THEN 'diagnosis' WHEN 'diyagnoz' THEN 'diagnosis'
                       WHEN 'recall' THEN 'recall' WHEN 'kontrol' THEN 'recall'
                  END AS entity
      FROM CustomField AS c) AS f
