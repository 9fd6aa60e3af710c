-- A warehouse of the flights: a table partitioned by month, a small table, a view. May run again.
CREATE TABLE IF NOT EXISTS flights
COMMENT 'Departures from New York in 2013'
WITH (format = 'PARQUET', write_compression = 'ZSTD', partitioned_by = ARRAY['month'])
AS SELECT
  carrier, flight, tailnum, origin, dest, time_hour, day, dep_delay, arr_delay, air_time, distance,
  month
FROM 'samples/nycflights13/flights/*/*.parquet';

CREATE TABLE IF NOT EXISTS airlines AS
SELECT * FROM (
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
) AS airlines (carrier, name);

CREATE OR REPLACE VIEW late AS
SELECT airlines.name AS airline, flights.*
FROM flights JOIN airlines ON airlines.carrier = flights.carrier
WHERE arr_delay > 15;
