"""What the Tab key offers."""

import pytest
from repl_session import plain, repl, start  # noqa: F401


def completed(repl, typed):
    """Types a text and presses Tab; returns what the line is then, up to the cursor."""
    repl.send(typed + "\t")
    # What has been drawn is complete once a key pressed later shows.
    repl.send("~")
    repl.expect_exact("~")
    line = plain(repl.child.before)
    repl.control("C")
    repl.expect_exact("apus> ")
    return line


@pytest.mark.parametrize(
    "typed, wanted",
    [
        ("SEL", "SELECT "),
        ("sel", "select "),
        ("SELECT * FROM flights WHE", "SELECT * FROM flights WHERE "),
        ("select * from flights ord", "select * from flights order "),
        ("SELECT * FROM fli", "SELECT * FROM flights "),
        ("DESCRIBE fli", "DESCRIBE flights "),
        ("SELECT max(dep_del", "SELECT max(dep_del"),
        ("SELECT * FROM flights WHERE dep_del", "SELECT * FROM flights WHERE dep_delay"),
        ("SELECT * FROM flights f WHERE f.carr", "SELECT * FROM flights f WHERE f.carrier"),
        ("SELECT approx_dist", "SELECT approx_distinct("),
        ("SET SESSION thread_", "SET SESSION thread_count "),
        ("USE def", "USE default"),
        (r"\tim", r"\timing "),
        (r"\d fli", r"\d flights "),
        (r"\f mark", r"\f markdown"),
        (r"\i samples/nycfl", r"\i samples/nycflights13/"),
        ("SELECT * FROM 'samples/nycfl", "SELECT * FROM 'samples/nycflights13/"),
        (
            "SELECT * FROM 'samples/nycflights13/flights/month=12/p",
            "SELECT * FROM 'samples/nycflights13/flights/month=12/part-0.parquet'",
        ),
    ],
)
def test_tab_completes(start, typed, wanted):
    assert completed(start(columns=200), typed) == wanted


def test_tab_completes_columns_before_the_table_is_written_behind_them(start):
    repl = start(columns=200)
    repl.send("SELECT  FROM flights LIMIT 1;" + "\x02" * 22 + "dep_del\t")
    assert "│ dep_delay │" in repl.enter()


def test_tab_completes_columns_of_a_table_on_an_earlier_line(repl):
    repl.send("SELECT * FROM flights")
    repl.enter(prompt="    -> ")
    assert completed(repl, "WHERE arr_del") == "WHERE arr_delay"


def test_tab_tab_lists_what_there_is(repl):
    repl.send("SELECT * FROM flights WHERE dep_\t\t")
    repl.expect_exact("dep_delay")
    repl.expect_exact("dep_time")


def test_new_views_are_offered(repl):
    repl.run("CREATE VIEW punctual AS SELECT 1 AS one;")
    assert completed(repl, "SELECT * FROM punc") == "SELECT * FROM punctual "


def test_a_table_that_does_not_exist_offers_nothing_and_hurts_nothing(repl):
    assert completed(repl, "SELECT zzz") == "SELECT zzz"
    repl.send("SELECT * FROM nosuch WHERE zzz\t")
    repl.control("C")
    repl.expect_exact("apus> ")
    assert "1 row" in repl.run("SELECT 1;")
