"""What scans leave out of files of other writers: pages, and row groups by what lies beside them.

Whatever is left out, the answers are those of the whole data.
"""

import csv
import datetime
import decimal
import io
import random
import re

import duckdb
import pyarrow
import pyarrow.parquet
import pytest

ROWS = 40_000
GROUP = 10_000


def rows(result):
    assert result.returncode == 0, result.stderr
    return list(csv.reader(io.StringIO(result.stdout)))[1:]


def analyzed(apus, sql, **options):
    """The line of EXPLAIN ANALYZE that says what the scan has done."""
    text = apus("-c", "EXPLAIN ANALYZE " + sql, **options).stdout
    lines = [line for line in text.splitlines() if "row group" in line]
    assert len(lines) == 1, text
    return lines[0]


def bytes_read(line):
    number, unit = re.search(r"read ([\d.]+)(B|KB|MB)", line).groups()
    return float(number) * {"B": 1, "KB": 1024, "MB": 1024 * 1024}[unit]


def table():
    """Even numbers in every type, `n` in order, the others not; each value once in a row group."""
    shuffled = []
    for start in range(0, ROWS, GROUP):
        part = list(range(start, start + GROUP))
        random.Random(start).shuffle(part)
        shuffled += part
    even = [2 * number for number in shuffled]
    day = datetime.date(1990, 1, 1)
    return pyarrow.table(
        {
            "n": pyarrow.array(range(ROWS), pyarrow.int64()),
            "small": pyarrow.array(even, pyarrow.int32()),
            "big": pyarrow.array(even, pyarrow.int64()),
            "word": pyarrow.array([f"word {number:07}" for number in even]),
            "floating": pyarrow.array([float(number) for number in even]),
            "short_float": pyarrow.array([float(number) for number in even], pyarrow.float32()),
            "price": pyarrow.array(
                [decimal.Decimal(number) for number in even], pyarrow.decimal128(9, 2)
            ),
            "day": pyarrow.array([day + datetime.timedelta(number) for number in even]),
            "kind": pyarrow.array([f"kind {number % 50}" for number in even]),
            "filler": pyarrow.array([f"{number * 2654435761 % 2**32:x}" * 4 for number in even]),
        }
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The same rows with page indexes, with Bloom filters, with neither, and by another writer."""
    folder = tmp_path_factory.mktemp("pruning")
    data = table()
    plain = {"row_group_size": GROUP, "use_dictionary": False}
    pages = {**plain, "write_page_index": True, "max_rows_per_page": 1000}
    filters = {
        name: {"ndv": GROUP, "fpp": 0.001}
        for name in ["small", "big", "word", "floating", "short_float", "price", "day"]
    }
    pyarrow.parquet.write_table(data, folder / "plain.parquet", **plain)
    pyarrow.parquet.write_table(data, folder / "pages.parquet", **pages)
    pyarrow.parquet.write_table(
        data, folder / "version2.parquet", **pages, data_page_version="2.0"
    )
    pyarrow.parquet.write_table(
        data, folder / "bloom.parquet", **plain, bloom_filter_options=filters
    )
    pyarrow.parquet.write_table(
        data, folder / "dictionary.parquet", row_group_size=GROUP, use_dictionary=["kind"]
    )
    connection = duckdb.connect()
    connection.register("data", data)
    connection.sql(
        f"COPY (SELECT * FROM data) TO '{folder}/duckdb.parquet' "
        "(ROW_GROUP_SIZE 10240, DICTIONARY_SIZE_LIMIT 20000)"
    )
    return folder


CONDITIONS = [
    "n BETWEEN 12345 AND 13456",
    "n < 100 OR n > 39900",
    "n = 20000",
    "n IN (5, 15000, 39999)",
    "n > 15000 AND small < 30000",
    "n >= 9999 AND n <= 10001 AND word > 'word'",
    "small = 24690",
    "small = 24691",
    "big IN (2, 4, 77777)",
    "big IN (3, 77777)",
    "word = 'word 0024690'",
    "word = 'word 0024691'",
    "floating = 24690e0",
    "floating = 24691e0",
    "floating = 0e0",
    "short_float = REAL '24691'",
    "price = DECIMAL '24690.00'",
    "price = DECIMAL '24691.00'",
    "day = DATE '1990-01-03'",
    "day = DATE '1990-01-02'",
    "kind = 'kind 48'",
    "kind = 'kind 47'",
    "kind IN ('kind 1', 'kind 3')",
    "kind <> 'kind 48' AND n < 2000",
    "NOT (kind LIKE 'kind 4%' OR upper(kind) = 'KIND 2')",
    "small IS NULL",
]


@pytest.mark.parametrize(
    "name", ["pages", "version2", "bloom", "dictionary", "duckdb"]
)
def test_answers_are_those_of_the_whole_data(apus, files, name):
    def sums(path):
        statements = []
        for condition in CONDITIONS:
            columns = "count(*), sum(n), min(word), max(filler), sum(price), max(day)"
            statements += ["-c", f"SELECT {columns} FROM '{path}' WHERE {condition}"]
        result = apus(*statements)
        assert result.returncode == 0, result.stderr
        return [line for line in result.stdout.splitlines() if not line.startswith("_col")]

    expected = duckdb.connect()
    plain = sums(files / "plain.parquet")
    assert sums(files / f"{name}.parquet") == plain
    for condition, line in zip(CONDITIONS, plain):
        sql = condition.replace("e0", "::double").replace("REAL '24691'", "24691::float")
        count = expected.sql(f"SELECT count(*) FROM '{files}/plain.parquet' WHERE {sql}")
        assert line.split(",")[0] == str(count.fetchall()[0][0]), condition


@pytest.mark.parametrize("name", ["pages", "version2"])
def test_pages_without_wanted_rows_are_not_read(apus, files, name):
    def sql(name):
        path = files / f"{name}.parquet"
        return f"SELECT sum(big), max(word), max(filler) FROM '{path}' WHERE n BETWEEN 12345 AND 12400"

    line = analyzed(apus, sql(name))
    assert "n pruned 3 row groups by statistics and 9 of 10 pages" in line
    assert "9000 rows in pages left out" in line
    assert bytes_read(line) * 4 < bytes_read(analyzed(apus, sql("plain")))


@pytest.mark.parametrize(
    "condition",
    [
        "small = 24691",
        "big IN (24691, 24693)",
        "word = 'word 0024691'",
        "floating = 24691e0",
        "short_float = REAL '24691'",
        "day = DATE '1990-01-02'",
    ],
)
def test_bloom_filters_rule_out_row_groups(apus, files, condition):
    line = analyzed(apus, f"SELECT sum(n) FROM '{files}/bloom.parquet' WHERE {condition}")
    assert "by Bloom filter" in line
    assert ", 0 row groups (4 pruned)" in line


def test_dictionaries_rule_out_row_groups(apus, files):
    for name in ["dictionary", "duckdb"]:
        path = files / f"{name}.parquet"
        line = analyzed(apus, f"SELECT sum(n), max(filler) FROM '{path}' WHERE kind = 'kind 47'")
        assert ", 0 row groups (4 pruned)" in line
        assert "by dictionary" in line or name == "duckdb" and "by Bloom filter" in line


@pytest.mark.parametrize(
    "condition",
    [
        "\"$path\" LIKE '%/day=2/%'",
        "regexp_like(\"$path\", 'day=[2]/')",
        "\"$partition\" LIKE '%2'",
        "day * 10 = 20 AND n >= 0",
        "\"$path\" LIKE '%day=%' AND day % 3 = 2",
    ],
)
def test_conditions_on_where_rows_lie_leave_files_closed(apus, tmp_path, condition):
    for day in [1, 2, 3]:
        (tmp_path / f"day={day}").mkdir()
        path = tmp_path / f"day={day}" / "part.parquet"
        pyarrow.parquet.write_table(pyarrow.table({"n": [day, day]}), path)
    sql = f"SELECT sum(n) FROM '{tmp_path}/*/*.parquet' WHERE {condition}"
    assert "1 file (2 pruned)" in analyzed(apus, sql)
    # One that is broken is an error only where it is opened; the first gives the columns.
    (tmp_path / "day=3" / "part.parquet").write_bytes(b"PAR1 and no more")
    assert rows(apus("--format", "csv", "-c", sql)) == [["4"]]


def test_what_prunes_nothing_says_why(apus, files, tmp_path):
    line = analyzed(apus, f"SELECT sum(n) FROM '{files}/plain.parquet' WHERE floating > 1e0")
    assert "floating pruned nothing: values are everywhere" in line
    path = tmp_path / "bare.parquet"
    pyarrow.parquet.write_table(table(), path, write_statistics=False)
    line = analyzed(apus, f"SELECT sum(n) FROM '{path}' WHERE small = 4")
    assert "small pruned nothing: no statistics" in line


def test_keys_of_a_join_choose_pages(apus, files):
    sql = (
        f"SELECT sum(a.big), max(a.filler) FROM '{files}/pages.parquet' a "
        "JOIN (VALUES 12345, 12346, 12390) AS b (n) ON a.n = b.n"
    )
    line = analyzed(apus, sql)
    assert "n (with keys of a join) pruned 3 row groups by statistics and 9 of 10 pages" in line


def test_a_bucket_sends_the_pages_that_are_wanted(apus, lake, tmp_path):
    """Of 12 MB in one row group, a few pages, with two requests more than for all of it."""
    generator = random.Random(1)
    count = 60_000
    data = pyarrow.table(
        {
            "n": pyarrow.array(range(count), pyarrow.int64()),
            "noise": pyarrow.array([generator.randbytes(100).hex() for _ in range(count)]),
        }
    )
    options = {"use_dictionary": False, "compression": "zstd", "max_rows_per_page": 1000}
    pyarrow.parquet.write_table(data, tmp_path / "plain.parquet", **options)
    pyarrow.parquet.write_table(
        data, tmp_path / "pages.parquet", **options, write_page_index=True
    )

    def run(name):
        lake.upload(tmp_path / f"{name}.parquet", f"pruning/{name}.parquet")
        path = f"{lake.uri}/pruning/{name}.parquet"
        position = lake.log_position()
        result = apus(
            "-c",
            f"SELECT sum(n), max(noise) FROM '{path}' WHERE n BETWEEN 12345 AND 12400",
            environment=lake.environment(),
        )
        seen = [request for request in lake.requests_since(position) if request.operation == "get"]
        return rows(result), len(seen), sum(request.size for request in seen)

    plain, pages = run("plain"), run("pages")
    assert pages[0] == plain[0]
    assert pages[1] <= plain[1] + 2
    assert pages[2] * 5 < plain[2]


BUILD = "(SELECT * FROM {pages} WHERE n % 997 = 3)"
JOINS = [
    *(
        f"SELECT count(*), sum(a.n) FROM {{pages}} a JOIN {BUILD} b ON a.{key} = b.{key}"
        for key in ["n", "small", "big", "word", "floating", "short_float", "price", "day"]
    ),
    # Many keys, in which no single values can be told.
    *(
        "SELECT count(*), sum(a.n) FROM {pages} a "
        f"JOIN (SELECT * FROM {{dictionary}} WHERE n % 3 = 1) b ON a.{key} = b.{key}"
        for key in ["big", "word", "floating", "price"]
    ),
    # Integers far apart.
    "SELECT count(*), sum(a.n) FROM {pages} a JOIN "
    "(SELECT big FROM {pages} WHERE n % 7 = 3 UNION ALL SELECT 1099511627776) b ON a.big = b.big",
    f"SELECT count(*), sum(a.n) FROM {{pages}} a JOIN {BUILD} b ON a.word = b.word AND a.n = b.n",
    f"SELECT count(*), sum(a.n) FROM {{pages}} a JOIN {BUILD} b ON a.kind = b.kind",
    f"SELECT count(*), sum(n) FROM {{pages}} WHERE word IN (SELECT word FROM {BUILD} b)",
    f"SELECT count(*), sum(n) FROM {{pages}} WHERE word NOT IN (SELECT word FROM {BUILD} b)",
    f"SELECT count(*), sum(s) FROM (SELECT word, kind, sum(n) AS s FROM {{pages}} GROUP BY 1, 2) a "
    f"JOIN {BUILD} b ON a.word = b.word",
    "SELECT count(*), sum(a.n) FROM (SELECT word, n FROM {pages} WHERE n < 20000 UNION ALL "
    f"SELECT word, n + 1 FROM {{dictionary}} WHERE n > 30000) a JOIN {BUILD} b ON a.word = b.word",
    # Through outer joins, on either side.
    *(
        "SELECT count(*), sum(l.n), sum(r.n) FROM (SELECT * FROM {pages} WHERE n < 15000) l "
        f"{kind} JOIN (SELECT * FROM {{dictionary}} WHERE n > 5000) r ON l.n = r.n "
        f"JOIN {BUILD} b ON {side}.word = b.word"
        for kind in ["LEFT", "RIGHT", "FULL"]
        for side in ["l", "r"]
    ),
    f"SELECT count(*), sum(a.n), sum(b.n) FROM {{pages}} a RIGHT JOIN {BUILD} b ON a.word = b.word",
    f"SELECT count(*), sum(a.n), sum(b.n) FROM {{pages}} a LEFT JOIN {BUILD} b ON a.word = b.word",
]


def test_joins_give_what_they_give_elsewhere(apus, files):
    paths = {name: f"'{files}/{name}.parquet'" for name in ["pages", "dictionary"]}
    connection = duckdb.connect()
    statements = [sql.format(**paths) for sql in JOINS]
    result = apus(*(word for sql in statements for word in ("-c", sql)))
    assert result.returncode == 0, result.stderr
    answers = [line for line in result.stdout.splitlines() if not line.startswith("_col")]
    for sql, answer in zip(statements, answers, strict=True):
        expected = connection.sql(sql).fetchall()[0]
        assert answer.split(",") == ["" if cell is None else str(cell) for cell in expected], sql
