import ApusValues

// Statements that Athena has and Apus has not: said by name, never as a syntax error.
extension Parser {
  /// The words with which they begin; of two that fit the longer one counts.
  private static let unsupportedStatements: [[String]] = [
    ["ALTER", "MATERIALIZED", "VIEW"], ["ALTER", "VIEW"], ["ALTER", "DATABASE"],
    ["ALTER", "SCHEMA"],
    ["BEGIN"], ["CALL"], ["COMMENT"], ["COMMIT"],
    ["CREATE", "ROLE"], ["CREATE", "FUNCTION"],
    ["CREATE", "MATERIALIZED", "VIEW"], ["CREATE", "PROTECTED"],
    ["DEALLOCATE"], ["DEALLOCATE", "PREPARE"], ["DELETE"], ["DENY"],
    ["DROP", "ROLE"],
    ["DROP", "FUNCTION"], ["DROP", "MATERIALIZED", "VIEW"],
    ["EXECUTE"], ["EXECUTE", "IMMEDIATE"], ["EXPORT"], ["GRANT"], ["IMPORT"],
    ["INSERT", "OVERWRITE"],
    ["LOAD"], ["LOCK"], ["MERGE"], ["OPTIMIZE"],
    ["PREPARE"], ["REFRESH"], ["REVOKE"], ["ROLLBACK"],
    ["SET", "ROLE"], ["SET", "PATH"], ["SET", "TIME", "ZONE"],
    ["SHOW", "CREATE", "SCHEMA"], ["SHOW", "CREATE", "DATABASE"],
    ["SHOW", "CREATE", "MATERIALIZED", "VIEW"], ["SHOW", "GRANTS"],
    ["SHOW", "ROLES"], ["SHOW", "ROLE", "GRANTS"], ["SHOW", "CURRENT", "ROLES"],
    ["START", "TRANSACTION"], ["TRUNCATE"], ["TRUNCATE", "TABLE"], ["UNLOAD"], ["UPDATE"],
    ["USING"], ["USING", "EXTERNAL", "FUNCTION"], ["VACUUM"],
  ]

  func refuseUnsupportedStatement() throws(SQLError) {
    try refuseDescribeOfPrepared()
    guard let words = longest(of: Self.unsupportedStatements) else { return }
    throw notSupported(words)
  }

  /// Returns the longest of the beginnings that the words from here on begin with.
  func longest(of beginnings: [[String]]) -> [String]? {
    let words = words(upTo: 4)
    return beginnings.filter { words.starts(with: $0) }.max { $0.count < $1.count }
  }

  /// The words from here on, in capitals, up to what is no word.
  private func words(upTo count: Int) -> [String] {
    var words: [String] = []
    while words.count < count, isWord(peek(words.count)) {
      words.append(text(of: peek(words.count)).uppercased())
    }
    return words
  }

  /// Refuses DESCRIBE INPUT and OUTPUT, unless that is the name of a table.
  private func refuseDescribeOfPrepared() throws(SQLError) {
    let words = words(upTo: 3)
    guard words.count == 3, words[0] == "DESCRIBE" || words[0] == "DESC",
      words[1] == "INPUT" || words[1] == "OUTPUT", !startsPartition(at: 2)
    else { return }
    throw notSupported([words[0], words[1]])
  }

  /// Whether `PARTITION (` stands there, where PARTITION is not a name.
  func startsPartition(at distance: Int) -> Bool {
    peek(distance).kind == .keyword(.partition)
      && peek(distance + 1).kind == .symbol(.leftParenthesis)
  }

  private func notSupported(_ words: [String]) -> SQLError {
    let place = current.range.union(peek(words.count - 1).range)
    return SQLError.notSupported(words.joined(separator: " "), at: place)
  }

  private func isWord(_ token: Token) -> Bool {
    switch token.kind {
    case .word, .keyword: true
    default: false
    }
  }
}
