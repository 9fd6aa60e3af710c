"""Writing: all rows or none, for every reader, whatever becomes of the writer."""

import os
import pathlib
import signal
import subprocess
import time

import pytest
from conftest import FLIGHTS, ROOT

WRITERS = 2
INSERTS = 12
READS = 60
# Flights on the first day of a month.
FIRSTS = 11036


@pytest.fixture(params=["disk", "bucket"])
def warehouse(request, tmp_path):
    """A warehouse and the environment that finds it."""
    if request.param == "disk":
        return str(tmp_path / "shared"), {}
    lake = request.getfixturevalue("lake")
    return f"{lake.uri}/shared", lake.environment()


def start(apus_binary, warehouse, statements):
    place, environment = warehouse
    process = subprocess.Popen(
        [str(apus_binary), "--warehouse", place, "--format", "csv"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    process.stdin.write("".join(statement + ";\n" for statement in statements))
    process.stdin.close()
    return process


def finish(process):
    output, complaints = process.stdout.read(), process.stderr.read()
    assert process.wait(timeout=120) == 0, complaints
    return output


def test_two_write_while_one_reads(apus_binary, apus, warehouse):
    place, environment = warehouse
    made = apus(
        "--warehouse",
        place,
        "-c",
        "CREATE TABLE t WITH (partitioned_by = ARRAY['part']) AS "
        f"SELECT flight, day, month AS part FROM '{FLIGHTS}' WHERE day = 1",
        environment=environment,
    )
    assert made.returncode == 0, made.stderr
    # Each adds one row to each of twelve partitions, in several files.
    insert = f"INSERT INTO t SELECT max(flight), 1, month FROM '{FLIGHTS}' GROUP BY month"
    writers = [start(apus_binary, warehouse, [insert] * INSERTS) for _ in range(WRITERS)]
    count = "SELECT count(*) AS n, count(DISTINCT part) AS parts FROM t"
    reader = start(apus_binary, warehouse, [count] * READS)
    lines = finish(reader).split()
    for writer in writers:
        finish(writer)
    after = apus("--warehouse", place, "-c", count, environment=environment)
    counts = [int(line.split(",")[0]) for line in lines if line[0].isdigit()]
    assert len(counts) == READS
    assert all((n - FIRSTS) % 12 == 0 for n in counts), counts
    assert counts == sorted(counts)
    last = int(after.stdout.split()[1].split(",")[0])
    assert last == FIRSTS + WRITERS * INSERTS * 12


SLOW = (
    "CREATE TABLE big WITH (partitioned_by = ARRAY['part']) AS SELECT a.flight + b.flight AS sum, "
    f"a.month AS part FROM '{FLIGHTS}' a CROSS JOIN '{FLIGHTS}' b"
)


def wait_until(condition, process):
    """Waits until something has happened, as long as the process is there to bring it about."""
    while not condition():
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)


def files(place):
    return [path for path in pathlib.Path(place).rglob("*.parquet*") if path.is_file()]


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
def test_a_writer_that_is_stopped_leaves_nothing(apus_binary, apus, tmp_path, kind):
    place = tmp_path / "shared"
    process = start(apus_binary, (str(place), {}), [SLOW])
    wait_until(lambda: files(place), process)
    process.send_signal(kind)
    process.stdout.read()
    assert process.wait(timeout=60) != 0
    if kind == signal.SIGKILL:
        assert files(place) != []
    # Whoever writes next sweeps up after the dead.
    after = apus("--warehouse", str(place), "-c", "CREATE TABLE small AS SELECT 1 AS a")
    assert after.returncode == 0, after.stderr
    left = [path for path in files(place) if path.parent.name != "small"]
    assert left == []
    missing = apus("--warehouse", str(place), "-c", "SELECT * FROM big")
    assert "TABLE_NOT_FOUND" in missing.stderr


@pytest.mark.parametrize(
    "query, code",
    [
        (f"SELECT 1 / (day - 31) AS x FROM '{FLIGHTS}'", "DIVISION_BY_ZERO"),
        (f"SELECT CAST(carrier AS integer) AS x FROM '{FLIGHTS}'", "INVALID_CAST_ARGUMENT"),
    ],
)
def test_an_error_in_the_query_leaves_nothing(apus, tmp_path, query, code):
    place = tmp_path / "shared"
    made = apus("--warehouse", str(place), "-c", f"CREATE TABLE t AS {query}")
    assert made.returncode == 1
    assert code in made.stderr
    assert files(place) == []
    assert not (place / "default").exists()
    again = apus("--warehouse", str(place), "-c", "CREATE TABLE t AS SELECT 1 AS a")
    assert again.returncode == 0, again.stderr


def test_a_full_disk_leaves_nothing(apus_binary, apus, tmp_path):
    """No file may grow beyond a megabyte, which the catalog has not reached."""
    place = tmp_path / "shared"
    assert apus("--warehouse", str(place), "-c", "CREATE TABLE a AS SELECT 1 AS a").returncode == 0
    limited = subprocess.run(
        ["bash", "-c", 'ulimit -f 1000; trap "" XFSZ; exec "$@"', "limited", str(apus_binary)]
        + ["--warehouse", str(place), "-c", f"CREATE TABLE t AS SELECT * FROM '{FLIGHTS}'"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
    )
    assert limited.returncode == 1
    assert "File too large" in limited.stderr
    assert [path for path in files(place) if path.parent.name == "t"] == []


def test_other_catalogs_files_are_read(apus, tmp_path):
    """Data that another catalog's transactions have written is data like any other."""
    place = tmp_path / "shared"
    one, two = tmp_path / "one.sqlite", tmp_path / "two.sqlite"
    made = apus(
        "--warehouse", str(place), "--catalog", str(one), "-c", "CREATE TABLE t AS SELECT 7 AS a"
    )
    assert made.returncode == 0, made.stderr
    read = apus(
        "--warehouse", str(place), "--catalog", str(two),
        "-c", f"CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '{place}/default/t'",
        "-c", "SELECT a FROM t",
    )
    assert read.stdout.split()[-1] == "7", read.stderr


def test_the_sample_warehouse_may_be_made_again(apus, tmp_path):
    place = tmp_path / "samples"
    for _ in range(2):
        made = apus("--warehouse", str(place), "-f", "samples/warehouse.sql")
        assert made.returncode == 0, made.stderr
    asked = apus("--warehouse", str(place), "-c", "SELECT count(*) FROM flights WHERE month = 1")
    assert asked.stdout.split()[-1] == "27004"
    late = apus("--warehouse", str(place), "-c", "SELECT airline FROM late WHERE flight = 1 LIMIT 1")
    assert late.returncode == 0, late.stderr
