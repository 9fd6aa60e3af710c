"""What is remembered of files, so that planning does not read them; what EXPLAIN tells as JSON."""

import json
import re
import sqlite3
import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import FLIGHTS, ROOT

FILES = 1000
ROWS = 3


@pytest.fixture
def folder(tmp_path):
    """A warehouse with a table of many small files and one of a single file, both declared."""
    lines = tmp_path / "lines"
    lines.mkdir()
    for number in range(FILES):
        ids = list(range(number * ROWS, (number + 1) * ROWS))
        table = pa.table({"id": pa.array(ids, pa.int64()), "kind": [number % 7] * ROWS})
        pq.write_table(table, lines / f"part-{number:04}.parquet")
    kinds = tmp_path / "kinds"
    kinds.mkdir()
    pq.write_table(pa.table({"kind": list(range(7))}), kinds / "part-0.parquet")
    return tmp_path


def declare(apus, folder):
    for name, columns in [("lines", "id bigint, kind bigint"), ("kinds", "kind bigint")]:
        result = apus(
            "-c",
            f"CREATE EXTERNAL TABLE {name} ({columns}) STORED AS PARQUET LOCATION '{folder / name}/'",
        )
        assert result.returncode == 0, result.stderr


JOIN = "SELECT count(*) FROM lines JOIN kinds ON lines.kind = kinds.kind WHERE kinds.kind < 3"


def opened(apus_binary, folder, sql):
    """Runs a statement and returns its output and the names of the small files that it opened."""
    trace = folder / "trace"
    result = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-o", trace, apus_binary]
        + ["-c", sql],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout, set(re.findall(r"/(part-\d{4}\.parquet)\"", trace.read_text()))


def stats(apus, table):
    """What SHOW STATS answers: a row's cells by column name, and the number of rows."""
    result = apus("--format", "json", "-c", f"SHOW STATS FOR {table}")
    assert result.returncode == 0, result.stderr
    rows = json.loads(result.stdout)
    by_name = {row["column_name"]: row for row in rows}
    return by_name, by_name[None]["row_count"]


def test_planning_a_join_reads_a_sample_once(apus_binary, apus, folder):
    declare(apus, folder)
    _, first = opened(apus_binary, folder, "EXPLAIN " + JOIN)
    assert len(first) == 16
    _, second = opened(apus_binary, folder, "EXPLAIN " + JOIN)
    assert second == set()


def test_a_query_remembers_all_that_it_reads(apus_binary, apus, folder):
    declare(apus, folder)
    output, _ = opened(apus_binary, folder, JOIN)
    assert int(output.split()[1]) == sum(ROWS for n in range(FILES) if n % 7 < 3)
    columns, rows = stats(apus, "lines")
    assert rows == FILES * ROWS
    assert (columns["id"]["low_value"], columns["id"]["high_value"]) == ("0", str(FILES * ROWS - 1))
    assert columns["id"]["nulls_fraction"] == 0
    assert columns["id"]["distinct_values_count"] is None


def test_analyze_spares_the_sample(apus_binary, apus, folder):
    declare(apus, folder)
    assert apus("-c", "ANALYZE lines").stdout.split() == ["rows", str(FILES * ROWS)]
    _, names = opened(apus_binary, folder, "EXPLAIN " + JOIN)
    assert names == set()
    columns, _ = stats(apus, "lines")
    assert columns["kind"]["distinct_values_count"] == 7
    assert abs(columns["id"]["distinct_values_count"] - FILES * ROWS) < FILES * ROWS / 10


def test_a_changed_file_is_looked_at_again(apus, folder):
    declare(apus, folder)
    assert apus("-c", "SELECT max(id) FROM lines").stdout.split()[1] == str(FILES * ROWS - 1)
    changed = pa.table({"id": pa.array([10**6] * 5, pa.int64()), "kind": [1] * 5})
    pq.write_table(changed, folder / "lines" / "part-0500.parquet")
    assert apus("-c", "SELECT max(id), count(*) FROM lines").stdout.split()[1] == (
        f"1000000,{FILES * ROWS + 5 - ROWS}"
    )
    columns, rows = stats(apus, "lines")
    assert rows == FILES * ROWS + 5 - ROWS
    assert columns["id"]["high_value"] == "1000000"


def test_counting_decodes_nothing(apus, folder):
    plan = apus("-c", f"EXPLAIN ANALYZE SELECT count(*), max(id) FROM '{folder}/lines'").stdout
    assert f"0 row groups (0 pruned, {FILES} known by statistics)" in plan


