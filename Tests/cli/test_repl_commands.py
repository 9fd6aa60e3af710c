"""The commands that begin with a backslash, at the prompt and in scripts."""

import re

import pytest
from conftest import ROOT
from repl_session import repl, start  # noqa: F401


def names(output):
    """The first column of a box, without its heading."""
    rows = [line for line in output.splitlines() if line.startswith("│ ")]
    return [row.split("│")[1].strip() for row in rows[1:]]


COMMANDS = (
    "? q conninfo echo ! d dt dv dn df df+ l timing x f pset g p r e watch s i o cd".split()
)


def test_help_lists_every_command(repl):
    listed = re.findall(r"^  \\(\S+)", repl.run(r"\?"), re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)


def test_unknown_command_names_the_nearest(repl):
    output = repl.run(r"\timng")
    assert r"no command is called '\timng'" in output
    assert r"Did you mean '\timing'?" in output
    assert "1 row" in repl.run("SELECT 1;")


def test_d_lists_tables(repl):
    assert names(repl.run(r"\d")) == ["flights"]


def test_d_describes_a_table(repl):
    assert "dep_delay" in names(repl.run(r"\d flights"))
    assert "dep_delay" in names(repl.run(r"\d flights;"))


def test_d_describes_a_view(repl):
    repl.run("CREATE VIEW v AS SELECT 1 AS one;")
    assert names(repl.run(r"\d v")) == ["one"]


def test_d_describes_a_path(repl):
    output = repl.run(r"\d 'samples/nycflights13/flights/month=1/*.parquet'")
    assert "dep_delay" in names(output)


def test_d_of_nothing_suggests_a_name(repl):
    output = repl.run(r"\d flihgts")
    assert "TABLE_NOT_FOUND" in output and "flights" in output


def test_dt_takes_a_pattern(repl):
    repl.run("CREATE VIEW punctual AS SELECT 1 AS one;")
    assert names(repl.run(r"\dt")) == ["flights", "punctual"]
    assert names(repl.run(r"\dt fl*")) == ["flights"]
    assert names(repl.run(r"\dt default.p*")) == ["punctual"]
    assert names(repl.run(r"\dt it's")) == []


def test_dv_lists_views(repl):
    repl.run("CREATE VIEW punctual AS SELECT 1 AS one;")
    assert names(repl.run(r"\dv")) == ["punctual"]


def test_dn_lists_schemas(repl):
    assert "default" in names(repl.run(r"\dn"))
    assert names(repl.run(r"\dn nosuch*")) == []


def test_df_lists_functions(repl):
    assert set(names(repl.run(r"\df date_d*"))) == {"date_diff"}


def test_df_plus_describes_with_examples(repl):
    output = repl.run(r"\df+ length;")
    assert "length(varchar) → bigint\n  Returns the number of characters" in output
    assert "length(varbinary) → bigint\n  Returns the number of bytes." in output
    assert "\n  length('Zürich')  -- 6" in output
    assert "strpos" not in output


def test_df_plus_describes_what_is_no_function(repl):
    assert "CAST(value AS type)" in repl.run(r"\df+ cast")
    assert "IS [NOT] DISTINCT FROM" in repl.run(r"\df+ distinct")
    assert "'a' || NULL  -- NULL" in repl.run(r"\df+ ||")


def test_df_plus_takes_a_pattern(repl):
    output = repl.run(r"\df+ regexp_ex*")
    assert "regexp_extract(varchar" in output and "regexp_extract_all(varchar" in output
    assert "regexp_like" not in output


def test_df_plus_of_nothing_suggests_a_name(repl):
    output = repl.run(r"\df+ lenght")
    assert "no function is called 'lenght'" in output
    assert "Did you mean 'length'?" in output


def test_l_lists_catalogs(repl):
    assert names(repl.run(r"\l")) == ["awsdatacatalog"]


def test_timing_off_leaves_the_rows(repl):
    assert "off" in repl.run(r"\timing off")
    assert repl.run("SELECT 1 AS a;").splitlines()[-1] == "1 row"
    assert "on" in repl.run(r"\timing")
    assert repl.run("SELECT 1 AS a;").splitlines()[-1].endswith(" s")
    assert "error" in repl.run(r"\timing perhaps")


def test_x_turns_rows_into_lines(repl):
    repl.run(r"\x")
    assert "a │ 1" in repl.run("SELECT 1 AS a, 2 AS b;")
    repl.run(r"\x")
    assert "│ a │ b │" in repl.run("SELECT 1 AS a, 2 AS b;")
    assert "error" in repl.run(r"\x perhaps")


