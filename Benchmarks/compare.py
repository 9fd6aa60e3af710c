"""Measures Apus and DuckDB side by side over Parquet files and prints the ratio of each query.

Both run in this one session, in turns, with the same number of threads over the same files, which
the page cache holds. A run counts from the statement's text to the end of the whole result: DuckDB
fetches it as Arrow, Apus writes it as CSV to /dev/null. The figure is the median of all runs. The
answers are compared; a query whose answers differ has no figure and makes the exit status 1.
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

import answers
import engines
import hits
import tpch


def main():
    options = parse_arguments()
    variants = {suite.name: Variant(options, suite) for suite in suites(options)}
    first = next(iter(variants.values()))
    names = options.queries.split(",") if options.queries else list(first.suite.queries)
    print(heading(options, variants, first.peer))
    results = {}
    for name in names:
        results[name] = measure(options, variants, name)
        print(line(name, results[name], options.memory_limit), flush=True)
    print(summary(results))
    if options.json:
        record = {
            "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "commit": commit(),
            "suites": list(variants),
            "cold": options.cold,
            "memory_limit": options.memory_limit,
            "threads": options.threads,
            "runs": options.runs,
            "rounds": options.rounds,
            "processor": processor(),
            "duckdb": first.peer.version,
            "geometric_mean_ratio": {
                suite: geometric_mean(figures(results, suite, "ratio")) for suite in variants
            },
            "queries": results,
        }
        pathlib.Path(options.json).write_text(json.dumps(record, indent=1) + "\n")
    sys.exit(any("wrong" in figure for result in results.values() for figure in result.values()))


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="Benchmarks/run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    default = engines.ROOT / ".build" / "release" / "apus"
    parser.add_argument("--suite", choices=["tpch", "hits"], default="tpch", help="(tpch)")
    parser.add_argument("--scale", help="TPC-H scale factor (1) or rows of hits (5000000)")
    parser.add_argument("--codec", choices=["zstd", "snappy"], default="zstd", help="(zstd)")
    parser.add_argument("--cold", action="store_true", help="a fresh process for each run")
    parser.add_argument(
        "--renamed",
        type=int,
        metavar="SEED",
        help="TPC-H beside itself with other names and substitution parameters",
    )
    parser.add_argument(
        "--scaling",
        metavar="SCALE",
        help="beside a larger scale: how much more each engine's times grow than the other's",
    )
    parser.add_argument("--queries", help="such as q01,q06; all unless given")
    parser.add_argument("--runs", type=int, default=5, help="timed runs a round (5)")
    parser.add_argument("--rounds", type=int, default=2, help="turns of each engine a query (2)")
    parser.add_argument("--threads", type=int, default=2, help="of each engine (2)")
    parser.add_argument(
        "--memory-limit",
        metavar="SIZE",
        help="such as 1GB, for both engines; adds a column with the peak memory of Apus's process",
    )
    parser.add_argument("--timeout", type=float, default=300, help="seconds an answer (300)")
    parser.add_argument("--apus", default=os.environ.get("APUS_BINARY", default), help="the binary")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well")
    options = parser.parse_args()
    if options.memory_limit and options.cold:
        parser.error("--memory-limit goes with hot runs")
    if options.renamed is not None and (options.suite != "tpch" or options.scaling):
        parser.error("--renamed goes with --suite tpch and without --scaling")
    return options


def suites(options):
    """Returns the one suite to measure, or two to compare with one another."""
    if options.suite == "hits":
        make = lambda rows: hits.suite(int(rows), options.codec)
        scale = options.scale or hits.ROWS
    else:
        make = lambda scale: tpch.suite(scale, options.codec)
        scale = options.scale or "1"
    found = [make(scale)]
    if options.scaling:
        found.append(make(options.scaling))
    if options.renamed is not None:
        found.append(tpch.renamed_suite(found[0], options.renamed))
    return found


class Variant:
    """A suite with its peer's connection."""

    def __init__(self, options, suite):
        self.options, self.suite = options, suite
        self.peer = engines.DuckDB(
            suite.folder, suite.tables, options.threads, options.memory_limit
        )

    def check(self, name):
        """Returns what keeps a query from having a figure."""
        sql = self.suite.queries[name]
        options = self.options
        try:
            output = engines.run_apus(
                options.apus,
                self.suite.folder,
                sql,
                options.threads,
                options.timeout,
                options.memory_limit,
            )
            rows = answers.read_csv(output)
            found = self.suite.difference(name, rows, self.suite.dialect(sql), self.peer)
            return {} if found is None else {"wrong": found}
        except engines.NotSupported as error:
            return {"not_supported": str(error).splitlines()[0]}
        except (engines.Failed, subprocess.TimeoutExpired) as error:
            return {"wrong": str(error).splitlines()[0]}

    def round(self, name, figure):
        """Adds the times of one turn of both engines."""
        options, folder = self.options, self.suite.folder
        sql = self.suite.queries[name]
        peer_sql = self.suite.dialect(sql)
        excluded = "wrong" in figure or "not_supported" in figure
        if not options.cold:
            figure["duckdb_runs"] += self.peer.hot(peer_sql, options.runs)
            if not excluded:
                times, peak = engines.apus_hot(
                    options.apus, folder, sql, options.threads, options.runs, options.memory_limit
                )
                figure["apus_runs"] += times
                figure["apus_peak_mb"] = max(peak, figure["apus_peak_mb"])
            return
        for _ in range(options.runs):
            time, process_time = engines.duckdb_cold(
                folder, self.suite.tables, peer_sql, options.threads
            )
            figure["duckdb_runs"].append(time)
            figure["duckdb_process_runs"].append(process_time)
            if not excluded:
                figure["apus_runs"].append(
                    engines.apus_cold(options.apus, folder, sql, options.threads)
                )


