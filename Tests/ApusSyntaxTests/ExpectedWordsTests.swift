import ApusSyntax
import Testing

/// What may come next while a statement is written.
@Suite struct ExpectedWordsTests {
  @Test(arguments: [
    ("", ["SELECT", "WITH", "SHOW", "DESCRIBE", "CREATE", "EXPLAIN", "SET"], ["FROM", "JOIN"]),
    ("SELECT a", ["FROM", "AS", "IS", "IN", "LIKE", "BETWEEN", "AND", "UNION", "LIMIT"], ["ON"]),
    ("SELECT", ["DISTINCT", "CASE", "CAST", "NULL", "INTERVAL"], ["FROM", "WHERE"]),
    ("SELECT * FROM t", ["WHERE", "JOIN", "LEFT", "GROUP", "ORDER"], ["FROM", "SELECT", "THEN"]),
    ("SELECT * FROM t LEFT", ["JOIN", "OUTER"], ["WHERE"]),
    ("SELECT * FROM t GROUP", ["BY"], ["WHERE"]),
    ("SELECT * FROM t ORDER BY a", ["ASC", "DESC", "NULLS", "LIMIT"], ["WHERE"]),
    ("SELECT a IS", ["NULL", "NOT", "DISTINCT"], ["FROM"]),
    ("SELECT CASE WHEN a", ["THEN", "AND"], ["FROM"]),
    ("SHOW", ["TABLES", "COLUMNS", "SESSION", "FUNCTIONS"], ["SELECT"]),
    ("DROP VIEW", ["IF"], ["EXISTS"]),
    ("CREATE", ["VIEW", "OR"], ["SELECT"]),
    ("SELECT (SELECT a FROM t", ["WHERE"], ["SELECT"]),
  ])
  func keywords(beginning: String, wanted: [String], unwanted: [String]) throws {
    let expected = try #require(expectedWords(after: beginning))
    for word in wanted { #expect(expected.keywords.contains(word), "\(word) may come") }
    for word in unwanted { #expect(!expected.keywords.contains(word), "\(word) may not come") }
    #expect(expected.keywords == expected.keywords.sorted())
  }

  @Test func onlyThoseThatBeginAsTyped() throws {
    let expected = try #require(expectedWords(after: "SELECT * FROM t", startingWith: "wh"))
    #expect(expected.keywords == ["WHERE"])
  }

  @Test(arguments: [
    ("SELECT", true), ("SELECT * FROM", true), ("SELECT * FROM t ORDER BY", true),
    ("SELECT * FROM t JOIN u USING (", true), ("SELECT * FROM t GROUP", false),
    ("SELECT * FROM t", false),
  ])
  func names(beginning: String, acceptsName: Bool) throws {
    #expect(try #require(expectedWords(after: beginning)).acceptsName == acceptsName)
  }

  /// Words that are names as well come only where they mean more.
  @Test func wordsThatWouldBeNamesAreLeftOut() throws {
    let alias = try #require(expectedWords(after: "SELECT a AS"))
    #expect(alias.keywords.isEmpty || !alias.keywords.contains("COMMENT"))
    #expect(alias.acceptsName)
  }

  @Test(arguments: ["SELECT FROM", "SELECT 'a", "SELECT /* a", "FROM", ") SELECT"])
  func nothingIsKnownAfterAMistake(beginning: String) {
    #expect(expectedWords(after: beginning) == nil)
  }
}
