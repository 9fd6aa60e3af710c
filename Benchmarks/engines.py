"""The two engines: Apus by its command line, DuckDB by its Python client, over the same files."""

import dataclasses
import datetime
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass
class Suite:
    """Tables of Parquet files and queries over them, for both engines."""

    name: str
    folder: pathlib.Path  # One folder of Parquet files for each table.
    tables: list
    queries: dict  # Name to text.
    difference: callable  # (query's name, rows of Apus, DuckDB) to what differs first, or None.
    dialect: callable = staticmethod(lambda sql: sql)  # The text for DuckDB.


class NotSupported(Exception):
    """The statement needs something that Apus says it does not have yet."""


class Failed(Exception):
    """The statement ended with another error, or the process died."""


def apus_command(apus, folder, threads, memory_limit=None):
    """Returns the command over the tables of a folder, which is its warehouse."""
    limit = ["--memory-limit", memory_limit] if memory_limit else []
    return [
        *[str(apus), "--warehouse", str(folder), "--threads", str(threads), "--format", "csv"],
        *limit,
    ]


def run_apus(apus, folder, sql, threads=2, timeout=300, memory_limit=None):
    """Runs a statement and returns its result as CSV.

    Raises NotSupported or Failed unless the exit status is 0.
    """
    process = subprocess.run(
        [*apus_command(apus, folder, threads, memory_limit), "-c", sql],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=ROOT,
    )
    if process.returncode == 0:
        return process.stdout
    message = process.stderr.strip()
    if process.returncode == 1 and "NOT_SUPPORTED" in message:
        raise NotSupported(message)
    raise Failed(f"exit status {process.returncode}: {message}")


# Runs a command as its child and says its peak memory on standard error. A process begins with the
# peak of the one that started it, which here holds DuckDB; this one is small.
PEAK = """
import os, sys
child = os.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print("peak:", usage.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def apus_hot(apus, folder, sql, threads, runs, memory_limit=None):
    """Returns the times in ms of `runs` runs in one process after one that does not count, and the
    process's peak memory in MB."""
    command = apus_command(apus, folder, threads, memory_limit)
    process = subprocess.run(
        [sys.executable, "-S", "-c", PEAK, *command, "--timing", "--output", "/dev/null"],
        input=f"{sql};\n" * (runs + 1),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    if process.returncode != 0:
        raise Failed(f"exit status {process.returncode}: {process.stderr}")
    lines = process.stderr.splitlines()
    times = [float(text.split()[1]) for text in lines if text.startswith("time: ")]
    peak = next(int(text.split()[1]) for text in lines if text.startswith("peak: "))
    return times[-runs:], round(peak / 1024)


def apus_cold(apus, folder, sql, threads, memory_limit=None):
    """Returns the time in ms of a process of its own, from its start to its end."""
    command = [
        *apus_command(apus, folder, threads, memory_limit),
        *["--output", "/dev/null", "-c", sql],
    ]
    started = time.perf_counter()
    process = subprocess.run(command, stdin=subprocess.DEVNULL, cwd=ROOT)
    elapsed = 1000 * (time.perf_counter() - started)
    if process.returncode != 0:
        raise Failed(f"exit status {process.returncode}")
    return round(elapsed, 3)


def duckdb_cold(folder, tables, sql, threads):
    """Returns the times in ms of an interpreter of its own: without and with its start.

    The first runs from the connection to the whole result, with Python running and all modules
    imported: no process of DuckDB's could be leaner. The second is from the process's start to its
    end, as for Apus.
    """
    used = [table for table in tables if re.search(rf"\b{table}\b", sql)]
    command = [sys.executable, __file__, str(folder), ",".join(used), str(threads), sql]
    started = time.perf_counter()
    process = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    elapsed = 1000 * (time.perf_counter() - started)
    if process.returncode != 0:
        raise Failed(f"DuckDB: {process.stderr}")
    return round(float(process.stdout), 3), round(elapsed, 3)


class DuckDB:
    """The peer, over the same files, with as many threads."""

    def __init__(self, folder, tables, threads=2, memory_limit=None):
        import duckdb

        self.version = duckdb.__version__
        limit = {"memory_limit": memory_limit} if memory_limit else {}
        self.connection = duckdb.connect(config={"threads": threads, **limit})
        for table in tables:
            self.connection.execute(
                f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{folder}/{table}/*.parquet')"
            )

    def run(self, sql):
        """Runs a query with its whole result fetched as Arrow."""
        return self.connection.sql(sql).to_arrow_table()

    def hot(self, sql, runs):
        """Returns the times in ms of `runs` runs after one that does not count."""
        times = []
        for _ in range(runs + 1):
            started = time.perf_counter()
            self.run(sql)
            times.append(round(1000 * (time.perf_counter() - started), 3))
        return times[1:]

    def rows(self, sql):
        """Returns the answer as text, NULL as the empty string; doubles and timestamps stay."""
        rows = self.connection.execute(sql).fetchall()
        return [[_text(cell) for cell in row] for row in rows]


def _text(cell):
    if isinstance(cell, (float, datetime.datetime)):
        return cell
    return "" if cell is None else str(cell)


def _cold_process():
    folder, tables, threads, sql = sys.argv[1:]
    import duckdb  # noqa: F401
    import pyarrow  # noqa: F401

    started = time.perf_counter()
    DuckDB(folder, filter(None, tables.split(",")), int(threads)).run(sql)
    print(1000 * (time.perf_counter() - started))


if __name__ == "__main__":
    _cold_process()
