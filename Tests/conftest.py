"""Fixtures of the tests that run the apus binary: Tests/cli, Tests/tpch, Tests/tpcds.

Environment: APUS_BINARY is the binary under test; APUS_TEST_FILTER keeps the tests whose name
matches it as a regular expression.
"""

import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("APUS_BINARY", ROOT / ".build" / "release" / "apus"))
FLIGHTS = "samples/nycflights13/flights/*/*.parquet"

sys.path.insert(0, str(ROOT / "Benchmarks"))
sys.path.insert(0, str(ROOT / "Tests" / "s3"))

_notes = []


def pytest_collection_modifyitems(config, items):
    pattern = os.environ.get("APUS_TEST_FILTER")
    if pattern:
        kept = [item for item in items if re.search(pattern, item.nodeid)]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def pytest_terminal_summary(terminalreporter):
    for note in _notes:
        terminalreporter.write_line(note)


@pytest.fixture(scope="session")
def notes():
    """Lines to print below the results: figures that are reported and not asserted."""
    return _notes


@pytest.fixture(autouse=True)
def own_places(monkeypatch, tmp_path):
    """Gives each test a warehouse and a home for catalogs of its own."""
    monkeypatch.setenv("APUS_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def apus_binary():
    assert BINARY.exists(), f"{BINARY} is not built"
    return BINARY


@pytest.fixture(scope="session")
def apus(apus_binary):
    """Runs apus from the root of the repository with pipes at all ends."""

    def run(*arguments, stdin="", environment=None, timeout=60):
        return subprocess.run(
            [str(apus_binary), *arguments],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
        )

    return run


@pytest.fixture
def lake():
    """A bucket of its own on the tests' S3 server, for which Tests/run starts one."""
    if "APUS_TEST_S3_ENDPOINT" not in os.environ:
        if "APUS_TEST_S3_REQUIRED" in os.environ:
            pytest.fail("the S3 server of the tests is not there")
        pytest.skip("needs the S3 server that Tests/run starts")
    from lake import Lake

    return Lake()
