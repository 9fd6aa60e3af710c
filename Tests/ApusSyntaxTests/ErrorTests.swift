import ApusSyntax
import ApusValues
import Testing

@Suite("Errors say what, where and what to do")
struct ErrorTests {
  @Test("a message names what was found and what could have been")
  func messages() {
    expectError(
      "SELECT * FROM",
      at: "",
      "mismatched input '<EOF>'. Expecting: '(', <identifier>, <string>"
    )
    expectError("SELECT 1 FETCH 5", at: "5", "mismatched input '5'. Expecting: 'FIRST', 'NEXT'")
    expectError(
      "SHOW COLUMNS orders",
      at: "orders",
      "mismatched input 'orders'. Expecting: 'FROM', 'IN'"
    )
    expectError("SELECT f(a b)", at: "b")
  }

  @Test("hints for what other databases write")
  func hints() {
    expectError("SELECT 1 LIMIT 5 OFFSET 2", at: "OFFSET", hint: "OFFSET comes before LIMIT.")
    expectError("SELECT a == b", at: "=", hint: "Values are compared with a single =.")
    expectError(
      "SELECT a::bigint",
      at: "::",
      hint: "Write CAST(value AS type) instead of value::type."
    )
    expectError(
      "SELECT 1 LIMIT 5, 10",
      at: ",",
      hint: "Write OFFSET n LIMIT m instead of LIMIT n, m."
    )
    expectError(
      "SELECT TOP 10 a",
      at: "10",
      hint: "Write LIMIT n at the end of the query instead of TOP n."
    )
    expectError("SELECT a, FROM t", at: "FROM", hint: "Remove the comma before FROM.")
    expectError("SELECT 1 WHERE a ILIKE 'x'", at: "ILIKE", hint: "Write lower(value) LIKE pattern.")
    expectError("SELECT a ~* 'x'", at: "~*", hint: "Write regexp_like(value, pattern).")
    expectError("SELECT a | b", at: "|", hint: "Two texts are joined with ||.")
    expectError(
      "SELECT {fn now()}",
      at: "{",
      hint: "Escapes of ODBC such as {fn …} are known where PostgreSQL's clients connect."
    )
    expectError("SELECT 1; SELECT 2", at: "SELECT", hint: "Send one statement at a time.")
    expectError("SELCT 1", at: "SELCT", hint: "Did you mean SELECT?")
    expectError("SLEECT 1", at: "SLEECT", hint: "Did you mean SELECT?")
    expectError(
      "SELECT order FROM t",
      at: "order",
      hint: "ORDER is a reserved word; to use it as a name, quote it: \"order\"."
    )
    expectError(
      "SELECT 'it\\'s'",
      at: "'",
      "the string is not closed",
      hint: "A backslash does not escape a quote; write it twice: 'it''s'."
    )
  }

  @Test("what is no token")
  func lexicalErrors() {
    expectError("SELECT \"a", at: "\"", "the quoted name is not closed", hint: "Close it with \".")
    expectError("SELECT 1 /* a", at: "/*", "the comment is not closed", hint: "Close it with */.")
    expectError("SELECT \"\"", at: "\"\"", "a name in quotes must not be empty")
    expectError("SELECT 1a", at: "1a")
    expectError(
      "SELECT $path",
      at: "$",
      hint: "A name with such a character is written in double quotes."
    )
    expectError(
      "SELECT größe",
      at: "ö",
      hint: "A name with letters beyond a-z is written in double quotes."
    )
    expectError("SELECT \u{2018}a\u{2019}", at: "\u{2018}")
    expectError("SELECT X'1'", at: "X'1'", "Binary literal must contain an even number of digits")
    expectError("SELECT X'1g'", at: "g", "Binary literal can only contain hexadecimal digits")
    expectError("SELECT U&'\\D800'", at: "\\D800")
    // An error before the broken token comes first.
    expectError("SELECT 1 1 'a", at: "1")
  }

  @Test("other statements are refused by name")
  func unsupportedStatements() {
    for (text, name) in [
      ("begin", "BEGIN"), ("LOAD DATA INPATH 'a'", "LOAD"),
      ("CREATE FUNCTION f(x bigint) RETURNS bigint RETURN x", "CREATE FUNCTION"),
    ] {
      expectError(
        text,
        .notSupported,
        at: String(text.prefix(name.utf8.count)),
        "\(name) is not supported"
      )
    }
  }
}

@Suite("Limits")
struct LimitTests {
  private func code(_ text: String) -> ErrorCode? {
    do {
      _ = try parseStatement(text)
      return nil
    } catch {
      return error.code
    }
  }

