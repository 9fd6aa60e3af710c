"""Random queries over small random tables: Apus and DuckDB must answer alike.

Tables have NULLs, duplicates and often no rows; queries have joins of all kinds, subqueries
(correlated ones in every clause, over several levels, and LATERAL), grouping, windows and nested
expressions, kept to what both dialects mean alike. A failure prints the
tables and the query; the seed is the test's name, so that it can be run again.
"""

import json
import math
import os
import random

import duckdb
import pytest

VALUES = {
    "integer": ["-3", "-1", "0", "1", "2", "5"],
    "bigint": ["CAST(-2 AS bigint)", "CAST(0 AS bigint)", "CAST(4 AS bigint)"],
    "varchar": [
        f"CAST('{text}' AS varchar)"
        for text in ["", "a", "b", "ab", "Abc", "more than twelve bytes of it", "zz top"]
    ],
    "double": ["1e0", "-2.5e0", "0e0", "3.25e0"],
    "date": ["DATE '2013-01-01'", "DATE '1969-12-31'", "DATE '2012-02-29'"],
    "decimal(10,2)": [f"CAST('{text}' AS decimal(10,2))" for text in ["1.10", "-3.00", "0.05"]],
    "boolean": ["TRUE", "FALSE"],
}
JOINS = ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"]
COMPARISONS = ["=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM"]
LONG = os.environ.get("APUS_LONG_TESTS") == "1"


