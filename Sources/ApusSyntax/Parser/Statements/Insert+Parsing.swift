import ApusValues

// Grammar/Statements/Insert.grammar.
extension Parser {
  mutating func parseInsert() throws(SQLError) -> InsertStatement {
    let start = index
    try expect(.insert)
    try expect(.into)
    let table = try parseQualifiedName()
    note(.symbol(.leftParenthesis))
    // A query in parentheses begins with a reserved word or with another parenthesis.
    let hasColumns = isAt(.leftParenthesis) && isIdentifier(peek())
    let columns = hasColumns ? try parseIdentifierList() : []
    let query = try parseQuery()
    return InsertStatement(
      table: table,
      columns: columns,
      query: query,
      range: range(from: start)
    )
  }
}
