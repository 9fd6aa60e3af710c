"""The output formats, each for the same result, into a pipe and on a terminal."""

import csv
import io
import json
import os
import pty
import subprocess

import pytest
from conftest import ROOT

SQL = (
    "SELECT * FROM (VALUES (1, 'a|b', DATE '2013-01-31', CAST(1.50 AS decimal(5,2)), true), "
    "(2, 'say \"hi\", then\ngo', NULL, NULL, NULL)) AS t (id, text, day, price, flag) ORDER BY id"
)
COLUMNS = ["id", "text", "day", "price", "flag"]


def rows_of(apus, name):
    result = apus("--format", name, "-c", SQL)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_csv(apus):
    rows = list(csv.reader(io.StringIO(rows_of(apus, "csv"))))
    assert rows[0] == COLUMNS
    assert rows[1] == ["1", "a|b", "2013-01-31", "1.50", "true"]
    assert rows[2] == ["2", 'say "hi", then\ngo', "", "", ""]


def test_tsv_keeps_a_row_on_a_line(apus):
    lines = rows_of(apus, "tsv").splitlines()
    assert lines[0].split("\t") == COLUMNS
    assert lines[1].split("\t") == ["1", "a|b", "2013-01-31", "1.50", "true"]
    assert len(lines) == 3 and all(line.count("\t") == 4 for line in lines)


def test_json(apus):
    rows = json.loads(rows_of(apus, "json"))
    check_objects(rows)


def test_ndjson(apus):
    check_objects([json.loads(line) for line in rows_of(apus, "ndjson").splitlines()])


def check_objects(rows):
    assert [list(row) for row in rows] == [COLUMNS, COLUMNS]
    assert rows[0]["id"] == 1 and rows[0]["day"] == "2013-01-31" and rows[0]["flag"] is True
    assert float(rows[0]["price"]) == 1.5
    assert rows[1]["text"] == 'say "hi", then\ngo'
    assert rows[1]["day"] is None and rows[1]["price"] is None and rows[1]["flag"] is None


def test_markdown_escapes_bars(apus):
    lines = rows_of(apus, "markdown").splitlines()
    assert [cell.strip() for cell in lines[0].strip("|").split("|")] == COLUMNS
    assert set(lines[1]) <= set("|-: ")
    assert r"a\|b" in lines[2]
    assert len(lines) == 4


def test_vertical(apus):
    text = rows_of(apus, "vertical")
    for column in COLUMNS:
        assert column in text
    assert "2013-01-31" in text


def test_box(apus):
    text = rows_of(apus, "box")
    assert text.startswith("┌") and "│" in text and "└" in text
    widths = {len(line) for line in text.splitlines() if line[:1] in "┌├└│"}
    assert len(widths) == 1, text


def test_box_is_straight_with_wide_characters(apus):
    result = apus("--format", "box", "-c", "SELECT '東京' AS city UNION ALL SELECT 'Oslo'")
    assert result.returncode == 0, result.stderr
    rules = [line for line in result.stdout.splitlines() if line[:1] in "┌├└"]
    assert {len(rule) for rule in rules} == {len(rules[0])}
    # Each of the two characters takes two columns of a terminal.
    row = next(line for line in result.stdout.splitlines() if "東京" in line)
    assert len(row) + 2 == len(rules[0])


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "ndjson", "markdown", "vertical", "box"])
def test_no_rows(apus, name):
    result = apus("--format", name, "-c", "SELECT 1 AS one WHERE 1 = 0")
    assert result.returncode == 0, result.stderr
    if name == "json":
        assert json.loads(result.stdout) == []
    elif name == "ndjson":
        assert result.stdout == ""
    elif name in ("csv", "tsv"):
        assert result.stdout == "one\n"


def on_a_terminal(binary, *arguments):
    """Runs apus with a pseudo-terminal as its standard output and returns what it writes."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [str(binary), *arguments], stdin=subprocess.DEVNULL, stdout=slave, stderr=slave, cwd=ROOT
    )
    os.close(slave)
    written = b""
    while True:
        try:
            block = os.read(master, 4096)
        except OSError:
            break
        if not block:
            break
        written += block
    os.close(master)
    assert process.wait(timeout=30) == 0
    return written.decode().replace("\r\n", "\n")


def test_a_terminal_gets_a_box_and_a_pipe_gets_csv(apus, apus_binary):
    assert "┌" in on_a_terminal(apus_binary, "-c", "SELECT 1 AS one")
    assert apus("-c", "SELECT 1 AS one").stdout == "one\n1\n"


def test_the_format_asked_for_wins_on_a_terminal(apus_binary):
    assert on_a_terminal(apus_binary, "--format", "csv", "-c", "SELECT 1 AS one") == "one\n1\n"


def test_closed_pipe_ends_quietly(apus_binary):
    flights = "SELECT * FROM 'samples/nycflights13/flights/*/*.parquet'"
    process = subprocess.Popen(
        [str(apus_binary), "--format", "csv", "-c", flights],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    process.stdout.readline()
    process.stdout.close()
    error = process.stderr.read().decode()
    status = process.wait(timeout=30)
    assert "fatal" not in error.lower() and "crash" not in error.lower(), error
    # A shell that says SIGPIPE (-13, 141), or success, or a failed write: all honest, none a trap.
    assert status in (0, 1, -13, 141), (status, error)
