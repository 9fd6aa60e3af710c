import Testing

@testable import ApusREPL

/// Entries of the history as lines of its file.
@Suite struct HistoryFileTests {
  @Test(arguments: ["SELECT 1;", "SELECT 1,\n  2;", "\\d \\n", "a\\\nb", "é\u{1f680}\r\n"])
  func whatIsWrittenIsRead(entry: String) {
    let line = HistoryFile.escaped(entry)
    #expect(!line.unicodeScalars.contains("\n"))
    #expect(Array(HistoryFile.unescaped(line[...]).utf8) == Array(entry.utf8))
  }

  @Test func withoutAPathEntriesLiveForTheSession() {
    var history = HistoryFile(path: nil)
    let entries = ["SELECT 1;", "SELECT 1;", " SELECT 'secret';", "", "SELECT 2;"]
    let kept = entries.filter { history.append($0) }
    #expect(kept == ["SELECT 1;", "SELECT 2;"])
    #expect(history.entries == ["SELECT 1;", "SELECT 2;"])
  }
}
