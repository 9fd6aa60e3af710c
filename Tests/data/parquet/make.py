"""Writes the golden Parquet files of this folder and the rows that reading them must give.

    python3 -m venv venv && venv/bin/pip install pyarrow duckdb && venv/bin/python make.py

`files.tsv` names each file and its rows, a `.rows.tsv`: a line with the names of the columns, a line
with their types in Apus, then the rows. NULL is \\N; tab, newline and backslash are escaped with a backslash.
Values are text as Athena prints it, but floating-point numbers, which are Python's repr.
"""

import datetime
import decimal
import math
import os
import random
import struct
import uuid

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

HERE = os.path.dirname(os.path.abspath(__file__))
D = decimal.Decimal
decimal.getcontext().prec = 60
EPOCH = datetime.datetime(1970, 1, 1)


def cell(value, kind):
    if value is None:
        return "\\N"
    if kind == "boolean":
        return "true" if value else "false"
    if kind in ("real", "double"):
        return repr(float(value))
    if kind == "varbinary":
        return " ".join("%02x" % byte for byte in value)
    if kind.startswith("decimal"):
        scale = int(kind.split(",")[1][:-1])
        return "{:.{}f}".format(D(value), scale)
    if kind.startswith("timestamp"):
        return timestamp_text(value, int(kind[10:-1]))
    if kind.startswith("time("):
        digits = int(kind[5:-1])
        text = "%02d:%02d:%02d.%06d" % (value.hour, value.minute, value.second, value.microsecond)
        return text[: 9 + digits]
    text = str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def timestamp_text(value, digits):
    """`value` is a datetime or, for what that cannot hold, an integer of nanoseconds."""
    if isinstance(value, int):
        seconds, nanoseconds = divmod(value, 10**9)
        moment = EPOCH + datetime.timedelta(seconds=seconds)
    else:
        moment, nanoseconds = value, value.microsecond * 1000
    base = "%04d-%02d-%02d %02d:%02d:%02d" % (
        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    return base + "." + ("%09d" % nanoseconds)[:digits]


FILES = {}


def write_rows(name, columns, rows_name=None):
    """`columns`: (name, kind, values) each."""
    rows_name = rows_name or name
    FILES[name] = rows_name
    with open(os.path.join(HERE, rows_name + ".rows.tsv"), "w", encoding="utf-8", newline="\n") as out:
        out.write("\t".join(column[0] for column in columns) + "\n")
        out.write("\t".join(column[1] for column in columns) + "\n")
        for row in zip(*(column[2] for column in columns)):
            out.write("\t".join(cell(v, c[1]) for v, c in zip(row, columns)) + "\n")


WORDS = ["", "a", "Newark", "eleven bytes", "twelve bytes", "thirteen byte", "naïve – ünïcödé",
         "tab\there", "line\nbreak", "back\\slash", "San Francisco International Airport",
         "x" * 300, "日本語のテキスト", "\U0001f600"]


def every_type(rows, seed):
    """(name, kind, arrow type, values) of every type a flat column can have."""
    r = random.Random(seed)

    def integers(bits, signed=True):
        low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
        return [low, high, 0, 1] + [r.randint(low, high) for _ in range(rows - 4)]

    def few(values):
        return [r.choice(values) for _ in range(rows)]

    def decimals(precision, scale):
        high = 10**precision - 1
        raw = [high, -high, 0, 1, -1] + [r.randint(-high, high) for _ in range(rows - 5)]
        return [D(v).scaleb(-scale) for v in raw]

    floats = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.5, -2.25, 1e-30, 3.4e38]
    day = datetime.date
    dates = [day(1970, 1, 1), day(1969, 12, 31), day(2000, 2, 29), day(1, 1, 1), day(9999, 12, 31)]
    moments = [datetime.datetime(1970, 1, 1), datetime.datetime(1969, 12, 31, 23, 59, 59, 999000),
               datetime.datetime(2013, 1, 1, 5, 15, 0, 123000)]
    moments += [EPOCH + datetime.timedelta(milliseconds=r.randint(-10**13, 10**13))
                for _ in range(rows - 3)]
    micro = [m + datetime.timedelta(microseconds=r.randint(0, 999)) for m in moments]
    nano = [r.randint(-9 * 10**18, 9 * 10**18) for _ in range(rows)]
    times = [datetime.time(0, 0), datetime.time(23, 59, 59, 999999)] + [
        datetime.time(r.randint(0, 23), r.randint(0, 59), r.randint(0, 59), r.randint(0, 999999))
        for _ in range(rows - 2)]
    millis = [t.replace(microsecond=t.microsecond // 1000 * 1000) for t in times]
    return [
        ("flag", "boolean", pa.bool_(), few([True, False])),
        ("i8", "tinyint", pa.int8(), integers(8)),
        ("i16", "smallint", pa.int16(), integers(16)),
        ("i32", "integer", pa.int32(), integers(32)),
        ("i64", "bigint", pa.int64(), integers(64)),
        ("u8", "smallint", pa.uint8(), integers(8, False)),
        ("u16", "integer", pa.uint16(), integers(16, False)),
        ("u32", "bigint", pa.uint32(), integers(32, False)),
        ("u64", "decimal(20,0)", pa.uint64(), integers(64, False)),
        ("few_i64", "bigint", pa.int64(), few([7, 8, 9, -10**12])),
        ("f32", "real", pa.float32(), few([struct.unpack("f", struct.pack("f", v))[0] for v in floats])),
        ("f64", "double", pa.float64(), few(floats + [r.random() for _ in range(20)])),
        ("f16", "real", pa.float16(), few([0.0, 1.0, -2.5, 6.103515625e-05, 5.960464477539063e-08,
                                           65504.0, math.inf, -0.0])),
        ("d9", "decimal(9,2)", pa.decimal128(9, 2), decimals(9, 2)),
        ("d18", "decimal(18,6)", pa.decimal128(18, 6), decimals(18, 6)),
        ("d38", "decimal(38,10)", pa.decimal128(38, 10), decimals(38, 10)),
        ("day", "date", pa.date32(), dates + few(dates)[5:]),
        ("t_ms", "time(3)", pa.time32("ms"), millis),
        ("t_us", "time(6)", pa.time64("us"), times),
        ("t_ns", "time(6)", pa.time64("ns"), times),
        ("ts_ms", "timestamp(3)", pa.timestamp("ms"), moments),
        ("ts_us", "timestamp(6)", pa.timestamp("us"), micro),
        ("ts_ns", "timestamp(9)", pa.timestamp("ns"), nano),
        ("ts_utc", "timestamp(6)", pa.timestamp("us", tz="UTC"), micro),
        ("text", "varchar", pa.string(), few(WORDS)),
        ("unique_text", "varchar", pa.string(), ["row %d of %s" % (i, "z" * r.randint(0, 9)) for i in range(rows)]),
        ("bytes", "varbinary", pa.binary(), few([b"", b"\x00\xff", bytes(range(40))])),
        ("fixed", "varbinary", pa.binary(5), few([b"abcde", b"\x00\x01\x02\x03\x04"])),
        ("nothing", "unknown", pa.null(), [None] * rows),
    ]


def with_nulls(columns, seed, share):
    r = random.Random(seed)
    return [(n, k, t, [None if r.random() < share else v for v in values])
            for n, k, t, values in columns]


def arrow_table(columns, nullable):
    arrays, fields = [], []
    for name, kind, type_, values in columns:
        if name == "ts_ns":
            array = pa.array(values, pa.int64()).cast(type_)
        elif name == "t_ns":
            array = pa.array(
                [None if v is None else (((v.hour * 60 + v.minute) * 60 + v.second) * 10**6
                                         + v.microsecond) * 1000 + 7 for v in values],
                pa.int64()).cast(type_)
        else:
            array = pa.array(values, type_)
        arrays.append(array)
        fields.append(pa.field(name, type_, nullable or name == "nothing"))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def save(name, columns, nullable=True, rows_name=None, **options):
    settings = dict(row_group_size=60, data_page_size=200, write_batch_size=16,
                    store_schema=False, version="2.6")
    settings.update(options)
    pq.write_table(arrow_table(columns, nullable), os.path.join(HERE, name + ".parquet"), **settings)
    write_rows(name, [(n, k, v) for n, k, _, v in columns], rows_name)


def types_and_pages():
    rows = 130
    plain = every_type(rows, 1)
    sparse = with_nulls(every_type(rows, 2), 3, 0.3)
    for version in ("1.0", "2.0"):
        for dictionary in (True, False):
            tag = "v%s_%s" % (version[0], "dictionary" if dictionary else "plain")
            save("types_" + tag, plain, nullable=False, rows_name="types",
                 data_page_version=version, use_dictionary=dictionary, compression="none")
            save("nulls_" + tag, sparse, rows_name="nulls", data_page_version=version, use_dictionary=dictionary,
                 compression="none")
    for codec in ("snappy", "gzip", "brotli", "zstd", "lz4"):
        save("codec_" + codec, sparse, rows_name="nulls", compression=codec,
             data_page_size=100_000, row_group_size=100)
    save("codec_v2_zstd", sparse, rows_name="nulls", compression="zstd",
         data_page_version="2.0", data_page_size=100_000)
    save("no_statistics", plain[:5], compression="snappy", write_statistics=False)
    save("with_checksums", sparse[:12], compression="snappy", write_page_checksum=True)
    save("old_version", [c for c in sparse if c[0] not in ("u32", "ts_ns", "t_ns", "f16")],
         version="1.0", compression="snappy")


def odd_shapes():
    columns = every_type(40, 4)
    save("empty", [(n, k, t, []) for n, k, t, _ in columns], compression="snappy")
    schema = pa.schema([("a", pa.int32()), ("b", pa.string())])
    with pq.ParquetWriter(os.path.join(HERE, "no_row_groups.parquet"), schema) as writer:
        pass
    write_rows("no_row_groups", [("a", "integer", []), ("b", "varchar", [])])
    with pq.ParquetWriter(os.path.join(HERE, "empty_row_group.parquet"), schema) as writer:
        writer.write_table(pa.table({"a": [1, 2], "b": ["x", "y"]}, schema))
        writer.write_table(pa.table({"a": [], "b": []}, schema))
        writer.write_table(pa.table({"a": [3], "b": [None]}, schema))
    write_rows("empty_row_group",
               [("a", "integer", [1, 2, 3]), ("b", "varchar", ["x", "y", None])])
    many = 3000
    r = random.Random(5)
    # Long runs, short runs, runs of NULLs and a dictionary given up in the middle.
    save("runs", [
        ("long", "integer", pa.int32(), [i // 500 for i in range(many)]),
        ("short", "integer", pa.int32(), [i // 3 % 5 for i in range(many)]),
        ("null_runs", "varchar", pa.string(),
         [None if i // 100 % 2 else "run %d" % (i // 50) for i in range(many)]),
        ("all_null", "double", pa.float64(), [None] * many),
        ("one_null", "bigint", pa.int64(), [None if i == 2500 else i for i in range(many)]),
        ("flags", "boolean", pa.bool_(), [i // 77 % 2 == 0 for i in range(many)]),
    ], row_group_size=2000, data_page_size=1000, compression="snappy")
    save("fallback", [
        ("text", "varchar", pa.string(),
         [("word %d" % (i % 7)) if i < 700 else "unique text number %d" % i for i in range(1500)]),
        ("number", "bigint", pa.int64(), [i % 7 if i < 700 else i * 10**9 for i in range(1500)]),
        ("sparse", "varchar", pa.string(),
         [None if i % 3 == 0 else ("w%d" % (i % 5) if i < 700 else "longer text %d" % i)
          for i in range(1500)]),
    ], row_group_size=1500, data_page_size=300, dictionary_pagesize_limit=256, compression="none")


def encodings():
    rows = 500
    r = random.Random(6)
    i32 = [r.randint(-2**31, 2**31 - 1) for _ in range(rows)]
    steps = [10**6 + i * 3 + r.randint(0, 4) for i in range(rows)]
    i64 = [-2**63, 2**63 - 1] + [r.randint(-2**63, 2**63 - 1) for _ in range(rows - 2)]
    maybe = [None if r.random() < 0.2 else v for v in steps]
    delta = [("i32", "integer", pa.int32(), i32), ("steps", "bigint", pa.int64(), steps),
             ("i64", "bigint", pa.int64(), i64), ("maybe", "integer", pa.int32(), maybe),
             ("same", "bigint", pa.int64(), [42] * rows),
             ("one", "integer", pa.int32(), [None] * (rows - 1) + [5])]
    for version in ("1.0", "2.0"):
        save("delta_binary_packed_v" + version[0], delta, rows_name="delta_binary_packed",
             use_dictionary=False, row_group_size=400,
             column_encoding={c[0]: "DELTA_BINARY_PACKED" for c in delta}, data_page_size=2000,
             data_page_version=version, compression="none")
    texts = [("text", "varchar", pa.string(), [r.choice(WORDS) for _ in range(rows)]),
             ("sorted", "varchar", pa.string(), ["https://example.org/page/%05d" % i for i in range(rows)]),
             ("maybe", "varchar", pa.string(),
              [None if i % 4 == 0 else "value %d" % (i // 10) for i in range(rows)])]
    save("delta_length_byte_array", texts, use_dictionary=False, compression="none",
         column_encoding={c[0]: "DELTA_LENGTH_BYTE_ARRAY" for c in texts}, row_group_size=400)
    fixed = [("fixed", "varbinary", pa.binary(5), [b"abc%02d" % (i % 50) for i in range(rows)]),
             ("d38", "decimal(38,2)", pa.decimal128(38, 2), [D(i * 10**20).scaleb(-2) for i in range(rows)])]
    prefixed = texts + fixed
    save("delta_byte_array", prefixed, use_dictionary=False, compression="none",
         column_encoding={c[0]: "DELTA_BYTE_ARRAY" for c in prefixed}, row_group_size=400)
    split = [("f32", "real", pa.float32(), [float(i) / 4 for i in range(rows)]),
             ("f64", "double", pa.float64(), [None if i % 5 == 0 else i / 7 for i in range(rows)]),
             ("i32", "integer", pa.int32(), i32), ("i64", "bigint", pa.int64(), i64),
             ("fixed", "varbinary", pa.binary(20), [b"%020d" % (i * 7) for i in range(rows)])]
    save("byte_stream_split", split, use_dictionary=False, compression="zstd",
         column_encoding={c[0]: "BYTE_STREAM_SPLIT" for c in split}, row_group_size=400)
    flags = [("flag", "boolean", pa.bool_(), [i // 9 % 2 == 0 for i in range(rows)]),
             ("maybe", "boolean", pa.bool_(), [None if i % 3 == 0 else i % 2 == 0 for i in range(rows)])]
    save("rle_boolean", flags, use_dictionary=False, compression="none", row_group_size=400,
         column_encoding={c[0]: "RLE" for c in flags})


def int96():
    rows = [datetime.datetime(1970, 1, 1), datetime.datetime(2013, 1, 1, 5, 15, 0, 123456),
            datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),
            datetime.datetime(1582, 10, 4, 12), datetime.datetime(1677, 1, 1), None,
            datetime.datetime(2500, 6, 1, 0, 0, 1)]
    for dictionary in (True, False):
        save("int96_" + ("dictionary" if dictionary else "plain"),
             [("t", "timestamp(9)", pa.timestamp("us"), rows)], use_dictionary=dictionary,
             use_deprecated_int96_timestamps=True, compression="none")


def decimals():
    """Decimals on integers, which pyarrow writes when told to."""
    r = random.Random(7)
    columns = []
    for precision in (1, 5, 9, 10, 18, 19, 28, 38):
        high = 10**precision - 1
        scale = precision // 2
        values = [D(v).scaleb(-scale) for v in
                  [high, -high, 0] + [r.randint(-high, high) for _ in range(40)]]
        columns.append(("d%d" % precision, "decimal(%d,%d)" % (precision, scale),
                        pa.decimal128(precision, scale), values))
    save("decimals_as_integers", columns, store_decimal_as_integer=True, compression="none")
    save("decimals_as_bytes", columns, compression="none", use_dictionary=False)


def nested():
    table = pa.table({
        "id": pa.array([1, 2, 3], pa.int32()),
        "tags": pa.array([["a"], [], None], pa.list_(pa.string())),
        "point": pa.array([{"x": 1, "y": 2}, None, {"x": 3, "y": None}],
                          pa.struct([("x", pa.int32()), ("y", pa.int32())])),
        "name": pa.array(["one", None, "three"]),
        "pairs": pa.array([[("k", 1)], None, []], pa.map_(pa.string(), pa.int32())),
    })
    pq.write_table(table, os.path.join(HERE, "nested.parquet"), compression="none")
    write_rows("nested", [("id", "integer", [1, 2, 3]), ("name", "varchar", ["one", None, "three"])])


def duck():
    query = """
      SELECT CAST(i AS TINYINT) AS i8, CAST(i * 100 AS SMALLINT) AS i16, i * 70000 AS i32,
        CAST(i AS BIGINT) * 10000000000 AS i64, CAST(i AS UTINYINT) AS u8,
        CAST(i AS UINTEGER) * 40000000 AS u32, CAST(i AS UBIGINT) * 180000000000000000 AS u64,
        CAST(i / 3 AS DECIMAL(4,2)) AS d4, CAST(i / 7 AS DECIMAL(15,5)) AS d15,
        CAST(CAST(i AS DECIMAL(30,3)) * 1000000000000 AS DECIMAL(30,3)) AS d30,
        CAST(i AS FLOAT) / 4 AS f32, CAST(i AS DOUBLE) / 3 AS f64, i % 2 = 0 AS flag,
        DATE '2000-01-01' + CAST(i * 100 AS INTEGER) AS day,
        TIMESTAMP '2013-01-01 00:00:00.123456' + i * INTERVAL 1 HOUR AS ts,
        CAST(TIMESTAMP '2013-01-01 00:00:00.123' + i * INTERVAL 1 HOUR AS TIMESTAMP_MS) AS ts_ms,
        CASE WHEN i % 3 > 0 THEN 'text ' || (i % 5) END AS text,
        CASE WHEN i % 4 > 0 THEN 'a longer text with number ' || i END AS long_text,
        CAST('blob' || i AS BLOB) AS blob,
        CAST(printf('%032x', i) AS UUID) AS id,
        TIME '10:20:30.5' + i * INTERVAL 1 SECOND AS t
      FROM (SELECT CAST(range AS INTEGER) AS i FROM range(100))"""
    kinds = ["tinyint", "smallint", "integer", "bigint", "smallint", "bigint", None,
             "decimal(4,2)", "decimal(15,5)", "decimal(30,3)", "real", "double", "boolean", "date",
             "timestamp(6)", "timestamp(3)", "varchar", "varchar", "varbinary", "varchar", "time(6)"]
    connection = duckdb.connect()
    result = connection.execute(query)
    names = [d[0] for d in result.description]
    rows = result.fetchall()
    kinds[names.index("u64")] = "decimal(20,0)"
    keep = [i for i, n in enumerate(names)]
    for version in ("V1", "V2"):
        for codec in ("snappy", "zstd", "uncompressed", "gzip", "lz4_raw", "brotli"):
            if version == "V2" and codec not in ("snappy", "uncompressed"):
                continue
            name = "duckdb_%s_%s" % (version.lower(), codec)
            path = os.path.join(HERE, name + ".parquet")
            connection.execute(
                "COPY (%s) TO '%s' (FORMAT parquet, CODEC '%s', PARQUET_VERSION %s)"
                % (query, path, codec, version))
            write_rows(name, [(names[i], kinds[i], [row[i] for row in rows]) for i in keep],
                       "duckdb")
    connection.execute(
        "COPY (SELECT i, INTERVAL 1 DAY * i AS span FROM range(3) t(i)) TO '%s' (FORMAT parquet)"
        % os.path.join(HERE, "interval.parquet"))


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


class Long(int):
    """A number that the format keeps in 64 bits."""


def thrift(fields):
    """A struct in Thrift's compact protocol: (number, value) each, an int, text, list or struct."""
    out, last = bytearray(), 0
    for number, value in fields:
        kind, body = thrift_value(value)
        out.append((number - last) << 4 | kind)
        out += body
        last = number
    return bytes(out) + b"\0"


def thrift_value(value):
    if isinstance(value, bool):
        return (1 if value else 2), b""
    if isinstance(value, int):
        return 6 if isinstance(value, Long) else 5, varint(value << 1 if value >= 0 else (-value << 1) - 1)
    if isinstance(value, (bytes, str)):
        raw = value.encode() if isinstance(value, str) else value
        return 8, varint(len(raw)) + raw
    if value and isinstance(value[0], tuple):
        return 12, thrift(value)
    kinds = [thrift_value(v) for v in value]
    return 9, bytes([min(len(kinds), 15) << 4 | kinds[0][0]]) + b"".join(body for _, body in kinds)


def legacy():
    """What only old writers did, put together by hand: BIT_PACKED levels, LZ4 in Hadoop's frames,
    several GZIP members, no dictionary offset, index pages, empty pages, the old statistics."""
    import gzip
    numbers = [None if i % 3 == 1 else i * 7 for i in range(50)]
    texts = ["legacy" if i % 2 else "text %d" % (i % 5) for i in range(50)]
    file = bytearray(b"PAR1")

    def page(kind, body, compressed, detail):
        header = [(1, kind), (2, len(body)), (3, len(compressed))] + detail
        file.extend(thrift(header) + compressed)

    # Levels start at the highest bit of a byte and have no length in front.
    bits = [0 if v is None else 1 for v in numbers]
    levels = bytes(sum(b << (7 - j) for j, b in enumerate(bits[i:i + 8])) for i in range(0, 50, 8))
    body = levels + b"".join(struct.pack("<i", v) for v in numbers if v is not None)
    blocks = [body[:60], body[60:]]
    packed = b""
    for block in blocks:
        raw = pa.compress(block, codec="lz4_raw", asbytes=True)
        packed += struct.pack(">II", len(block), len(raw)) + raw
    first = len(file)
    page(0, body, packed, [(5, [(1, 50), (2, 0), (3, 4), (4, 4)])])
    first_size = len(file) - first

    words = sorted(set(texts))
    dictionary = b"".join(struct.pack("<I", len(w)) + w.encode() for w in words)
    second = len(file)
    zipped = gzip.compress(dictionary[:9], mtime=0) + gzip.compress(dictionary[9:], mtime=0)
    page(2, dictionary, zipped, [(7, [(1, len(words)), (2, 2)])])
    page(1, b"", b"", [(6, [(1, 0)])])
    empty = gzip.compress(b"", mtime=0)
    page(0, b"", empty, [(5, [(1, 0), (2, 2), (3, 3), (4, 3)])])
    for start in (0, 20):
        part = texts[start:start + (20 if start == 0 else 30)]
        # One bit-packed run of three bits a value.
        ids = [words.index(w) for w in part]
        groups = (len(ids) + 7) // 8
        total = sum(v << (3 * i) for i, v in enumerate(ids))
        body = bytes([3]) + varint(groups << 1 | 1) + total.to_bytes(groups * 3, "little")
        zipped = gzip.compress(body[:5], mtime=0) + gzip.compress(body[5:], mtime=0)
        page(0, body, zipped, [(5, [(1, len(part)), (2, 2), (3, 3), (4, 3)])])
    second_size = len(file) - second

    old = [(1, struct.pack("<i", 49 * 7)), (2, struct.pack("<i", 0)), (3, Long(17))]
    chunks = [
        [(2, Long(first)), (3, [(1, 1), (2, [0, 4]), (3, ["number"]), (4, 5), (5, Long(50)),
                                (6, Long(first_size)), (7, Long(first_size)),
                                (9, Long(first)), (12, old)])],
        # The data page offset is that of the dictionary page.
        [(2, Long(second)), (3, [(1, 6), (2, [2, 3]), (3, ["word"]), (4, 2), (5, Long(50)),
                                 (6, Long(second_size)), (7, Long(second_size)),
                                 (9, Long(second))])],
    ]
    schema = [[(4, "root"), (5, 2)], [(1, 1), (3, 1), (4, "number")],
              [(1, 6), (3, 0), (4, "word"), (6, 0)]]
    footer = thrift([(1, 1), (2, schema), (3, Long(50)),
                     (4, [[(1, chunks), (2, Long(first_size + second_size)), (3, Long(50))]]),
                     (6, "by hand")])
    file += footer + struct.pack("<I", len(footer)) + b"PAR1"
    with open(os.path.join(HERE, "legacy.parquet"), "wb") as out:
        out.write(file)
    write_rows("legacy", [("number", "integer", numbers), ("word", "varchar", texts)])


def evolution():
    """Two files of one table that differ in columns and types."""
    moment = datetime.datetime(2013, 1, 1)
    wide = pa.table({
        "id": pa.array([10**10, None], pa.int64()),
        "ratio": pa.array([0.1, None], pa.float64()),
        "amount": pa.array([D("1.2500"), None], pa.decimal128(20, 4)),
        "moment": pa.array([moment.replace(microsecond=1), None], pa.timestamp("us")),
        "extra": pa.array(["x", None], pa.string()),
    })
    narrow = pa.table({
        "Moment": pa.array([moment.replace(microsecond=1000), None,
                            datetime.datetime(1969, 12, 31, 23, 59, 59, 999000)], pa.timestamp("ms")),
        "ID": pa.array([1, None, -2], pa.int32()),
        "ratio": pa.array([0.5, None, -1.5], pa.float32()),
        "amount": pa.array([D("2.50"), None, D("-7.25")], pa.decimal128(9, 2)),
    })
    pq.write_table(wide, os.path.join(HERE, "evolution_wide.parquet"))
    pq.write_table(narrow, os.path.join(HERE, "evolution_narrow.parquet"))


def hostile_seed():
    """A file of about 20 kB that the hostility test cuts and flips."""
    rows = 100
    r = random.Random(10)
    noise = [("noise", "varchar", pa.string(),
              ["".join(r.choice("abcdefghijklmnop") for _ in range(220)) for _ in range(rows)])]
    columns = [c for c in with_nulls(every_type(rows, 8) + noise, 9, 0.15)
               if c[0] in ("flag", "i32", "f64", "d38", "text", "noise", "few_i64")]
    save("hostile", columns, row_group_size=50, data_page_size=900, compression="snappy")


def provenance():
    with open(os.path.join(HERE, "PROVENANCE.md"), "w") as out:
        out.write(
            "# Where these files come from\n\n"
            "All are written by `make.py` in this folder, from seeded random numbers and fixed\n"
            "words, with pyarrow %s and duckdb %s from PyPI. The `.rows.tsv` files hold what\n"
            "reading must give, written from the same values without reading the Parquet files.\n"
            % (pa.__version__, duckdb.__version__))


if __name__ == "__main__":
    for name in os.listdir(HERE):
        if name.endswith((".parquet", ".rows.tsv")):
            os.remove(os.path.join(HERE, name))
    types_and_pages()
    odd_shapes()
    encodings()
    int96()
    decimals()
    nested()
    duck()
    evolution()
    legacy()
    hostile_seed()
    provenance()
    with open(os.path.join(HERE, "files.tsv"), "w") as out:
        out.write("".join("%s.parquet\t%s.rows.tsv\n" % item for item in sorted(FILES.items())))
