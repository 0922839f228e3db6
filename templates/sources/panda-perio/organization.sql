SELECT r.ReferralSourceID AS src_key, 'referring_practice' AS kind,
       coalesce(nullif(trim(r.PracticeName), ''),
                nullif(trim(coalesce(r.RefdrFirstName, '') || ' ' || coalesce(r.RefdrLastName, '')), '')) AS name,
       r.RefdrWorkPhone AS phone, r.RefdrFax AS fax, r.Email AS email,
       r.RefdrStreet AS address_line1, r.RefdrStreet2 AS address_line2, r.RefdrCity AS city, r.RefdrState AS state,
       r.RefdrZip AS postal_code, r.Specialty AS specialty, r.SourceType AS source_type,
       r.CreatedDate AS created_at, r.ModifiedDate AS modified_at
FROM ReferralSource AS r
