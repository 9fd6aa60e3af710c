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
    let comment: StringLiteral? = accept(.comment) ? try parseText() : nil
    var security: ViewSecurity?
    if accept(.security) {
      security = try expect(oneOf: .definer, .invoker) == .definer ? .definer : .invoker
    }
    try expect(.as)
    let query = try parseQuery()
    return CreateViewStatement(
      orReplace: orReplace,
      name: name,
      comment: comment,
      security: security,
      query: query,
      range: range(from: start)
    )
  }
}
