import ApusValues

/// Is a relation in parentheses that was read before it was known that a longer one begins
/// with it.
struct ReadRelation {
  var relation: Relation
  /// The token at which it begins.
  var start: Int
}

// Grammar/Query.grammar: relation and what it is made of.
extension Parser {
  /// Reads relations joined to each other, from left to right.
  mutating func parseRelation(after read: ReadRelation? = nil) throws(SQLError) -> Relation {
    let outer = try open()
    defer { close(outer) }
    let start = read?.start ?? index
    var left = try parseSampledRelation(after: read)
    while let join = try parseJoinTail(left, start) {
      try grow()
      left = .join(join)
    }
    return left
  }

  /// Reads one join onto `left`; nil where none stands.
  private mutating func parseJoinTail(
    _ left: Relation,
    _ start: Int
  ) throws(SQLError) -> JoinRelation? {
    if accept(.cross) {
      try expect(.join)
      let right = try parseJoinedRelation()
      return JoinRelation(kind: .cross, left: left, right: right, range: range(from: start))
    }
    let isNatural = accept(.natural)
    guard let kind = try parseJoinKind(isRequired: isNatural) else { return nil }
    let right = isNatural ? try parseJoinedRelation() : try parseRelation()
    let criteria = isNatural ? JoinCriteria.natural : try parseJoinCriteria()
    return JoinRelation(
      kind: kind,
      left: left,
      right: right,
      criteria: criteria,
      range: range(from: start)
    )
  }

  private mutating func parseJoinedRelation() throws(SQLError) -> Relation {
    let outer = try open()
    defer { close(outer) }
    return try parseSampledRelation(after: nil)
  }

  /// Reads `[INNER | LEFT [OUTER] | …] JOIN`.
  private mutating func parseJoinKind(isRequired: Bool) throws(SQLError) -> JoinKind? {
    let word = accept(oneOf: .inner, .left, .right, .full)
    if let word, word != .inner { _ = accept(.outer) }
    if word == nil, !isRequired {
      guard accept(.join) else { return nil }
    } else {
      try expect(.join)
    }
    switch word {
    case .left: return .left
    case .right: return .right
    case .full: return .full
    default: return .inner
    }
  }

  private mutating func parseJoinCriteria() throws(SQLError) -> JoinCriteria {
    if accept(.on) { return .on(try parseExpression()) }
    try expect(.using)
    return .using(try parseIdentifierList())
  }

  private mutating func parseSampledRelation(
    after read: ReadRelation?
  ) throws(SQLError) -> Relation {
    let start = read?.start ?? index
    var relation = try parseAliasedRelation(after: read)
    note(.keyword(.matchRecognize))
    if isAt(.matchRecognize) { relation = try parseMatchRecognize(relation, start) }
    guard accept(.tablesample) else { return relation }
    let method = try expect(oneOf: .bernoulli, .system)
    try expect(.leftParenthesis)
    let percentage = try parseExpression()
    try expect(.rightParenthesis)
    try grow()
    return .sampled(
      SampledRelation(
        relation: relation,
        method: method == .bernoulli ? .bernoulli : .system,
        percentage: percentage,
        range: range(from: start)
      )
    )
  }

  private mutating func parseAliasedRelation(
    after read: ReadRelation?
  ) throws(SQLError) -> Relation {
    let start = read?.start ?? index
    let relation: Relation
    if let read { relation = read.relation } else { relation = try parseRelationPrimary() }
    note(.keyword(.as))
    guard let alias = try parseAlias() else { return relation }
    note(.symbol(.leftParenthesis))
    let columnAliases = isAt(.leftParenthesis) ? try parseIdentifierList() : []
    try grow()
    return .aliased(
      AliasedRelation(
        relation: relation,
        alias: alias,
        columnAliases: columnAliases,
        range: range(from: start)
      )
    )
  }

  /// Reads `FOR VERSION AS OF 42`, if it is there.
  private mutating func parseTableVersion() throws(SQLError) -> TableVersion? {
    let start = index
    guard accept(.for) else { return nil }
    let kind = try expect(oneOf: .timestamp, .version)
    try expect(.as)
    try expect(.of)
    let value = try parseEnclosedValue()
    return TableVersion(
      kind: kind == .timestamp ? .timestamp : .version,
      value: value,
      range: range(from: start)
    )
  }

  private mutating func parseRelationPrimary() throws(SQLError) -> Relation {
    let start = index
    switch (current.kind, peek().kind) {
    case (.symbol(.leftParenthesis), _):
      advance()
      return try closeRelation(try parseInsideRelation(), start)
    case (.keyword(.lateral), .symbol(.leftParenthesis)):
      advance()
      let query = try parseSubquery()
      return .lateral(LateralRelation(query: query, range: range(from: start)))
    case (.keyword(.unnest), _):
      return try parseUnnest()
    case (.keyword(.jsonTable), _):
      return try parseJSONTable()
    case (.keyword(.table), _):
      return try parseTableFunction()
    case (.symbol(.leftBrace), _) where dialect == .postgres:
      return try parseODBCJoin()
    default:
      note(.symbol(.leftParenthesis))
      switch try parseTableName() {
      case .name(let name):
        let version = try parseTableVersion()
        return .table(TableRelation(name: name, version: version, range: range(from: start)))
      case .path(let path):
        return .path(PathRelation(path: path, range: range(from: start)))
      }
    }
  }

  private mutating func parseUnnest() throws(SQLError) -> Relation {
    let start = index
    advance()
    try expect(.leftParenthesis)
    var expressions = [try parseExpression()]
    while accept(.comma) { expressions.append(try parseExpression()) }
    try expect(.rightParenthesis)
    note(.keyword(.with))
    // WITH [NO] DATA ends a statement around the query.
    let next = peek().kind
    let withOrdinality = isAt(.with) && next != .keyword(.data) && next != .keyword(.no)
    if withOrdinality {
      advance()
      try expect(.ordinality)
    }
    return .unnest(
      UnnestRelation(
        expressions: expressions,
        withOrdinality: withOrdinality,
        range: range(from: start)
      )
    )
  }
}

// What a `(` opens where a relation can stand: a query, or relations.
extension Parser {
  private enum InsideRelation {
    case query(Query)
    case relation(Relation)
  }

  private mutating func closeRelation(
    _ inside: InsideRelation,
    _ start: Int
  ) throws(SQLError) -> Relation {
    try expect(.rightParenthesis)
    switch inside {
    case .query(let query):
      return .subquery(SubqueryRelation(query: query, range: range(from: start)))
    case .relation(let relation):
      return relation
    }
  }

  private mutating func parseInsideRelation() throws(SQLError) -> InsideRelation {
    if startsQuery { return .query(try parseQuery()) }
    guard isAt(.leftParenthesis) else { return .relation(try parseRelation()) }
    let outer = try open()
    defer { close(outer) }
    let start = index
    advance()
    let inside = try parseInsideRelation()
    let relation = try closeRelation(inside, start)
    if case .query(let query) = inside, continuesQuery || isAt(.rightParenthesis) {
      let body = QueryBody.subquery(SubqueryBody(query: query, range: range(from: start)))
      return .query(try parseQuery(after: ReadQueryBody(body: body, start: start)))
    }
    return .relation(try parseRelation(after: ReadRelation(relation: relation, start: start)))
  }
}
