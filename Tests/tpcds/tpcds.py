"""TPC-DS: data and queries from DuckDB's extension, and the queries as Apus is asked them.

The repository holds no text of TPC's. What Athena says otherwise is in substitutions.toml.
"""

import json
import pathlib
import re
import shutil
import tomllib

import answers
import engines

HERE = pathlib.Path(__file__).resolve().parent
QUERIES = [f"q{number:02}" for number in range(1, 100)]


def suite(scale):
    """Returns tables and queries of a scale factor, making the files once under .build.

    One folder and one file a table, in the types of DuckDB's dsdgen, and DuckDB's texts of the
    queries.
    """
    folder = engines.ROOT / ".build" / f"tpcds-sf{scale}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _generate(folder, scale)
        (folder / "complete").touch()
    texts = json.loads((folder / "queries.json").read_text())
    tables = sorted(path.name for path in folder.iterdir() if path.is_dir())
    return engines.Suite(f"TPC-DS SF{scale}", folder, tables, texts, _difference)


def _generate(folder, scale):
    import duckdb
    import duckdb_extension_tpcds

    package = pathlib.Path(duckdb_extension_tpcds.__file__).parent
    extension = next(package.rglob("tpcds.duckdb_extension"))
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(f"LOAD '{extension}'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"CALL dsdgen(sf = {scale})")
    for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
        (folder / table).mkdir(parents=True)
        path = folder / table / f"{table}.parquet"
        connection.execute(f"COPY {table} TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    rows = connection.execute("SELECT query_nr, query FROM tpcds_queries()").fetchall()
    texts = {f"q{number:02}": text.strip().rstrip(";") for number, text in rows}
    (folder / "queries.json").write_text(json.dumps(texts))


def for_apus(query, sql):
    """Returns a query's text with its substitutions."""
    for entry in tomllib.loads((HERE / "substitutions.toml").read_text())["substitution"]:
        if query in entry["queries"]:
            sql, count = re.subn(entry["from"], entry["to"], sql)
            if count == 0:
                raise ValueError(f"{query} has no {entry['from']}")
    return sql


def _difference(query, got, sql, peer):
    """Compares Apus's rows with DuckDB's in their order, doubles to 1e-9 of their size.

    The order of every query's rows is determined: its ORDER BY names the keys of a group (or all
    columns), or rows that it leaves tied are alike. So is what a LIMIT keeps.
    """
    return answers.difference(got, peer.rows(sql), lambda cell, want, column: answers.equal(cell, want))
