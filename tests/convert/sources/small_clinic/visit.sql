SELECT VisitId AS src_key, PatientId AS patient, StartsAt AS start_at, Minutes AS duration, Kind AS session_type
FROM "dbo.Visit"
