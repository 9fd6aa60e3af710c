"""Broken Parquet files through the command line: an error or rows, never a crash.

ApusFormatsTests tries every prefix and every flipped byte inside one process; these are samples of
them that go through the whole program.
"""

import random

import pyarrow
import pyarrow.parquet
import pytest


@pytest.fixture(scope="module")
def parquet(tmp_path_factory):
    """A file of about 20 kB with several types, pages and row groups, as bytes."""
    count = 1500
    numbers = list(range(count))
    table = pyarrow.table(
        {
            "number": pyarrow.array([None if n % 7 == 0 else n * n for n in numbers]),
            "word": pyarrow.array([f"word {n % 40}" for n in numbers]),
            "text": pyarrow.array([hex(n * 2654435761 % 2**32) for n in numbers]),
            "flag": pyarrow.array([n % 3 == 0 for n in numbers]),
        }
    )
    path = tmp_path_factory.mktemp("hostile") / "good.parquet"
    pyarrow.parquet.write_table(table, path, row_group_size=500, compression="snappy")
    return path.read_bytes()


def query(apus, path):
    return apus("-c", f"SELECT count(*), sum(number), min(word), max(text) FROM '{path}'")


def check(result, what):
    assert result.returncode in (0, 1), f"{what}: status {result.returncode}\n{result.stderr}"
    if result.returncode == 1:
        assert result.stderr.strip(), what
        assert "INTERNAL_ERROR" not in result.stderr, f"{what}: {result.stderr}"


def test_the_good_file(apus, parquet, tmp_path):
    path = tmp_path / "good.parquet"
    path.write_bytes(parquet)
    assert query(apus, path).stdout.splitlines()[1].startswith("1500,")


def test_prefixes(apus, parquet, tmp_path):
    path = tmp_path / "prefix.parquet"
    lengths = [0, 1, 3, 4, 5, 7, 8, 9, 11, 12] + list(range(13, len(parquet), 499))
    for length in lengths + [len(parquet) - 1]:
        path.write_bytes(parquet[:length])
        result = query(apus, path)
        check(result, f"prefix of {length} bytes")
        assert result.returncode == 1, f"a prefix of {length} bytes was read as a whole file"


def test_flipped_bytes(apus, parquet, tmp_path):
    path = tmp_path / "flipped.parquet"
    footer = int.from_bytes(parquet[-8:-4], "little")
    start = len(parquet) - 8 - footer
    generator = random.Random(2013)
    places = generator.sample(range(start, len(parquet)), 40) + generator.sample(range(start), 20)
    for place in places:
        broken = bytearray(parquet)
        broken[place] ^= 1 << generator.randrange(8)
        path.write_bytes(broken)
        check(query(apus, path), f"byte {place} flipped")


@pytest.mark.parametrize(
    "content",
    [b"", b"PAR1", b"PAR1PAR1", b"PAR1" + b"\xff" * 4 + b"PAR1", b"PARE" * 8, b"a,b\n1,2\n" * 100],
)
def test_what_is_not_parquet(apus, tmp_path, content):
    path = tmp_path / "not.parquet"
    path.write_bytes(content)
    result = query(apus, path)
    check(result, repr(content))
    assert result.returncode == 1


def test_a_folder_named_like_a_file(apus, tmp_path):
    path = tmp_path / "folder.parquet"
    path.mkdir()
    check(query(apus, path), "a folder")


def test_a_file_that_may_not_be_read(apus, parquet, tmp_path):
    path = tmp_path / "missing" / "link.parquet"
    path.parent.mkdir()
    path.symlink_to(tmp_path / "nowhere")
    result = query(apus, path)
    check(result, "a dangling link")
    assert result.returncode == 1
