import ApusValues

// Grammar/MatchRecognize.grammar.
extension Parser {
  /// Reads MATCH_RECOGNIZE with its alias onto a relation.
  mutating func parseMatchRecognize(
    _ relation: Relation,
    _ start: Int
  ) throws(SQLError) -> Relation {
    try expect(.matchRecognize)
    try expect(.leftParenthesis)
    var partitionBy: [Expression] = []
    if accept(.partition) {
      try expect(.by)
      repeat { partitionBy.append(try parseExpression()) } while accept(.comma)
    }
    let orderBy = try parseOrderBy()
    let measures = try parseMeasures()
    let rowsPerMatch = try parseRowsPerMatch()
    let skipTo = try parseAfterMatch()
    let search = parsePatternSearch()
    guard let pattern = try parsePatternClause() else { throw unexpected() }
    let subsets = try parseSubsets()
    let definitions = try parseDefinitions()
    guard !definitions.isEmpty else { throw unexpected() }
    try expect(.rightParenthesis)
    note(.keyword(.as))
    let alias = try parseAlias()
    var columnAliases: [Identifier] = []
    if alias != nil {
      note(.symbol(.leftParenthesis))
      if isAt(.leftParenthesis) { columnAliases = try parseIdentifierList() }
    }
    try grow()
    return .matchRecognize(
      MatchRecognizeRelation(
        relation: relation,
        partitionBy: partitionBy,
        orderBy: orderBy,
        measures: measures,
        rowsPerMatch: rowsPerMatch,
        skipTo: skipTo,
        search: search,
        pattern: pattern,
        subsets: subsets,
        definitions: definitions,
        alias: alias,
        columnAliases: columnAliases,
        range: range(from: start)
      )
    )
  }

  /// Reads `MEASURES …`; empty where it does not stand.
  mutating func parseMeasures() throws(SQLError) -> [MeasureDefinition] {
    var measures: [MeasureDefinition] = []
    if accept(.measures) {
      repeat { measures.append(try parseMeasure()) } while accept(.comma)
    }
    return measures
  }

  /// Reads what may stand behind the bounds of a frame.
  ///
  /// - Parameter measures: those before the bounds.
  mutating func parseFramePattern(_ measures: [MeasureDefinition]) throws(SQLError)
    -> FramePattern?
  {
    let pattern = FramePattern(
      measures: measures,
      skipTo: try parseAfterMatch(),
      search: parsePatternSearch(),
      pattern: try parsePatternClause(),
      subsets: try parseSubsets(),
      definitions: try parseDefinitions()
    )
    return pattern == FramePattern() ? nil : pattern
  }

  private mutating func parseAfterMatch() throws(SQLError) -> SkipTo? {
    guard accept(.after) else { return nil }
    try expect(.match)
    return try parseSkipTo()
  }

  private mutating func parsePatternSearch() -> PatternSearch? {
    switch accept(oneOf: .initial, .seek) {
    case .initial: .initial
    case .seek: .seek
    default: nil
    }
  }

  private mutating func parsePatternClause() throws(SQLError) -> RowPattern? {
    guard accept(.pattern) else { return nil }
    try expect(.leftParenthesis)
    let pattern = try parseRowPattern()
    try expect(.rightParenthesis)
    return pattern
  }

  private mutating func parseSubsets() throws(SQLError) -> [SubsetDefinition] {
    var subsets: [SubsetDefinition] = []
    if accept(.subset) {
      repeat { subsets.append(try parseSubset()) } while accept(.comma)
    }
    return subsets
  }

  private mutating func parseDefinitions() throws(SQLError) -> [VariableDefinition] {
    var definitions: [VariableDefinition] = []
    if accept(.define) {
      repeat { definitions.append(try parseVariableDefinition()) } while accept(.comma)
    }
    return definitions
  }

  private mutating func parseMeasure() throws(SQLError) -> MeasureDefinition {
    let start = index
    let expression = try parseExpression()
    try expect(.as)
    let name = try parseIdentifier()
    return MeasureDefinition(expression: expression, name: name, range: range(from: start))
  }

  private mutating func parseRowsPerMatch() throws(SQLError) -> RowsPerMatch? {
    guard let word = accept(oneOf: .one, .all) else { return nil }
    try expect(word == .one ? .row : .rows)
    try expect(.per)
    try expect(.match)
    guard word == .all else { return .one }
    switch accept(oneOf: .show, .omit, .with) {
    case .show:
      try expect(.empty)
      try expect(.matches)
      return .allShowingEmptyMatches
    case .omit:
      try expect(.empty)
      try expect(.matches)
      return .allOmittingEmptyMatches
    case .with:
      try expect(.unmatched)
      try expect(.rows)
      return .allWithUnmatchedRows
    default:
      return .all
    }
  }

  private mutating func parseSkipTo() throws(SQLError) -> SkipTo {
    try expect(.skip)
    if accept(.past) {
      try expect(.last)
      try expect(.row)
      return .pastLastRow
    }
    try expect(.to)
    note(.keyword(.next))
    if isAt(.next), peek().kind == .keyword(.row) {
      advance()
      advance()
      return .nextRow
    }
    if !isBeforePatternClause, isIdentifier(peek(), except: Self.notPatternVariables) {
      if accept(.first) { return .first(try parsePatternVariable()) }
      if accept(.last) { return .last(try parsePatternVariable()) }
    }
    return .last(try parsePatternVariable())
  }

