import ApusValues

// Grammar/Statements/Statement.grammar.
extension Parser {
  mutating func parseStatement() throws(SQLError) -> Statement {
    let outer = try open()
    defer { close(outer) }
    try refuseUnsupportedStatement()
    switch current.kind {
    case .keyword(.explain): return .explain(try parseExplain())
    case .keyword(.create): return try parseCreate()
    case .keyword(.drop): return try parseDrop()
    case .keyword(.alter): return .alterTable(try parseAlterTable())
    case .keyword(.msck): return .repairTable(try parseRepairTable())
    case .keyword(.analyze): return .analyze(try parseAnalyze())
    case .keyword(.insert): return .insert(try parseInsert())
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

  private mutating func parseCreate() throws(SQLError) -> Statement {
    switch peek().kind {
    case .keyword(.or), .keyword(.view): return .createView(try parseCreateView())
    case .keyword(.database), .keyword(.schema):
      return .createDatabase(try parseCreateDatabase())
    case .keyword(.external), .keyword(.table): return try parseCreateTable()
    default:
      advance()
      for word: Keyword in [.database, .external, .or, .schema, .table, .view] {
        note(.keyword(word))
      }
      throw unexpected()
    }
  }

  private mutating func parseDrop() throws(SQLError) -> Statement {
    switch peek().kind {
    case .keyword(.view): return .dropView(try parseDropView())
    case .keyword(.database), .keyword(.schema): return .dropDatabase(try parseDropDatabase())
    case .keyword(.table): return .dropTable(try parseDropTable())
    default:
      advance()
      for word: Keyword in [.database, .schema, .table, .view] { note(.keyword(word)) }
      throw unexpected()
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
    "SET", "RESET", "INSERT", "DELETE", "UPDATE", "ALTER", "MSCK", "ANALYZE",
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
}
