"""TPC-H over Parquet: its data, its queries with default or other parameters, comparing answers.

Used by Benchmarks/run and by Tests/tpch, so that what is timed is what is tested.
"""

import datetime
import pathlib
import random
import re
import shutil
import string
import subprocess
import sys

import answers
from engines import ROOT, Suite

QUERIES = ROOT / "Benchmarks" / "queries" / "tpch"
TABLES = ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"]


def suite(scale="1", codec="zstd"):
    texts = queries()
    # The specification wants the same share of rows at each scale.
    texts["q11"] = texts["q11"].replace("0.0001000000", f"{0.0001 / float(scale):.10f}")
    folder = make_data(scale, codec)
    return Suite(f"TPC-H SF{scale} {codec}", folder, TABLES, texts, _difference)


def make_data(scale="1", codec="zstd"):
    """Returns the folder with the tables of `scale`, generating it once under .build.

    One folder a table, two files each, row groups of 64 MB before compression.
    """
    folder = ROOT / ".build" / (f"tpch-sf{scale}" + ("" if codec == "zstd" else f"-{codec}"))
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        generator = pathlib.Path(sys.executable).parent / "tpchgen-cli"
        compression = {"zstd": "ZSTD(3)", "snappy": "SNAPPY"}[codec]
        options = ["-q", "-s", scale, "--parts", "2", "-c", compression, "--row-group-bytes", "64MB"]
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

# The columns of each ORDER BY that leaves ties.
KEYS = {"q03": [1, 2], "q10": [2], "q11": [1], "q18": [4, 3]}


def difference_from_golden(query, got, golden):
    """Compares an answer with the golden one and says what differs first, or returns None.

    Golden numbers are texts of other lengths: they may differ by 1e-6 of their size.
    """
    if query in SUMS_ONLY:
        if len(got) != len(golden):
            return f"{len(got)} rows, expected {len(golden)}"
        got, golden = [_sums(got)], [_sums(golden)]
    rounding, ignored = ROUNDED.get(query, {}), TEXTS.get(query, set())

    def same(cell, want, column):
        return column in ignored or answers.close(cell, want, 1e-6, rounding.get(column, 0) * 1.0001)

    return answers.difference(got, golden, same)


def difference(query, got, expected):
    """Compares an answer with DuckDB's: each number at its declared scale, all else exactly."""
    rounding = ROUNDED.get(query, {})

    def same(cell, want, column):
        if column in rounding:
            return answers.close(cell, want, absolute=rounding[column] * 1.0001)
        return answers.equal(cell, want)

    return answers.difference(got, expected, same, KEYS.get(query))


def _difference(query, got, sql, peer):
    return difference(query, got, peer.rows(sql))


def _sums(rows):
    return [str(sum(int(cell) for cell in column)) for column in zip(*rows)]


# Other names and parameters: an engine that knows the benchmark gains nothing by it.


def renamed_suite(original, seed):
    """Returns a suite of the same rows whose tables and columns have other names, and whose queries
    have other substitution parameters within the specification's ranges.

    The files are the original's but for the names in their footers, which keep their lengths.
    """
    chance = random.Random(seed)
    names = _other_names(original, chance)
    folder = original.folder.with_name(f"{original.folder.name}-renamed-{seed}")
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        for table in TABLES:
            (folder / names[table]).mkdir(parents=True)
            for path in sorted((original.folder / table).glob("*.parquet")):
                _rename_columns(path, folder / names[table] / path.name, names)
        (folder / "complete").touch()
    texts = {
        query: _replaced(_with_parameters(query, sql, chance), names)
        for query, sql in original.queries.items()
    }
    return Suite(
        f"{original.name}, renamed with seed {seed}",
        folder,
        [names[table] for table in TABLES],
        texts,
        _difference,
    )


def _other_names(suite, chance):
    import pyarrow.parquet

    taken, names = set(), {}
    for table in TABLES:
        path = next((suite.folder / table).glob("*.parquet"))
        for name in [table, *pyarrow.parquet.read_schema(path).names]:
            while True:
                letters = "".join(chance.choices(string.ascii_lowercase, k=len(name) - 1))
                if "z" + letters not in taken:
                    break
            names[name] = "z" + letters
            taken.add(names[name])
    return names


def _replaced(sql, names):
    return re.sub(r"\b[a-z_]+\b", lambda match: names.get(match[0], match[0]), sql)


def _rename_columns(source, target, names):
    import pyarrow.parquet

    content = bytearray(source.read_bytes())
    length = int.from_bytes(content[-8:-4], "little")
    footer = re.sub(
        rb"(?<![a-z_])[a-z]+_[a-z]+(?![a-z_])",
        lambda match: names.get(match[0].decode(), match[0].decode()).encode(),
        bytes(content[-8 - length : -8]),
    )
    content[-8 - length : -8] = footer
    target.write_bytes(content)
    before, after = (pyarrow.parquet.ParquetFile(path).metadata.schema.names for path in (source, target))
    if after != [names[name] for name in before]:
        raise ValueError(f"{source}: columns could not be renamed")


