"""Errors as a user meets them: one message with its code, its place and at times a hint."""

import pytest
from conftest import FLIGHTS

CASES = [
    ("SELEC 1", "SYNTAX_ERROR", "1:1"),
    ("SELECT 1 +", "SYNTAX_ERROR", "1:11"),
    ("SELECT\n  1,\n  FROM t", "SYNTAX_ERROR", "3:3"),
    ("SELECT nothing", "COLUMN_NOT_FOUND", "1:8"),
    (f"SELECT dep_dela FROM '{FLIGHTS}'", "COLUMN_NOT_FOUND", "1:8"),
    ("SELECT * FROM nowhere", "TABLE_NOT_FOUND", "1:15"),
    ("SELECT * FROM 'no/such/*.parquet'", "TABLE_NOT_FOUND", "1:15"),
    ("SELECT no_such_function(1)", "FUNCTION_NOT_FOUND", "1:8"),
    ("SELECT 1 + 'a'", "TYPE_MISMATCH", "1:"),
    ("SELECT 1 / 0", "DIVISION_BY_ZERO", "1:8"),
    ("SELECT CAST('x' AS integer)", "INVALID_CAST_ARGUMENT", "1:8"),
    ("SELECT 2147483647 + 1", "NUMERIC_VALUE_OUT_OF_RANGE", "1:8"),
    (f"SELECT origin, count(*) FROM '{FLIGHTS}'", "EXPRESSION_NOT_AGGREGATE", "1:8"),
]


@pytest.mark.parametrize("sql, code, place", CASES, ids=[case[0] for case in CASES])
def test_error(apus, sql, code, place):
    result = apus("-c", sql)
    assert result.returncode == 1
    assert result.stdout == ""
    assert code in result.stderr
    assert place in result.stderr, result.stderr


def test_hint_for_a_misspelt_column(apus):
    assert "dep_delay" in apus("-c", f"SELECT dep_dela FROM '{FLIGHTS}'").stderr


def test_hint_for_a_misspelt_function(apus):
    assert "count" in apus("-c", "SELECT cuont(1)").stderr


HINTS = [
    ("SELECT f.x FROM (VALUES 1) t(x)", "'t.x'"),
    ("SELECT sum(x) OVER wide FROM (VALUES 1) t(x) WINDOW wise AS (ORDER BY x)", "'wise'"),
    ("SELECT CAST(1 AS integr)", "integer"),
    ("SELECT CAST(1 AS decimall(3, 2))", "decimal"),
    ("SELECT x AS total FROM (VALUES 1) t(x) ORDER BY totl", "'total'"),
    ("SELECT transform(ARRAY[1], item -> itm + 1)", "'item'"),
    ("WITH recent AS (SELECT 1) SELECT * FROM recnt", "'recent'"),
    ("SELECT * FROM (VALUES 1) a(carrier) JOIN (VALUES 1) b(carrier) USING (carier)", "'carrier'"),
    ("SELECT * FROM TABLE(sequence(strat => 1))", "'start'"),
    ("CREATE TABLE x WITH (formt = 'PARQUET') AS SELECT 1 AS a", "'format'"),
    ("UNLOAD (SELECT 1 AS a) TO '/x' WITH (format = 'PARQUET', compresion = 'ZSTD')", "'compression'"),
    ("PREPARE mine FROM SELECT 1; EXECUTE mien", "'mine'"),
]


@pytest.mark.parametrize("sql, hint", HINTS, ids=[hint for _, hint in HINTS])
def test_hint(apus, sql, hint):
    result = apus("-c", sql)
    assert result.returncode == 1
    assert f"Did you mean {hint}?" in result.stderr, result.stderr


def test_place_counts_characters_not_bytes(apus):
    result = apus("-c", "SELECT 'éé', nothing")
    assert "1:14" in result.stderr, result.stderr


def test_an_error_in_a_file_names_the_line_of_the_file(apus, tmp_path):
    script = tmp_path / "script.sql"
    script.write_text("SELECT 1;\n\nSELECT\n  nothing;\n")
    result = apus("-f", str(script))
    assert result.returncode == 1
    assert "4:3" in result.stderr, result.stderr


def test_what_is_missing_says_so(apus):
    result = apus("-c", "DELETE FROM t")
    assert result.returncode == 1
    assert "NOT_SUPPORTED" in result.stderr or "SYNTAX_ERROR" in result.stderr


def test_text_that_is_not_utf8(apus_binary):
    import subprocess

    result = subprocess.run([apus_binary], input=b"SELECT '\xff'", capture_output=True, timeout=30)
    assert result.returncode in (0, 1)


def test_deep_nesting_is_an_error(apus):
    for sql in ["(" * 50_000 + "1" + ")" * 50_000, "NOT " * 50_000 + "true", "1" + " + 1" * 50_000]:
        result = apus(stdin="SELECT " + sql)
        assert result.returncode in (0, 1), (result.returncode, sql[:8], result.stderr[:200])
