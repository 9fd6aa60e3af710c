"""Where statements come from, and what the exit status says."""

import pytest


def test_command(apus):
    result = apus("-c", "SELECT 1 AS one")
    assert (result.returncode, result.stdout, result.stderr) == (0, "one\n1\n", "")


def test_several_statements_in_one_command(apus):
    result = apus("-c", "SELECT 1 AS a; SELECT 2 AS b")
    assert result.returncode == 0
    assert result.stdout.split() == ["a", "1", "b", "2"]


def test_file(apus, tmp_path):
    script = tmp_path / "script.sql"
    script.write_text("-- a comment; not a statement\nSELECT ';' AS semicolon;\n")
    result = apus("-f", str(script))
    assert (result.returncode, result.stdout) == (0, "semicolon\n;\n")


def test_standard_input(apus):
    result = apus(stdin="SELECT 'Привет' AS greeting;\n")
    assert (result.returncode, result.stdout) == (0, "greeting\nПривет\n")


def test_commands_and_files_run_in_their_order(apus, tmp_path):
    script = tmp_path / "script.sql"
    script.write_text("SELECT 2 AS b")
    result = apus("-c", "SELECT 1 AS a", "-f", str(script), "-c", "SELECT 3 AS c")
    assert result.stdout.split() == ["a", "1", "b", "2", "c", "3"]


def test_view_lives_for_the_session(apus):
    result = apus(stdin="CREATE VIEW v AS SELECT 41 + 1 AS answer; SELECT * FROM v;")
    assert result.returncode == 0
    assert result.stdout.split()[-2:] == ["answer", "42"]


def test_empty_input(apus):
    result = apus(stdin=" \n-- nothing\n")
    assert (result.returncode, result.stdout) == (0, "")


def test_version_and_help(apus):
    assert apus("--version").returncode == 0
    help_text = apus("--help")
    assert help_text.returncode == 0
    for option in ["--format", "--output", "--warehouse", "--threads", "--memory-limit", "--config"]:
        assert option in help_text.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-such-option"],
        ["--format", "cuneiform", "-c", "SELECT 1"],
        ["--threads", "0", "-c", "SELECT 1"],
        ["--threads", "many", "-c", "SELECT 1"],
        ["--memory-limit", "lots", "-c", "SELECT 1"],
        ["-f", "no/such/file.sql"],
        ["--config", "no/such/file", "-c", "SELECT 1"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(apus, arguments):
    result = apus(*arguments)
    assert result.returncode == 2, result.stdout + result.stderr
    assert result.stderr and not result.stdout


def test_failed_statement_is_1_and_stops_the_script(apus):
    result = apus("-c", "SELECT 1 AS a; SELECT nothing; SELECT 2 AS b")
    assert result.returncode == 1
    assert result.stdout.split() == ["a", "1"]


def test_output_file(apus, tmp_path):
    target = tmp_path / "result.csv"
    result = apus("--output", str(target), "-c", "SELECT 7 AS seven")
    assert (result.returncode, result.stdout) == (0, "")
    assert target.read_text() == "seven\n7\n"


def test_output_to_nowhere(apus, tmp_path):
    result = apus("--output", str(tmp_path / "no" / "folder"), "-c", "SELECT 1")
    assert result.returncode in (1, 2)
    assert result.stderr


def test_timing_goes_to_standard_error(apus):
    result = apus("--timing", "-c", "SELECT 1 AS one; SELECT 2 AS two")
    assert result.stdout.split() == ["one", "1", "two", "2"]
    lines = [line for line in result.stderr.splitlines() if line.startswith("time: ")]
    assert len(lines) == 2
    assert all(line.endswith(" ms") and float(line.split()[1]) >= 0 for line in lines)


def test_threads_give_the_same_answer(apus):
    sql = (
        "SELECT carrier, count(*), sum(distance), min(dep_delay) "
        "FROM 'samples/nycflights13/flights/*/*.parquet' GROUP BY carrier ORDER BY carrier"
    )
    one, many = apus("--threads", "1", "-c", sql), apus("--threads", "8", "-c", sql)
    assert one.returncode == many.returncode == 0, one.stderr + many.stderr
    assert one.stdout == many.stdout
