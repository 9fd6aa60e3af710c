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
    #expect(history.append("SELECT 1;"))
    #expect(!history.append("SELECT 1;"))
    #expect(!history.append(" SELECT 'secret';"))
    #expect(!history.append(""))
    #expect(history.append("SELECT 2;"))
    #expect(history.entries == ["SELECT 1;", "SELECT 2;"])
  }
}
