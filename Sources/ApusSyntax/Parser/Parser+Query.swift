import ApusValues

/// Is a query in parentheses that was read before it was known that a longer query begins
/// with it.
struct ReadQueryBody {
  var body: QueryBody
  /// The token at which it begins.
  var start: Int
}

// Grammar/Query.grammar: query and what it is made of, down to querySpecification.
extension Parser {
  /// Whether the current token can only begin a query.
  var startsQuery: Bool {
    switch current.kind {
    case .keyword(.select), .keyword(.with), .keyword(.values): true
    case .keyword(.table): peek().kind != .symbol(.leftParenthesis)
    default: false
    }
  }

  /// Whether a query in parentheses goes on at the current token.
  var continuesQuery: Bool {
    switch current.kind {
    case .keyword(.union), .keyword(.intersect), .keyword(.except), .keyword(.order),
      .keyword(.offset), .keyword(.limit), .keyword(.fetch):
      true
    default: false
    }
  }

  /// Reads a query in parentheses.
  mutating func parseSubquery() throws(SQLError) -> Query {
    try expect(.leftParenthesis)
    let query = try parseQuery()
    try expect(.rightParenthesis)
    return query
  }

  mutating func parseQuery(after read: ReadQueryBody? = nil) throws(SQLError) -> Query {
    let outer = try open()
    defer { close(outer) }
    let start = read?.start ?? index
    var with: WithClause?
    if read == nil, isAt(.with) { with = try parseWith() }
    mayHaveTop = read == nil
    let body = try parseQueryBody(after: read)
    let top = read == nil ? takeTop() : nil
    let orderBy = try parseOrderBy()
    if let top {
      return Query(
        with: with,
        body: body,
        orderBy: orderBy,
        limit: .limit(top),
        range: range(from: start)
      )
    }
    var offset = try parseOffset()
    let limit = try parseLimit()
    if offset == nil, limit != nil, isAt(.offset) {
      guard dialect == .postgres else {
        var error = unexpected()
        error.hint = "OFFSET comes before LIMIT."
        throw error
      }
      offset = try parseOffset()
    }
    return Query(
      with: with,
      body: body,
      orderBy: orderBy,
      offset: offset,
      limit: limit,
      range: range(from: start)
    )
  }

  private mutating func parseWith() throws(SQLError) -> WithClause {
    let start = index
    advance()
    let isRecursive = accept(.recursive)
    var tables = [try parseCommonTable()]
    while accept(.comma) { tables.append(try parseCommonTable()) }
    return WithClause(isRecursive: isRecursive, tables: tables, range: range(from: start))
  }

  private mutating func parseCommonTable() throws(SQLError) -> CommonTable {
    let start = index
    let name = try parseIdentifier()
    note(.symbol(.leftParenthesis))
    let columnAliases = isAt(.leftParenthesis) ? try parseIdentifierList() : []
    try expect(.as)
    let query = try parseSubquery()
    return CommonTable(
      name: name,
      columnAliases: columnAliases,
      query: query,
      range: range(from: start)
    )
  }

  private mutating func parseQueryBody(after read: ReadQueryBody?) throws(SQLError) -> QueryBody {
    let start = read?.start ?? index
    let outer = read == nil ? startChain() : 0
    var left = try parseIntersection(after: read)
    while !hasTop, isAt(.union) || isAt(.except) {
      let operation: SetOperator = isAt(.union) ? .union : .except
      advance()
      let quantifier = parseSetQuantifier()
      let corresponding = try parseCorresponding()
      let inner = startChain()
      let right = try parseIntersection(after: nil)
      joinChain(inner)
      left = try setOperation(operation, quantifier, corresponding, left, right, start)
    }
    joinChain(outer)
    return left
  }

  private mutating func parseIntersection(
    after read: ReadQueryBody?
  ) throws(SQLError) -> QueryBody {
    let start = read?.start ?? index
    var left: QueryBody
    if let read { left = read.body } else { left = try parseQueryPrimary() }
    while !hasTop, isAt(.intersect) {
      advance()
      let quantifier = parseSetQuantifier()
      let corresponding = try parseCorresponding()
      let inner = startChain()
      let right = try parseQueryPrimary()
      joinChain(inner)
      left = try setOperation(.intersect, quantifier, corresponding, left, right, start)
    }
    return left
  }

  /// Reads `CORRESPONDING [BY (a, b)]`, if it is there.
  private mutating func parseCorresponding() throws(SQLError) -> CorrespondingClause? {
    let start = index
    guard accept(.corresponding) else { return nil }
    let columns = accept(.by) ? try parseIdentifierList() : []
    return CorrespondingClause(columns: columns, range: range(from: start))
  }

  private mutating func setOperation(
    _ operation: SetOperator,
    _ quantifier: SetQuantifier?,
    _ corresponding: CorrespondingClause?,
    _ left: QueryBody,
    _ right: QueryBody,
    _ start: Int
  ) throws(SQLError) -> QueryBody {
    try grow()
    return .setOperation(
      SetOperation(
        operator: operation,
        quantifier: quantifier,
        corresponding: corresponding,
        left: left,
        right: right,
        range: range(from: start)
      )
    )
  }

  private mutating func parseQueryPrimary() throws(SQLError) -> QueryBody {
    let start = index
    let allowsTop = mayHaveTop && dialect == .postgres
    mayHaveTop = false
    note(.rule(.query))
    switch current.kind {
    case .keyword(.select):
      return .specification(try parseQuerySpecification(allowsTop: allowsTop))
    case .keyword(.table):
      advance()
      let name = try parseQualifiedName()
      return .table(TableBody(name: name, range: range(from: start)))
    case .keyword(.values):
      advance()
      var rows = [try parseExpression()]
      while accept(.comma) { rows.append(try parseExpression()) }
      return .values(ValuesBody(rows: rows, range: range(from: start)))
    case .symbol(.leftParenthesis):
      let query = try parseSubquery()
      return .subquery(SubqueryBody(query: query, range: range(from: start)))
    default:
      throw unexpected()
    }
  }

  private mutating func parseOffset() throws(SQLError) -> Expression? {
    guard accept(.offset) else { return nil }
    let count = try parseRowCount()
    _ = accept(oneOf: .row, .rows)
    return count
  }

  private mutating func parseLimit() throws(SQLError) -> RowLimit? {
    let start = index
    if accept(.limit) {
      if accept(.all) { return .limit(LimitClause(range: range(from: start))) }
      let count = try parseRowCount()
      return .limit(LimitClause(count: count, range: range(from: start)))
    }
    guard accept(.fetch) else { return nil }
    _ = try expect(oneOf: .first, .next)
    var count: Expression?
    note(.rule(.integer))
    if startsRowCount(current) { count = try parseRowCount() }
    _ = try expect(oneOf: .row, .rows)
    let withTies = try expect(oneOf: .only, .with) == .with
    if withTies { try expect(.ties) }
    return .fetchFirst(
      FetchFirstClause(count: count, withTies: withTies, range: range(from: start))
    )
  }

  func startsRowCount(_ token: Token) -> Bool {
    switch token.kind {
    case .integer, .symbol(.question), .numberedParameter: true
    default: false
    }
  }

  mutating func parseRowCount() throws(SQLError) -> Expression {
    let token = current
    note(.rule(.integer))
    note(.symbol(.question))
    switch token.kind {
    case .integer:
      advance()
      return .integer(IntegerLiteral(text: text(of: token), range: token.range))
    case .symbol(.question):
      return takeParameter()
    case .numberedParameter:
      return takeNumberedParameter()
    default:
      throw unexpected()
    }
  }
}
