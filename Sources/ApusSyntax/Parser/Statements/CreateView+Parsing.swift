import ApusValues

// Grammar/Statements/CreateView.grammar.
extension Parser {
  mutating func parseCreateView() throws(SQLError) -> CreateViewStatement {
    let start = index
    try expect(.create)
    let orReplace = accept(.or)
    if orReplace { try expect(.replace) }
    try expect(.view)
    let name = try parseQualifiedName()
    try expect(.as)
    let query = try parseQuery()
    return CreateViewStatement(
      orReplace: orReplace,
      name: name,
      query: query,
      range: range(from: start)
    )
  }
}
