"""Files that CREATE TABLE AS writes, read by pyarrow and DuckDB: a copy is the same table to others.

The originals are made by pyarrow, with the values that go wrong first: extremes of every type,
zeros of both signs, NaN, long and empty strings, columns of NULLs, more rows than fit one page.
"""

import datetime
import decimal
import math
import random

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

COMPRESSIONS = ["NONE", "SNAPPY", "GZIP", "ZSTD", "LZ4", "BROTLI"]
ROWS = 50_000

# For each column its type and the values that it is made of.
COLUMNS = {
    "flag": (pa.bool_(), [True, False]),
    "tiny": (pa.int8(), [-128, -1, 0, 127]),
    "small": (pa.int16(), [-(2**15), 0, 2**15 - 1]),
    "whole": (pa.int32(), [-(2**31), 0, 7, 2**31 - 1]),
    "big": (pa.int64(), [-(2**63), 0, 7, 2**63 - 1]),
    "single": (pa.float32(), [-math.inf, -0.0, 0.0, 1.5, math.inf, math.nan]),
    "twofold": (pa.float64(), [-math.inf, -0.0, 0.0, 0.1, math.inf, math.nan]),
    "zeros": (pa.float64(), [-0.0, 0.0]),
    "cents": (pa.decimal128(5, 2), ["-999.99", "0.00", "999.99"]),
    "money": (pa.decimal128(18, 4), ["-99999999999999.9999", "0.0001", "99999999999999.9999"]),
    "wide": (pa.decimal128(38, 10), ["-" + "9" * 28 + "." + "9" * 10, "0E-10", "1.5", "9" * 28]),
    "name": (pa.string(), ["", "Zürich", "日本語", "twelve bytes", "x" * 3000, "\U0010ffff" * 30]),
    "bytes": (pa.binary(), [b"", b"\0", b"\xff" * 100, b"apus"]),
    "day": (pa.date32(), [datetime.date(1, 1, 1), datetime.date(1970, 1, 1), datetime.date.max]),
    "moment": (
        pa.timestamp("ms"),
        [datetime.datetime(1, 1, 1), datetime.datetime(2013, 1, 1, 5, 0, 0, 123_000)],
    ),
    "instant": (pa.timestamp("us"), [datetime.datetime(1969, 12, 31, 23, 59, 59, 999_999)]),
    "nothing": (pa.int32(), [None]),
}


def column(name, generator):
    kind, values = COLUMNS[name]
    if pa.types.is_decimal(kind):
        unit = decimal.Decimal(1).scaleb(-kind.scale)
        values = [decimal.Decimal(value).quantize(unit) for value in values]
    rows = [None if generator.random() < 0.1 else generator.choice(values) for _ in range(ROWS)]
    return pa.array(rows, kind)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """The path of a file with all columns, and its table."""
    with decimal.localcontext(prec=50):
        generator = random.Random(1)
        columns = {name: column(name, generator) for name in COLUMNS}
        # No value twice, in no order and in order: dictionaries are given up.
        columns["row_id"] = pa.array(range(ROWS), pa.int64())
        columns["mixed"] = pa.array([f"{generator.random()} of many" for _ in range(ROWS)])
    table = pa.table(columns)
    path = tmp_path_factory.mktemp("original") / "original.parquet"
    pq.write_table(table, path)
    return path, table


def write(apus, directory, sql, name="copy", **properties):
    """Runs CREATE TABLE AS and returns the files of the table."""
    place = directory / name
    with_list = ", ".join(f"{key} = '{value}'" for key, value in properties.items())
    statement = (
        f"CREATE TABLE {name} WITH (external_location = '{place}'"
        f"{', ' if with_list else ''}{with_list}) AS {sql}"
    )
    result = apus("--warehouse", str(directory), "-c", statement)
    assert result.returncode == 0, result.stderr
    return sorted(path for path in place.rglob("*") if path.is_file() and path.name[0] not in "._")


