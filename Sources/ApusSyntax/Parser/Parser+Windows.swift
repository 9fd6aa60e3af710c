import ApusValues

// Grammar/Expressions.grammar: over, windowSpecification and the frame.
extension Parser {
  /// Reads what follows OVER.
  mutating func parseWindow() throws(SQLError) -> Window {
    note(.symbol(.leftParenthesis))
    if isAt(.leftParenthesis) { return .specification(try parseWindowSpecification()) }
    return .name(try parseIdentifier())
  }

  mutating func parseWindowSpecification() throws(SQLError) -> WindowSpecification {
    let start = index
    try expect(.leftParenthesis)
    let existingName = acceptIdentifier(except: Self.notExistingWindows)
    var partitionBy: [Expression] = []
    if accept(.partition) {
      try expect(.by)
      repeat { partitionBy.append(try parseExpression()) } while accept(.comma)
    }
    let orderBy = try parseOrderBy()
    let frame = try parseWindowFrame()
    try expect(.rightParenthesis)
    return WindowSpecification(
      existingName: existingName,
      partitionBy: partitionBy,
      orderBy: orderBy,
      frame: frame,
      range: range(from: start)
    )
  }

  private mutating func parseWindowFrame() throws(SQLError) -> WindowFrame? {
    let first = index
    let measures = try parseMeasures()
    let unit: FrameUnit
    switch accept(oneOf: .rows, .range, .groups) {
    case .rows: unit = .rows
    case .range: unit = .range
    case .groups: unit = .groups
    default:
      guard measures.isEmpty else { throw unexpected() }
      return nil
    }
    let hasEnd = accept(.between)
    let start = try parseFrameBound()
    var end: FrameBound?
    if hasEnd {
      try expect(.and)
      end = try parseFrameBound()
    }
    let pattern = try parseFramePattern(measures)
    return WindowFrame(
      unit: unit,
      start: start,
      end: end,
      pattern: pattern,
      range: range(from: first)
    )
  }

  private mutating func parseFrameBound() throws(SQLError) -> FrameBound {
    let start = index
    note(.keyword(.unbounded))
    note(.keyword(.current))
    switch (current.kind, peek().kind) {
    case (.keyword(.unbounded), .keyword(.preceding)):
      advance()
      advance()
      return FrameBound(kind: .unboundedPreceding, range: range(from: start))
    case (.keyword(.unbounded), .keyword(.following)):
      advance()
      advance()
      return FrameBound(kind: .unboundedFollowing, range: range(from: start))
    case (.keyword(.current), .keyword(.row)):
      advance()
      advance()
      return FrameBound(kind: .currentRow, range: range(from: start))
    default:
      let offset = try parseEnclosedValue()
      let isPreceding = try expect(oneOf: .preceding, .following) == .preceding
      return FrameBound(
        kind: isPreceding ? .preceding(offset) : .following(offset),
        range: range(from: start)
      )
    }
  }

  /// Reads `ORDER BY …`; empty where it does not stand.
  mutating func parseOrderBy() throws(SQLError) -> [SortItem] {
    guard accept(.order) else { return [] }
    try expect(.by)
    var items = [try parseSortItem()]
    while accept(.comma) { items.append(try parseSortItem()) }
    return items
  }

  private mutating func parseSortItem() throws(SQLError) -> SortItem {
    let start = index
    let key = try parseExpression()
    let direction = accept(oneOf: .asc, .desc)
    var nulls: NullsPosition?
    if accept(.nulls) {
      nulls = try expect(oneOf: .first, .last) == .first ? .first : .last
    } else if dialect == .postgres {
      // Without a word on it, Trino's nulls come last in both directions, PostgreSQL's are greatest.
      nulls = direction == .desc ? .first : .last
    }
    return SortItem(
      key: key,
      isDescending: direction == .desc,
      nulls: nulls,
      range: range(from: start)
    )
  }
}
