SELECT i.InsuranceID AS src_key, i.PatientID AS patient,
       'carrier:' || canonical('insurance_policy.carrier_name', i.CarrierName) AS carrier, i.CarrierName AS carrier_raw,
       i.PayerID AS payer_id, i.PolicyNumber AS policy_number, i.GroupNumber AS group_number, i.Coverage AS coverage,
       i.SubscriberName AS subscriber, i.SubscriberRelationship AS relationship, i.Priority AS priority,
       i.EffectiveDate AS valid_from, i.TermDate AS valid_to
FROM Insurance AS i
