"""ClickBench's 43 queries over 50,000 visits, through the command line, against DuckDB."""

import answers
import engines
import hits
import pytest

ROWS = 50_000


@pytest.fixture(scope="module")
def suite():
    return hits.suite(ROWS)


@pytest.fixture(scope="module")
def peer(suite):
    return engines.DuckDB(suite.folder, suite.tables)


@pytest.mark.parametrize("query", sorted(path.stem for path in hits.QUERIES.glob("q*.sql")))
def test_answer(query, suite, peer, apus_binary):
    sql = suite.queries[query]
    rows = answers.read_csv(engines.run_apus(apus_binary, suite.folder, sql))
    assert suite.difference(query, rows, suite.dialect(sql), peer) is None
