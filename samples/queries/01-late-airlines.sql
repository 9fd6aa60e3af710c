-- Which airlines are late most often? Late is more than 15 minutes after the scheduled arrival.
WITH airlines (carrier, name) AS (
  VALUES
    ('9E', 'Endeavor Air'),
    ('AA', 'American Airlines'),
    ('AS', 'Alaska Airlines'),
    ('B6', 'JetBlue Airways'),
    ('DL', 'Delta Air Lines'),
    ('EV', 'ExpressJet Airlines'),
    ('F9', 'Frontier Airlines'),
    ('FL', 'AirTran Airways'),
    ('HA', 'Hawaiian Airlines'),
    ('MQ', 'Envoy Air'),
    ('OO', 'SkyWest Airlines'),
    ('UA', 'United Air Lines'),
    ('US', 'US Airways'),
    ('VX', 'Virgin America'),
    ('WN', 'Southwest Airlines'),
    ('YV', 'Mesa Airlines')
)
SELECT
  airlines.name AS airline,
  count(*) AS arrivals,
  round(100.0 * sum(CASE WHEN arr_delay > 15 THEN 1 ELSE 0 END) / count(*), 1) AS late_percent,
  round(avg(arr_delay), 1) AS mean_delay,
  max(arr_delay) AS worst_delay
FROM 'samples/nycflights13/flights/*/*.parquet' AS flights
JOIN airlines ON airlines.carrier = flights.carrier
WHERE arr_delay IS NOT NULL
GROUP BY airlines.name
HAVING count(*) >= 1000
ORDER BY late_percent DESC;