  /// Whether a clause follows the current token, so that FIRST and LAST there are variables themselves:
  /// `SKIP TO first PATTERN (…)`.
  private var isBeforePatternClause: Bool {
    switch peek().kind {
    case .keyword(.pattern): peek(2).kind == .symbol(.leftParenthesis)
    case .keyword(.subset): isIdentifier(peek(2)) && peek(3).kind == .symbol(.equal)
    case .keyword(.define): isIdentifier(peek(2)) && peek(3).kind == .keyword(.as)
    default: false
    }
  }

  private mutating func parseSubset() throws(SQLError) -> SubsetDefinition {
    let start = index
    let name = try parsePatternVariable()
    try expect(.equal)
    try expect(.leftParenthesis)
    var variables: [Identifier] = []
    repeat { variables.append(try parsePatternVariable()) } while accept(.comma)
    try expect(.rightParenthesis)
    return SubsetDefinition(name: name, variables: variables, range: range(from: start))
  }

  private mutating func parseVariableDefinition() throws(SQLError) -> VariableDefinition {
    let start = index
    let name = try parsePatternVariable()
    try expect(.as)
    let condition = try parseExpression()
    return VariableDefinition(name: name, condition: condition, range: range(from: start))
  }

  private mutating func parsePatternVariable() throws(SQLError) -> Identifier {
    try parseIdentifier(except: Self.notPatternVariables)
  }
}

// Patterns, which are regular expressions: `|` binds least, then sequences, then quantifiers.
extension Parser {
  static let notPatternVariables: Set<Keyword> = [.permute]

  private mutating func parseRowPattern() throws(SQLError) -> RowPattern {
    let outer = try open()
    defer { close(outer) }
    let start = index
    var alternatives = [try parsePatternSequence()]
    while accept(.bar) { alternatives.append(try parsePatternSequence()) }
    guard alternatives.count > 1 else { return alternatives[0] }
    return RowPattern(kind: .alternation(alternatives), range: range(from: start))
  }

  private mutating func parsePatternSequence() throws(SQLError) -> RowPattern {
    let start = index
    var elements = [try parseQuantifiedPattern()]
    while startsPattern { elements.append(try parseQuantifiedPattern()) }
    guard elements.count > 1 else { return elements[0] }
    return RowPattern(kind: .sequence(elements), range: range(from: start))
  }

  private var startsPattern: Bool {
    switch current.kind {
    case .symbol(.leftParenthesis), .symbol(.caret), .symbol(.dollar), .symbol(.leftBrace),
      .keyword(.permute):
      true
    default:
      isIdentifier(current)
    }
  }

  private mutating func parseQuantifiedPattern() throws(SQLError) -> RowPattern {
    let start = index
    let pattern = try parsePatternPrimary()
    guard let quantifier = try parsePatternQuantifier() else { return pattern }
    return RowPattern(kind: .quantified(pattern, quantifier), range: range(from: start))
  }

  private mutating func parsePatternPrimary() throws(SQLError) -> RowPattern {
    let start = index
    let kind: RowPatternKind
    switch current.kind {
    case .keyword(.permute):
      advance()
      try expect(.leftParenthesis)
      var patterns: [RowPattern] = []
      repeat { patterns.append(try parseRowPattern()) } while accept(.comma)
      try expect(.rightParenthesis)
      kind = .permutation(patterns)
    case .symbol(.leftParenthesis):
      advance()
      if !accept(.rightParenthesis) {
        let pattern = try parseRowPattern()
        try expect(.rightParenthesis)
        return pattern
      }
      kind = .empty
    case .symbol(.caret):
      advance()
      kind = .partitionStart
    case .symbol(.dollar):
      advance()
      kind = .partitionEnd
    case .symbol(.leftBrace):
      advance()
      try expect(.minus)
      let pattern = try parseRowPattern()
      try expect(.minus)
      try expect(.rightBrace)
      kind = .exclusion(pattern)
    default:
      kind = .variable(try parsePatternVariable())
    }
    return RowPattern(kind: kind, range: range(from: start))
  }

  private mutating func parsePatternQuantifier() throws(SQLError) -> PatternQuantifier? {
    let place = current.range
    func number(_ text: String) -> IntegerLiteral { IntegerLiteral(text: text, range: place) }
    var atLeast: IntegerLiteral?
    var atMost: IntegerLiteral?
    switch current.kind {
    case .symbol(.star):
      advance()
      atLeast = number("0")
    case .symbol(.plus):
      advance()
      atLeast = number("1")
    case .symbol(.question):
      advance()
      atLeast = number("0")
      atMost = number("1")
    case .symbol(.leftBrace) where peek().kind != .symbol(.minus):
      advance()
      atLeast = takePatternCount()
      if atLeast == nil { note(.symbol(.comma)) }
      if atLeast == nil || isAt(.comma) {
        try expect(.comma)
        atMost = takePatternCount()
      } else {
        atMost = atLeast
      }
      try expect(.rightBrace)
    default:
      return nil
    }
    return PatternQuantifier(atLeast: atLeast, atMost: atMost, isReluctant: accept(.question))
  }

  private mutating func takePatternCount() -> IntegerLiteral? {
    let token = current
    note(.rule(.integer))
    guard token.kind == .integer else { return nil }
    advance()
    return IntegerLiteral(text: text(of: token), range: token.range)
  }
}
