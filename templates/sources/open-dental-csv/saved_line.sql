-- Lines of saved plans are copies of what was proposed.
SELECT 'saved:' || l.ProcTPNum AS src_key, l.TreatPlanNum AS plan, l.ItemOrder AS seq, l.ProcCode AS code, l.Descript AS description,
       l.ToothNumTP AS tooth, l.Surf AS surface, l.FeeAmt AS fee, l.PriInsAmt AS insurance_estimate, 'TP' AS status
FROM proctp AS l