def bits(table):
    """The rows as bytes by `row_id`, in which NaN is itself and zeros differ."""
    order = table.column("row_id").to_pylist()
    rows = {name: table.column(name).to_pylist() for name in table.column_names}
    for name, values in rows.items():
        if pa.types.is_floating(table.schema.field(name).type):
            rows[name] = [None if value is None else float(value).hex() for value in values]
    return {name: [pair[1] for pair in sorted(zip(order, rows[name]))] for name in rows}


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_copy_is_the_same_to_pyarrow(apus, original, tmp_path, compression):
    path, table = original
    files = write(apus, tmp_path, f"SELECT * FROM '{path}'", write_compression=compression)
    assert files
    copy = pa.concat_tables(
        pq.ParquetFile(file, page_checksum_verification=True).read() for file in files
    )
    assert copy.schema.names == table.schema.names
    assert bits(copy) == bits(table)
    for file in files:
        metadata = pq.read_metadata(file)
        assert metadata.created_by.startswith("apus version ")
        chunk = metadata.row_group(0).column(0)
        expected = {"NONE": "UNCOMPRESSED"}.get(compression, compression)
        assert chunk.compression == expected
        assert chunk.has_offset_index and chunk.has_column_index


def test_types_are_those_of_the_original(apus, original, tmp_path):
    path, table = original
    file = write(apus, tmp_path, f"SELECT * FROM '{path}'")[0]
    assert pq.read_schema(file).remove_metadata().types == table.schema.types


def test_a_copy_is_the_same_to_duckdb(apus, original, tmp_path):
    path, table = original
    files = write(apus, tmp_path, f"SELECT * FROM '{path}'")
    names = ", ".join(f"'{file}'" for file in files)
    connection = duckdb.connect()
    copy, source = f"read_parquet([{names}])", f"'{path}'"
    for left, right in [(copy, source), (source, copy)]:
        rows = f"SELECT * FROM {left} EXCEPT ALL SELECT * FROM {right}"
        assert connection.execute(f"SELECT count(*) FROM ({rows})").fetchone() == (0,)
    # With conditions, DuckDB skips row groups by their statistics.
    for name, (kind, values) in COLUMNS.items():
        for value in values:
            if value is None or value != value:
                continue
            counts = [
                connection.execute(
                    f'SELECT count(*) FILTER ("{name}" = $1), count(*) FROM {rows} '
                    f'WHERE "{name}" >= $1',
                    [decimal.Decimal(value) if pa.types.is_decimal(kind) else value],
                ).fetchone()
                for rows in (copy, source)
            ]
            assert counts[0] == counts[1], (name, value)


def test_statistics_bound_the_values(apus, original, tmp_path):
    path, table = original
    for file in write(apus, tmp_path, f"SELECT * FROM '{path}'"):
        read = pq.ParquetFile(file)
        for group in range(read.num_row_groups):
            rows = read.read_row_group(group)
            for index, name in enumerate(rows.column_names):
                statistics = read.metadata.row_group(group).column(index).statistics
                values = [value for value in rows.column(name).to_pylist() if value is not None]
                assert statistics.null_count == rows.num_rows - len(values)
                if not values or any(value != value for value in values):
                    assert not statistics.has_min_max
                elif name in ("name", "bytes"):
                    # Long strings are cut, greatest ones upwards, or left out.
                    if statistics.has_min_max:
                        assert statistics.min <= min(values)
                        assert statistics.max >= max(values)
                elif name not in ("instant", "moment", "day"):
                    assert statistics.min == min(values)
                    assert statistics.max == max(values)
        zeros = read.metadata.row_group(0).column(rows.column_names.index("zeros")).statistics
        assert math.copysign(1, zeros.min) == -1 and math.copysign(1, zeros.max) == 1


def test_rows_of_many_workers_are_all_there(apus, original, tmp_path):
    path, table = original
    place = tmp_path / "many"
    statement = f"CREATE TABLE many WITH (external_location = '{place}') AS SELECT * FROM '{path}'"
    result = apus("--warehouse", str(tmp_path), "--threads", "8", "-c", statement)
    assert result.returncode == 0, result.stderr
    files = [file for file in place.rglob("*") if file.is_file() and file.name[0] not in "._"]
    ids = [row for file in files for row in pq.ParquetFile(file).read(["row_id"])[0].to_pylist()]
    assert sorted(ids) == list(range(ROWS))
