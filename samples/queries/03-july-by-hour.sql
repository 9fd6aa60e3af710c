-- At what hour should one leave in July? `month` is a partition directory: one file of twelve is read.
SELECT
  hour,
  count(*) AS flights,
  count(*) - count(dep_time) AS cancelled,
  round(avg(dep_delay), 1) AS mean_delay,
  round(100.0 * sum(CASE WHEN dep_delay > 60 THEN 1 ELSE 0 END) / count(*), 1) AS over_an_hour_percent
FROM 'samples/nycflights13/flights/*/*.parquet'
WHERE month = 7
GROUP BY hour
ORDER BY hour;
