SELECT i.PolicyID AS src_key, i.PatientID AS patient,
       'carrier:' || canonical('insurance_policy.carrier_name', i.PayerName) AS carrier, i.PayerName AS carrier_raw,
       i.PolicyNumber AS policy_number, i.GroupNumber AS group_number, i.SubscriberRelationship AS relationship,
       i.Priority AS priority, i.EffectiveFrom AS valid_from, i.EffectiveTo AS valid_to,
       i.CreatedDate AS created_at, i.ModifiedDate AS modified_at
FROM InsurancePolicy AS i
