import ApusPlanner
import ApusValues
import Testing

/// What is refused, with which code and where.
@Suite struct BindingErrorTests {
  @Test(arguments: [
    ("SELECT nam FROM customers", ErrorCode.columnNotFound, "1:8"),
    ("SELECT x.id FROM customers c", .columnNotFound, "1:8"),
    ("SELECT id FROM orders, customers", .ambiguousName, "1:8"),
    ("SELECT * FROM nowhere", .tableNotFound, "1:15"),
    ("SELECT *", .columnNotFound, "1:8"),
    ("SELECT t.* FROM orders", .tableNotFound, "1:8"),
    ("SELECT name = 1 FROM customers", .typeMismatch, "1:8"),
    ("SELECT name + 1 FROM customers", .typeMismatch, "1:8"),
    ("SELECT id FROM orders WHERE total", .typeMismatch, "1:29"),
    ("SELECT id FROM orders WHERE count(*) > 1", .expressionNotScalar, "1:29"),
    ("SELECT id, count(*) FROM orders", .expressionNotAggregate, "1:8"),
    ("SELECT sum(count(*)) FROM orders", .nestedAggregation, "1:8"),
    ("SELECT id FROM orders GROUP BY 2", .invalidColumnReference, "1:32"),
    ("SELECT id FROM orders ORDER BY 0", .invalidColumnReference, "1:32"),
    ("SELECT DISTINCT id FROM orders ORDER BY total", .expressionNotInDistinct, "1:41"),
    ("SELECT frobnicate(1)", .functionNotFound, "1:8"),
    ("SELECT upper(1)", .functionNotFound, "1:8"),
    ("SELECT row_number()", .missingOver, "1:8"),
    ("SELECT upper('x') OVER ()", .functionNotWindow, "1:8"),
    ("SELECT CAST(1 AS frob)", .typeNotFound, "1:18"),
    ("SELECT CAST(1 AS string)", .typeNotFound, "1:18"),
    ("SELECT CAST(DATE '2020-01-01' AS double)", .typeMismatch, "1:8"),
    ("SELECT DATE '2020-02-30'", .invalidLiteral, "1:8"),
    ("SELECT 99999999999999999999", .invalidLiteral, "1:8"),
    ("SELECT id FROM orders UNION SELECT id, name FROM customers", .typeMismatch, "1:29"),
    ("SELECT id FROM orders UNION SELECT name FROM customers", .typeMismatch, "1:29"),
    ("VALUES (1, 2), (3)", .typeMismatch, "1:17"),
    ("SELECT a FROM (SELECT 1) AS t (a, b)", .mismatchedColumnAliases, "1:29"),
    ("WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a", .duplicateNamedQuery, "1:23"),
    ("SELECT (SELECT id, total FROM orders)", .notSupported, "1:8"),
    ("SELECT * FROM snake", .viewIsRecursive, "1:15"),
    ("SELECT * FROM broken", .columnNotFound, "1:15"),
    ("SELECT CASE WHEN 1 THEN 2 END", .typeMismatch, "1:18"),
    ("SELECT CASE WHEN TRUE THEN 1 ELSE 'a' END", .typeMismatch, "1:35"),
    (
      "SELECT sum(id) OVER (ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM orders",
      .invalidWindowFrame, "1:22"
    ),
  ])
  func refused(sql: String, code: ErrorCode, place: String) {
    expectError(sql, code, at: place)
  }

  @Test(arguments: [
    ("SELECT nmae FROM customers", "Did you mean 'name'?"),
    ("SELECT * FROM custommers", "Did you mean 'customers'?"),
    ("SELECT uper('a')", "Did you mean 'upper'?"),
    ("SELECT id FROM orders WHERE day > '2020-01-01'", "Write the text as a literal: DATE '…'."),
  ])
  func hinted(sql: String, hint: String) {
    #expect { try plan(sql) } throws: { ($0 as? SQLError)?.hint == hint }
  }

  @Test func everyRuleCanBeSwitchedOff() throws {
    let sql = """
      SELECT c.name, sum(total) FROM orders o, customers c
      WHERE o.customer_id = c.id AND EXISTS (SELECT 1 FROM lines WHERE order_id = o.id)
      GROUP BY 1 ORDER BY 2 LIMIT 3
      """
    for rule in QueryPlanner.ruleNames {
      #expect(try plan(sql, disabledRules: [rule]).output.map(\.name) == ["name", "_col1"])
    }
  }

  /// An error of a row of a view must not point into the statement that uses the view.
  @Test func expressionsOfViewsHaveNoPlaces() throws {
    func ranges(_ plan: LogicalPlan) -> [SourceRange?] {
      let own = plan.expressions.compactMap { expression -> SourceRange?? in
        if case .arithmetic(let node) = expression { .some(node.range) } else { nil }
      }
      return own + plan.children.flatMap(ranges)
    }
    #expect(try ranges(plan("SELECT id, half FROM halves")) == [nil])
    #expect(try ranges(plan("SELECT id, total / 2 FROM orders")).contains { $0 != nil })
  }
}
