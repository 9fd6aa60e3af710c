"""A conversation with the prompt of apus through a pseudo-terminal.

Nothing here sleeps: every step waits for what the program shows.
"""

import os
import re

import pexpect
import pytest
from conftest import ROOT

WAREHOUSE = "samples/nycflights13"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x07")
CONTROL = {letter: chr(ord(letter) & 0x1F) for letter in "ACDGPRU"}

# A query that nobody lives to see the end of, with a row at the end only.
DIGITS = ", ".join(f"({digit})" for digit in range(10))
TABLES = [f"(VALUES {DIGITS}) AS t{number} (x{number})" for number in range(12)]
ENDLESS = "SELECT count(*) FROM " + " CROSS JOIN ".join(TABLES)
# The same over a table, so that there is something to be read of which a part is done.
ENDLESS_SCAN = "SELECT count(*) FROM flights CROSS JOIN " + " CROSS JOIN ".join(TABLES)


def plain(text):
    """The text without escape sequences and carriage returns."""
    return ESCAPES.sub("", text).replace("\r", "")


class Repl:
    """One run of the program; closed at the end of the test."""

    def __init__(self, binary, home, *arguments, columns=80, term="xterm-256color", **environment):
        self.home = home
        variables = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("APUS_", "XDG_", "LC_")) and name not in ("VISUAL", "EDITOR")
        }
        variables.update(HOME=str(home), TERM=term, INPUTRC="/dev/null", LANG="C.UTF-8")
        variables.update(environment)
        self.child = pexpect.spawn(
            str(binary),
            ["--warehouse", WAREHOUSE, "--catalog", str(home / "catalog"), *arguments],
            env=variables,
            cwd=str(ROOT),
            encoding="utf-8",
            timeout=8,
            dimensions=(50, columns),
        )
        self.child.delaybeforesend = None
        self.expect("apus> ")
        self.greeting = plain(self.child.before)
        # readline brackets what is pasted, and with that marks where a line ends.
        self.brackets = "\x1b[?2004h" in self.child.before

    def expect(self, pattern):
        self.child.expect(pattern)
        return self.child

    def expect_exact(self, text):
        self.child.expect_exact(text)

    def send(self, text):
        self.child.send(text)

    def control(self, letter):
        self.child.send(CONTROL[letter])

    def enter(self, prompt="apus> "):
        """Ends the line; returns what is shown up to the next prompt."""
        self.child.send("\r")
        if self.brackets:
            self.expect_exact("\x1b[?2004l")
            self.expect_exact("\x1b[?2004h" + prompt)
            return plain(self.child.before).strip("\n")
        self.expect_exact("\n")
        self.expect_exact(prompt)
        return plain(self.child.before).strip("\n")

    def run(self, *lines):
        """Enters lines, the last of which ends a statement or is a command."""
        for line in lines[:-1]:
            self.send(line)
            self.enter(prompt="    -> ")
        self.send(lines[-1])
        return self.enter()

    def leave(self):
        self.control("D")
        self.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


@pytest.fixture
def start(apus_binary, tmp_path):
    """Starts conversations that share a home folder."""
    home = tmp_path / "home"
    home.mkdir()
    started = []

    def begin(*arguments, **options):
        started.append(Repl(apus_binary, home, *arguments, **options))
        return started[-1]

    yield begin
    for repl in started:
        repl.child.close(force=True)


@pytest.fixture
def repl(start):
    return start()
