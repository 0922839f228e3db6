SELECT l.LocationID AS src_key, l.Name AS name, l.CompanyCode AS company_code, l.TaxOffice AS tax_office,
       l.TaxNumber AS tax_number, l.Phone AS phone, l.Email AS email, l.Address AS address_line1, l.District AS city,
       l.City AS state, l.ParentLocationID AS parent, l.ManagerID AS owner,
       l.CreatedDate AS created_at, l.ModifiedDate AS modified_at
FROM Location AS l
