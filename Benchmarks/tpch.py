"""TPC-H over Parquet: its data, its queries, running them through apus, and comparing answers.

Used by Benchmarks/run and by Tests/tpch, so that what is timed is what is tested.
"""

import csv
import math
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
QUERIES = ROOT / "Benchmarks" / "queries" / "tpch"
TABLES = ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"]


def make_data(scale="1"):
    """Returns the folder with the tables of `scale`, generating it once under .build.

    One folder a table, two files each, Zstandard level 3, row groups of 64 MB before compression.
    """
    folder = ROOT / ".build" / f"tpch-sf{scale}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        generator = pathlib.Path(sys.executable).parent / "tpchgen-cli"
        options = ["-q", "-s", scale, "--parts", "2", "-c", "ZSTD(3)", "--row-group-bytes", "64MB"]
        subprocess.run([generator, "parquet", *options, "-o", folder], check=True)
        (folder / "complete").touch()
    return folder


def queries():
    """Returns the 22 queries by name, without their comments."""
    texts = {}
    for path in sorted(QUERIES.glob("q*.sql")):
        lines = path.read_text().splitlines()
        sql = "\n".join(line for line in lines if not line.startswith("--"))
        texts[path.stem] = sql.strip().rstrip(";")
    return texts


def views(data):
    """Returns the statements that name the tables of `data` in an apus session."""
    return "".join(
        f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM '{data}/{table}/*.parquet';\n" for table in TABLES
    )


class NotSupported(Exception):
    """The statement needs something that Apus says it does not have yet."""


class Failed(Exception):
    """The statement ended with another error, or the process died."""


def run_apus(apus, script, threads=2, timeout=300):
    """Runs a script of statements and returns its standard output and error.

    Raises NotSupported or Failed unless the exit status is 0.
    """
    process = subprocess.run(
        [str(apus), "--threads", str(threads), "--format", "csv", "--timing"],
        input=script,
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=ROOT,
    )
    if process.returncode == 0:
        return process.stdout, process.stderr
    message = "\n".join(
        line for line in process.stderr.splitlines() if not line.startswith("time:")
    ).strip()
    if process.returncode == 1 and "NOT_SUPPORTED" in message:
        raise NotSupported(message)
    raise Failed(f"exit status {process.returncode}: {message}")


def read_csv(text):
    """Returns the rows below the header of a result in CSV; NULL is the empty string."""
    # An empty line is a row of one column that is NULL.
    return [row or [""] for row in csv.reader(text.splitlines())][1:]


def read_golden(path):
    """Returns the rows of a golden answer: a header, then fields between bars without quotes."""
    with open(path, newline="") as file:
        return list(csv.reader(file, delimiter="|", quoting=csv.QUOTE_NONE))[1:]


# DuckDB's dbgen, which wrote the golden answers, makes other texts of addresses and comments than
# tpchgen, whose texts are the specification's. These columns are left out of the comparison with
# golden answers; q13 counts comments with certain words, so only its column sums are comparable.
TEXTS = {"q02": {5, 7}, "q10": {5, 7}, "q15": {2}, "q20": {1}}
SUMS_ONLY = {"q13"}

# Averages and quotients of decimals, by column: Athena rounds them to the scale of a decimal where
# DuckDB goes on in double. They may differ by one in the last digit kept.
ROUNDED = {
    "q01": {6: 0.005, 7: 0.005, 8: 0.005},
    "q08": {1: 0.00005},
    "q14": {0: 0.00005},
    "q17": {0: 0.05},
}


def difference_from_golden(query, got, golden):
    """Compares an answer with the golden one and says what differs first, or returns None."""
    if query in SUMS_ONLY:
        return difference(query, [_sums(got)], [_sums(golden)]) if len(got) == len(golden) else (
            f"{len(got)} rows, expected {len(golden)}"
        )
    return difference(query, got, golden, TEXTS.get(query, set()))


def difference(query, got, expected, ignored=frozenset()):
    """Compares two answers row by row in order and says what differs first, or returns None.

    Numbers may differ by 1e-6 of their size, or as `ROUNDED` says; all else is compared as text.
    """
    if len(got) != len(expected):
        return f"{len(got)} rows, expected {len(expected)}"
    rounding = ROUNDED.get(query, {})
    for number, (row, wanted) in enumerate(zip(got, expected), start=1):
        if len(row) != len(wanted):
            return f"row {number}: {len(row)} columns, expected {len(wanted)}"
        for column, (cell, want) in enumerate(zip(row, wanted)):
            if column not in ignored and not _same(cell, want, rounding.get(column, 0)):
                return f"row {number}, column {column + 1}: {cell!r}, expected {want!r}"
    return None


def _sums(rows):
    return [str(math.fsum(float(cell) for cell in column)) for column in zip(*rows)]


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?")


def _same(cell, want, rounding):
    if cell == want:
        return True
    if not (_NUMBER.fullmatch(cell) and _NUMBER.fullmatch(want)):
        return False
    return math.isclose(float(cell), float(want), rel_tol=1e-6, abs_tol=rounding * 1.0001)


class DuckDB:
    """The peer, over the same files, with as many threads."""

    def __init__(self, data, threads=2):
        import duckdb

        self.version = duckdb.__version__
        self.connection = duckdb.connect(config={"threads": threads})
        for table in TABLES:
            self.connection.execute(
                f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM read_parquet('{data}/{table}/*.parquet')"
            )

    def run(self, sql):
        """Runs a query with its whole result fetched as Arrow."""
        return self.connection.sql(sql).to_arrow_table()

    def rows(self, sql):
        """Returns the answer as text, NULL as the empty string."""
        rows = self.connection.execute(sql).fetchall()
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
