import ApusValues

// Grammar/Statements/Statement.grammar.
extension Parser {
  mutating func parseStatement() throws(SQLError) -> Statement {
    let outer = try open()
    defer { close(outer) }
    try refuseUnsupportedStatement()
    switch current.kind {
    case .keyword(.explain): return .explain(try parseExplain())
    case .keyword(.create): return .createView(try parseCreateView())
    case .keyword(.drop): return .dropView(try parseDropView())
    case .keyword(.show): return .show(try parseShow())
    case .keyword(.describe), .keyword(.desc): return .describe(try parseDescribe())
    case .keyword(.use): return .use(try parseUse())
    case .keyword(.set): return .setSession(try parseSetSession())
    case .keyword(.reset): return .resetSession(try parseResetSession())
    case .symbol(.leftParenthesis): return .query(try parseQuery())
    default:
      guard startsQuery else { throw unknownStatement() }
      return .query(try parseQuery())
    }
  }

  /// Takes a semicolon, if there is one, and refuses whatever comes after.
  mutating func parseEnd() throws(SQLError) {
    let hasSemicolon = accept(.semicolon)
    note(.rule(.end))
    guard current.kind != .end else { return }
    var error = unexpected()
    if hasSemicolon, error.hint == nil { error.hint = "Send one statement at a time." }
    throw error
  }

  private static let firstWords = [
    "SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN", "CREATE", "DROP", "SHOW", "DESCRIBE", "USE",
    "SET", "RESET", "INSERT", "DELETE", "UPDATE", "ALTER",
  ]

  private mutating func unknownStatement() -> SQLError {
    note(.rule(.statement))
    var error = unexpected()
    guard current.kind == .word else { return error }
    let word = text(of: current).uppercased()
    if let meant = Self.firstWords.first(where: { isMisspelling(word, of: $0) }) {
      error.hint = "Did you mean \(meant)?"
    }
    return error
  }

  /// Whether one letter is missing, too many or wrong, or two neighbours have changed places.
  private func isMisspelling(_ word: String, of meant: String) -> Bool {
    let written = Array(word.utf8)
    let right = Array(meant.utf8)
    guard abs(written.count - right.count) <= 1, written.count > 2 else { return false }
    let shared = zip(written, right).prefix { $0 == $1 }.count
    let tail = zip(written.reversed(), right.reversed()).prefix { $0 == $1 }.count
    let longer = max(written.count, right.count)
    if shared + tail >= longer - 1 { return true }
    guard written.count == right.count, shared + tail == longer - 2 else { return false }
    return written[shared] == right[shared + 1] && written[shared + 1] == right[shared]
  }
}
