import ApusValues

// Grammar/Names.grammar, and the words that are not names everywhere.
extension Parser {
  /// Words that open a clause inside an expression.
  static let notInExpressions: Set<Keyword> = [
    .all, .any, .some, .symmetric, .asymmetric, .leading, .trailing, .both,
  ]
  /// RUNNING and FINAL before a name and parentheses begin a call.
  static let notMeasures: Set<Keyword> = notInExpressions.union([.running, .final])
  /// Words that have calls of their own.
  static let notFunctions: Set<Keyword> = notInExpressions.union([
    .row, .tryCast, .position, .overlay,
  ])
  static let notTypesOfLiterals: Set<Keyword> = notInExpressions.union([.interval])
  /// Words that may follow a value or a relation.
  static let notBareAliases: Set<Keyword> = [
    .at, .fetch, .filter, .ignore, .limit, .matchRecognize, .offset, .over, .respect,
    .tablesample, .window,
  ]
  /// Words that may follow a value where PostgreSQL's clients connect.
  static let notBareAliasesOfPostgres = notBareAliases.union([.collate, .ilike, .operator])
  static let notExistingWindows: Set<Keyword> = [
    .partition, .measures, .rows, .range, .groups,
  ]
  static let notSimpleTypes: Set<Keyword> = [
    .row, .struct, .precision, .without, .year, .month, .day, .hour, .minute, .second,
  ]

  /// Whether a token is a name where the words in `exceptions` are not.
  func isIdentifier(_ token: Token, except exceptions: Set<Keyword> = []) -> Bool {
    switch token.kind {
    case .word, .quotedName: true
    case .keyword(let keyword): !keyword.isReserved && !exceptions.contains(keyword)
    default: false
    }
  }

  mutating func parseIdentifier(
    except exceptions: Set<Keyword> = []
  ) throws(SQLError) -> Identifier {
    guard let identifier = acceptIdentifier(except: exceptions) else { throw unexpected() }
    return identifier
  }

  mutating func acceptIdentifier(except exceptions: Set<Keyword> = []) -> Identifier? {
    note(.rule(.identifier))
    let token = current
    guard isIdentifier(token, except: exceptions) else { return nil }
    advance()
    return identifier(token)
  }

  private func identifier(_ token: Token) -> Identifier {
    guard token.kind == .quotedName else {
      return Identifier(value: text(of: token).lowercased(), range: token.range)
    }
    return Identifier(value: content(of: token), isQuoted: true, range: token.range)
  }

  mutating func parseQualifiedName() throws(SQLError) -> QualifiedName {
    let start = index
    var parts = [try parseIdentifier()]
    while accept(.point) { parts.append(try parseIdentifier()) }
    return QualifiedName(parts: parts, range: range(from: start))
  }

  mutating func parseTableName() throws(SQLError) -> TableName {
    if isAtText { return .path(try parseText()) }
    note(.rule(.text))
    return .name(try parseQualifiedName())
  }

  mutating func parseIdentifierList() throws(SQLError) -> [Identifier] {
    try expect(.leftParenthesis)
    var identifiers = [try parseIdentifier()]
    while accept(.comma) { identifiers.append(try parseIdentifier()) }
    try expect(.rightParenthesis)
    return identifiers
  }

  /// Reads `AS name` or a name that no clause begins with; nil if there is neither.
  mutating func parseAlias() throws(SQLError) -> Identifier? {
    if accept(.as) { return try parseIdentifier() }
    let exceptions =
      dialect == .postgres ? Self.notBareAliasesOfPostgres : Self.notBareAliases
    guard isIdentifier(current, except: exceptions) else { return nil }
    return try parseIdentifier()
  }
}
