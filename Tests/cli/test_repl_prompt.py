"""The prompt: lines that become statements, keys, history, ways to leave."""

import os
import re
import stat
import threading

import pexpect
import pytest
from conftest import ROOT
from repl_session import ENDLESS, repl, start  # noqa: F401


def test_greeting_names_the_version_the_warehouse_and_the_help(repl):
    assert "Apus " in repl.greeting
    assert "samples/nycflights13" in repl.greeting
    assert r"\?" in repl.greeting


def test_statement_of_one_line(repl):
    output = repl.run("SELECT 6 * 7 AS answer;")
    assert "│ answer │" in output and "│     42 │" in output


def test_statements_go_on_until_a_semicolon(repl):
    repl.send("SELECT 1 AS a,")
    repl.enter(prompt="    -> ")
    repl.send("2 AS b")
    repl.enter(prompt="    -> ")
    repl.send(";")
    assert "│ 1 │ 2 │" in repl.enter()


@pytest.mark.parametrize(
    "line, prompt, rest",
    [
        ("SELECT (1", "    (> ", ");"),
        ("SELECT 'a", "    '> ", "';"),
        ("SELECT 1 AS \"a", '    "> ', '";'),
        ("SELECT 1 /* a", "    *> ", "*/;"),
        ("/* before", "    *> ", "*/ SELECT 1;"),
    ],
)
def test_continuation_prompt_says_what_is_open(repl, line, prompt, rest):
    repl.send(line)
    repl.enter(prompt=prompt)
    repl.send(rest)
    assert "1 row" in repl.enter()


def test_several_statements_on_a_line(repl):
    output = repl.run("SELECT 1 AS a; SELECT 2 AS b;")
    assert output.index("│ a │") < output.index("│ b │")


def test_an_error_drops_what_follows_it(repl):
    output = repl.run("SELECT nothing; SELECT 2 AS b;")
    assert "COLUMN_NOT_FOUND" in output and "│ b │" not in output
    assert "│ c │" in repl.run("SELECT 3 AS c;")


def test_errors_show_a_caret_and_keep_the_session(repl):
    output = repl.run("SELECT 1,", "  nothing;")
    assert "COLUMN_NOT_FOUND at 2:3" in output
    lines = output.splitlines()
    assert lines[-2:] == ["    nothing", "    ^^^^^^^"]
    assert "1 row" in repl.run("SELECT 1;")


def test_empty_lines_do_nothing(repl):
    assert repl.run("") == ""
    assert repl.run("   ") == ""
    assert repl.run(";") == ""
    assert repl.run("-- a comment") == ""


@pytest.mark.parametrize("word", ["exit", "quit", "exit;", "QUIT", r"\q"])
def test_words_that_leave(repl, word):
    repl.send(word + "\r")
    repl.expect(pexpect.EOF)
    repl.child.close()
    assert repl.child.exitstatus == 0


def test_control_d_leaves(repl):
    assert repl.leave() == 0


def test_control_d_leaves_within_a_statement(repl):
    repl.send("SELECT 1")
    repl.enter(prompt="    -> ")
    assert repl.leave() == 0


def test_control_c_clears_the_line(repl):
    repl.send("SELECT garbage")
    repl.expect_exact("garbage")
    repl.control("C")
    repl.expect_exact("^C")
    repl.expect_exact("apus> ")
    assert "│ 1 │" in repl.run("SELECT 1 AS a;")


def test_control_c_forgets_the_lines_before(repl):
    repl.send("SELECT garbage,")
    repl.enter(prompt="    -> ")
    repl.control("C")
    repl.expect_exact("apus> ")
    assert "│ 1 │" in repl.run("SELECT 1 AS a;")


def test_control_c_ends_a_search_of_the_history(repl):
    if not repl.brackets:
        pytest.skip("this line editor shows its prompt before it takes keys")
    repl.run("SELECT 'dangerous' AS a;")
    repl.control("R")
    repl.expect_exact("search")
    repl.send("danger")
    repl.expect("dange.*r")
    repl.control("C")
    repl.expect_exact("^C")
    repl.expect_exact("apus> ")
    assert "dangerous" not in repl.run("SELECT 1 AS b;")


def test_control_c_cancels_a_query_and_keeps_the_session(repl):
    repl.send(ENDLESS + ";\r")
    repl.expect(r"\d\.\d s\x1b\[K")
    repl.control("C")
    repl.expect_exact("USER_CANCELED")
    repl.expect_exact("apus> ")
    assert "│ 1 │" in repl.run("SELECT 1 AS a;")


def test_control_c_drops_the_statements_behind_the_query(repl):
    repl.send(ENDLESS + "; SELECT 'never' AS shown;\r")
    repl.expect(r"\d\.\d s\x1b\[K")
    repl.control("C")
    repl.expect_exact("USER_CANCELED")
    repl.expect_exact("apus> ")
    assert "│ never" not in repl.child.before


def test_history_survives_the_session(start):
    first = start()
    first.run("SELECT 'remembered' AS word;")
    assert first.leave() == 0
    second = start()
    second.control("P")
    second.expect_exact("SELECT 'remembered' AS word;")
    assert "│ remembered │" in second.enter()


