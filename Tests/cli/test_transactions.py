"""Writing: all rows or none, for every reader, whatever becomes of the writer."""

import os
import pathlib
import random
import signal
import sqlite3
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


def test_a_full_disk_under_the_catalog_leaves_nothing(apus_binary, apus, tmp_path):
    """The catalog itself is what cannot grow, so it cannot note that the writer gives up."""
    place = tmp_path / "shared"
    assert apus("--warehouse", str(place), "-c", "CREATE TABLE a AS SELECT 1 AS a").returncode == 0
    size = (place / "_apus" / "catalog.sqlite-wal").stat().st_size
    failed = 0
    for room in range(0, 100, 14):
        limit = size // 1024 + room
        limited = subprocess.run(
            ["bash", "-c", f'ulimit -f {limit}; trap "" XFSZ; exec "$@"', "limited"]
            + [str(apus_binary), "--warehouse", str(place)]
            + ["-c", "CREATE TABLE t WITH (partitioned_by = ARRAY['month']) AS "
               f"SELECT day, month FROM '{FLIGHTS}'"],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=120,
        )
        failed += "HIVE_METASTORE_ERROR" in limited.stderr
        assert [path for path in files(place) if path.parent.name != "a"] == []
    assert failed > 0
    after = apus("--warehouse", str(place), "--format", "csv", "-c", "SELECT a FROM a")
    assert after.stdout.split() == ["a", "1"], after.stderr


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


INSERT = f"INSERT INTO t SELECT day, month FROM '{FLIGHTS}' WHERE day < 3"


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
def test_writers_stopped_at_any_moment_leave_all_or_nothing(apus_binary, apus, tmp_path, kind):
    place = tmp_path / "shared"
    made = apus(
        "--warehouse",
        str(place),
        "-c",
        "CREATE TABLE t WITH (partitioned_by = ARRAY['month']) AS "
        f"SELECT day, month FROM '{FLIGHTS}' WHERE day < 3",
    )
    assert made.returncode == 0, made.stderr
    count = ["--warehouse", str(place), "--format", "csv", "-c", "SELECT count(*) AS n FROM t"]
    each = int(apus(*count).stdout.split()[1])
    chance = random.Random(20130101)
    last = each
    for _ in range(8):
        process = start(apus_binary, (str(place), {}), [INSERT] * 4)
        time.sleep(chance.uniform(0.01, 0.4))
        process.send_signal(kind)
        process.stdout.read()
        process.wait(timeout=60)
        read = apus(*count)
        assert read.returncode == 0, read.stderr
        seen = int(read.stdout.split()[1])
        assert seen % each == 0
        assert last <= seen <= last + 4 * each
        last = seen
    # Whoever writes next leaves nothing but what counts.
    assert apus("--warehouse", str(place), "-c", "CREATE TABLE u AS SELECT 1 AS a").returncode == 0
    assert [path for path in files(place) if path.name.startswith(".")] == []
    assert int(apus(*count).stdout.split()[1]) == last


def test_many_make_the_catalog_at_once(apus_binary, apus, tmp_path):
    place = tmp_path / "shared"
    writers = [
        start(apus_binary, (str(place), {}), [f"CREATE TABLE t{number} AS SELECT {number} AS a"])
        for number in range(6)
    ]
    for writer in writers:
        finish(writer)
    tables = apus("--warehouse", str(place), "--format", "csv", "-c", "SHOW TABLES")
    assert tables.stdout.split()[-6:] == [f"t{number}" for number in range(6)]


def test_of_many_tables_at_one_place_there_is_one(apus_binary, apus, tmp_path):
    place = tmp_path / "shared"
    writers = [
        start(
            apus_binary,
            (str(place), {}),
            [
                f"CREATE TABLE t{number} WITH (external_location = '{tmp_path}/place') "
                f"AS SELECT {number} AS a"
            ],
        )
        for number in range(4)
    ]
    for writer in writers:
        complaints = writer.stderr.read()
        assert writer.wait(timeout=60) == 0 or "HIVE_PATH_ALREADY_EXISTS" in complaints
    tables = apus("--warehouse", str(place), "--format", "csv", "-c", "SHOW TABLES")
    (name,) = tables.stdout.split()[1:]
    rows = apus("--warehouse", str(place), "--format", "csv", "-c", f"SELECT a FROM {name}")
    assert rows.stdout.split() == ["a", name[1:]]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_catalog_that_may_only_be_read(apus_binary, apus, tmp_path):
    """Somebody who may read all files and write none, beside a writer that has died."""
    place = tmp_path / "shared"
    assert apus("--warehouse", str(place), "-c", "CREATE TABLE t AS SELECT 7 AS a").returncode == 0
    process = start(apus_binary, (str(place), {}), [SLOW])
    wait_until(lambda: [path for path in files(place) if "big" in str(path)], process)
    process.kill()
    process.wait(timeout=60)
    for folder in [tmp_path, *tmp_path.parents]:
        if folder == pathlib.Path("/tmp"):
            break
        folder.chmod(folder.stat().st_mode | 0o555)
    binary = tmp_path / "apus"
    binary.write_bytes(pathlib.Path(apus_binary).read_bytes())
    binary.chmod(0o755)

    def read():
        return subprocess.run(
            [str(binary), "--warehouse", str(place), "--format", "csv", "-c", "SELECT a FROM t"],
            capture_output=True,
            text=True,
            cwd="/",
            env={**os.environ, "HOME": "/nonexistent"},
            user=65534,
            group=65534,
            extra_groups=[],
            timeout=60,
        )

    assert read().stdout.split() == ["a", "7"], read().stderr
    # Closed by the last who used it: no files beside it.
    catalog = place / "_apus" / "catalog.sqlite"
    connection = sqlite3.connect(catalog)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert not catalog.with_name("catalog.sqlite-wal").exists()
    assert read().stdout.split() == ["a", "7"], read().stderr


def test_the_sample_warehouse_may_be_made_again(apus, tmp_path):
    place = tmp_path / "samples"
    for _ in range(2):
        made = apus("--warehouse", str(place), "-f", "samples/warehouse.sql")
        assert made.returncode == 0, made.stderr
    asked = apus("--warehouse", str(place), "-c", "SELECT count(*) FROM flights WHERE month = 1")
    assert asked.stdout.split()[-1] == "27004"
    late = apus("--warehouse", str(place), "-c", "SELECT airline FROM late WHERE flight = 1 LIMIT 1")
    assert late.returncode == 0, late.stderr
