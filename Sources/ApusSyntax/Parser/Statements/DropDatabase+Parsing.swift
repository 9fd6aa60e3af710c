import ApusValues

// Grammar/Statements/DropDatabase.grammar.
extension Parser {
  mutating func parseDropDatabase() throws(SQLError) -> DropDatabaseStatement {
    let start = index
    try expect(.drop)
    _ = try expect(oneOf: .database, .schema)
    let ifExists = acceptIfExists()
    let name = try parseQualifiedName()
    let behavior = accept(oneOf: .restrict, .cascade)
    return DropDatabaseStatement(
      ifExists: ifExists,
      name: name,
      isCascade: behavior == .cascade,
      range: range(from: start)
    )
  }
}