def test_a_statement_of_several_lines_is_one_entry(start):
    first = start()
    first.run("SELECT 1 AS a,", "  2 AS b", ";")
    first.leave()
    second = start()
    second.control("P")
    second.expect_exact("SELECT 1 AS a,")
    second.expect_exact("2 AS b")
    assert "│ 1 │ 2 │" in second.enter()


def test_history_file_is_private_and_in_the_state_folder(repl):
    repl.run("SELECT 1;")
    file = repl.home / ".local" / "state" / "apus" / "history"
    assert file.read_text() == "SELECT 1;\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_history_file_in_xdg_state_home(start, tmp_path):
    start(XDG_STATE_HOME=str(tmp_path / "state")).run("SELECT 1;")
    assert (tmp_path / "state" / "apus" / "history").exists()


def test_history_file_by_apus_history(start, tmp_path):
    start(APUS_HISTORY=str(tmp_path / "mine")).run("SELECT 1,", " 2;")
    assert (tmp_path / "mine").read_text() == "SELECT 1,\\n 2;\n"


def test_statements_behind_a_blank_are_not_kept(repl):
    repl.run(" SELECT 'secret';")
    repl.run("SELECT 'public';")
    file = repl.home / ".local" / "state" / "apus" / "history"
    assert file.read_text() == "SELECT 'public';\n"


def test_history_that_cannot_be_written_is_no_obstacle(start, tmp_path):
    (tmp_path / "file").write_text("")
    repl = start(APUS_HISTORY=str(tmp_path / "file" / "history"))
    assert "1 row" in repl.run("SELECT 1;")


@pytest.mark.parametrize("text", ["é", "☃", "🚀", "👩‍🚀", "e\u0301", "ﬃ", "日本語"])
def test_any_letter_can_be_typed(repl, text):
    assert f"│ {text} " in repl.run(f"SELECT '{text}' AS the_text_that_was_typed;")


def test_a_wide_letter_is_deleted_by_one_key(repl):
    repl.send("SELECT '日🚀\x7f\x7fx' AS a;")
    assert "│ x │" in repl.enter()


def test_letters_beyond_ascii_without_a_locale(start):
    repl = start(LANG="C")
    assert "│ é☃ │" in repl.run("SELECT 'é☃' AS a;")


def test_dumb_terminal(start):
    repl = start(term="dumb")
    repl.send("SELECT 6 * 7 AS answer;\r")
    repl.expect_exact("│     42 │")
    repl.expect_exact("1 row")
    repl.expect_exact("apus> ")
    assert "\x1b" not in repl.child.before


def paste(repl, text):
    """Sends a text that is longer than the terminal's buffers, while what is shown is read."""
    data = text.encode()

    def write():
        sent = 0
        while sent < len(data):
            sent += os.write(repl.child.child_fd, data[sent:])

    threading.Thread(target=write, daemon=True).start()


LONG = "SELECT sum(x) AS total FROM (VALUES\n" + ",\n".join(f"({n})" for n in range(5000)) + ") t (x)"


def test_a_long_statement_is_pasted_with_brackets(repl):
    if not repl.brackets:
        pytest.skip("this line editor knows no brackets")
    paste(repl, "\x1b[200~" + LONG + ";\x1b[201~\r")
    repl.expect_exact("│ 12497500 │")
    repl.expect_exact("apus> ")


def test_a_long_statement_is_pasted_as_lines(start):
    repl = start(term="dumb")
    paste(repl, LONG.replace("\n", "\r") + ";\r")
    repl.expect_exact("│ 12497500 │")
    repl.expect_exact("apus> ")


def test_pasted_text_runs_when_enter_is_pressed(repl):
    if not repl.brackets:
        pytest.skip("this line editor knows no brackets")
    repl.send("\x1b[200~SELECT 1 AS a;\nSELECT 2 AS b;\n\x1b[201~")
    repl.expect_exact("SELECT 2 AS b;")
    output = repl.enter()
    assert "│ a │" in output and "│ b │" in output


def test_a_tab_within_pasted_text_is_a_tab(repl):
    if not repl.brackets:
        pytest.skip("this line editor knows no brackets")
    repl.send("\x1b[200~SELECT\t'a' AS a;\x1b[201~")
    assert "│ a │" in repl.enter()


def test_the_session_of_the_readme(start):
    """The block marked `repl`: what follows a prompt is typed, "…" stands for anything."""
    block = re.search(r"^```repl\n(.*?)^```", (ROOT / "README.md").read_text(), re.S | re.M).group(1)
    lines = block.splitlines()
    assert lines[0] == "$ apus --warehouse samples/nycflights13"
    repl = start()
    shown = repl.greeting.strip("\n").splitlines()
    wanted = [lines[1]]
    typed = [
        (index, *match.groups())
        for index, line in enumerate(lines)
        if (match := re.match(r"(apus> |    -> )(.*)", line))
    ]
    for (begin, _, text), (end, prompt, _) in zip(typed, typed[1:]):
        repl.send(text)
        shown += repl.enter(prompt=prompt).splitlines()
        wanted += lines[begin + 1 : end]
    assert len(shown) == len(wanted), "\n".join(shown)
    for got, promised in zip(shown, wanted):
        assert re.fullmatch(".*".join(map(re.escape, promised.split("…"))), got), got
    assert typed[-1][1:] == ("apus> ", r"\q")