def measure(options, variants, name):
    """Returns by suite what is known of one query: medians in ms, or why there are none."""
    result = {}
    for suite, variant in variants.items():
        runs = {"apus_runs": [], "duckdb_runs": [], "duckdb_process_runs": [], "apus_peak_mb": 0}
        result[suite] = {**variant.check(name), **runs}
    for _ in range(options.rounds):
        for suite, variant in variants.items():
            variant.round(name, result[suite])
    for figure in result.values():
        for engine in ["apus", "duckdb", "duckdb_process"]:
            if figure[f"{engine}_runs"]:
                figure[f"{engine}_ms"] = round(statistics.median(figure[f"{engine}_runs"]), 3)
        if "apus_ms" in figure:
            figure["ratio"] = round(figure["apus_ms"] / figure["duckdb_ms"], 4)
    return result


def heading(options, variants, peer):
    kind = "cold processes" if options.cold else "hot runs"
    columns = f"{'query':8}" + "".join(
        f"{'apus ms':>10}{'duckdb ms':>11}{'ratio':>8}"
        + (f"{'peak MB':>9}" if options.memory_limit else "")
        for _ in variants
    )
    return (
        f"{'; '.join(variants)}; {options.threads} threads each, "
        f"median of {options.rounds} x {options.runs} {kind}\n"
        f"apus {commit()}, duckdb {peer.version}, {processor()}\n\n"
        + columns
        + (f"{'change':>8}" if len(variants) > 1 else "")
    )


def line(name, result, shows_peak):
    text = f"{name:8}"
    remarks = []
    for figure in result.values():
        apus = f"{figure['apus_ms']:.1f}" if "apus_ms" in figure else "–"
        ratio = f"{figure['ratio']:.2f}" if "ratio" in figure else "–"
        text += f"{apus:>10}{figure['duckdb_ms']:>11.1f}{ratio:>8}"
        if shows_peak:
            text += f"{figure['apus_peak_mb']:>9}"
        if "wrong" in figure:
            remarks.append("WRONG: " + figure["wrong"])
        elif "not_supported" in figure:
            remarks.append(figure["not_supported"])
    change = change_of(result)
    text += f"{change:8.2f}" if change else ""
    return (text + "  " + "; ".join(remarks)).rstrip()


def change_of(result):
    """Returns the second suite's ratio as a multiple of the first's; of two scales, that is how
    many times as much Apus's time grows as DuckDB's."""
    ratios = [figure["ratio"] for figure in result.values() if "ratio" in figure]
    return round(ratios[1] / ratios[0], 4) if len(ratios) == 2 else None


def figures(results, suite, kind):
    measured = [result[suite] for result in results.values() if "ratio" in result[suite]]
    return [figure[kind] for figure in measured if kind in figure]


def geometric_mean(values):
    if not values:
        return None
    return round(math.exp(math.fsum(math.log(value) for value in values) / len(values)), 4)


def summary(results):
    lines = ["", "geometric means; a ratio above 1 means that DuckDB is faster"]
    for suite in next(iter(results.values())):
        ratios = figures(results, suite, "ratio")
        if not ratios:
            lines.append(f"{suite}: no query was measured")
            continue
        apus, duckdb = (
            geometric_mean(figures(results, suite, kind)) for kind in ("apus_ms", "duckdb_ms")
        )
        worst = sorted(
            ((result[suite]["ratio"], name) for name, result in results.items() if "ratio" in result[suite]),
            reverse=True,
        )[:5]
        lines.append(
            f"{suite}: apus {apus:.1f} ms, duckdb {duckdb:.1f} ms, ratio {geometric_mean(ratios):.3f}"
            f" over {len(ratios)} of {len(results)} queries; "
            f"worst {', '.join(f'{name} {ratio:.2f}' for ratio, name in worst)}"
        )
        whole = geometric_mean(figures(results, suite, "duckdb_process_ms"))
        if whole:
            lines.append(
                f"  with Python's start and imports DuckDB takes {whole:.1f} ms, ratio {apus / whole:.3f}"
            )
    changes = {name: change_of(result) for name, result in results.items()}
    changes = {name: change for name, change in changes.items() if change}
    if changes:
        least, most = min(changes, key=changes.get), max(changes, key=changes.get)
        lines.append(
            f"the second ratio over the first: {geometric_mean(changes.values()):.3f}, "
            f"from {changes[least]:.2f} ({least}) to {changes[most]:.2f} ({most})"
        )
    return "\n".join(lines)


def commit():
    result = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=engines.ROOT, capture_output=True, text=True
    )
    return result.stdout.strip() or "unknown"


def processor():
    for text in open("/proc/cpuinfo"):
        if text.startswith("model name"):
            return f"{text.split(':')[1].strip()} ({os.cpu_count()} threads)"
    return platform.processor()


if __name__ == "__main__":
    main()
