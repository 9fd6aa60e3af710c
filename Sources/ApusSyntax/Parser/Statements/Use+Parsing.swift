import ApusValues

// Grammar/Statements/Use.grammar.
extension Parser {
  mutating func parseUse() throws(SQLError) -> UseStatement {
    let start = index
    try expect(.use)
    let first = try parseIdentifier()
    guard accept(.point) else { return UseStatement(schema: first, range: range(from: start)) }
    let schema = try parseIdentifier()
    return UseStatement(catalog: first, schema: schema, range: range(from: start))
  }
}
