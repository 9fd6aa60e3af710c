"""Questions over the flights, answered by Apus and by DuckDB, and the samples among them."""

import math

import duckdb
import pytest
from answers import read_csv
from conftest import FLIGHTS, ROOT

QUESTIONS = {
    "all rows": "SELECT count(*), count(dep_time), sum(distance), min(month), max(month) FROM f",
    "group by partition": "SELECT month, count(*) FROM f GROUP BY month ORDER BY month",
    "group by text": "SELECT origin, count(*), avg(dep_delay) FROM f GROUP BY origin ORDER BY 1",
    "many groups": "SELECT count(*), max(n) FROM (SELECT tailnum, flight, count(*) AS n FROM f "
    "GROUP BY tailnum, flight) AS t",
    "distinct": "SELECT count(DISTINCT tailnum), count(DISTINCT dest) FROM f",
    "distinct rows": "SELECT DISTINCT origin, month FROM f ORDER BY origin, month",
    "nulls": "SELECT dep_time IS NULL, count(*), sum(arr_delay) FROM f GROUP BY 1 ORDER BY 2",
    "nulls last": "SELECT dep_delay, flight, day FROM f WHERE month = 2 "
    "ORDER BY dep_delay DESC NULLS LAST, flight, day, carrier LIMIT 20",
    "nulls first": "SELECT arr_delay, carrier, flight, day FROM f WHERE month = 2 AND day = 8 "
    "ORDER BY arr_delay NULLS FIRST, carrier, flight LIMIT 30",
    "offset": "SELECT carrier, flight FROM f WHERE month = 5 AND day = 1 "
    "ORDER BY carrier, flight, origin, sched_dep_time OFFSET 100 LIMIT 10",
    "having": "SELECT dest, count(*) FROM f GROUP BY dest HAVING count(*) > 10000 ORDER BY dest",
    "like": "SELECT count(*) FROM f WHERE tailnum LIKE 'N1_3%' AND dest NOT LIKE '%A'",
    "in and between": "SELECT count(*) FROM f WHERE carrier IN ('AA', 'HA') "
    "AND distance BETWEEN 1000 AND 2500",
    "case": "SELECT CASE WHEN dep_delay > 60 THEN 'late' WHEN dep_delay IS NULL THEN 'gone' "
    "ELSE 'fine' END AS state, count(*) FROM f GROUP BY 1 ORDER BY 1",
    "timestamps": "SELECT min(time_hour), max(time_hour), count(*) FROM f "
    "WHERE time_hour >= TIMESTAMP '2013-06-01 00:00:00' AND time_hour < TIMESTAMP '2013-06-02'",
    "inner join": "SELECT count(*), sum(a.distance + b.distance) FROM f AS a JOIN f AS b "
    "ON a.tailnum = b.tailnum AND a.day = b.day AND a.month = b.month WHERE a.month = 3 AND b.day < 9",
    "left join": "SELECT count(*), count(r.n) FROM f LEFT JOIN (SELECT dest, count(*) AS n FROM f "
    "WHERE month = 1 GROUP BY dest) AS r ON f.dest = r.dest WHERE f.month = 7",
    "full join": "SELECT count(*), count(a.dest), count(b.dest) FROM "
    "(SELECT DISTINCT dest FROM f WHERE month = 1) AS a FULL JOIN "
    "(SELECT DISTINCT dest FROM f WHERE month = 7) AS b ON a.dest = b.dest",
    "cross join": "SELECT count(*) FROM (SELECT DISTINCT origin FROM f) AS a "
    "CROSS JOIN (SELECT DISTINCT carrier FROM f) AS b",
    "union": "SELECT origin FROM f WHERE month = 1 UNION SELECT dest FROM f WHERE month = 1 ORDER BY 1",
    "except": "SELECT dest FROM f WHERE month = 7 EXCEPT SELECT dest FROM f WHERE month = 2 ORDER BY 1",
    "intersect": "SELECT count(*) FROM (SELECT tailnum FROM f WHERE carrier = 'UA' INTERSECT "
    "SELECT tailnum FROM f WHERE carrier <> 'UA') AS t",
    "with": "WITH busy AS (SELECT dest FROM f GROUP BY dest HAVING count(*) > 12000) "
    "SELECT month, count(*) FROM f WHERE dest IN (SELECT dest FROM busy) GROUP BY month ORDER BY 1",
    "not in": "SELECT count(*) FROM f WHERE dest NOT IN (SELECT dest FROM f WHERE month = 1)",
    "scalar subquery": "SELECT count(*) FROM f WHERE arr_delay > (SELECT avg(arr_delay) FROM f)",
    "window": "SELECT month, n, rank() OVER (ORDER BY n DESC), sum(n) OVER (ORDER BY month) FROM "
    "(SELECT month, count(*) AS n FROM f GROUP BY month) AS t ORDER BY month",
    "top of each": "SELECT origin, dest, n FROM (SELECT origin, dest, count(*) AS n, row_number() "
    "OVER (PARTITION BY origin ORDER BY count(*) DESC, dest) AS place FROM f GROUP BY origin, dest) "
    "AS t WHERE place <= 3 ORDER BY origin, place",
    "lag": "SELECT month, n - lag(n) OVER (ORDER BY month) FROM (SELECT month, count(*) AS n FROM f "
    "GROUP BY month) AS t ORDER BY month",
    "decimals": "SELECT month, sum(CAST(distance AS decimal(10,2)) * 1.25) FROM f GROUP BY month ORDER BY 1",
    "strings": "SELECT upper(lower(carrier)) || '-' || substr(dest, 2, 1), count(*) FROM f "
    "WHERE month = 9 GROUP BY 1 ORDER BY 1",
    "no rows": "SELECT carrier, count(*) FROM f WHERE month = 13 GROUP BY carrier",
    "no rows, one group": "SELECT count(*), sum(distance), min(carrier) FROM f WHERE distance < 0",
    "statistics": "SELECT round(stddev(dep_delay), 6), round(corr(dep_delay, arr_delay), 9) FROM f",
    "min and max of text": "SELECT month, min(tailnum), max(tailnum) FROM f GROUP BY month ORDER BY 1",
}


