-- How punctual are the ten busiest routes? On time is at most 15 minutes late; a flight without an
-- arrival time was cancelled or diverted.
SELECT
  origin || ' → ' || dest AS route,
  count(*) AS flights,
  round(100.0 * sum(CASE WHEN arr_delay <= 15 THEN 1 ELSE 0 END) / count(*), 1) AS on_time_percent,
  count(*) - count(arr_delay) AS not_arrived,
  round(avg(air_time), 0) AS minutes_in_air
FROM 'samples/nycflights13/flights/*/*.parquet'
GROUP BY origin, dest
ORDER BY flights DESC
LIMIT 10;