def test_reading_makes_no_catalog(apus, folder):
    assert apus("-c", f"SELECT count(*) FROM '{folder}/lines'").returncode == 0
    assert not (folder / "warehouse").exists()


def test_a_catalog_in_use_does_not_hold_a_query_up(apus, folder):
    declare(apus, folder)
    catalog = sqlite3.connect(folder / "warehouse" / "_apus" / "catalog.sqlite")
    catalog.execute("BEGIN IMMEDIATE")
    result = apus("-c", JOIN, timeout=20)
    catalog.rollback()
    assert result.returncode == 0 and result.stderr == ""
    assert stats(apus, "lines")[1] == FILES * ROWS


def explained(apus, statement):
    """The one document that lines of JSON make."""
    result = apus("--format", "json", "-c", statement)
    assert result.returncode == 0, result.stderr
    return json.loads("\n".join(row["Query Plan"] for row in json.loads(result.stdout)))


def nodes(node):
    """All nodes in the order of the text form."""
    return [node] + [below for child in node["children"] for below in nodes(child)]


QUERY = (
    f"SELECT f.carrier, count(*) FROM '{FLIGHTS}' f JOIN '{FLIGHTS}' g ON f.tailnum = g.tailnum "
    "AND f.day = g.day WHERE f.month = 1 AND g.month = 1 AND g.dep_delay > 600 GROUP BY f.carrier"
)


def test_a_plan_as_json(apus):
    plan = explained(apus, "EXPLAIN (FORMAT JSON) " + QUERY)
    text = apus("--format", "csv", "-c", "EXPLAIN " + QUERY).stdout
    names = re.findall(r"^\"?[│├└─ ]*(\w+)\[", text, re.MULTILINE)
    assert [node["name"] for node in nodes(plan)] == names
    assert [node["id"] for node in nodes(plan)] == list(range(len(names)))
    assert [output["name"] for output in plan["outputs"]] == ["carrier", "_col1"]
    scans = [node for node in nodes(plan) if node["name"] == "Scan"]
    assert {"column": "month", "domain": "[1]"} in scans[0]["constraints"]
    assert all(node["estimates"]["rows"] >= 1 for node in nodes(plan))
    assert all("statistics" not in node for node in nodes(plan))


def test_a_run_as_json_agrees_with_the_text(apus):
    document = explained(apus, "EXPLAIN ANALYZE (FORMAT JSON) " + QUERY)
    text = apus("--format", "csv", "-c", "EXPLAIN ANALYZE VERBOSE " + QUERY).stdout
    header = re.search(r"workers: (\d+), .*rows: (\d+)", text)
    assert (document["workers"], document["rows"]) == tuple(map(int, header.groups()))
    figures = re.findall(r"[\d.]+ ms, (\d+) rows?, .*estimated (\d+) rows?", text)
    all_nodes = nodes(document["plan"])
    assert [(n["statistics"]["rows"], n["estimates"]["rows"]) for n in all_nodes] == [
        (int(rows), int(estimate)) for rows, estimate in figures
    ]
    for node in all_nodes:
        children = sum(child["statistics"]["rows"] for child in node["children"])
        assert node["statistics"]["rowsIn"] == children
    scans = [node["statistics"]["scan"] for node in all_nodes if node["name"] == "Scan"]
    assert [(s["filesRead"], s["filesPruned"]) for s in scans] == [
        (int(read), int(pruned)) for read, pruned in re.findall(r"(\d+) files? \((\d+) pruned", text)
    ]
    assert sum(node["statistics"]["milliseconds"] for node in all_nodes) > 0
    assert document["requests"] == dict.fromkeys(["list", "head", "get", "put", "delete"], 0)


def test_texts_are_escaped(apus):
    plan = explained(apus, "EXPLAIN (FORMAT JSON) SELECT x FROM (VALUES 'a') AS t (x) WHERE x <> 'q\"\\'")
    assert any('q"\\' in node["detail"] for node in nodes(plan))


def test_a_plan_for_graphviz(apus):
    lines = apus("--format", "tsv", "-c", "EXPLAIN (FORMAT GRAPHVIZ) " + QUERY).stdout.splitlines()
    assert lines[1] == "digraph plan {" and lines[-1] == "}"
    assert sum(" -> " in line for line in lines) == sum("[label" in line for line in lines) - 1
