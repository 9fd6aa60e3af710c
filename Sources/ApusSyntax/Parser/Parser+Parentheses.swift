import ApusValues

// What a `(` opens where a value or a query can stand: `((SELECT 1) + 1)` and
// `((SELECT 1) UNION SELECT 2)` differ only after their inner parentheses.
extension Parser {
  enum InsideParentheses {
    case query(Query)
    case expression(Expression)

    /// What was read, as a value: `x IN ((SELECT 1))` is a list of one scalar subquery.
    var expression: Expression {
      switch self {
      case .expression(let expression): expression
      case .query(let query):
        .subquery(
          SubqueryExpression(query: query.inParentheses?.query ?? query, range: query.range)
        )
      }
    }
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
      // At a `)` it is still open which of the two it is: `(((SELECT 1)) UNION SELECT 2)`.
      if continuesQuery || isAt(.rightParenthesis) {
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

extension Query {
  /// The query in the parentheses that are all of this one; nil if there is anything else.
  var inParentheses: SubqueryBody? {
    guard with == nil, orderBy.isEmpty, offset == nil, limit == nil, case .subquery(let body) = body
    else { return nil }
    return body
  }
}
