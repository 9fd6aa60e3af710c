import ApusSyntax
import ApusValues
import Testing

/// What PostgreSQL's clients write, and the same in Trino's dialect.
@Suite("PostgreSQL's spellings become the same trees")
struct PostgresTests {
  private func printed(_ text: String) throws -> String {
    SQLPrinter.text(of: try parseExpression(text, dialect: .postgres))
  }

  @Test(arguments: [
    ("a::bigint", "CAST(a AS bigint)"),
    ("-a::int4", "-CAST(a AS integer)"),
    ("a.b::text::varchar(3)", "CAST(CAST(a.b AS varchar) AS varchar(3))"),
    ("(a + 1)::float8", "CAST(a + 1 AS double)"),
    ("a::numeric", "CAST(a AS decimal(38, 10))"),
    ("a::numeric(12, 2)", "CAST(a AS decimal(12, 2))"),
    ("a::timestamp", "CAST(a AS timestamp(6))"),
    ("a::timestamptz", "CAST(a AS timestamp(6) with time zone)"),
    ("a::timestamp(3) with time zone", "CAST(a AS timestamp(3) with time zone)"),
    ("a::bpchar", "CAST(a AS varchar)"),
    ("a::bpchar(3)", "CAST(a AS char(3))"),
    ("a::float(24)", "CAST(a AS real)"),
    ("a::float", "CAST(a AS double)"),
    ("a::character varying(7)", "CAST(a AS varchar(7))"),
    ("a::pg_catalog.bool", "CAST(a AS boolean)"),
    ("a::int2[][]", "CAST(a AS array(array(smallint)))"),
    ("cast(a as bytea)", "CAST(a AS varbinary)"),
    ("int8 '5'", "bigint '5'"),
    ("timestamp '2024-02-29 10:00:00'", "timestamp '2024-02-29 10:00:00'"),
    (
      "timestamptz '2024-02-29 10:00:00'",
      "CAST('2024-02-29 10:00:00' AS timestamp(6) with time zone)"
    ),
  ])
  func types(text: String, trino: String) throws {
    #expect(try printed(text) == trino)
  }

  @Test(arguments: [
    ("a ~ b", "regexp_like(a, b)"),
    ("a ~* '^x'", "regexp_like(a, '(?i)^x')"),
    ("a ~* b", "regexp_like(a, '(?i)' || b)"),
    ("a !~ 'x' AND b", "NOT regexp_like(a, 'x') AND b"),
    ("a !~* b || c", "NOT regexp_like(a, '(?i)' || (b || c))"),
    ("a OPERATOR(pg_catalog.~) '^(t)$' COLLATE pg_catalog.default", "regexp_like(a, '^(t)$')"),
    ("a OPERATOR(pg_catalog.=) b", "a = b"),
    ("a ~~ 'x%'", "a LIKE 'x%'"),
    ("a LIKE 'x%'", "a LIKE 'x%'"),
    ("a LIKE b", "a LIKE b ESCAPE '\\'"),
    ("a LIKE 'x\\_y\\z'", "a LIKE 'x\\_yz' ESCAPE '\\'"),
    ("a LIKE 'x!%' ESCAPE '!'", "a LIKE 'x!%' ESCAPE '!'"),
    ("a ILIKE 'X%'", "lower(a) LIKE 'x%'"),
    ("a NOT ILIKE b", "lower(a) NOT LIKE lower(b) ESCAPE '\\'"),
    ("a = ANY ($1)", "contains(?, a)"),
    ("$2 <> ALL ($1)", "NOT contains(?, ?)"),
    ("a < ANY (b)", "any_match(b, \"array element\" -> a < \"array element\")"),
    ("a = ANY (SELECT 1)", "a = ANY (SELECT 1)"),
    ("INTERVAL '3 days'", "INTERVAL '3 00:00:00.000' DAY TO SECOND"),
    ("INTERVAL '-1 year 2 mons'", "INTERVAL -'0-10' YEAR TO MONTH"),
    ("'1 day -02:00:00'::interval", "INTERVAL '0 22:00:00.000' DAY TO SECOND"),
    ("interval '3' day", "INTERVAL '3' DAY"),
    ("a !~~* 'É%'", "lower(a) NOT LIKE lower('É%') ESCAPE '\\'"),
    ("E'it\\'s\\n' || E'\\x41\\102\\u00e9\\q'", "'it''s\n' || 'ABéq'"),
    ("\"a b\" || left(c, 2)", "\"a b\" || \"left\"(c, 2)"),
    (
      "f(a ORDER BY b, c DESC, d DESC NULLS LAST)",
      "f(a ORDER BY b NULLS LAST, c DESC NULLS FIRST, d DESC NULLS LAST)"
    ),
  ])
  func operators(text: String, trino: String) throws {
    #expect(try printed(text) == trino)
  }

