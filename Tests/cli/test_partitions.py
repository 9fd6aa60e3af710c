"""What a query over Hive partitions opens, as the system calls tell."""

import re
import subprocess

import pytest
from conftest import FLIGHTS, ROOT


def opened_months(apus_binary, tmp_path, sql):
    """Runs a query and returns its output and the months whose files it opened."""
    trace = tmp_path / "trace"
    result = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-o", trace, apus_binary]
        + ["-c", sql],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
    )
    if "ptrace" in result.stderr and "not permitted" in result.stderr:
        pytest.skip("strace may not trace here")
    assert result.returncode == 0, result.stderr
    # Another thread's call may cut a line in two, so the answer of the call is not looked at.
    months = re.findall(r'month=(\d+)/[^"]*\.parquet"', trace.read_text())
    return result.stdout, {int(month) for month in months}


@pytest.mark.parametrize(
    "condition, months, rows",
    [
        ("month = 1", {1}, 27004),
        ("month IN (2, 11)", {2, 11}, 24951 + 27268),
        ("month > 11 AND dep_delay > 0", {12}, 13550),
        ("month + 0 = 3", None, 28834),
        ("month = 13", set(), 0),
    ],
)
def test_only_the_months_asked_for_are_opened(apus_binary, tmp_path, condition, months, rows):
    sql = f"SELECT count(*) AS n FROM '{FLIGHTS}' WHERE {condition}"
    output, opened = opened_months(apus_binary, tmp_path, sql)
    assert output == f"n\n{rows}\n"
    if months is not None:
        # The schema is read from one file, which is the first by name: month=1's.
        assert opened - {1} == months - {1}