@pytest.fixture(scope="module")
def peer():
    connection = duckdb.connect()
    connection.execute("SET default_null_order = 'nulls_last'")
    connection.execute(f"CREATE VIEW f AS SELECT * FROM '{ROOT / FLIGHTS}'")
    return connection


def check(apus, peer, sql, duckdb_sql, timeout=120):
    result = apus("-c", sql, timeout=timeout)
    assert result.returncode == 0, result.stderr
    rows = read_csv(result.stdout)
    expected = peer.execute(duckdb_sql).fetchall()
    assert len(rows) == len(expected)
    for row, wanted in zip(rows, expected):
        assert len(row) == len(wanted)
        for cell, want in zip(row, wanted):
            assert same(cell, want), f"{row} where DuckDB has {wanted}"


def same(cell, want):
    if want is None:
        return cell == ""
    if isinstance(want, bool):
        return cell == str(want).lower()
    if isinstance(want, (int, str)):
        return cell == str(want)
    if hasattr(want, "isoformat"):
        return cell.split(".")[0] == want.isoformat(" ").split(".")[0]
    return cell != "" and math.isclose(float(cell), float(want), rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("name", QUESTIONS)
def test_question(apus, peer, name):
    sql = QUESTIONS[name]
    check(apus, peer, f"CREATE VIEW f AS SELECT * FROM '{FLIGHTS}'; {sql}", duckdb_dialect(sql))


def duckdb_dialect(sql):
    return sql.replace("OFFSET 100 LIMIT 10", "LIMIT 10 OFFSET 100")


SAMPLES = sorted((ROOT / "samples" / "queries").glob("*.sql"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample(apus, peer, path):
    sql = path.read_text()
    check(apus, peer, sql, sql.replace("'samples/", f"'{ROOT}/samples/"))
