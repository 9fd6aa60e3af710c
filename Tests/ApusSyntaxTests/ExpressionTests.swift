import ApusSyntax
import ApusValues
import Testing

@Suite("Expressions")
struct ExpressionTests {
  @Test("operators bind as in Trino")
  func precedence() throws {
    #expect(try parseExpression("a || b + c * -d") == parseExpression("a || (b + (c * (-d)))"))
    #expect(try parseExpression("a - b - c") == parseExpression("(a - b) - c"))
    #expect(try parseExpression("a - b - c") != parseExpression("a - (b - c)"))
    #expect(
      try parseExpression("not a = b and c or d") == parseExpression("((not (a = b)) and c) or d")
    )
    #expect(
      try parseExpression("- t at time zone 'UTC'") == parseExpression("-(t at time zone 'UTC')")
    )
    #expect(
      try parseExpression("a between 1 and 2 and b") == parseExpression("(a between 1 and 2) and b")
    )
    #expect(try parseExpression("not a is null") == parseExpression("not (a is null)"))
    #expect(try parseExpression("a.b[1].c") == parseExpression("((a.b)[1]).c"))
  }

  @Test("chains of AND and OR are flat, but parentheses stay")
  func logicalChains() throws {
    guard case .logical(let flat) = try parseExpression("a and b and c") else {
      Issue.record("no AND")
      return
    }
    #expect(flat.terms.count == 3)
    guard case .logical(let nested) = try parseExpression("(a and b) and c") else {
      Issue.record("no AND")
      return
    }
    #expect(nested.terms.count == 2)
  }

  @Test("calls with words inside become calls of functions")
  func specialCalls() throws {
    try expectExpression("SUBSTRING(s FROM 2 FOR 3)", printsAs: "substr(s, 2, 3)")
    try expectExpression("substring(s, 2)", printsAs: "substring(s, 2)")
    try expectExpression("POSITION('a' IN s)", printsAs: "strpos(s, 'a')")
    try expectExpression("POSITION(? IN ?)", printsAs: "position(? IN ?)")
    try expectExpression("TRIM(s)", printsAs: "trim(s)")
    try expectExpression("TRIM(BOTH 'x' FROM s)", printsAs: "trim(s, 'x')")
    try expectExpression("TRIM(LEADING FROM s)", printsAs: "ltrim(s)")
    try expectExpression("TRIM(TRAILING 'x' FROM s)", printsAs: "rtrim(s, 'x')")
    try expectExpression("NORMALIZE(s)", printsAs: "normalize(s, NFC)")
    try expectExpression("OVERLAY(s PLACING t FROM 2)", printsAs: "overlay(s PLACING t FROM 2)")
    try expectExpression("EXTRACT(DOW FROM d)", printsAs: "EXTRACT(DAY_OF_WEEK FROM d)")
    try expectExpression(
      "listagg(x) within group (order by x)",
      printsAs: "listagg(x, '') WITHIN GROUP (ORDER BY x)"
    )
    try expectExpression("CURRENT_TIMESTAMP(3)", printsAs: "CURRENT_TIMESTAMP(3)")
  }

  @Test("literals keep what was written")
  func literals() throws {
    #expect(
      try parseExpression("1.50")
        == .decimal(DecimalLiteral(text: "1.50", range: SourceRange(start: 0, end: 4)))
    )
    try expectExpression("U&'d!0061t!!' UESCAPE '!'", printsAs: "'dat!'")
    try expectExpression("U&'\\+01F600 \\\\'", printsAs: "'\u{1F600} \\'")
    try expectExpression("X'65 68 3f'", printsAs: "X'65683F'")
    try expectExpression("INTERVAL -'2-1' YEAR TO MONTH", printsAs: "INTERVAL -'2-1' YEAR TO MONTH")
    try expectExpression("double precision '1'", printsAs: "double precision '1'")
    try expectExpression("- -1", printsAs: "- -1")
    try expectExpression("interval - '3'", printsAs: "interval - '3'")
    try expectExpression("a != 'it''s'", printsAs: "a <> 'it''s'")
  }

  @Test("names fold to lower case unless they are quoted")
  func names() throws {
    try expectExpression("Orders.\"Total Price\"", printsAs: "orders.\"Total Price\"")
    try expectExpression("`a``b`", printsAs: "\"a`b\"")
    try expectExpression("Date", printsAs: "date")
    guard case .dereference(let name) = try parseExpression("a.b.c") else {
      Issue.record("no dereference")
      return
    }
    #expect(name.qualifiedName?.parts.map(\.value) == ["a", "b", "c"])
  }

  @Test("a subquery in parentheses is told from a longer query and a longer expression")
  func parentheses() throws {
    func kind(_ text: String) throws -> String {
      switch try parseExpression(text) {
      case .subquery: "subquery"
      case .arithmetic: "arithmetic"
      case .row: "row"
      case .inList: "list"
      case .inSubquery: "in subquery"
      case .logical: "logical"
      case .identifier: "identifier"
      default: "other"
      }
    }
    #expect(try kind("((SELECT 1))") == "subquery")
    #expect(try kind("((SELECT 1) + 1)") == "arithmetic")
    #expect(try kind("((SELECT 1) UNION SELECT 2)") == "subquery")
    #expect(try kind("(((SELECT 1)) UNION SELECT 2 LIMIT 1)") == "subquery")
    #expect(try kind("((SELECT 1), 2)") == "row")
    #expect(try kind("((a))") == "identifier")
    #expect(try kind("((a or b) and c)") == "logical")
    #expect(try kind("x IN ((SELECT 1))") == "list")
    #expect(try kind("x IN ((SELECT 1), 2)") == "list")
    #expect(try kind("x IN (SELECT 1)") == "in subquery")
    #expect(try kind("x IN ((SELECT 1) UNION SELECT 2)") == "in subquery")
    #expect(try kind("x IN (((SELECT 1)) LIMIT 1)") == "in subquery")
  }

  @Test("lambdas are told from names and rows")
  func lambdas() throws {
    try expectExpression("f(x -> x + 1)", printsAs: "f(x -> x + 1)")
    try expectExpression("f(a, (k, v) -> k, () -> 1)", printsAs: "f(a, (k, v) -> k, () -> 1)")
    try expectExpression("f((k, v), (k))", printsAs: "f((k, v), k)")
    try expectExpression("f(x -> y -> x)", printsAs: "f(x -> y -> x)")
  }

  @Test("types keep their words and parameters")
  func types() throws {
    for type in [
      "bigint", "decimal(12, 2)", "double precision", "timestamp(3) with time zone",
      "interval day to second", "array(varchar)", "map(varchar, array(bigint))",
      "row(a bigint, b row(c varchar))", "struct<a:int,b:string>", "row(double precision)",
    ] {
      let tree = try parseTypeName(type)
      #expect(try parseTypeName(SQLPrinter.text(of: tree)) == tree)
    }
    let type = try parseTypeName("TIMESTAMP(3) WITH TIME ZONE")
    #expect(type.name == "timestamp with time zone")
    #expect(type.parameters.count == 1)
    #expect(try parseTypeName("array<map<string,int>>") == parseTypeName("array(map(string, int))"))
    #expect(try parseTypeName("struct<a:int>").name == "struct")
  }

  @Test("parameters count from zero, in the order of the text")
  func parameters() throws {
    guard case .arithmetic(let sum) = try parseExpression("? + ?"),
      case .parameter(let first) = sum.left, case .parameter(let second) = sum.right
    else {
      Issue.record("no sum")
      return
    }
    #expect(first.index == 0)
    #expect(second.index == 1)
  }

  @Test("each node knows its place")
  func ranges() throws {
    let text = "SELECT (a + b) * c AS \"é\", \"ü\".x FROM t -- end"
    guard case .query(let query) = try parseStatement(text),
      case .specification(let select) = query.body,
      case .expression(let first) = select.items[0],
      case .expression(let second) = select.items[1],
      case .arithmetic(let product) = first.expression
    else { return }
    #expect(covered(query, of: text) == "SELECT (a + b) * c AS \"é\", \"ü\".x FROM t")
    #expect(covered(product, of: text) == "(a + b) * c")
    #expect(covered(product.left, of: text) == "a + b")
    #expect(covered(second, of: text) == "\"ü\".x")
    #expect(covered(select.from[0], of: text) == "t")
  }

  @Test("equality does not see the place")
  func equality() throws {
    let one = try parseExpression("a+1")
    let other = try parseExpression("  A  +  1")
    #expect(one == other)
    #expect(one.hashValue == other.hashValue)
    #expect(one.range != other.range)
  }
}