def test_x_auto_decides_by_the_width(repl):
    repl.run(r"\x auto")
    assert "│ a │ b │" in repl.run("SELECT 1 AS a, 2 AS b;")
    assert "[ row 1 ]" in repl.run("SELECT * FROM flights LIMIT 1;")
    assert "│ a │" in repl.run("SELECT 1 AS a WHERE false;")


@pytest.mark.parametrize("command", [r"\f csv", r"\pset format csv"])
def test_format(repl, command):
    assert "csv" in repl.run(command)
    assert repl.run("SELECT 1 AS a, 2 AS b;").startswith("a,b\n1,2\n")


def test_format_that_does_not_exist(repl):
    output = repl.run(r"\f cuneiform")
    assert "no format is called 'cuneiform'" in output and "markdown" in output


def test_pset_shows_settings(repl):
    output = repl.run(r"\pset")
    assert re.search(r"^format +box$", output, re.MULTILINE)
    assert re.search(r"^rows +100$", output, re.MULTILINE)
    assert "error" in repl.run(r"\pset nosuch 1")


def test_o_sends_results_to_a_file_and_back(repl, tmp_path):
    file = tmp_path / "result.csv"
    repl.run(r"\f csv")
    repl.run(rf"\o {file}")
    output = repl.run("SELECT carrier FROM flights LIMIT 150;")
    assert re.fullmatch(r"150 rows, .*", output)
    assert not file.exists()
    repl.run(r"\o")
    assert len(file.read_text().splitlines()) == 151
    assert repl.run("SELECT 1 AS a;").startswith("a\n1\n")


def test_o_is_finished_by_leaving(repl, tmp_path):
    repl.run(rf"\o {tmp_path}/out")
    repl.run("SELECT 1 AS a;")
    assert repl.leave() == 0
    assert "│ a │" in (tmp_path / "out").read_text()


def test_o_to_nowhere(repl):
    assert "error" in repl.run(r"\o no/such/folder/out")
    assert "│ a │" in repl.run("SELECT 1 AS a;")


def test_i_runs_a_file(repl, tmp_path):
    script = tmp_path / "script.sql"
    script.write_text("SELECT 1 AS a;\n\\echo between\nSELECT 2 AS b")
    output = repl.run(rf"\i {script}")
    assert output.index("│ a │") < output.index("between") < output.index("│ b │")


def test_i_names_the_place_of_an_error(repl, tmp_path):
    script = tmp_path / "script.sql"
    script.write_text("SELECT 1 AS a;\n\nSELECT nothing;\nSELECT 2 AS b;")
    output = repl.run(rf"\i '{script}'")
    assert f"{script}:3:8" in output and "│ b │" not in output


def test_i_of_itself_ends(repl, tmp_path):
    script = tmp_path / "script.sql"
    script.write_text(rf"\i {script}")
    assert "deep" in repl.run(rf"\i {script}")
    assert "1 row" in repl.run("SELECT 1;")


def test_i_of_nothing(repl):
    assert "cannot read no/such/file" in repl.run(r"\i no/such/file")


def test_cd_goes_elsewhere_and_keeps_the_warehouse(repl, tmp_path):
    repl.run(rf"\cd {tmp_path}")
    assert repl.run(r"\! pwd") == str(tmp_path)
    assert "1 row" in repl.run("SELECT count(*) FROM flights;")
    assert "error" in repl.run(r"\cd no/such/folder")


def test_exclamation_mark_runs_a_command(repl):
    assert repl.run(r"\! echo one two | tr a-z A-Z") == "ONE TWO"
    assert "status 3" in repl.run(r"\! exit 3")


def test_control_c_ends_a_command_and_not_the_session(repl):
    repl.send("\\! echo started; exec cat\r")
    repl.expect_exact("started\r\n")
    repl.control("C")
    repl.expect_exact("apus> ")
    assert "1 row" in repl.run("SELECT 1;")


def test_echo(repl):
    assert repl.run(r"\echo one  two") == "one  two"


def test_conninfo(repl):
    output = repl.run(r"\conninfo")
    assert str(ROOT / "samples/nycflights13") in output and "default" in output


def test_g_runs_what_is_typed_and_runs_it_again(repl):
    assert "│ 42 │" in repl.run(r"SELECT 42 AS a \g")
    assert "│ 42 │" in repl.run(r"\g")
    repl.send("SELECT 43 AS a")
    repl.enter(prompt="    -> ")
    repl.send(r"\g")
    assert "│ 43 │" in repl.enter()


def test_g_of_nothing(repl):
    assert "no statement yet" in repl.run(r"\g")


