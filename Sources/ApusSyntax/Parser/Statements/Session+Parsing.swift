import ApusValues

// Grammar/Statements/Session.grammar.
extension Parser {
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
