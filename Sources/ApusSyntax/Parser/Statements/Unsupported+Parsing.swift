import ApusValues

// Statements that Athena has and Apus has not: said by name, never as a syntax error.
extension Parser {
  /// The words with which they begin; of two that fit the longer one counts.
  private static let unsupportedStatements: [[String]] = [
    ["ALTER"], ["ALTER", "TABLE"], ["ALTER", "VIEW"], ["ALTER", "DATABASE"], ["ALTER", "SCHEMA"],
    ["ANALYZE"], ["BEGIN"], ["CALL"], ["COMMENT"], ["COMMIT"],
    ["CREATE", "TABLE"], ["CREATE", "EXTERNAL", "TABLE"], ["CREATE", "DATABASE"],
    ["CREATE", "SCHEMA"], ["CREATE", "ROLE"], ["CREATE", "FUNCTION"],
    ["CREATE", "MATERIALIZED", "VIEW"], ["CREATE", "PROTECTED"],
    ["DEALLOCATE"], ["DEALLOCATE", "PREPARE"], ["DELETE"], ["DENY"],
    ["DROP", "TABLE"], ["DROP", "DATABASE"], ["DROP", "SCHEMA"], ["DROP", "ROLE"],
    ["DROP", "FUNCTION"], ["DROP", "MATERIALIZED", "VIEW"],
    ["EXECUTE"], ["EXECUTE", "IMMEDIATE"], ["EXPORT"], ["GRANT"], ["IMPORT"], ["INSERT"],
    ["LOAD"], ["LOCK"], ["MERGE"], ["MSCK"], ["MSCK", "REPAIR", "TABLE"], ["OPTIMIZE"],
    ["PREPARE"], ["REFRESH"], ["REVOKE"], ["ROLLBACK"],
    ["SET", "ROLE"], ["SET", "PATH"], ["SET", "TIME", "ZONE"],
    ["SHOW", "CREATE", "TABLE"], ["SHOW", "CREATE", "SCHEMA"], ["SHOW", "CREATE", "DATABASE"],
    ["SHOW", "CREATE", "MATERIALIZED", "VIEW"], ["SHOW", "GRANTS"], ["SHOW", "PARTITIONS"],
    ["SHOW", "ROLES"], ["SHOW", "ROLE", "GRANTS"], ["SHOW", "CURRENT", "ROLES"],
    ["SHOW", "STATS"], ["SHOW", "TBLPROPERTIES"],
    ["START", "TRANSACTION"], ["TRUNCATE"], ["TRUNCATE", "TABLE"], ["UNLOAD"], ["UPDATE"],
    ["USING"], ["USING", "EXTERNAL", "FUNCTION"], ["VACUUM"],
  ]

  func refuseUnsupportedStatement() throws(SQLError) {
    var words: [String] = []
    while words.count < 4, isWord(peek(words.count)) {
      words.append(text(of: peek(words.count)).uppercased())
    }
    if words.first == "DESCRIBE" || words.first == "DESC" {
      try refuseDescribeOfPrepared(words)
    }
    let fitting = Self.unsupportedStatements.filter { words.starts(with: $0) }
    guard let longest = fitting.max(by: { $0.count < $1.count }) else { return }
    throw notSupported(longest)
  }

  /// Refuses DESCRIBE INPUT and OUTPUT, unless that is the name of a table.
  private func refuseDescribeOfPrepared(_ words: [String]) throws(SQLError) {
    guard words.count >= 3, words[1] == "INPUT" || words[1] == "OUTPUT" else { return }
    throw notSupported([words[0], words[1]])
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
