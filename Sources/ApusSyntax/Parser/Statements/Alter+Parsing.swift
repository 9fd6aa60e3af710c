import ApusValues

// Grammar/Statements/AlterDatabase.grammar and AlterView.grammar.
extension Parser {
  /// Reads what ALTER begins.
  mutating func parseAlter() throws(SQLError) -> Statement {
    switch peek().kind {
    case .keyword(.database), .keyword(.schema):
      return .alterDatabase(try parseAlterDatabase())
    case .keyword(.view), .keyword(.materialized):
      return .renameView(try parseRenameView())
    case .keyword(.table):
      return .alterTable(try parseAlterTable())
    default:
      advance()
      for word: Keyword in [.database, .materialized, .schema, .table, .view] {
        note(.keyword(word))
      }
      throw unexpected()
    }
  }

  private mutating func parseAlterDatabase() throws(SQLError) -> AlterDatabaseStatement {
    let start = index
    try expect(.alter)
    _ = try expect(oneOf: .database, .schema)
    let name = try parseQualifiedName()
    let alteration: DatabaseAlteration
    if try expect(oneOf: .set, .rename) == .rename {
      try expect(.to)
      alteration = .rename(to: try parseIdentifier())
    } else if try expect(oneOf: .dbproperties, .location) == .location {
      alteration = .setLocation(try parseDDLText())
    } else {
      alteration = .setProperties(try parseTextProperties())
    }
    return AlterDatabaseStatement(name: name, alteration: alteration, range: range(from: start))
  }

  private mutating func parseRenameView() throws(SQLError) -> RenameViewStatement {
    let start = index
    try expect(.alter)
    let isMaterialized = accept(.materialized)
    try expect(.view)
    let name = try parseQualifiedName()
    try expect(.rename)
    try expect(.to)
    let newName = try parseQualifiedName()
    return RenameViewStatement(
      isMaterialized: isMaterialized,
      name: name,
      newName: newName,
      range: range(from: start)
    )
  }
}
