import ApusValues

// Grammar/Expressions.grammar: predicate and predicateTail.
extension Parser {
  /// Reads a value and at most one test of it.
  mutating func parsePredicate(after read: ReadPrimary?) throws(SQLError) -> Expression {
    let start = read?.start ?? index
    let value = try parseValue(after: read)
    switch current.kind {
    case .symbol(let symbol):
      if let match = MatchOperator(symbol), dialect == .postgres {
        advance()
        return try parseMatch(match, value, start)
      }
      guard let comparison = ComparisonOperator(symbol) else { return value }
      advance()
      return try parseComparison(comparison, value, start)
    case .keyword(.is):
      advance()
      return try parseIs(value, start)
    case .keyword(.not):
      advance()
      return try parseTest(value, start, isNegated: true)
    case .keyword(.between), .keyword(.in), .keyword(.like):
      return try parseTest(value, start, isNegated: false)
    case .keyword(.ilike) where dialect == .postgres:
      return try parseTest(value, start, isNegated: false)
    case .keyword(.operator) where dialect == .postgres:
      return try parseNamedOperator(value, start)
    default:
      return value
    }
  }

  /// Whether `OPERATOR(=)` or `OPERATOR(pg_catalog.=)` stands so many tokens on, and no call of a
  /// function of that name.
  func isNamedOperator(at distance: Int) -> Bool {
    guard dialect == .postgres, peek(distance).kind == .keyword(.operator),
      peek(distance + 1).kind == .symbol(.leftParenthesis)
    else { return false }
    let isQualified = peek(distance + 3).kind == .symbol(.point)
    guard case .symbol(let symbol) = peek(distance + (isQualified ? 4 : 2)).kind else {
      return false
    }
    return MatchOperator(symbol) != nil || ComparisonOperator(symbol) != nil
  }

  /// Reads `OPERATOR(pg_catalog.=) right`.
  private mutating func parseNamedOperator(
    _ value: Expression,
    _ start: Int
  ) throws(SQLError) -> Expression {
    advance()
    try expect(.leftParenthesis)
    if acceptIdentifier() != nil { try expect(.point) }
    guard case .symbol(let symbol) = current.kind else { throw unexpected() }
    if let match = MatchOperator(symbol) {
      advance()
      try expect(.rightParenthesis)
      return try parseMatch(match, value, start)
    }
    guard let comparison = ComparisonOperator(symbol) else { throw unexpected() }
    advance()
    try expect(.rightParenthesis)
    let right = try parseValue()
    try grow()
    return .comparison(
      ComparisonExpression(
        operator: comparison,
        left: value,
        right: right,
        range: range(from: start)
      )
    )
  }

  private mutating func parseComparison(
    _ comparison: ComparisonOperator,
    _ left: Expression,
    _ start: Int
  ) throws(SQLError) -> Expression {
    if let word = accept(oneOf: .all, .any, .some) {
      try expect(.leftParenthesis)
      let query: Query
      switch dialect == .postgres ? try parseInsideParentheses() : .query(try parseQuery()) {
      case .query(let inside): query = inside
      case .expression(let array):
        try expect(.rightParenthesis)
        return try quantified(comparison, isAll: word == .all, left, array, start)
      }
      try expect(.rightParenthesis)
      try grow()
      return .quantifiedComparison(
        QuantifiedComparisonExpression(
          operator: comparison,
          quantifier: word == .all ? .all : .any,
          value: left,
          query: query,
          range: range(from: start)
        )
      )
    }
    let right = try parseValue()
    try grow()
    return .comparison(
      ComparisonExpression(
        operator: comparison,
        left: left,
        right: right,
        range: range(from: start)
      )
    )
  }

  /// Reads what follows IS.
  private mutating func parseIs(
    _ value: Expression,
    _ start: Int
  ) throws(SQLError) -> Expression {
    let isNegated = accept(.not)
    let word = try expect(oneOf: .null, .distinct, .true, .false, .unknown)
    try grow()
    switch word {
    case .null:
      return .isNull(
        IsNullExpression(value: value, isNegated: isNegated, range: range(from: start))
      )
    case .distinct:
      try expect(.from)
      let right = try parseValue()
      try grow()
      return .distinctFrom(
        DistinctFromExpression(
          left: value,
          right: right,
          isNegated: isNegated,
          range: range(from: start)
        )
      )
    default:
      return .truthTest(
        TruthTestExpression(
          value: value,
          truth: word == .true ? .true : word == .false ? .false : .unknown,
          isNegated: isNegated,
          range: range(from: start)
        )
      )
    }
  }

  /// Reads BETWEEN, IN or LIKE, after an optional NOT.
  private mutating func parseTest(
    _ value: Expression,
    _ start: Int,
    isNegated: Bool
  ) throws(SQLError) -> Expression {
    if dialect == .postgres, isAt(.ilike) {
      advance()
      return try parseLike(value, start, isNegated, ignoresCase: true)
    }
    switch try expect(oneOf: .between, .in, .like) {
    case .between:
      return try parseBetween(value, start, isNegated)
    case .in:
      return try parseIn(value, start, isNegated)
    default:
      return try parseLike(value, start, isNegated, ignoresCase: false)
    }
  }

  private mutating func parseBetween(
    _ value: Expression,
    _ start: Int,
    _ isNegated: Bool
  ) throws(SQLError) -> Expression {
    let symmetry = accept(oneOf: .symmetric, .asymmetric)
    let low = try parseValue()
    try expect(.and)
    let high = try parseValue()
    try grow()
    return .between(
      BetweenExpression(
        value: value,
        low: low,
        high: high,
        isSymmetric: symmetry == .symmetric,
        isNegated: isNegated,
        range: range(from: start)
      )
    )
  }

  private mutating func parseIn(
    _ value: Expression,
    _ start: Int,
    _ isNegated: Bool
  ) throws(SQLError) -> Expression {
    try expect(.leftParenthesis)
    let inside = try parseInsideParentheses()
    if case .query(let query) = inside, query.inParentheses == nil {
      try expect(.rightParenthesis)
      try grow()
      return .inSubquery(
        InSubqueryExpression(
          value: value,
          query: query,
          isNegated: isNegated,
          range: range(from: start)
        )
      )
    }
    var items = [inside.expression]
    while accept(.comma) { items.append(try parseExpression()) }
    try expect(.rightParenthesis)
    try grow()
    return .inList(
      InListExpression(
        value: value,
        items: items,
        isNegated: isNegated,
        range: range(from: start)
      )
    )
  }

  private mutating func parseLike(
    _ value: Expression,
    _ start: Int,
    _ isNegated: Bool,
    ignoresCase: Bool
  ) throws(SQLError) -> Expression {
    let pattern = try parseValue()
    let escape: Expression? = accept(.escape) ? try parseValue() : nil
    try grow()
    let like = LikeExpression(
      value: value,
      pattern: pattern,
      escape: escape,
      isNegated: isNegated,
      range: range(from: start)
    )
    guard dialect == .postgres else { return .like(like) }
    return .like(try likeOfPostgres(like, ignoresCase: ignoresCase))
  }
}
