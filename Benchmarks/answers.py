"""Reading answers and comparing them: what is timed must be right."""

import csv
import datetime
import decimal
import math
import re


def read_csv(text):
    """Returns the rows below the header of a result in CSV; NULL is the empty string."""
    # An empty line is a row of one column that is NULL.
    return [row or [""] for row in csv.reader(text.splitlines())][1:]


def read_golden(path):
    """Returns the rows of a golden answer: a header, then fields between bars without quotes."""
    with open(path, newline="") as file:
        return list(csv.reader(file, delimiter="|", quoting=csv.QUOTE_NONE))[1:]


def difference(got, expected, same, keys=None):
    """Compares two answers row by row and says what differs first, or returns None.

    `same(cell, want, column)` compares two cells. `keys` are the columns of an ORDER BY that leaves
    ties: they are compared in order and whole rows in any.
    """
    if len(got) != len(expected):
        return f"{len(got)} rows, expected {len(expected)}"
    if keys is not None:
        found = _first_difference(got, expected, same, keys)
        if found is not None:
            return found
        got, expected = sorted(got), sorted(expected, key=lambda row: [str(cell) for cell in row])
    return _first_difference(got, expected, same)


def _first_difference(got, expected, same, columns=None):
    for number, (row, wanted) in enumerate(zip(got, expected), start=1):
        if len(row) != len(wanted):
            return f"row {number}: {len(row)} columns, expected {len(wanted)}"
        for column in columns or range(len(row)):
            cell, want = row[column], wanted[column]
            if not same(cell, want, column):
                return f"row {number}, column {column + 1}: {cell!r}, expected {str(want)!r}"
    return None


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?")


def equal(cell, want):
    """Compares a cell with one of DuckDB's: doubles to 1e-9 of their size, all else exactly."""
    if isinstance(want, float):
        return bool(_NUMBER.fullmatch(cell)) and math.isclose(float(cell), want, rel_tol=1e-9)
    if isinstance(want, datetime.datetime):
        return cell == want.isoformat(" ", "microseconds")[: len(cell)] and len(cell) >= 19
    if cell == want:
        return True
    # 1.50 and 1.5000 are one number.
    return bool(
        _NUMBER.fullmatch(cell)
        and _NUMBER.fullmatch(want)
        and decimal.Decimal(cell) == decimal.Decimal(want)
    )


def close(cell, want, relative=0.0, absolute=0.0):
    """Compares two cells as numbers within a tolerance, and as text if they are none."""
    if cell == want:
        return True
    if not (_NUMBER.fullmatch(str(cell)) and _NUMBER.fullmatch(str(want))):
        return False
    return math.isclose(float(cell), float(want), rel_tol=relative, abs_tol=absolute)
