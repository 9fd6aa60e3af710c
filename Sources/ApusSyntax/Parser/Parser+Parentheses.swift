import ApusValues

// What a `(` opens where a value or a query can stand: `((SELECT 1) + 1)` and
// `((SELECT 1) UNION SELECT 2)` differ only after their inner parentheses.
extension Parser {
  enum InsideParentheses {
    case query(Query)
    case expression(Expression)
  }

  /// Reads a value in parentheses, a row, or a query as a value.
  mutating func parseParentheses() throws(SQLError) -> Expression {
    let start = index
    try expect(.leftParenthesis)
    return try closeParentheses(try parseInsideParentheses(), start)
  }

  /// Reads the rest of parentheses whose `(` is the token `start`.
  private mutating func closeParentheses(
    _ inside: InsideParentheses,
    _ start: Int
  ) throws(SQLError) -> Expression {
    switch inside {
    case .query(let query):
      try expect(.rightParenthesis)
      return .subquery(SubqueryExpression(query: query, range: range(from: start)))
    case .expression(let first):
      guard accept(.comma) else {
        try expect(.rightParenthesis)
        return first
      }
      var elements = [first]
      repeat { elements.append(try parseExpression()) } while accept(.comma)
      try expect(.rightParenthesis)
      return .row(RowExpression(elements: elements, range: range(from: start)))
    }
  }

  /// Reads a query or the first expression after a `(`.
  mutating func parseInsideParentheses() throws(SQLError) -> InsideParentheses {
    if startsQuery { return .query(try parseQuery()) }
    guard isAt(.leftParenthesis) else { return .expression(try parseExpression()) }
    let outer = try open()
    defer { close(outer) }
    let start = index
    advance()
    let inside = try parseInsideParentheses()
    if case .query(let query) = inside {
      try expect(.rightParenthesis)
      let place = range(from: start)
      if continuesQuery {
        let body = QueryBody.subquery(SubqueryBody(query: query, range: place))
        return .query(try parseQuery(after: ReadQueryBody(body: body, start: start)))
      }
      let subquery = Expression.subquery(SubqueryExpression(query: query, range: place))
      return .expression(
        try parseExpression(after: ReadPrimary(expression: subquery, start: start))
      )
    }
    let primary = try closeParentheses(inside, start)
    return .expression(try parseExpression(after: ReadPrimary(expression: primary, start: start)))
  }
}
