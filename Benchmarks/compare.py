"""Measures Apus and DuckDB side by side on TPC-H over Parquet and prints the ratio per query.

Both run in this one session, query by query in turns, with the same number of threads over the same
files, which the page cache holds. A run counts from the statement's text to the end of the whole
result: DuckDB fetches it as Arrow, Apus writes it as CSV to /dev/null. Each engine answers a query
several times in one process; the first run is left out and the median of the others is the figure.
The answers are compared; a query whose answers differ has no figure.
"""

import argparse
import datetime
import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

import tpch


def main():
    options = parse_arguments()
    data = tpch.make_data(options.scale)
    peer = tpch.DuckDB(data, options.threads)
    queries = tpch.queries()
    wanted = options.queries.split(",") if options.queries else list(queries)
    print(heading(options, peer))
    print(f"{'query':8}{'apus ms':>10}{'duckdb ms':>11}{'ratio':>8}  remark")
    results = {}
    for name in wanted:
        results[name] = measure(options, data, peer, name, queries[name])
        print(line(name, results[name]), flush=True)
    print(summary(results))
    if options.json:
        record = {
            "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "commit": commit(),
            "scale": options.scale,
            "threads": options.threads,
            "runs": options.runs,
            "rounds": options.rounds,
            "processor": processor(),
            "duckdb": peer.version,
            "geometric_mean_ratio": geometric_mean(ratios(results)),
            "queries": results,
        }
        pathlib.Path(options.json).write_text(json.dumps(record, indent=1) + "\n")
    wrong = [name for name, result in results.items() if "wrong" in result]
    sys.exit(1 if wrong else 0)


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="Benchmarks/run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    default = tpch.ROOT / ".build" / "release" / "apus"
    parser.add_argument("--apus", default=os.environ.get("APUS_BINARY", default), help="the binary")
    parser.add_argument("--queries", help="such as q01,q06; all 22 unless given")
    parser.add_argument("--runs", type=int, default=5, help="timed runs a round (5)")
    parser.add_argument("--rounds", type=int, default=2, help="turns of each engine a query (2)")
    parser.add_argument("--threads", type=int, default=2, help="of each engine (2)")
    parser.add_argument("--scale", default="1", help="TPC-H scale factor (1)")
    parser.add_argument("--timeout", type=float, default=300, help="seconds a process (300)")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well")
    return parser.parse_args()


def measure(options, data, peer, name, sql):
    """Returns what is known of one query: medians in milliseconds, or why there are none."""
    result = {}
    try:
        answer, _ = tpch.run_apus(
            options.apus, tpch.views(data) + sql + ";\n", options.threads, options.timeout
        )
        result["wrong"] = tpch.difference(name, tpch.read_csv(answer), peer.rows(sql))
        if result["wrong"] is None:
            del result["wrong"]
    except tpch.NotSupported as error:
        result["not_supported"] = str(error).splitlines()[0]
    except (tpch.Failed, subprocess.TimeoutExpired) as error:
        result["wrong"] = str(error).splitlines()[0]
    apus_times, duckdb_times = [], []
    for _ in range(options.rounds):
        duckdb_times += duckdb_runs(peer, sql, options.runs)
        if not ("wrong" in result or "not_supported" in result):
            times, peak = apus_runs(options, data, sql)
            apus_times += times
            result["apus_peak_mb"] = max(peak, result.get("apus_peak_mb", 0))
    result["duckdb_ms"] = round(statistics.median(duckdb_times), 3)
    result["duckdb_runs"] = duckdb_times
    if apus_times:
        result["apus_ms"] = round(statistics.median(apus_times), 3)
        result["apus_runs"] = apus_times
        result["ratio"] = round(result["apus_ms"] / result["duckdb_ms"], 4)
    return result


def duckdb_runs(peer, sql, count):
    """Returns the times of `count` runs after one that does not count."""
    times = []
    for _ in range(count + 1):
        start = time.perf_counter()
        peer.run(sql)
        times.append(round(1000 * (time.perf_counter() - start), 3))
    return times[1:]


def apus_runs(options, data, sql):
    """Returns the times of `count` runs after one that does not count, and the peak memory in MB."""
    script = tpch.views(data) + f"{sql};\n" * (options.runs + 1)
    arguments = ["--threads", str(options.threads), "--format", "csv", "--timing"]
    process = subprocess.Popen(
        [str(options.apus), *arguments, "--output", "/dev/null"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tpch.ROOT,
    )
    process.stdin.write(script)
    process.stdin.close()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise tpch.Failed(f"exit status {process.returncode}: {errors}")
    times = [
        float(text.split()[1]) for text in errors.splitlines() if text.startswith("time: ")
    ]
    return times[-options.runs :], round(usage.ru_maxrss / 1024)


def line(name, result):
    apus = f"{result['apus_ms']:.1f}" if "apus_ms" in result else "–"
    ratio = f"{result['ratio']:.2f}" if "ratio" in result else "–"
    remark = ""
    if "wrong" in result:
        remark = "WRONG: " + result["wrong"]
    elif "not_supported" in result:
        remark = result["not_supported"]
    return f"{name:8}{apus:>10}{result['duckdb_ms']:>11.1f}{ratio:>8}  {remark}".rstrip()


def ratios(results):
    return [result["ratio"] for result in results.values() if "ratio" in result]


def geometric_mean(values):
    if not values:
        return None
    return round(math.exp(math.fsum(math.log(value) for value in values) / len(values)), 4)


def summary(results):
    measured = [result for result in results.values() if "ratio" in result]
    if not measured:
        return "no query was measured"
    apus = geometric_mean([result["apus_ms"] for result in measured])
    duckdb = geometric_mean([result["duckdb_ms"] for result in measured])
    ratio = geometric_mean(ratios(results))
    text = f"{'geomean':8}{apus:>10.1f}{duckdb:>11.1f}{ratio:>8.2f}"
    return f"{text}  over {len(measured)} of {len(results)} queries; a ratio above 1 means DuckDB is faster"


def heading(options, peer):
    return (
        f"TPC-H scale factor {options.scale}, {options.threads} threads each, median of "
        f"{options.rounds} x {options.runs} hot runs\n"
        f"apus {commit()}, duckdb {peer.version}, {processor()}\n"
    )


def commit():
    result = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=tpch.ROOT, capture_output=True, text=True
    )
    return result.stdout.strip() or "unknown"


def processor():
    for text in open("/proc/cpuinfo"):
        if text.startswith("model name"):
            return f"{text.split(':')[1].strip()} ({os.cpu_count()} threads)"
    return platform.processor()


if __name__ == "__main__":
    main()
