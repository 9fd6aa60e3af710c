"""A warehouse in a bucket: what it asks of the server, and what it makes of a server that fails."""

import csv
import io
import re
import socket

import pytest
import tpch
from conftest import FLIGHTS
from lake import FaultyProxy


def rows(result):
    assert result.returncode == 0, result.stderr
    return list(csv.reader(io.StringIO(result.stdout)))


@pytest.fixture
def run(apus, lake):
    """Runs statements over the bucket's warehouse."""

    def run(*statements, endpoint=None, **environment):
        commands = [word for sql in statements for word in ("-c", sql)]
        return apus(
            "--warehouse",
            f"{lake.uri}/warehouse",
            *commands,
            environment=lake.environment(endpoint, **environment),
        )

    return run


# Requests and bytes


FLIGHTS_BY_MONTH = (
    "CREATE TABLE flights WITH (partitioned_by = ARRAY['month']) AS "
    f"SELECT carrier, origin, dep_delay, time_hour, month FROM '{FLIGHTS}'"
)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*), sum(dep_delay) FROM flights WHERE month = 3",
        "SELECT * FROM flights WHERE month = 3 AND carrier = 'UA'",
        "SELECT origin, count(*) FROM flights GROUP BY origin",
        "SELECT count(*) FROM flights WHERE month = 13",
        "INSERT INTO flights SELECT 'XX', 'JFK', 1, NULL, 3",
    ],
)
def test_explain_analyze_and_the_servers_log_agree(run, lake, query):
    rows(run(FLIGHTS_BY_MONTH))
    position = lake.log_position()
    plan = "\n".join(row[0] for row in rows(run("EXPLAIN ANALYZE " + query)))
    seen = lake.requests_since(position)
    counted = dict.fromkeys(["list", "head", "get", "put", "delete"], 0)
    received = 0
    for request in seen:
        counted[request.operation] += 1
        if request.operation == "get":
            received += request.size
    said = re.search(r"Requests: (.*); received (\d+) bytes", plan)
    if not seen:
        assert said is None
        return
    told = {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", said[1])}
    assert told == {word: count for word, count in counted.items() if count}
    assert int(said[2]) == received


def test_one_month_of_lineitem_takes_one_list_and_four_gets_at_most(run, apus, lake):
    lineitem = f"'{tpch.make_data()}/lineitem/*.parquet'"
    made = run(
        "CREATE TABLE lineitem WITH (partitioned_by = ARRAY['l_month']) AS "
        "SELECT *, year(l_shipdate) * 100 + month(l_shipdate) AS l_month "
        f"FROM {lineitem}"
    )
    assert made.returncode == 0, made.stderr
    position = lake.log_position()
    answer = rows(
        run(
            "SELECT sum(l_extendedprice * l_discount) AS revenue FROM lineitem "
            "WHERE l_month = 199503 AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24"
        )
    )
    operations = [request.operation for request in lake.requests_since(position)]
    assert operations.count("list") <= 1
    assert operations.count("get") <= 4
    assert len(operations) == operations.count("list") + operations.count("get")
    expected = apus(
        "-c",
        "SELECT sum(l_extendedprice * l_discount) AS revenue "
        f"FROM {lineitem} WHERE date_trunc('month', l_shipdate) = DATE '1995-03-01'"
        " AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24",
    )
    assert answer == rows(expected)


# The n-th request fails


CREATE = (
    "CREATE TABLE made WITH (partitioned_by = ARRAY['part']) AS "
    "SELECT id, name, part FROM source WHERE id <= 6"
)
INSERT = "INSERT INTO source SELECT id + 100, name, part FROM source WHERE part = 1"
SELECT = "SELECT part, count(*), sum(id) FROM source GROUP BY part ORDER BY part"
SOURCE = (
    "CREATE TABLE source WITH (partitioned_by = ARRAY['part']) AS SELECT * FROM (VALUES "
    "(1, 'a', 1), (2, 'b', 1), (3, 'c', 2), (4, 'd', 2), (5, 'e', 1), (6, 'f', 2), (7, 'g', 1)) "
    "AS t (id, name, part)"
)

REFUSED = {"fault": "status", "status": 403, "code": "AccessDenied"}
FAULTS = {
    "refused once": {**REFUSED, "times": 1},
    "refused from then on": REFUSED,
    "slowed down once": {"fault": "status", "status": 503, "code": "SlowDown", "times": 1},
    "reset once": {"fault": "reset", "times": 1},
    "answer lost once": {"fault": "lost", "times": 1},
    "cut once": {"fault": "cut", "bytes": 10, "times": 1},
}
"""Whether a fault may be the statement's error; the others are to be overcome."""
MAY_FAIL = {"refused once", "refused from then on"}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_nth_request_fails(run, lake, tmp_path, fault):
    rows(run(SOURCE))
    before = rows(run(SELECT))
    tables = {
        CREATE: ("SELECT count(*), sum(id) FROM made", [["6", "21"]]),
        SELECT: None,
        INSERT: ("SELECT count(*), sum(id) FROM source", [["11", str(28 + 415)]]),
    }
    with FaultyProxy(lake.endpoint) as proxy:
        for statement, after in tables.items():
            for n in range(1, 100):
                proxy.set({**FAULTS[fault], "nth": n})
                result = run(statement, endpoint=proxy.endpoint)
                met = any(request["fault"] for request in proxy.requests())
                where = f"{statement}, request {n}: {result.stderr}"
                if result.returncode == 0:
                    if statement == SELECT:
                        assert rows(result) == before, where
                    else:
                        # Whoever looks next sees all of it, whatever was left to be completed.
                        assert rows(run(after[0]))[1:] == after[1], where
                else:
                    assert fault in MAY_FAIL, where
                    assert re.match(r"error: [A-Z_]+", result.stderr), where
                    assert "denies access" in result.stderr, where
                    assert rows(run(SELECT)) == before, where
                    missing = run("SELECT * FROM made")
                    assert "TABLE_NOT_FOUND" in missing.stderr, where
                # The next statement that writes has swept up what could not be thrown away.
                rows(run("CREATE TABLE sweep AS SELECT 1 AS a", "DROP TABLE sweep"))
                assert lake.open_uploads() == [], where
                kept = {key for key in lake.keys_below("warehouse/default/made")}
                assert bool(kept) == (statement == CREATE and result.returncode == 0), where
                if result.returncode == 0 and statement != SELECT:
                    undo(run, lake, statement)
                if not met:
                    break
            else:
                pytest.fail("no end of requests")


def undo(run, lake, statement):
    """Brings the warehouse back to what it was before the statement."""
    if statement == CREATE:
        rows(run("DROP TABLE made"))
        lake.remove_below("warehouse/default/made")
    else:
        rows(run("DROP TABLE source"))
        lake.remove_below("warehouse/default/source")
        rows(run(SOURCE))


# What is wrong is said


def test_wrong_keys(run, lake):
    result = run("SHOW TABLES", AWS_SECRET_ACCESS_KEY="not-that-one")
    assert result.returncode == 1
    assert "does not fit the access key" in result.stderr
    assert "not-that-one" not in result.stderr


def test_unknown_key(run):
    result = run("SHOW TABLES", AWS_ACCESS_KEY_ID="nobody")
    assert result.returncode == 1
    assert "does not know the access key" in result.stderr


def test_no_keys(run, tmp_path):
    result = run(
        "SHOW TABLES",
        AWS_ACCESS_KEY_ID="",
        AWS_SECRET_ACCESS_KEY="",
        HOME=str(tmp_path),
    )
    assert result.returncode == 1
    assert "AWS_ACCESS_KEY_ID" in result.stderr


def test_a_missing_bucket(apus, lake):
    result = apus(
        "-c",
        "SELECT * FROM 's3://no-such-bucket-of-ours/a.parquet'",
        environment=lake.environment(),
    )
    assert result.returncode == 1
    assert "no-such-bucket-of-ours" in result.stderr
    assert "bucket" in result.stderr.lower()


def test_an_unreachable_endpoint(run):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    result = run("SHOW TABLES", endpoint=f"http://127.0.0.1:{port}")
    assert result.returncode == 1
    assert str(port) in result.stderr


def test_keys_of_a_profile_for_a_prefix(apus, lake, tmp_path):
    """Two endpoints at once: the bucket's by a profile, all others nowhere."""
    (tmp_path / "credentials").write_text(
        "[lab]\n"
        f"aws_access_key_id = {lake.keys['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {lake.keys['AWS_SECRET_ACCESS_KEY']}\n"
    )
    (tmp_path / "config").write_text(
        f"[profile lab]\nendpoint_url = {lake.endpoint}\nregion = us-east-1\n"
    )
    environment = {
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    made = apus(
        "--warehouse", f"{lake.uri}/w", "--s3-profile", f"{lake.uri}/=lab",
        "-c", "CREATE TABLE t AS SELECT 1 AS a", "-c", "SELECT a FROM t",
        environment=environment,
    )
    assert rows(made)[-1] == ["1"]
    refused = apus(
        "--s3-profile", f"{lake.uri}/=lab", "-c", "SELECT * FROM 's3://elsewhere/x.parquet'",
        environment={**environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
    )
    assert refused.returncode == 1