def test_p_prints_what_is_typed(repl):
    repl.send("SELECT 42 AS a,")
    repl.enter(prompt="    -> ")
    repl.send(r"\p")
    assert repl.enter(prompt="    -> ") == "SELECT 42 AS a,"


def test_p_prints_the_last_statement(repl):
    repl.run("SELECT 42 AS a;")
    repl.run(r"\d")
    assert repl.run(r"\p") == "SELECT 42 AS a"


def test_r_forgets_what_is_typed(repl):
    repl.send("SELECT garbage,")
    repl.enter(prompt="    -> ")
    repl.send(r"\r")
    repl.enter()
    assert "│ 1 │" in repl.run("SELECT 1 AS a;")


def test_s_shows_the_history(repl):
    repl.run("SELECT 1,", " 2;")
    repl.run("SELECT 3;")
    assert repl.run(r"\s").splitlines() == ["SELECT 1,", " 2;", "SELECT 3;"]


@pytest.mark.parametrize("variable", ["EDITOR", "VISUAL"])
def test_e_edits_and_runs_the_last_statement(start, tmp_path, variable):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i s/41/42/ "$1"\n')
    editor.chmod(0o755)
    repl = start(**{variable: str(editor)})
    repl.run("SELECT 41 AS a;")
    output = repl.run(r"\e")
    assert "SELECT 42 AS a" in output and "│ 42 │" in output
    repl.control("P")
    repl.expect_exact("SELECT 42 AS a")


def test_e_edits_what_is_typed(start, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "42 AS a" >> "$1"\n')
    editor.chmod(0o755)
    repl = start(EDITOR=str(editor))
    repl.send("SELECT")
    repl.enter(prompt="    -> ")
    repl.send(r"\e")
    assert "│ 42 │" in repl.enter()


def test_e_with_an_editor_that_fails(start):
    repl = start(EDITOR="false")
    repl.run("SELECT 1 AS a;")
    output = repl.run(r"\e")
    assert "false ended with status 1" in output and "│ a │" not in output


def test_watch_repeats_until_control_c(repl):
    repl.run("SELECT 42 AS a;")
    repl.send("\\watch 0.01\r")
    for _ in range(3):
        repl.expect_exact("│ 42 │")
    repl.control("C")
    repl.expect_exact("apus> ")
    assert "│ 1 │" in repl.run("SELECT 1 AS a;")


def test_control_c_ends_a_long_pause_of_watch(repl):
    repl.send("SELECT 42 AS a \\watch 3600\r")
    repl.expect(r"1 row, [^\r]*\r\n")
    repl.control("C")
    repl.expect_exact("apus> ")


def test_watch_stops_at_an_error(repl):
    repl.run("SELECT nothing;")
    assert repl.run(r"\watch 0.01").count("COLUMN_NOT_FOUND") == 1
    assert "error" in repl.run(r"\watch often")


# The same commands in scripts.


def test_script_with_commands(apus, tmp_path):
    inner = tmp_path / "inner.sql"
    inner.write_text("SELECT 2 AS b;\n")
    script = tmp_path / "script.sql"
    script.write_text(
        f"\\echo begin\nSELECT 1 AS a;\n\\i {inner}\n\\f json\nSELECT 3 AS c;\n"
        f"\\o {tmp_path}/out.json\nSELECT 4 AS d;\n\\o\n\\echo end\n\\q\nSELECT 5 AS e;"
    )
    result = apus("-f", str(script))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:5] == ["begin", "a", "1", "b", "2"]
    assert '"c":3' in result.stdout.replace(" ", "") and '"d"' not in result.stdout
    assert result.stdout.splitlines()[-1] == "end"
    assert '"d":4' in (tmp_path / "out.json").read_text().replace(" ", "")


def test_script_with_x_and_timing(apus):
    result = apus("--format", "box", stdin="\\x on\n\\timing on\nSELECT 1 AS a;\n")
    assert "a │ 1" in result.stdout
    assert result.stderr.startswith("time: ")


def test_script_with_an_unknown_command_fails(apus):
    result = apus(stdin="\\timng\nSELECT 1;\n")
    assert (result.returncode, result.stdout) == (1, "")
    assert r"Did you mean '\timing'?" in result.stderr


@pytest.mark.parametrize("command", [r"\e", r"\watch", r"\cd /"])
def test_commands_for_people_are_refused_in_scripts(apus, command):
    result = apus(stdin=f"SELECT 1 AS a;\n{command}\n")
    assert result.returncode == 1
    assert "at the prompt only" in result.stderr