  private func nested(_ open: String, _ inner: String, _ close: String, _ count: Int) -> String {
    String(repeating: open, count: count) + inner + String(repeating: close, count: count)
  }

  @Test("deep nesting is refused, whatever nests")
  func deepNesting() {
    for (open, inner, close) in [
      ("(", "1", ")"), ("(1 + ", "1", ")"), ("f(", "1", ")"), ("ARRAY[", "1", "]"),
      ("a[", "1", "]"),
      ("CASE WHEN ", "a", " THEN 1 END"), ("(SELECT ", "1", ")"), ("EXISTS (SELECT ", "1", ")"),
      ("CAST(", "1", " AS bigint)"), ("f(x -> ", "1", ")"), ("ROW(", "1", ")"),
      ("x IN (", "1", ")"),
      ("trim(", "a", ")"), ("(1, ", "1", ")"),
    ] {
      #expect(code("SELECT " + nested(open, inner, close, 60)) == nil, "\(open)")
      #expect(code("SELECT " + nested(open, inner, close, 5_000)) == .stackOverflow, "\(open)")
    }
    #expect(code("SELECT * FROM " + nested("(", "t", ")", 10_000)) == .stackOverflow)
    #expect(code("SELECT * FROM " + nested("(SELECT * FROM ", "t", ")", 2_000)) == .stackOverflow)
    #expect(
      code("SELECT CAST(1 AS " + nested("array(", "int", ")", 10_000) + ")") == .stackOverflow
    )
    #expect(code(String(repeating: "EXPLAIN ", count: 10_000) + "SELECT 1") == .stackOverflow)
    #expect(code("SELECT " + String(repeating: "(", count: 100_000)) == .stackOverflow)
    #expect(code(String(repeating: "(", count: 100_000)) == .stackOverflow)
    #expect(code("SELECT * FROM a" + String(repeating: " JOIN a", count: 10_000)) == .stackOverflow)
  }

  @Test("long chains work or are refused, and never overflow the stack")
  func longChains() {
    func chain(_ sign: String, _ count: Int) -> String {
      "SELECT a" + String(repeating: " \(sign) a", count: count)
    }
    #expect(code(chain("AND", 10_000)) == nil)
    #expect(code(chain("OR", 10_000)) == nil)
    #expect(code(chain(",", 10_000)) == nil)
    for sign in ["+", "||", "*", "- -"] {
      #expect(code(chain(sign, 190)) == nil)
      #expect(code(chain(sign, 10_000)) == .stackOverflow)
    }
    #expect(code("SELECT " + String(repeating: "NOT ", count: 10_000) + "a") == .stackOverflow)
    #expect(code("SELECT " + String(repeating: "- ", count: 10_000) + "a") == .stackOverflow)
    #expect(code("SELECT a" + String(repeating: "[1]", count: 10_000)) == .stackOverflow)
    #expect(code("SELECT a" + String(repeating: ".b", count: 10_000)) == .stackOverflow)
    let union = "SELECT 1" + String(repeating: " UNION SELECT 1", count: 10_000)
    #expect(code(union) == .stackOverflow)
    #expect(code("SELECT 1" + String(repeating: " UNION SELECT 1", count: 390)) == nil)
    #expect(
      code("SELECT * FROM a" + String(repeating: " CROSS JOIN a", count: 9_000)) == .stackOverflow
    )
  }

  @Test("chains inside chains count together")
  func towers() {
    let inner = "(a" + String(repeating: " + a", count: 250) + ")"
    #expect(code("SELECT \(inner)" + String(repeating: " + a", count: 250)) == .stackOverflow)
    #expect(code("SELECT \(inner) = \(inner)") == nil)
    #expect(code("SELECT f(\(inner), \(inner), \(inner))") == nil)
  }

  @Test("a tree at the limits can be printed, compared and let go")
  func tallTree() throws {
    let text = "SELECT a" + String(repeating: " + a", count: 390)
    let tree = try parseStatement(text)
    let printed = SQLPrinter.text(of: tree)
    #expect(printed == text)
    #expect(try parseStatement(printed) == tree)
    #expect(tree.hashValue == (try parseStatement(printed)).hashValue)
  }

  @Test("texts beyond Athena's limit are refused")
  func textSize() {
    let blank = String(repeating: " ", count: SyntaxLimits.textByteCount - 8)
    #expect(code("SELECT 1" + blank) == nil)
    #expect(code("SELECT 1" + blank + " ") == .queryTextTooLarge)
  }
}
