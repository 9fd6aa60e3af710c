"""Measures `apus -c 'SELECT 1'` beside DuckDB's command line, from spawn to exit, in turns."""

import argparse
import os
import pathlib
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(prog="Benchmarks/run --start-up", description=__doc__)
    default = ROOT / ".build" / "release" / "apus"
    parser.add_argument("--apus", default=os.environ.get("APUS_BINARY", default), help="the binary")
    parser.add_argument("--runs", type=int, default=100, help="of each (100)")
    options = parser.parse_args()
    commands = {
        "apus": [str(options.apus), "-c", "SELECT 1"],
        "duckdb": [str(duckdb()), "-c", "SELECT 1"],
        "true": ["true"],
    }
    times = {name: [] for name in commands}
    for _ in range(options.runs):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
            times[name].append(1000 * (time.perf_counter() - started))
    medians = {name: statistics.median(of) for name, of in times.items()}
    for name, of in times.items():
        print(f"{name:8}{medians[name]:8.2f} ms, fastest {min(of):.2f}")
    print(f"ratio   {medians['apus'] / medians['duckdb']:8.2f}")


def duckdb():
    """Returns the program itself, without the script that pip puts before it."""
    import duckdb_cli

    program = pathlib.Path(duckdb_cli.__file__).parent / "duckdb"
    program.chmod(0o755)
    return program


if __name__ == "__main__":
    main()
