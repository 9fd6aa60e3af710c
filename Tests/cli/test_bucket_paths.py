"""Paths in a bucket: what finding their files asks of the server."""

import collections

import pytest
from conftest import ROOT


@pytest.fixture
def flights(lake):
    for file in sorted((ROOT / "samples" / "nycflights13" / "flights").rglob("*.parquet")):
        lake.upload(file, str(file.relative_to(ROOT / "samples" / "nycflights13")))
    return lake


@pytest.mark.parametrize(
    "path, expected",
    [
        ("flights/", {"list": 1, "get": 12}),
        ("flights", {"list": 1, "get": 12}),
        ("flights/*/*.parquet", {"list": 1, "get": 12}),
        ("flights/**", {"list": 1, "get": 12}),
        ("flights/month=7/", {"list": 1, "get": 1}),
        ("flights/month=7/*", {"list": 1, "get": 1}),
        ("flights/month=7/part-0.parquet", {"head": 1, "get": 1}),
    ],
)
def test_files_are_found_with_one_request(apus, flights, path, expected):
    position = flights.log_position()
    result = apus(
        "-c", f"SELECT count(*) FROM '{flights.uri}/{path}'", environment=flights.environment()
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split()[-1] in ("336776", "29425")
    seen = collections.Counter(one.operation for one in flights.requests_since(position))
    assert dict(seen) == expected


def test_a_near_name_is_suggested(apus, flights):
    result = apus(
        "-c", f"SELECT * FROM '{flights.uri}/flight/'", environment=flights.environment()
    )
    assert result.returncode == 1
    assert f"Did you mean '{flights.uri}/flights'?" in result.stderr


def test_a_directory_without_parquet_files_says_so(apus, lake):
    lake.upload(ROOT / "LICENSE", "texts/x.bin")
    lake.upload(ROOT / "LICENSE", "tables/x.csv")
    for path, expected in [
        ("texts/", "There are no Parquet files"),
        ("tables/", "CSV"),
        ("nothing/", "does not exist"),
        ("nothing/*", "No files match"),
    ]:
        result = apus("-c", f"SELECT * FROM '{lake.uri}/{path}'", environment=lake.environment())
        assert result.returncode == 1
        assert expected in result.stderr, result.stderr
