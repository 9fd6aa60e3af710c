"""Runs the commands of the documentation and compares what they print.

In a block marked `console`, a line that starts with "$ " is a command for bash, and the lines up to
the next command are what it prints, standard output and error together. A line of "…" stands for
any lines, "…" within a line for anything. The commands of a page share a warehouse that is empty at
the start. APUS_ACCEPT=1 writes what is printed into the pages.
"""

import os
import re
import subprocess

import pytest
from conftest import BINARY, ROOT

PAGES = [
    "README.md",
    "Sources/README.md",
    "Grammar/README.md",
    "Tests/README.md",
    "Benchmarks/README.md",
    "samples/README.md",
]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)


def commands(page):
    for block in BLOCK.findall((ROOT / page).read_text()):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.splitlines()
            command = [lines.pop(0)]
            while command[-1].endswith("\\"):
                command.append(lines.pop(0))
            yield "\n".join(command), "\n".join(lines).strip("\n")


def pattern_of(expected):
    """Returns the regular expression of an output in which "…" stands for anything."""
    lines = []
    for line in expected.splitlines():
        if line == "…":
            lines.append("(?:.*\n)*?")
        else:
            lines.append(".*".join(re.escape(piece) for piece in line.split("…")) + "\n")
    return "".join(lines)


@pytest.mark.parametrize("page", PAGES)
def test_commands(apus_binary, page):
    failures = [run(page, command, expected) for command, expected in commands(page)]
    assert not any(failures), "\n\n".join(failure for failure in failures if failure)


def run(page, command, expected):
    """Runs a command; returns what is wrong with its output."""
    result = subprocess.run(
        ["bash", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        cwd=ROOT,
        env={**os.environ, "PATH": f"{BINARY.parent}:{os.environ['PATH']}"},
    )
    printed = [line.rstrip() for line in result.stdout.strip("\n").splitlines()]
    text = "".join(line + "\n" for line in printed)
    if re.fullmatch(pattern_of(expected), text):
        return None
    if os.environ.get("APUS_ACCEPT"):
        whole = (ROOT / page).read_text()
        old = f"$ {command}\n" + (expected + "\n" if expected else "")
        assert whole.count(old) == 1, f"{page} has this command more than once, or not like this"
        (ROOT / page).write_text(whole.replace(old, f"$ {command}\n{text}"))
        return None
    return f"{page} promises\n{expected}\n\ngot\n{text}"
