import ApusShell
import ApusSyntax
import ApusValues
import Testing

/// Statements and commands cut out of text that comes bit by bit.
@Suite("StatementScanner")
struct StatementScannerTests {
  /// What is found, as `text;` for statements and `\name argument` for commands.
  private func pieces(_ scanner: inout StatementScanner) -> [String] {
    var found: [String] = []
    while let piece = scanner.next() {
      switch piece {
      case .statement(let statement):
        found.append(statement.text + (statement.isTerminated ? ";" : ""))
      case .command(let command): found.append("\\\(command.name) \(command.argument)")
      }
    }
    return found
  }

  @Test(
    "cuts at semicolons outside of quotes and comments",
    arguments: [
      ("SELECT 1;", ["SELECT 1;"]),
      ("SELECT 1; SELECT 2;", ["SELECT 1;", "SELECT 2;"]),
      (";;  ;", []),
      ("SELECT ';', \"a;b\", `c;d`;", ["SELECT ';', \"a;b\", `c;d`;"]),
      ("SELECT 'it''s; so';", ["SELECT 'it''s; so';"]),
      ("-- one; two\nSELECT 1 -- three;\n;", ["SELECT 1;"]),
      ("/* a; */ SELECT /* b; */ 1 /* c */;", ["SELECT /* b; */ 1;"]),
      ("SELECT (1;", ["SELECT (1;"]),
      ("SELECT '\\d';", ["SELECT '\\d';"]),
      ("\\d flights \nSELECT 1;", ["\\d flights", "SELECT 1;"]),
      ("\\?", ["\\? "]), ("\\! ls -l", ["\\! ls -l"]), ("\\!ls", ["\\! ls"]),
      ("SELECT 'é☃';", ["SELECT 'é☃';"]),
    ] as [(String, [String])]
  )
  func cutting(text: String, wanted: [String]) {
    var scanner = StatementScanner(text)
    #expect(pieces(&scanner) == wanted)
    #expect(scanner.pending == nil)
    #expect(scanner.takePending() == nil)
    // The same text, line by line.
    var slow = StatementScanner()
    var found: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      slow.append(line + "\n")
      found += pieces(&slow)
    }
    #expect(found == wanted)
  }

  @Test(
    "knows what is open",
    arguments: [
      ("", .start), ("SELECT", .statement), ("SELECT (1", .parentheses), ("SELECT '", .text),
      ("SELECT \"a", .quotedName), ("SELECT `a", .quotedName), ("/* a", .comment),
      ("SELECT 1 -- '", .statement), ("SELECT 1;", .start), ("SELECT (1)", .statement),
      ("SELECT 'a''", .text), ("\\d x", .start),
    ] as [(String, StatementScanner.Place)]
  )
  func places(text: String, place: StatementScanner.Place) {
    var scanner = StatementScanner(text + "\n")
    _ = pieces(&scanner)
    #expect(scanner.place == place)
  }

  @Test("a command within a statement leaves it pending")
  func commandWithin() {
    var scanner = StatementScanner("SELECT 1 \\g\n")
    #expect(pieces(&scanner) == ["\\g "])
    #expect(scanner.takePending()?.text == "SELECT 1")
    #expect(scanner.place == .start)
  }

  @Test("a statement goes on after a command within it")
  func commandOnALineWithin() {
    var scanner = StatementScanner("SELECT 1,\n\\p\n2;")
    #expect(pieces(&scanner) == ["\\p ", "SELECT 1,\n  \n2;"])
  }

  @Test("ranges point into the whole text")
  func ranges() {
    let text = "SELECT 1;\n  SELECT 2"
    var scanner = StatementScanner(text)
    _ = scanner.next()
    #expect(scanner.next() == nil)
    #expect(scanner.takePending()?.range.start == 12)
  }

  @Test("an unclosed comment is a statement, so that someone complains of it")
  func unclosedComment() {
    var scanner = StatementScanner("/* a")
    #expect(scanner.next() == nil)
    #expect(scanner.takePending()?.text == "/* a")
  }

  @Test("a long statement that comes line by line is read in one pass")
  func longStatement() {
    var scanner = StatementScanner()
    scanner.append("SELECT 0\n")
    for number in 1...20_000 {
      #expect(scanner.next() == nil)
      scanner.append("+ \(number)\n")
    }
    scanner.append(";")
    guard case .statement(let statement)? = scanner.next() else {
      Issue.record("no statement")
      return
    }
    #expect(statement.text.hasSuffix("+ 20000"))
  }
}
