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
    assert result.returncode == 0, result.stderr
    # Another thread's call may cut a line in two, so the answer of the call is not looked at.
    months = re.findall(r'month=(\d+)/[^"]*\.parquet"', trace.read_text())
    return result.stdout, {int(month) for month in months}


@pytest.mark.parametrize(
    "condition, months, rows",
    [
        ("month = 1", {1}, 27004),
        ("7 = month AND dep_delay IS NOT NULL", {7}, 28485),
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
        # The columns are read from one file: one that is read anyway where the condition names it,
        # else the first, month=1's.
        is_named = "=" in condition or "IN" in condition
        assert opened == months if is_named and months else opened - {1} == months - {1}


def test_a_view_opens_the_month_asked_of_it(apus_binary, tmp_path):
    view = f"CREATE VIEW flights AS SELECT * FROM '{FLIGHTS}'; "
    sql = view + "SELECT count(*) AS n FROM flights AS f WHERE f.month = 7"
    output, opened = opened_months(apus_binary, tmp_path, sql)
    assert output == "n\n29425\n"
    # Making the view looks at one file for its columns.
    assert opened == {1, 7}