class Generator:
    """Makes tables and queries; a column is a pair of its name and its type."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.tables = {name: self.table() for name in ("t1", "t2", "t3")}

    def chance(self, share):
        return self.random.random() < share

    def pick(self, items):
        return self.random.choice(items)

    def literal(self, type):
        return f"CAST(NULL AS {type})" if self.chance(0.2) else self.pick(VALUES[type])

    def table(self):
        types = [self.pick(list(VALUES)) for _ in range(self.random.randint(1, 3))]
        columns = [("k", "integer"), ("s", "varchar")]
        columns += [(f"c{index}", type) for index, type in enumerate(types)]
        count = self.pick([0, 1, 3, 8, 20])
        rows = [
            "(" + ", ".join(self.literal(type) for _, type in columns) + ")"
            for _ in range(max(count, 1))
        ]
        names = ", ".join(name for name, _ in columns)
        end = "" if count else " WHERE 1 = 0"
        return columns, f"SELECT * FROM (VALUES {', '.join(rows)}) AS v ({names}){end}"

    def views(self):
        return [f"CREATE OR REPLACE VIEW {name} AS {query}" for name, (_, query) in self.tables.items()]

    def scalar(self, columns, type=None, depth=0):
        """Returns an expression and its type, which is the given one if there is one."""
        columns = [column for column in columns if type in (None, column[1])]
        if not columns:
            return self.literal(type), type
        name, type = self.pick(columns)
        if depth > 2 or self.chance(0.6):
            return name, type
        other = self.scalar(columns, type, depth + 1)[0]
        forms = [
            self.literal(type),
            f"coalesce({name}, {other})",
            f"CASE WHEN {self.predicate(columns, depth + 1)} THEN {name} ELSE {other} END",
        ]
        if type in ("integer", "bigint", "double"):
            forms.append(f"({name} {self.pick('+-*')} {other})")
        if type == "varchar":
            forms += [f"upper({name})", f"substr({name}, 2)", f"({name} || 'x')"]
        return self.pick(forms), type

    def predicate(self, columns, depth=0):
        if depth < 2 and self.chance(0.3):
            left, right = self.predicate(columns, depth + 1), self.predicate(columns, depth + 1)
            return self.pick([f"({left} AND {right})", f"({left} OR {right})", f"(NOT {left})"])
        value, type = self.scalar(columns, None, depth + 1)
        other = self.scalar(columns, type, depth + 1)[0]
        list = ", ".join(self.literal(type) for _ in range(self.random.randint(1, 3)))
        forms = [f"{value} {self.pick(COMPARISONS)} {other}"] * 3 + [
            f"{value} IS NULL",
            f"{value} IS NOT NULL",
            f"{value} IN ({list})",
            f"{value} NOT IN ({list})",
        ]
        if type != "boolean":
            forms.append(f"{value} BETWEEN {self.literal(type)} AND {self.literal(type)}")
        if type == "varchar":
            forms.append(f"{value} LIKE '{self.pick(['a%', '%b', '%o%', '_', 'A_c'])}'")
        return self.pick(forms)

    def aggregate(self, columns):
        name, type = self.pick(columns)
        distinct = self.pick(["", "DISTINCT "])
        forms = ["count(*)", f"count({distinct}{name})", f"min({name})", f"max({name})"]
        if type == "boolean":
            forms = [f"bool_and({name})", f"bool_or({name})"]
        if type in ("integer", "bigint", "decimal(10,2)"):
            forms.append(f"sum({distinct}{name})")
        if type in ("integer", "bigint", "double"):
            forms.append(f"avg({name})")
        end = f" FILTER (WHERE {self.predicate(columns)})" if self.chance(0.15) else ""
        return self.pick(forms) + end

    def relation(self):
        """Returns what stands after FROM, and its columns."""
        aliases = ["a", "b", "c"][: self.pick([1, 1, 2, 2, 3])]
        text, columns = "", []
        for alias in aliases:
            table = self.pick(list(self.tables))
            own = [(f"{alias}.{name}", type) for name, type in self.tables[table][0]]
            if not text:
                text = f"{table} {alias}"
            else:
                kind, key = self.pick(JOINS), self.pick("ks")
                condition = f"{self.pick(aliases[: aliases.index(alias)])}.{key} = {alias}.{key}"
                if kind != "FULL JOIN" and self.chance(0.3):
                    condition += f" AND {self.predicate(columns + own)}"
                elif kind != "FULL JOIN" and self.chance(0.1):
                    condition = self.predicate(columns + own)
                text += f" {kind} {table} {alias} ON {condition}"
            columns += own
        return text, columns

    def comparison(self, left, right):
        """Compares a column of one list with one of the other's, if two have the same type."""
        pairs = [(a, b) for a, type in left for b, other in right if type == other]
        a, b = self.pick(pairs)
        return f"{a} {self.pick(['=', '=', '<', '>=', '<>', 'IS DISTINCT FROM'])} {b}"

    def correlated(self, outer, depth=0):
        """Returns FROM and WHERE of a subquery that names outer columns, and its own columns."""
        table, alias = self.pick(list(self.tables)), f"q{depth}"
        inner = [(f"{alias}.{name}", type) for name, type in self.tables[table][0]]
        source = f"{table} {alias}"
        if self.chance(0.25):
            other, kind = self.pick(list(self.tables)), self.pick(JOINS)
            more = [(f"r{depth}.{name}", type) for name, type in self.tables[other][0]]
            condition = f"{alias}.k = r{depth}.k"
            if kind in ("JOIN", "LEFT JOIN") and self.chance(0.4):
                condition += f" AND {self.comparison(more, outer)}"
            source += f" {kind} {other} r{depth} ON {condition}"
            inner += more
        conditions = [self.comparison(inner, outer)]
        if self.chance(0.3):
            conditions.append(self.predicate(inner + outer, 1))
        if depth < 2 and self.chance(0.3):
            conditions.append(self.subquery_predicate(inner + outer, depth + 1))
        if self.chance(0.2):
            conditions.append(self.comparison(inner, outer))
        joined = self.pick([" AND ", " AND ", " OR "]).join(f"({term})" for term in conditions)
        return f" FROM {source} WHERE {joined}", inner

    def subquery_predicate(self, outer, depth=0):
        rest, inner = self.correlated(outer, depth)
        alias = f"q{depth}.k"
        key = self.pick([name for name, type in outer if type == "integer"])
        negation = self.pick(["", "NOT "])
        return self.pick(
            [
                f"{negation}EXISTS (SELECT 1{rest})",
                f"{key} {negation}IN (SELECT {alias}{rest})",
                f"{key} {self.pick(['<', '>=', '<>', '='])} {self.pick(['ALL', 'ANY'])} "
                f"(SELECT {alias}{rest})",
                f"{self.subquery_value(outer, depth)} {self.pick(['=', '<', '>='])} {key}",
                f"{negation}EXISTS (SELECT {alias}{rest} GROUP BY {alias} HAVING count(*) > 1)",
            ]
        )

    def subquery_value(self, outer, depth=0):
        rest, inner = self.correlated(outer, depth)
        other = self.correlated(outer, depth)[0]
        key = f"q{depth}.k"
        return self.pick(
            [
                f"(SELECT count(*){rest})",
                f"(SELECT count(DISTINCT {key}) + max({key}){rest})",
                f"(SELECT sum({key}){rest})",
                f"(SELECT {key}{rest} ORDER BY 1 LIMIT 1)",
                f"(SELECT {key}{rest} ORDER BY 1 DESC NULLS LAST OFFSET 1 LIMIT 1)",
                f"(SELECT max(n) FROM (SELECT {key}, count(*) AS n{rest} GROUP BY {key}) g)",
                f"(SELECT count(*) FROM (SELECT {key}{rest} UNION SELECT {key}{other}) g)",
                f"(SELECT count(*) FROM (SELECT {key}{rest} EXCEPT SELECT {key}{other}) g)",
                f"(SELECT max(n) FROM (SELECT rank() OVER (ORDER BY {key} NULLS LAST) AS n{rest}) g)",
            ]
        )

    def correlated_query(self):
        table = self.pick(list(self.tables))
        columns = [(f"a.{name}", type) for name, type in self.tables[table][0]]
        predicate, value = self.subquery_predicate(columns), self.subquery_value(columns)
        rest, inner = self.correlated(columns)
        item = self.pick([name for name, _ in inner])
        limit = self.pick(["", f" ORDER BY {item} NULLS LAST LIMIT 2"])
        lateral = f"LATERAL (SELECT {item} AS x{rest}{limit}) l"
        return self.pick(
            [
                f"SELECT a.k, a.s FROM {table} a WHERE {predicate}",
                f"SELECT a.k, {predicate} FROM {table} a",
                f"SELECT a.k, {value} FROM {table} a",
                f"SELECT a.k, CASE WHEN a.k > 0 THEN {value} END FROM {table} a WHERE {predicate}",
                f"SELECT sum({value}) FROM {table} a",
                f"SELECT a.k, count(*) FROM {table} a WHERE NOT ({predicate}) GROUP BY a.k",
                f"SELECT a.k, l.x FROM {table} a CROSS JOIN {lateral}",
                f"SELECT a.k, l.x FROM {table} a LEFT JOIN {lateral} ON TRUE",
            ]
        )

    def query(self):
        if self.chance(0.4):
            return self.correlated_query()
        relation, columns = self.relation()
        conditions = []
        if self.chance(0.4):
            conditions.append(self.predicate(columns))
        if self.chance(0.25):
            table, key, negation = self.pick(list(self.tables)), self.pick("ks"), self.pick(["", "NOT "])
            inner = [(f"q.{name}", type) for name, type in self.tables[table][0]]
            conditions.append(
                self.pick(
                    [
                        f"a.{key} {negation}IN (SELECT q.{key} FROM {table} q)",
                        f"a.{key} {negation}IN (SELECT q.{key} FROM {table} q "
                        f"WHERE {self.predicate(inner)})",
                        f"{negation}EXISTS (SELECT 1 FROM {table} q WHERE q.{key} = a.{key})",
                    ]
                )
            )
        rest = f" FROM {relation}" + (" WHERE " + " AND ".join(conditions) if conditions else "")
        aggregates = ", ".join(self.aggregate(columns) for _ in range(self.random.randint(1, 3)))
        partition, order = self.pick(columns)[0], self.pick(columns)[0]
        function = self.pick(["rank()", "dense_rank()", "count(*)", "sum(a.k)", "min(a.s)", "avg(a.k)"])
        items = ", ".join(self.scalar(columns)[0] for _ in range(self.random.randint(1, 4)))
        having = f" HAVING count(*) > {self.random.randint(0, 2)}" if self.chance(0.3) else ""
        return self.pick(
            [
                f"SELECT {items}{rest}",
                f"SELECT DISTINCT {items}{rest}",
                f"SELECT {aggregates}{rest}",
                f"SELECT {partition}, {order}, {aggregates}{rest} GROUP BY 1, 2{having}",
                f"SELECT {partition}, {order}, {function} OVER (PARTITION BY {partition} "
                f"ORDER BY {order} NULLS {self.pick(['FIRST', 'LAST'])}){rest}",
            ]
        )


def text_of(value):
    """Returns a value as both engines' values can be compared."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    return "NaN" if math.isnan(number) else f"{number + 0.0:.9g}"


@pytest.mark.parametrize("seed", range(300 if LONG else 12))
def test_random_queries(apus, seed):
    generator = Generator(seed)
    peer = duckdb.connect()
    for view in generator.views():
        peer.execute(view)
    queries = [generator.query() for _ in range(10)]
    for query in queries:
        expected = sorted([text_of(value) for value in row] for row in peer.execute(query).fetchall())
        capacity, threads = generator.pick([1, 3, 2048]), generator.pick(["1", "4"])
        script = [*generator.views(), f"SET SESSION batch_capacity = {capacity}", query]
        result = apus("--format", "ndjson", "--threads", threads, "-c", ";\n".join(script))
        assert result.returncode == 0, ";\n".join(script) + "\n" + result.stderr
        rows = [json.loads(line).values() for line in result.stdout.splitlines()]
        actual = sorted([text_of(value) for value in row] for row in rows)
        assert actual == expected, ";\n".join(script)