NATIONS = {
    "AFRICA": "ALGERIA ETHIOPIA KENYA MOROCCO MOZAMBIQUE".split(),
    "AMERICA": ["ARGENTINA", "BRAZIL", "CANADA", "PERU", "UNITED STATES"],
    "ASIA": "CHINA INDIA INDONESIA JAPAN VIETNAM".split(),
    "EUROPE": ["FRANCE", "GERMANY", "ROMANIA", "RUSSIA", "UNITED KINGDOM"],
    "MIDDLE EAST": ["EGYPT", "IRAN", "IRAQ", "JORDAN", "SAUDI ARABIA"],
}
SEGMENTS = "AUTOMOBILE BUILDING FURNITURE MACHINERY HOUSEHOLD".split()
SHIP_MODES = ["REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB"]
TYPES = (
    "STANDARD SMALL MEDIUM LARGE ECONOMY PROMO".split(),
    "ANODIZED BURNISHED PLATED POLISHED BRUSHED".split(),
    "TIN NICKEL BRASS STEEL COPPER".split(),
)
CONTAINERS = "SM LG MED JUMBO WRAP".split(), "CASE BOX BAG JAR PKG PACK CAN DRUM".split()
COLORS = """almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood
burnished chartreuse chiffon chocolate coral cornflower cornsilk cream cyan dark deep dim dodger drab
firebrick floral forest frosted gainsboro ghost goldenrod green grey honeydew hot indian ivory khaki
lace lavender lawn lemon light lime linen magenta maroon medium metallic midnight mint misty moccasin
navajo navy olive orange orchid pale papaya peach peru pink plum powder puff purple red rose rosy royal
saddle salmon sandy seashell sienna sky slate smoke snow spring steel tan thistle tomato turquoise
violet wheat white yellow""".split()


def _with_parameters(query, sql, chance):
    """Replaces the default parameters of a query (TPC-H specification 3.0.1, clauses 2.4.x.3)."""
    whole, one = chance.randint, chance.choice
    nations = [nation for region in NATIONS.values() for nation in region]
    brand = lambda: f"Brand#{whole(1, 5)}{whole(1, 5)}"
    # Months are counted from the year 0.
    month = lambda first, last: whole(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1] - 1)
    day = lambda month, later=0: f"{(month + later) // 12}-{(month + later) % 12 + 1:02}-01"
    year = whole(1993, 1997)
    years = {"1994-01-01": f"{year}-01-01", "1995-01-01": f"{year + 1}-01-01"}
    match query:
        case "q01":
            before = datetime.timedelta(days=whole(60, 120))
            values = {"1998-09-02": str(datetime.date(1998, 12, 1) - before)}
        case "q02":
            values = {"= 15": f"= {whole(1, 50)}", "BRASS": one(TYPES[2]), "EUROPE": one(list(NATIONS))}
        case "q03":
            values = {"BUILDING": one(SEGMENTS), "1995-03-15": f"1995-03-{whole(1, 31):02}"}
        case "q04":
            first = month((1993, 1), (1997, 10))
            values = {"1993-07-01": day(first), "1993-10-01": day(first, 3)}
        case "q05":
            values = {"ASIA": one(list(NATIONS)), **years}
        case "q06":
            discount = whole(2, 9)
            values = {
                "0.05": f"0.{discount - 1:02}",
                "0.07": f"{(discount + 1) / 100:.2f}",
                "< 24": f"< {whole(24, 25)}",
                **years,
            }
        case "q07":
            values = dict(zip(["FRANCE", "GERMANY"], chance.sample(nations, 2)))
        case "q08":
            region = one(list(NATIONS))
            values = {
                "BRAZIL": one(NATIONS[region]),
                "AMERICA": region,
                "ECONOMY ANODIZED STEEL": " ".join(one(words) for words in TYPES),
            }
        case "q09":
            values = {"green": one(COLORS)}
        case "q10":
            first = month((1993, 2), (1995, 1))
            values = {"1993-10-01": day(first), "1994-01-01": day(first, 3)}
        case "q11" | "q21":
            values = {{"q11": "GERMANY", "q21": "SAUDI ARABIA"}[query]: one(nations)}
        case "q12":
            modes = chance.sample(SHIP_MODES, 2)
            values = {"'MAIL'": f"'{modes[0]}'", "'SHIP'": f"'{modes[1]}'", **years}
        case "q13":
            values = {
                "special": one("special pending unusual express".split()),
                "requests": one("packages requests accounts deposits".split()),
            }
        case "q14":
            first = month((1993, 1), (1997, 12))
            values = {"1995-09-01": day(first), "1995-10-01": day(first, 1)}
        case "q15":
            first = month((1993, 1), (1997, 10))
            values = {"1996-01-01": day(first), "1996-04-01": day(first, 3)}
        case "q16":
            values = {
                "Brand#45": brand(),
                "MEDIUM POLISHED": f"{one(TYPES[0])} {one(TYPES[1])}",
                "49, 14, 23, 45, 19, 3, 36, 9": ", ".join(map(str, chance.sample(range(1, 51), 8))),
            }
        case "q17":
            values = {"Brand#23": brand(), "MED BOX": " ".join(one(words) for words in CONTAINERS)}
        case "q18":
            values = {"> 300": f"> {whole(312, 315)}"}
        case "q19":
            values = {"Brand#12": brand(), "Brand#23": brand(), "Brand#34": brand()}
            for default, least in ((1, whole(1, 10)), (10, whole(10, 20)), (20, whole(20, 30))):
                values[f">= {default}\n"] = f">= {least}\n"
                values[f"<= {default} + 10"] = f"<= {least} + 10"
        case "q20":
            values = {"forest": one(COLORS), "CANADA": one(nations), **years}
        case "q22":
            codes = chance.sample(range(10, 35), 7)
            values = {f"'{old}'": f"'{new}'" for old, new in zip((13, 31, 23, 29, 30, 18, 17), codes)}
    missing = [default for default in values if default not in sql]
    if missing:
        raise ValueError(f"{query} has no {missing}")
    alternatives = "|".join(map(re.escape, sorted(values, key=len, reverse=True)))
    return re.sub(alternatives, lambda match: values[match[0]], sql)
