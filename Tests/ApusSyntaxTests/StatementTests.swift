import ApusSyntax
import ApusValues
import Testing

@Suite("Queries and statements")
struct StatementTests {
  private func expect(
    _ text: String,
    printsAs printed: String,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let tree = try parseStatement(text)
    #expect(SQLPrinter.text(of: tree) == printed, sourceLocation: location)
    #expect(try parseStatement(printed) == tree, sourceLocation: location)
  }

  @Test("statements print as they are meant")
  func statements() throws {
    try expect("show tables in Sales 'o*'", printsAs: "SHOW TABLES IN sales LIKE 'o*'")
    try expect("SHOW SCHEMAS FROM c", printsAs: "SHOW DATABASES IN c")
    try expect("SHOW COLUMNS IN t FROM d", printsAs: "SHOW COLUMNS FROM t IN d")
    try expect("desc formatted t", printsAs: "DESCRIBE FORMATTED t")
    try expect("DESCRIBE extended", printsAs: "DESCRIBE extended")
    try expect("DESCRIBE EXTENDED 'a.parquet'", printsAs: "DESCRIBE EXTENDED 'a.parquet'")
    try expect("use C.D;", printsAs: "USE c.d")
    try expect("drop view if exists v", printsAs: "DROP VIEW IF EXISTS v")
    try expect("drop view if", printsAs: "DROP VIEW if")
    try expect("set session a.b = 1", printsAs: "SET SESSION a.b = 1")
    try expect(
      "explain analyze verbose (format json) table t",
      printsAs: "EXPLAIN ANALYZE VERBOSE (FORMAT JSON) TABLE t"
    )
    try expect("EXPLAIN (SELECT 1)", printsAs: "EXPLAIN (SELECT 1)")
  }

  @Test("joins nest as written")
  func joins() throws {
    try expect(
      "SELECT * FROM a JOIN b JOIN c ON x ON y",
      printsAs: "SELECT * FROM a INNER JOIN (b INNER JOIN c ON x) ON y"
    )
    try expect(
      "SELECT * FROM a LEFT OUTER JOIN b ON x CROSS JOIN c",
      printsAs: "SELECT * FROM a LEFT JOIN b ON x CROSS JOIN c"
    )
    try expect(
      "SELECT * FROM ((a) NATURAL FULL JOIN (b c)) d (e)",
      printsAs: "SELECT * FROM (a NATURAL FULL JOIN b AS c) AS d (e)"
    )
    try expect(
      "SELECT * FROM (((SELECT 1)) UNION SELECT 2) t",
      printsAs: "SELECT * FROM (((SELECT 1)) UNION SELECT 2) AS t"
    )
    try expect(
      "SELECT * FROM ((SELECT 1) x CROSS JOIN y)",
      printsAs: "SELECT * FROM (SELECT 1) AS x CROSS JOIN y"
    )
  }

  @Test("INTERSECT binds tighter than UNION")
  func setOperations() throws {
    guard case .query(let query) = try parseStatement("TABLE a UNION TABLE b INTERSECT TABLE c"),
      case .setOperation(let union) = query.body, case .setOperation(let inner) = union.right
    else {
      Issue.record("no UNION")
      return
    }
    #expect(union.operator == .union)
    #expect(inner.operator == .intersect)
  }

  @Test("words that are not reserved are names")
  func unreservedNames() throws {
    try expect(
      "SELECT date, year FROM position row",
      printsAs: "SELECT date, year FROM position AS row"
    )
    try expect(
      "SELECT limit, offset AS filter FROM t",
      printsAs: "SELECT limit, offset AS filter FROM t"
    )
    try expect("SELECT count(*) FROM t", printsAs: "SELECT count(*) FROM t")
    try expect(
      "SELECT if(a, 1, 2), map(a, b), array(1)",
      printsAs: "SELECT if(a, 1, 2), map(a, b), array(1)"
    )
    try expect("SELECT t.all, interval FROM t", printsAs: "SELECT t.all, interval FROM t")
  }

  @Test("GROUP BY tells sets from values in parentheses")
  func grouping() throws {
    try expect("SELECT 1 GROUP BY (a, b), (c)", printsAs: "SELECT 1 GROUP BY (a, b), c")
    try expect("SELECT 1 GROUP BY (a) + 1, ()", printsAs: "SELECT 1 GROUP BY a + 1, ()")
    try expect(
      "SELECT 1 GROUP BY ROLLUP (a, (b, c))",
      printsAs: "SELECT 1 GROUP BY ROLLUP (a, (b, c))"
    )
    try expect("SELECT 1 GROUP BY (SELECT 1)", printsAs: "SELECT 1 GROUP BY (SELECT 1)")
    try expect("SELECT 1 GROUP BY ((SELECT 1))", printsAs: "SELECT 1 GROUP BY ((SELECT 1))")
    try expect(
      "SELECT 1 GROUP BY ((SELECT 1) UNION SELECT 2), ((SELECT 1), a)",
      printsAs: "SELECT 1 GROUP BY ((SELECT 1) UNION SELECT 2), ((SELECT 1), a)"
    )
    try expect(
      "SELECT 1 GROUP BY ((a, b)), (a, b).x",
      printsAs: "SELECT 1 GROUP BY ((a, b)), (a, b).x"
    )
  }

  @Test("PostgreSQL's dialect takes LIMIT before OFFSET")
  func dialects() throws {
    let turned = try parseStatement("SELECT 1 LIMIT 5 OFFSET 2", dialect: .postgres)
    #expect(turned == (try parseStatement("SELECT 1 OFFSET 2 LIMIT 5")))
  }

  @Test("a view knows the text of its query")
  func viewText() throws {
    let text = "CREATE VIEW v AS WITH a AS (SELECT 1) SELECT * FROM a ; -- done"
    guard case .createView(let view) = try parseStatement(text) else { return }
    #expect(covered(view.query, of: text) == "WITH a AS (SELECT 1) SELECT * FROM a")
  }

  @Test("files split at semicolons outside quotes and comments")
  func splitting() throws {
    let text = "SELECT ';' ; ; -- a; b\n /* ; */ SELECT \"a;b\" ;\nSELECT 3"
    let parts = splitStatements(text)
    #expect(parts.map(\.text) == ["SELECT ';'", "SELECT \"a;b\"", "SELECT 3"])
    #expect(parts.map(\.isTerminated) == [true, true, false])
    #expect(try parseStatements(text).count == 3)
    #expect(splitStatements(" -- nothing\n").isEmpty)
    #expect(splitStatements("SELECT 1; SELECT 'a; b").map(\.text) == ["SELECT 1", "SELECT 'a; b"])
  }

  @Test("the error of a file is placed in the file")
  func fileErrors() {
    do {
      _ = try parseStatements("SELECT 1;\nSELECT FROM t")
      Issue.record("accepted")
    } catch {
      #expect(error.range == SourceRange(start: 17, end: 21))
    }
  }
}
