"""What is shown of results, and while they are waited for."""

import re

import pexpect
import pytest
from conftest import ROOT
from repl_session import ENDLESS, ENDLESS_SCAN, TABLES, plain, repl, start  # noqa: F401

STATUS = r"336,776 rows, \d+\.\d{3} s, \d+(\.\d)? [KM]?B scanned"


@pytest.mark.parametrize("columns", [40, 80, 132])
def test_a_box_fits_the_terminal(start, columns):
    repl = start(columns=columns)
    lines = repl.run("SELECT * FROM flights LIMIT 3;").splitlines()
    box = [line for line in lines if line[0] in "┌│├└"]
    assert len(box) == 7
    assert max(map(len, box)) <= columns
    assert "…" in box[1]
    assert re.fullmatch(r"\(\d+ of 19 columns; \\x shows all\)", lines[-2])
    assert len(lines[-2]) <= columns


def test_a_box_follows_the_size_of_the_terminal(repl):
    repl.child.setwinsize(50, 200)
    wide = repl.run("SELECT * FROM flights LIMIT 1;").splitlines()
    assert 80 < max(map(len, wide)) <= 200


def test_status_line(repl):
    last = repl.run("SELECT month FROM flights;").splitlines()[-1]
    assert re.fullmatch(STATUS, last), last


def test_status_line_of_one_row_without_a_table(repl):
    last = repl.run("SELECT 1;").splitlines()[-1]
    assert re.fullmatch(r"1 row, \d+\.\d{3} s", last), last


def test_status_line_of_a_statement_without_rows(repl):
    output = repl.run("CREATE VIEW v AS SELECT 1 AS a;")
    assert re.fullmatch(r"CREATE VIEW, \d+\.\d{3} s", output), output


def test_status_line_of_a_statement_that_writes(start, tmp_path):
    repl = start("--warehouse", str(tmp_path / "lake"))
    output = repl.run("CREATE TABLE t AS SELECT 1 AS a UNION ALL SELECT 2;")
    assert re.fullmatch(r"2 rows written, \d+\.\d{3} s", output), output
    output = repl.run("INSERT INTO t SELECT * FROM t;")
    assert re.fullmatch(r"2 rows written, \d+\.\d{3} s, [\d.]+ K?B scanned", output), output


def test_long_results_are_cut_and_say_so(repl):
    lines = repl.run("SELECT carrier FROM flights;").splitlines()
    assert sum(line.startswith("│ ") for line in lines) == 1 + 100
    assert lines[-2] == r"(100 of 336,776 rows; \pset rows all)"


def test_the_number_of_rows_can_be_chosen(repl):
    repl.run(r"\pset rows 7")
    assert repl.run("SELECT carrier FROM flights;").count("│ ") == 1 + 7
    repl.run(r"\pset rows all")
    lines = repl.run("SELECT carrier FROM flights LIMIT 150;").splitlines()
    assert sum(line.startswith("│ ") for line in lines) == 1 + 150
    assert "150 rows" in lines[-1]
    assert "error" in repl.run(r"\pset rows -1")
    assert "error" in repl.run(r"\pset rows many")


def test_other_formats_are_whole(repl):
    repl.run(r"\f csv")
    assert len(repl.run("SELECT carrier FROM flights LIMIT 150;").splitlines()) == 1 + 150 + 1


def test_progress_says_how_much_is_done(repl):
    repl.send(ENDLESS_SCAN + ";\r")
    repl.expect(r"\r[█▏▎▍▌▋▊▉·]{8,}  +\d+%  \d[^\r]* s[^\r]*\x1b\[K")
    repl.control("C")
    repl.expect_exact("\r\x1b[K")
    repl.expect_exact("error: USER_CANCELED")
    repl.expect_exact("apus> ")


def finished_with_progress(run):
    """Runs longer and longer queries until one is drawn; returns what was shown for that."""
    for count in range(5, len(TABLES)):
        shown = run("SELECT count(*) AS rows FROM " + " CROSS JOIN ".join(TABLES[:count]))
        if "\x1b[K" in shown:
            return shown
    raise AssertionError("no query was long enough")


def test_progress_is_erased_before_the_result(repl):
    def run(sql):
        repl.send(sql + ";\r")
        repl.expect(r"1 row, [^\r]*\r\n")
        shown = repl.child.before
        repl.expect_exact("apus> ")
        return shown

    shown = finished_with_progress(run)
    last = shown.rindex("\x1b[K")
    assert shown[:last].endswith("\r")
    assert "┌" not in shown[:last] and "┌" in shown[last:]


def test_no_progress_on_a_dumb_terminal(start):
    repl = start(term="dumb")

    def run(sql):
        repl.send(sql + ";\r")
        repl.expect(r"1 row, (\d+)\.(\d)[^\r]*\r\n")
        took = int(repl.child.match.group(1) + repl.child.match.group(2))
        shown = repl.child.before
        repl.expect_exact("apus> ")
        return shown, took

    # The first that takes longer than it takes for another terminal to show something.
    for count in range(5, len(TABLES)):
        shown, took = run("SELECT count(*) AS rows FROM " + " CROSS JOIN ".join(TABLES[:count]))
        assert "\x1b" not in shown
        if took >= 7:
            return
    raise AssertionError("no query was long enough")


def spawn(apus_binary, *arguments):
    return pexpect.spawn(
        str(apus_binary),
        ["--warehouse", "samples/nycflights13", *arguments],
        cwd=str(ROOT),
        env={"TERM": "xterm", "PATH": "/usr/bin:/bin"},
        encoding="utf-8",
        timeout=30,
        dimensions=(24, 80),
    )


def test_progress_of_a_command_on_a_terminal(apus_binary):
    child = spawn(apus_binary, "-c", ENDLESS)
    child.expect(r"\d\.\d s\x1b\[K")
    child.sendintr()
    child.expect_exact("\r\x1b[K")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130


def test_a_command_on_a_terminal_shows_all_rows(apus_binary):
    child = spawn(apus_binary, "-c", "SELECT carrier FROM flights LIMIT 150")
    child.expect(pexpect.EOF)
    lines = plain(child.before).splitlines()
    assert sum(line.startswith("│ ") for line in lines) == 1 + 150
    assert lines[-1] == "(150 rows)"
