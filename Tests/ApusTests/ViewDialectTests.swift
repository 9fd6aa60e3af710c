import Apus
import ApusSyntax
import ApusTestSupport
import ApusValues
import Testing

/// A view is kept in Athena's dialect, whatever dialect it was made in, and answers the same in each.
@Suite("Views and dialects")
struct ViewDialectTests {

  /// Queries that only PostgreSQL's clients write, each over `t (n, s, p, d, a)`.
  static let postgresQueries = [
    "SELECT n::bigint AS n, s::varchar(1) AS s, p::numeric AS p, p::numeric(12, 3) AS q FROM t",
    "SELECT n::text || 'x' AS n, '7'::int4 AS i, '2024-02-29'::date AS d FROM t",
    "SELECT '2024-02-29 10:00:00'::timestamp AS a, timestamptz '2024-02-29 10:00:00 UTC' AS b",
    "SELECT n FROM t WHERE s ~ '^[ab]'",
    "SELECT n FROM t WHERE s !~* 'B|c'",
    "SELECT n, s ~~ 'a%' AS l, s !~~* 'A_' AS m FROM t",
    "SELECT n FROM t WHERE s ILIKE '%B%'",
    "SELECT n FROM t WHERE s NOT ILIKE E'a\\\\_%' OR s IS NULL",
    "SELECT n FROM t WHERE s LIKE 'a\\_%'",
    "SELECT n FROM t WHERE s LIKE 'a!_%' ESCAPE '!'",
    "SELECT E'it\\'s\\n\\t\\x41\\u00e9\\\\' AS e, U&'\\2603' AS u, 'a\\n' AS plain",
    "SELECT n FROM t ORDER BY n LIMIT 2 OFFSET 1",
    "SELECT TOP 2 n FROM t ORDER BY n DESC",
    "SELECT DISTINCT TOP 3 s FROM t ORDER BY s",
    "SELECT n FROM (SELECT TOP 2 n FROM t ORDER BY n DESC) AS u ORDER BY 1",
    "SELECT s FROM t ORDER BY s DESC LIMIT 2",
    "SELECT n, row_number() OVER (ORDER BY s DESC, n) AS r FROM t",
    "SELECT array_agg(s ORDER BY s DESC) AS s FROM t",
    "SELECT {fn UCASE(s)} AS u, {fn LOCATE('b', s)} AS l, {d '2024-02-29'} AS d FROM t",
    "SELECT {ts '2024-02-29 10:00:00'} AS a, {fn TIMESTAMPADD(SQL_TSI_DAY, 1, d)} AS b FROM t",
    "SELECT u.n FROM {oj t AS u LEFT OUTER JOIN t AS v ON u.n = v.n + 1}",
    "SELECT n FROM t WHERE n = ANY (a)",
    "SELECT n FROM t WHERE n <> ALL (a) OR n < ANY (a)",
    "SELECT d + INTERVAL '1 day' AS d, INTERVAL '1 year 2 mons' AS y FROM t",
    "SELECT 1.5 AS a, -0.25 AS b, 1.5 + 1 AS c, 10.0 / 4 AS d, sum(1.10) AS e, 1e0 AS f FROM t",
    "SELECT n FROM t WHERE p = 1.50",
    "SELECT CASE WHEN n > 1.5 THEN 2.50 END AS c, coalesce(p, 0.1) AS d FROM t",
    "WITH u AS (SELECT 0.1 AS x) SELECT x + 0.2 AS y, (SELECT max(0.125) FROM u) AS z FROM u",
    "SELECT \"A b\".n FROM t AS \"A b\" WHERE \"A b\".s COLLATE \"C\" > 'a'",
    "SELECT n OPERATOR(pg_catalog.=) 1 AS n FROM t",
    "SELECT CAST(a AS int8[]) AS a FROM t",
    "SELECT 1 AS a UNION ALL SELECT 2.5 ORDER BY a DESC LIMIT 1 OFFSET 0",
  ]

