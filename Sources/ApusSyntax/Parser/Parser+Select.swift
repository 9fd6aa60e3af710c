import ApusValues

// Grammar/Query.grammar: querySpecification, selectItem, groupBy, namedWindow.
extension Parser {
  mutating func parseQuerySpecification(
    allowsTop: Bool
  ) throws(SQLError) -> QuerySpecification {
    let start = index
    try expect(.select)
    let quantifier = parseSetQuantifier()
    let top = allowsTop ? try parseTop() : nil
    var result = QuerySpecification(
      quantifier: quantifier,
      items: [try parseSelectItem()],
      range: range(from: start)
    )
    while accept(.comma) { result.items.append(try parseSelectItem()) }
    if accept(.from) {
      repeat { result.from.append(try parseRelation()) } while accept(.comma)
    }
    if accept(.where) { result.where = try parseExpression() }
    result.groupBy = try parseGroupBy()
    if accept(.having) { result.having = try parseExpression() }
    if accept(.window) {
      repeat { result.windows.append(try parseNamedWindow()) } while accept(.comma)
    }
    result.range = range(from: start)
    keepTop(top)
    return result
  }

  /// Reads `TOP 10`; TOP before anything else is a name.
  private mutating func parseTop() throws(SQLError) -> LimitClause? {
    let start = index
    guard isAt(.top), startsRowCount(peek()) else { return nil }
    advance()
    let count = try parseRowCount()
    return LimitClause(count: count, range: range(from: start))
  }

  private mutating func parseSelectItem() throws(SQLError) -> SelectItem {
    let start = index
    if accept(.star) { return .all(SelectAll(range: range(from: start))) }
    let expression = try parseExpression()
    if isAt(.point), lastPrimaryStart == start {
      advance()
      try expect(.star)
      let aliases = accept(.as) ? try parseIdentifierList() : []
      return .all(SelectAll(target: expression, aliases: aliases, range: range(from: start)))
    }
    let alias = try parseAlias()
    return .expression(
      SelectExpression(expression: expression, alias: alias, range: range(from: start))
    )
  }

  private mutating func parseGroupBy() throws(SQLError) -> GroupBy? {
    let start = index
    guard accept(.group) else { return nil }
    try expect(.by)
    let quantifier = parseSetQuantifier()
    var elements = [try parseGroupingElement()]
    while accept(.comma) { elements.append(try parseGroupingElement()) }
    return GroupBy(quantifier: quantifier, elements: elements, range: range(from: start))
  }

  private mutating func parseGroupingElement() throws(SQLError) -> GroupingElement {
    switch (current.kind, peek().kind) {
    case (.keyword(.rollup), _):
      return .rollup(try parseGroupingSets(mayBeEmpty: true))
    case (.keyword(.cube), _):
      return .cube(try parseGroupingSets(mayBeEmpty: true))
    case (.keyword(.grouping), .keyword(.sets)):
      advance()
      return .groupingSets(try parseGroupingSets(mayBeEmpty: false))
    default:
      return .set(try parseGroupingSet())
    }
  }

  /// Reads one word and the grouping sets in parentheses after it.
  private mutating func parseGroupingSets(
    mayBeEmpty: Bool
  ) throws(SQLError) -> GroupingSetList {
    let start = index
    advance()
    try expect(.leftParenthesis)
    var sets: [GroupingSet] = []
    if mayBeEmpty, accept(.rightParenthesis) {
      return GroupingSetList(sets: sets, range: range(from: start))
    }
    repeat { sets.append(try parseGroupingSet()) } while accept(.comma)
    try expect(.rightParenthesis)
    return GroupingSetList(sets: sets, range: range(from: start))
  }

  /// Reads `a`, `(a, b)` or `()`; parentheses that are the beginning of a longer value, as in
  /// `(a + b) * c`, and those of a query belong to the value.
  private mutating func parseGroupingSet() throws(SQLError) -> GroupingSet {
    let start = index
    guard accept(.leftParenthesis) else {
      let expression = try parseExpression()
      return GroupingSet(expressions: [expression], range: range(from: start))
    }
    if accept(.rightParenthesis) {
      return GroupingSet(expressions: [], range: range(from: start))
    }
    let inside = try parseInsideParentheses()
    var expressions = [inside.expression]
    if case .query(let query) = inside {
      let place = SourceRange(start: tokens[start].range.start, end: current.range.end)
      expressions = [.subquery(SubqueryExpression(query: query, range: place))]
    } else {
      while accept(.comma) { expressions.append(try parseExpression()) }
    }
    try expect(.rightParenthesis)
    var isValue = continuesExpression
    if case .query = inside { isValue = true }
    if isValue, let first = expressions.first {
      let row = RowExpression(elements: expressions, range: range(from: start))
      let read = ReadPrimary(expression: expressions.count == 1 ? first : .row(row), start: start)
      expressions = [try parseExpression(after: read)]
    }
    return GroupingSet(expressions: expressions, range: range(from: start))
  }

  /// Whether a value that ends before the current token goes on with it.
  private var continuesExpression: Bool {
    switch current.kind {
    case .symbol(.comma), .symbol(.rightParenthesis), .symbol(.semicolon): false
    case .symbol: true
    case .keyword(let keyword): Self.continuingWords.contains(keyword)
    default: false
    }
  }

  private static let continuingWords: Set<Keyword> = [
    .and, .or, .not, .is, .in, .between, .like, .at, .ilike, .operator, .collate,
  ]

  private mutating func parseNamedWindow() throws(SQLError) -> NamedWindow {
    let start = index
    let name = try parseIdentifier()
    try expect(.as)
    let specification = try parseWindowSpecification()
    return NamedWindow(name: name, specification: specification, range: range(from: start))
  }
}
