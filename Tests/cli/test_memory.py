"""Memory: what a query may not hold goes to a temporary file, of which nothing is left."""

import re
import resource
import subprocess

import pytest
from conftest import FLIGHTS, ROOT

GROUPS = f"""SELECT count(*), sum(c), sum(d) FROM (
    SELECT tailnum, time_hour, flight, count(*) c, count(DISTINCT dest) d FROM '{FLIGHTS}' GROUP BY 1, 2, 3)"""
JOIN = f"""SELECT count(*), sum(a.dep_delay), sum(b.arr_delay) FROM '{FLIGHTS}' a LEFT JOIN '{FLIGHTS}' b
    ON a.flight = b.flight AND a.time_hour = b.time_hour AND a.carrier = b.carrier AND b.month < 9"""
SORT = f"SELECT time_hour, tailnum, flight, arr_delay FROM '{FLIGHTS}' ORDER BY tailnum DESC, time_hour, 3, 4"
QUERIES = [
    pytest.param(GROUPS, id="groups"),
    pytest.param(JOIN, id="join"),
    pytest.param(SORT, id="sort"),
]


@pytest.mark.parametrize("sql", QUERIES)
def test_spills(apus, tmp_path, sql):
    whole = apus("-c", sql)
    assert whole.returncode == 0, whole.stderr
    limited = ("--memory-limit", "12MB", "--temporary-directory", str(tmp_path))
    part = apus(*limited, "-c", sql)
    assert (part.returncode, part.stdout) == (0, whole.stdout), part.stderr
    plan = apus(*limited, "-c", "EXPLAIN ANALYZE " + sql).stdout
    assert re.search(r"spilled: [1-9]", plan), plan
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sql", QUERIES)
def test_a_full_disk_fails_the_query(apus_binary, tmp_path, sql):
    command = [apus_binary, "--memory-limit", "12MB", "--temporary-directory", tmp_path]
    result = subprocess.run(
        [*command, "-c", sql],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=60,
        # No file may grow beyond 100 kB.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert result.returncode == 1
    assert "OUT_OF_SPILL_SPACE" in result.stderr, result.stderr
    assert str(tmp_path) in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_not_there(apus, tmp_path):
    missing = tmp_path / "missing"
    result = apus("--memory-limit", "12MB", "--temporary-directory", str(missing), "-c", GROUPS)
    assert result.returncode == 1
    assert "OUT_OF_SPILL_SPACE" in result.stderr and str(missing) in result.stderr
    assert "--temporary-directory" in result.stderr


def test_what_cannot_be_divided_says_so(apus):
    result = apus("--memory-limit", "2MB", "-c", f"SELECT array_agg(tailnum) FROM '{FLIGHTS}'")
    assert result.returncode == 1
    assert "EXCEEDED_LOCAL_MEMORY_LIMIT" in result.stderr
    assert "2MB" in result.stderr
