"""The 22 TPC-H queries at scale factor 1, through the command line, against golden answers.

Each answer is also compared with DuckDB's over the same files, which needs no allowance for the
texts that another generator made. supported.txt lists the queries that must pass. Any other query
may only fail by saying that something is not supported: a wrong answer fails the test, listed or
not.
"""

import pathlib

import answers
import engines
import pytest
import tpch

HERE = pathlib.Path(__file__).resolve().parent
SUPPORTED = set((HERE / "supported.txt").read_text().split())


@pytest.fixture(scope="session")
def suite():
    return tpch.suite()


@pytest.fixture(scope="session")
def peer(suite):
    return engines.DuckDB(suite.folder, suite.tables)


@pytest.mark.parametrize("query", sorted(tpch.queries()))
def test_answer(query, suite, peer, apus_binary, tally, notes):
    sql = suite.queries[query]
    try:
        output = engines.run_apus(apus_binary, suite.folder, sql)
    except engines.NotSupported as error:
        tally["not supported"].append(query)
        if query in SUPPORTED:
            pytest.fail(f"{query} was supported before: {error}")
        pytest.xfail(str(error))
    rows = answers.read_csv(output)
    golden = answers.read_golden(HERE.parent / "golden" / "tpch-sf1" / f"{query}.csv")
    found = tpch.difference_from_golden(query, rows, golden)
    assert found is None, f"{query} differs from the golden answer: {found}"
    found = suite.difference(query, rows, sql, peer)
    assert found is None, f"{query} differs from DuckDB's answer over the same files: {found}"
    tally["equal"].append(query)
    if query not in SUPPORTED:
        notes.append(f"{query} passes: add it to Tests/tpch/supported.txt")


@pytest.fixture(scope="module")
def tally(notes):
    counts = {"equal": [], "not supported": []}
    yield counts
    total = len(tpch.queries())
    notes.append(
        f"TPC-H SF1: {len(counts['equal'])} of {total} answers equal; "
        f"not supported: {' '.join(counts['not supported']) or 'none'}"
    )
