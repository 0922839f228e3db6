-- A Turkish address names the district first: it is the city of the model, the province its state.
SELECT p.PatientID AS src_key, p.PatientID AS source_id, p.NationalID AS national_id, p.FirstName AS first,
       p.LastName AS last, p.BirthDate AS birth_date, p.Gender AS sex, p.HomePhone AS phone_home,
       p.MobilePhone AS phone_mobile, p.WorkPhone AS phone_work, p.Email AS email, p.Address AS address_line1,
       p.District AS city, p.City AS state, p.PostalCode AS postal_code, p.Country AS country, p.Status AS status,
       p.DentistID AS primary_provider, p.LocationID AS location, p.FrameColour AS alert_colour, p.Notes AS notes,
       p.RegisteredDate AS created_at, p.ModifiedDate AS modified_at
FROM Patient AS p
