-- Notes that stand in the schedule like an appointment (status 7 and 8).
SELECT 'schedule:' || a.AptNum AS src_key, 'appointment' AS src_table, a.PatNum AS patient, nullif(trim(a.ProvNum), '0') AS author, a.AptDateTime AS noted_at,
       a.Note AS note
FROM appointment AS a
WHERE trim(a.AptStatus) IN ('7', '8', 'PtNote', 'PtNoteCompleted')
