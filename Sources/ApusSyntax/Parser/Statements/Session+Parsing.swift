import ApusValues

// Grammar/Statements/Session.grammar.
extension Parser {
  /// Reads what SET begins.
  mutating func parseSet() throws(SQLError) -> Statement {
    switch peek().kind {
    case .keyword(.role): return .setRole(try parseSetRole())
    case .keyword(.time): return .setTimeZone(try parseSetTimeZone())
    case .keyword(.path): return .setPath(try parseSetPath())
    case .keyword(.session): return .setSession(try parseSetSession())
    default:
      advance()
      for word: Keyword in [.path, .role, .session, .time] { note(.keyword(word)) }
      throw unexpected()
    }
  }

  private mutating func parseSetTimeZone() throws(SQLError) -> SetTimeZoneStatement {
    let start = index
    try expect(.set)
    try expect(.time)
    try expect(.zone)
    var zone: Expression?
    if !accept(.local) {
      note(.keyword(.interval))
      zone = isAt(.interval) ? .interval(try parseIntervalLiteral()) : .string(try parseText())
    }
    return SetTimeZoneStatement(zone: zone, range: range(from: start))
  }

  private mutating func parseSetPath() throws(SQLError) -> SetPathStatement {
    let start = index
    try expect(.set)
    try expect(.path)
    var path = [try parseQualifiedName()]
    while accept(.comma) { path.append(try parseQualifiedName()) }
    return SetPathStatement(path: path, range: range(from: start))
  }

  mutating func parseSetSession() throws(SQLError) -> SetSessionStatement {
    let start = index
    try expect(.set)
    try expect(.session)
    let name = try parseQualifiedName()
    try expect(.equal)
    let value = try parseExpression()
    return SetSessionStatement(name: name, value: value, range: range(from: start))
  }

  mutating func parseResetSession() throws(SQLError) -> ResetSessionStatement {
    let start = index
    try expect(.reset)
    try expect(.session)
    let name = try parseQualifiedName()
    return ResetSessionStatement(name: name, range: range(from: start))
  }
}
