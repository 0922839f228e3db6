-- Keys are char(n): the blanks behind them are no part of the key.
SELECT rtrim(deptid) AS src_key,
       deptname      AS name
  FROM "dbo.department"
