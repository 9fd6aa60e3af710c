import ApusValues

// Statements that Athena has and Apus has not: said by name, never as a syntax error.
extension Parser {
  /// The words with which they begin; of two that fit the longer one counts.
  private static let unsupportedStatements: [[String]] = [
    ["BEGIN"], ["CREATE", "FUNCTION"], ["CREATE", "PROTECTED"], ["CREATE", "MULTI"],
    ["DROP", "FUNCTION"], ["EXPORT"], ["IMPORT"], ["INSERT", "OVERWRITE"], ["LOAD"], ["LOCK"],
  ]

  func refuseUnsupportedStatement() throws(SQLError) {
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