  @Test(arguments: [
    ("{d '2024-02-29'}", "date '2024-02-29'"),
    ("{t '10:00:00'}", "time '10:00:00'"),
    ("{ts '2024-02-29 10:00:00'}", "timestamp '2024-02-29 10:00:00'"),
    ("{fn UCASE(a)}", "upper(a)"),
    ("{fn LOCATE('x', a)}", "strpos(a, 'x')"),
    ("{fn CONVERT(a, SQL_VARCHAR)}", "CAST(a AS varchar)"),
    ("{fn TIMESTAMPADD(SQL_TSI_DAY, 1, a)}", "date_add('day', 1, a)"),
    ("{fn EXTRACT(YEAR FROM a)}", "EXTRACT(YEAR FROM a)"),
    ("{fn CURDATE()}", "CURRENT_DATE"),
    ("{fn ABS({fn LEFT(a, 1)})}", "abs(\"left\"(a, 1))"),
  ])
  func escapes(text: String, trino: String) throws {
    #expect(try printed(text) == trino)
  }

  @Test(arguments: [
    ("SELECT TOP 5 a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a NULLS LAST LIMIT 5"),
    ("SELECT DISTINCT TOP 5 a FROM t", "SELECT DISTINCT a FROM t LIMIT 5"),
    ("SELECT top, b FROM t", "SELECT top, b FROM t"),
    (
      "SELECT * FROM (SELECT TOP 2 a FROM t) x LIMIT 3 OFFSET 1",
      "SELECT * FROM (SELECT a FROM t LIMIT 2) AS x OFFSET 1 LIMIT 3"
    ),
    (
      "SELECT * FROM {oj a LEFT OUTER JOIN b ON a.x = b.x}",
      "SELECT * FROM a LEFT JOIN b ON a.x = b.x"
    ),
    ("SELECT $1, $2", "SELECT ?, ?"),
    ("SELECT $2, $1, $2", "SELECT $2, $1, $2"),
    ("SELECT a FROM t LIMIT $1 OFFSET $2", "SELECT a FROM t OFFSET $2 LIMIT $1"),
  ])
  func queries(text: String, trino: String) throws {
    #expect(SQLPrinter.text(of: try parseStatement(text, dialect: .postgres)) == trino)
  }

  @Test(
    "Athena's dialect has none of them",
    arguments: [
      ("SELECT a::bigint", "::"), ("SELECT a ~ 'x'", "~"), ("SELECT 1 WHERE a ILIKE 'x'", "ILIKE"),
      ("SELECT $1", "$"), ("SELECT TOP 5 a", "5"), ("SELECT {d '2024-02-29'}", "{"),
      ("SELECT left(a, 1)", "left"), ("SELECT 1 LIMIT 1 OFFSET 1", "OFFSET"),
      ("SELECT CAST(a AS int4[])", "["),
    ]
  )
  func otherDialect(text: String, place: String) {
    expectError(text, at: place)
  }

  @Test("an order without a word on NULL stays as it is in Athena's dialect")
  func orderInTrino() throws {
    let query = "SELECT a FROM t ORDER BY a DESC"
    #expect(SQLPrinter.text(of: try parseStatement(query)) == query)
  }

  @Test("a collation that is not that of code points is refused")
  func collations() {
    #expect(throws: SQLError.self) { try printed("a COLLATE \"de_DE\"") }
  }
}
