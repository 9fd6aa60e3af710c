"""The 99 TPC-DS queries through the command line against DuckDB, over the same Parquet files.

At scale factor 0.1, and in the long form at 1 too.
"""

import os

import answers
import engines
import pytest
import tpcds

SCALES = ["0.1", "1"] if "APUS_LONG_TESTS" in os.environ else ["0.1"]


@pytest.fixture(scope="module", params=SCALES, ids=[f"sf{scale}" for scale in SCALES])
def suite(request):
    return tpcds.suite(request.param)


@pytest.fixture(scope="module")
def peer(suite):
    return engines.DuckDB(suite.folder, suite.tables)


@pytest.fixture(scope="module")
def tally(suite, notes):
    rows = {}
    yield rows
    empty = [query for query, count in rows.items() if count == 0]
    notes.append(
        f"{suite.name}: {len(rows)} of {len(tpcds.QUERIES)} answers equal, {len(empty)} of them "
        f"without rows: {' '.join(empty) or 'none'}"
    )


@pytest.mark.parametrize("query", tpcds.QUERIES)
def test_answer(query, suite, peer, apus_binary, tally):
    sql = suite.queries[query]
    rows = answers.read_csv(
        engines.run_apus(apus_binary, suite.folder, tpcds.for_apus(query, sql))
    )
    found = suite.difference(query, rows, sql, peer)
    assert found is None, f"{query} differs from DuckDB's answer over the same files: {found}"
    tally[query] = len(rows)
