"""Runs the commands of the documentation and compares what they print.

In a block marked `console`, a line that starts with "$ " is a command for bash, and the lines up to
the next command are what it prints, standard output and error together. A line of "…" stands for
any lines.
"""

import os
import re
import subprocess

import pytest
from conftest import BINARY, ROOT

PAGES = ["README.md", "Sources/README.md", "Grammar/README.md", "Tests/README.md",
         "Benchmarks/README.md", "samples/README.md", ".github/CONTRIBUTING.md"]


def commands():
    for page in PAGES:
        text = (ROOT / page).read_text() if (ROOT / page).exists() else ""
        for block in re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                lines = part.splitlines()
                command = [lines.pop(0)]
                while command[-1].endswith("\\"):
                    command.append(lines.pop(0))
                yield page, "\n".join(command), "\n".join(lines).strip("\n")


@pytest.mark.parametrize(
    "page, command, expected", commands(), ids=lambda value: str(value).split("\n")[0][:60]
)
def test_command(apus_binary, page, command, expected):
    path = f"{BINARY.parent}:{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        cwd=ROOT,
        env={**os.environ, "PATH": path},
    )
    printed = "\n".join(line.rstrip() for line in result.stdout.strip("\n").splitlines())
    pieces = ("\n" + expected + "\n").split("\n…\n")
    pattern = "\n(?:.*\n)*?".join(re.escape(piece) for piece in pieces)
    assert re.fullmatch(pattern, "\n" + printed + "\n"), f"{page} promises\n{expected}\ngot\n{printed}"
