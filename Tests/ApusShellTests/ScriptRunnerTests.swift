import Apus
import ApusShell
import ApusTestSupport
import Testing

/// Whole runs: statements in, files and complaints out.
@Suite("ScriptRunner")
struct ScriptRunnerTests {
  /// Runs statements with results in a file; nil where there is none afterwards.
  private func run(
    _ sources: [ScriptSource],
    _ format: OutputFormat = .csv,
    showsTiming: Bool = false
  ) throws -> (status: ShellStatus, output: String?, complaints: String) {
    let path = TestFiles.makeTemporaryFolder() + "/out"
    let session = try Engine(warehouse: TestFiles.makeTemporaryFolder()).session()
    var complaints = ""
    // The closure does not outlive this call.
    let box = Complaints()
    let runner = ScriptRunner(
      session: session,
      output: try OutputFile(path: path),
      format: format,
      showsTiming: showsTiming,
      complain: { box.text += $0 }
    )
    let status = runner.run(sources)
    complaints = box.text
    return (status, TestFiles.read(path), complaints)
  }

  private final class Complaints {
    var text = ""
  }

  @Test("runs statements in order, whatever they come from")
  func order() throws {
    let file = TestFiles.makeTemporaryFolder() + "/a.sql"
    TestFiles.write("\u{feff}-- a comment\nSELECT 2 AS b;\n", to: file)
    let result = try run([
      .text("SELECT 1 AS a"), .file(file), .text("SELECT 3 AS c; SELECT 4 AS d"),
    ])
    #expect(result.status == .success)
    #expect(result.output == "a\n1\nb\n2\nc\n3\nd\n4\n")
    #expect(result.complaints.isEmpty)
  }

  @Test("separates results for people by an empty line")
  func separation() throws {
    let result = try run([.text("SELECT 1 AS a; SELECT 2 AS b")], .markdown)
    #expect(result.output == "| a |\n|--:|\n| 1 |\n\n| b |\n|--:|\n| 2 |\n")
  }

  @Test("a failed statement ends the run and leaves no file")
  func failure() throws {
    let result = try run([.text("SELECT 1 AS a;\nSELECT nope; SELECT 2 AS b")])
    #expect(result.status == .failure)
    #expect(result.output == nil)
    #expect(
      result.complaints == """
        error: COLUMN_NOT_FOUND at 2:8: Column 'nope' cannot be resolved
          SELECT nope; SELECT 2 AS b
                 ^^^^

        """
    )
  }

  @Test("names the file of an error")
  func fileName() throws {
    let file = TestFiles.makeTemporaryFolder() + "/broken.sql"
    TestFiles.write("SELECT 1;\nSELEC 2", to: file)
    let result = try run([.file(file)])
    #expect(result.complaints.hasPrefix("error: SYNTAX_ERROR at \(file):2:1: "))
  }

  @Test("a script that cannot be read is wrong usage")
  func unreadable() throws {
    let result = try run([.file("/nonexistent/x.sql")])
    #expect(result.status == .usage)
    #expect(
      result.complaints == "error: cannot read /nonexistent/x.sql: No such file or directory\n"
    )
  }

  @Test("statements without a result write nothing")
  func silence() throws {
    let result = try run([.text("CREATE VIEW v AS SELECT 1 AS a; SELECT * FROM v; DROP VIEW v")])
    #expect(result.output == "a\n1\n")
  }

  @Test("tells the time of each statement")
  func timing() throws {
    let result = try run([.text("SELECT 1; SELECT 2")], showsTiming: true)
    let lines = result.complaints.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.hasPrefix("time: ") && $0.hasSuffix(" ms") })
  }

  @Test("an output file replaces an older one only when all went well")
  func replacing() throws {
    let path = TestFiles.makeTemporaryFolder() + "/out.csv"
    TestFiles.write("old", to: path)
    for (sql, expected) in [("SELECT nope", "old"), ("SELECT 1 AS a", "a\n1\n")] {
      let runner = ScriptRunner(
        session: try Engine(warehouse: TestFiles.makeTemporaryFolder()).session(),
        output: try OutputFile(path: path),
        format: .csv,
        complain: { _ in }
      )
      _ = runner.run([.text(sql)])
      #expect(TestFiles.read(path) == expected)
    }
  }
}
