SELECT i.PatPlanNum AS src_key, i.PatNum AS patient, 'carrier:' || p.CarrierNum AS carrier, c.CarrierName AS carrier_raw,
       c.ElectID AS payer_id, coalesce(nullif(trim(i.PatID), ''), s.SubscriberID) AS policy_number, p.GroupNum AS group_number,
       p.GroupName AS coverage, trim(coalesce(h.FName, '') || ' ' || h.LName) AS subscriber, i.Relationship AS relationship,
       i.Ordinal AS priority, s.DateEffective AS valid_from, s.DateTerm AS valid_to,
       i.SecDateTEntry AS created_at, i.SecDateTEdit AS modified_at
FROM patplan AS i LEFT JOIN inssub AS s ON s.InsSubNum = i.InsSubNum LEFT JOIN insplan AS p ON p.PlanNum = s.PlanNum
     LEFT JOIN carrier AS c ON c.CarrierNum = p.CarrierNum LEFT JOIN patient AS h ON h.PatNum = s.Subscriber
