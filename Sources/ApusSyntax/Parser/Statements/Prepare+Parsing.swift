import ApusValues

// Grammar/Statements/Prepare.grammar.
extension Parser {
  mutating func parsePrepare() throws(SQLError) -> PrepareStatement {
    let start = index
    try expect(.prepare)
    let name = try parseIdentifier()
    try expect(.from)
    let statement = try parseStatement()
    return PrepareStatement(name: name, statement: statement, range: range(from: start))
  }

  /// Reads EXECUTE of a name or of a text.
  mutating func parseExecute() throws(SQLError) -> Statement {
    let start = index
    try expect(.execute)
    note(.keyword(.immediate))
    if isAt(.immediate), isText(peek()) {
      advance()
      let text = try parseText()
      let arguments = try parseUsing()
      return .executeImmediate(
        ExecuteImmediateStatement(text: text, arguments: arguments, range: range(from: start))
      )
    }
    let name = try parseIdentifier()
    let arguments = try parseUsing()
    return .execute(
      ExecuteStatement(name: name, arguments: arguments, range: range(from: start))
    )
  }

  private mutating func parseUsing() throws(SQLError) -> [Expression] {
    guard accept(.using) else { return [] }
    var arguments = [try parseExpression()]
    while accept(.comma) { arguments.append(try parseExpression()) }
    return arguments
  }

  mutating func parseDeallocate() throws(SQLError) -> DeallocateStatement {
    let start = index
    try expect(.deallocate)
    try expect(.prepare)
    let name = try parseIdentifier()
    return DeallocateStatement(name: name, range: range(from: start))
  }

  /// Whether INPUT or OUTPUT after DESCRIBE is not the name of a table.
  var describesPrepared: Bool {
    let word = peek().kind
    guard word == .keyword(.input) || word == .keyword(.output) else { return false }
    return isIdentifier(peek(2)) && !startsPartition(at: 2)
  }

  mutating func parseDescribePrepared() throws(SQLError) -> DescribePreparedStatement {
    let start = index
    _ = try expect(oneOf: .describe, .desc)
    let side: PreparedSide = try expect(oneOf: .input, .output) == .input ? .input : .output
    let name = try parseIdentifier()
    return DescribePreparedStatement(side: side, name: name, range: range(from: start))
  }
}
