-- DateDue is what the practice set, DateDueCalc what the program reckoned.
SELECT r.RecallNum AS src_key, r.PatNum AS patient, t.Description AS type,
       coalesce(canonical('recall.next_date', r.DateDue), r.DateDueCalc) AS next_date, r.DatePrevious AS last_date,
       r.DateTStamp AS modified_at
FROM recall AS r LEFT JOIN recalltype AS t ON t.RecallTypeNum = r.RecallTypeNum
