import ApusValues

// Grammar/Statements/DropTable.grammar.
extension Parser {
  mutating func parseDropTable() throws(SQLError) -> DropTableStatement {
    let start = index
    try expect(.drop)
    try expect(.table)
    let ifExists = acceptIfExists()
    let name = try parseQualifiedName()
    return DropTableStatement(ifExists: ifExists, name: name, range: range(from: start))
  }
}