  /// Queries of both dialects.
  static let trinoQueries = [
    "SELECT n, s FROM t WHERE s LIKE 'a%' ORDER BY n DESC OFFSET 1 LIMIT 1",
    "SELECT s FROM t ORDER BY s DESC LIMIT 2",
    "SELECT 1.5 AS a, 0.1 + 0.2 AS b, DECIMAL '1.50' AS c, p * 1.5 AS d FROM t",
    "SELECT s FROM t WHERE s LIKE 'a\\_%'",
    "SELECT row_number() OVER (ORDER BY s DESC) AS r, 'a\\nb' AS t FROM t",
    "SELECT * FROM TABLE(exclude_columns(TABLE(t), DESCRIPTOR(a)))",
  ]

  private func engine() throws -> Engine {
    try Engine(EngineConfiguration(warehouse: TestFiles.makeTemporaryFolder(), threadCount: 2))
  }

  private func makeTable(_ session: Session) async throws {
    _ = try await session.query(
      """
      CREATE VIEW t AS SELECT * FROM (VALUES
        (1, 'ab', DECIMAL '1.50', DATE '2024-02-28', ARRAY[1, 3]),
        (2, 'a_c', DECIMAL '2.25', DATE '2024-03-01', ARRAY[5]),
        (3, 'B', NULL, NULL, ARRAY[3, 4]),
        (4, NULL, DECIMAL '-0.10', DATE '1969-12-31', NULL)
      ) AS v (n, s, p, d, a)
      """
    )
  }

  private func answer(_ session: Session, _ sql: String) async throws -> [String] {
    let result = try await session.query(sql)
    let types = result.schema.fields.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
    return [types] + (try await result.rows().map(\.description))
  }

  @Test("a view made by a client of PostgreSQL answers as its query", arguments: postgresQueries)
  func fromPostgres(_ query: String) async throws {
    let engine = try engine()
    let (trino, postgres) = (engine.session(), engine.session(dialect: .postgres))
    try await makeTable(trino)
    let expected = try await answer(postgres, query)
    _ = try await postgres.query("CREATE VIEW v AS \(query)")
    for session in [postgres, trino] {
      #expect(try await answer(session, "SELECT * FROM v") == expected)
    }
    // What is kept is Athena's: read as a statement of its own it is the same query.
    let text = try await trino.query("SHOW CREATE VIEW v").rows().compactMap { row -> String? in
      if case .text(let line) = row[0] { line } else { nil }
    }.joined(separator: "\n")
    _ = try await trino.query("DROP VIEW v")
    _ = try await trino.query(text)
    for session in [postgres, trino] {
      #expect(try await answer(session, "SELECT * FROM v") == expected)
    }
  }

  @Test("a view made in Athena's dialect means the same everywhere", arguments: trinoQueries)
  func fromTrino(_ query: String) async throws {
    let engine = try engine()
    let (trino, postgres) = (engine.session(), engine.session(dialect: .postgres))
    try await makeTable(trino)
    let expected = try await answer(trino, query)
    _ = try await trino.query("CREATE VIEW v AS \(query)")
    _ = try await postgres.query("CREATE VIEW w AS SELECT * FROM v")
    for session in [postgres, trino] {
      #expect(try await answer(session, "SELECT * FROM v") == expected)
      #expect(try await answer(session, "SELECT * FROM w") == expected)
    }
  }

  @Test("what numbers with a point are is a session's property, and no view's")
  func decimals() async throws {
    let engine = try engine()
    let session = engine.session()
    _ = try await session.query("CREATE VIEW doubles AS SELECT 1.5 AS x")
    _ = try await session.query("SET SESSION parse_decimal_literals_as_double = false")
    _ = try await session.query("CREATE VIEW decimals AS SELECT 1.5 AS x")
    let query = "SELECT d.x, e.x, typeof(2.50) FROM doubles AS d, decimals AS e"
    #expect(try await answer(session, query)[1] == "x=1.5, x=1.5, _col2=decimal(3,2)")
    _ = try await session.query("RESET SESSION parse_decimal_literals_as_double")
    #expect(
      try await answer(session, query) == [
        "x double, x decimal(2,1), _col2 varchar", "x=1.5, x=1.5, _col2=double",
      ]
    )
  }

  @Test("a view has no parameters, however they are written")
  func parameters() async throws {
    let engine = try engine()
    let session = engine.session(dialect: .postgres)
    let error = await #expect(throws: SQLError.self) {
      _ = try await session.query("CREATE VIEW v AS SELECT $1 AS a", parameters: [1])
    }
    #expect(error?.code == .notSupported)
  }
}
