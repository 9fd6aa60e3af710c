import ApusValues

// Grammar/Statements/DropView.grammar.
extension Parser {
  mutating func parseDropView() throws(SQLError) -> DropViewStatement {
    let start = index
    try expect(.drop)
    try expect(.view)
    let ifExists = acceptIfExists()
    let name = try parseQualifiedName()
    return DropViewStatement(ifExists: ifExists, name: name, range: range(from: start))
  }
}
