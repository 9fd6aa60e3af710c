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
    case .keyword(.alter): return try parseAlter()
    case .keyword(.msck): return .repairTable(try parseRepairTable())
    case .keyword(.analyze): return .analyze(try parseAnalyze())
    case .keyword(.insert): return .insert(try parseInsert())
    case .keyword(.show): return .show(try parseShow())
    case .keyword(.describe) where describesPrepared, .keyword(.desc) where describesPrepared:
      return .describePrepared(try parseDescribePrepared())
    case .keyword(.describe), .keyword(.desc): return .describe(try parseDescribe())
    case .keyword(.use): return .use(try parseUse())
    case .keyword(.set): return try parseSet()
    case .keyword(.reset): return .resetSession(try parseResetSession())
    case .keyword(.delete): return .delete(try parseDelete())
    case .keyword(.update): return .update(try parseUpdate())
    case .keyword(.merge): return .merge(try parseMerge())
    case .keyword(.truncate): return .truncate(try parseTruncate())
    case .keyword(.unload): return .unload(try parseUnload())
    case .keyword(.with) where startsInlineFunctions:
      return .inlineFunctions(try parseInlineFunctions())
    case .symbol(.leftParenthesis): return .query(try parseQuery())
    default:
      if startsQuery { return .query(try parseQuery()) }
      return try parseRareStatement()
    }
  }

  private mutating func parseRareStatement() throws(SQLError) -> Statement {
    switch current.kind {
    case .keyword(.prepare): return .prepare(try parsePrepare())
    case .keyword(.execute): return try parseExecute()
    case .keyword(.deallocate): return .deallocate(try parseDeallocate())
    case .keyword(.optimize): return .optimize(try parseOptimize())
    case .keyword(.vacuum): return .vacuum(try parseVacuum())
    case .keyword(.call): return .call(try parseCallStatement())
    case .keyword(.comment): return .comment(try parseComment())
    case .keyword(.grant): return try parseGrant()
    case .keyword(.revoke): return try parseRevoke()
    case .keyword(.deny): return .deny(try parseDeny())
    case .keyword(.start): return .startTransaction(try parseStartTransaction())
    case .keyword(.commit), .keyword(.rollback): return .endTransaction(try parseEndTransaction())
    case .keyword(.using): return .externalFunctions(try parseExternalFunctions())
    case .keyword(.refresh): return .refreshMaterializedView(try parseRefreshMaterializedView())
    default: throw unknownStatement()
    }
  }

  private mutating func parseCreate() throws(SQLError) -> Statement {
    if createsMaterializedView {
      return .createMaterializedView(try parseCreateMaterializedView())
    }
    switch peek().kind {
    case .keyword(.role): return .createRole(try parseCreateRole())
    case .keyword(.or), .keyword(.view): return .createView(try parseCreateView())
    case .keyword(.database), .keyword(.schema):
      return .createDatabase(try parseCreateDatabase())
    case .keyword(.external), .keyword(.table): return try parseCreateTable()
    default:
      advance()
      for word: Keyword in [
        .database, .external, .materialized, .or, .role, .schema, .table, .view,
      ] {
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
    case .keyword(.role): return .dropRole(try parseDropRole())
    case .keyword(.materialized):
      return .dropMaterializedView(try parseDropMaterializedView())
    default:
      advance()
      for word: Keyword in [.database, .materialized, .role, .schema, .table, .view] {
        note(.keyword(word))
      }
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
    "SET", "RESET", "INSERT", "DELETE", "UPDATE", "ALTER", "MSCK", "ANALYZE", "MERGE", "UNLOAD",
    "PREPARE", "EXECUTE", "DEALLOCATE", "OPTIMIZE", "VACUUM", "TRUNCATE", "CALL", "COMMENT",
    "GRANT", "REVOKE", "DENY", "START", "COMMIT", "ROLLBACK", "REFRESH", "USING",
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
