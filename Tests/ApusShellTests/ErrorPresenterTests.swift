import ApusShell
import ApusValues
import Testing

@Suite("ErrorPresenter")
struct ErrorPresenterTests {
  @Test("shows the place, the line, carets and the hint")
  func place() {
    let presenter = ErrorPresenter(script: "SELECT nme FROM airlines")
    let error = SQLError(
      .columnNotFound,
      "Column 'nme' cannot be resolved",
      at: SourceRange(start: 7, end: 10),
      hint: "Did you mean 'name'?"
    )
    #expect(
      presenter.present(error) == """
        error: COLUMN_NOT_FOUND at 1:8: Column 'nme' cannot be resolved
          SELECT nme FROM airlines
                 ^^^
        hint: Did you mean 'name'?

        """
    )
  }

  @Test("counts lines of the file, not of the statement")
  func file() {
    let script = "SELECT 1;\n\nSELECT x\n"
    let error = SQLError(.columnNotFound, "no x", at: SourceRange(start: 7, end: 8))
    #expect(
      ErrorPresenter(script: script, scriptName: "a.sql").present(error, offset: 11) == """
        error: COLUMN_NOT_FOUND at a.sql:3:8: no x
          SELECT x
                 ^

        """
    )
  }

  @Test("aligns carets by cells")
  func wide() {
    let script = "SELECT '東京',\tx"
    let start = script.utf8.count - 1
    let error = SQLError(.columnNotFound, "no x", at: SourceRange(start: start, end: start + 1))
    let lines = ErrorPresenter(script: script).present(error).split(separator: "\n")
    #expect(lines[1] == "  SELECT '東京', x")
    #expect(lines[2] == "  " + String(repeating: " ", count: 15) + "^")
  }

  @Test("marks the first line of a range of several, and the end of the text")
  func edges() {
    let script = "SELECT (1\n+ 2"
    let several = SQLError(.syntaxError, "x", at: SourceRange(start: 7, end: 13))
    #expect(ErrorPresenter(script: script).present(several).contains("\n         ^^\n"))
    let end = SQLError(.syntaxError, "x", at: SourceRange(start: 13, end: 13))
    #expect(ErrorPresenter(script: script).present(end).contains("  + 2\n     ^\n"))
    let beyond = SQLError(.syntaxError, "x", at: SourceRange(start: 90, end: 99))
    #expect(ErrorPresenter(script: script).present(beyond).contains("at 2:4"))
  }

  @Test("shows a window of a very long line")
  func long() {
    let script = String(repeating: "é", count: 5000) + "x" + String(repeating: " ", count: 5000)
    let error = SQLError(.syntaxError, "x", at: SourceRange(start: 10_000, end: 10_001))
    let lines = ErrorPresenter(script: script).present(error).split(separator: "\n")
    #expect(lines[1].count < 200)
    let caret = lines[2].count
    #expect(Array(lines[1])[caret - 1] == "x")
  }

  @Test("without a place there is no excerpt")
  func noPlace() {
    let text = ErrorPresenter(script: "SELECT 1").present(SQLError(.notSupported, "a\u{1b}b"))
    #expect(text == "error: NOT_SUPPORTED: a\\u{1b}b\n")
  }
}
