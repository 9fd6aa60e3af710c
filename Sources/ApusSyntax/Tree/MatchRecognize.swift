public import ApusValues

/// Is `t MATCH_RECOGNIZE (… PATTERN (a b+) DEFINE b AS …)`, perhaps with an alias.
public struct MatchRecognizeRelation: SyntaxNode {
  public var relation: Relation
  public var partitionBy: [Expression]
  public var orderBy: [SortItem]
  public var measures: [MeasureDefinition]
  public var rowsPerMatch: RowsPerMatch?
  public var skipTo: SkipTo?
  public var search: PatternSearch?
  public var pattern: RowPattern
  public var subsets: [SubsetDefinition]
  /// Never empty.
  public var definitions: [VariableDefinition]
  public var alias: Identifier?
  public var columnAliases: [Identifier]
  @SourcePlace public var range: SourceRange

  public init(
    relation: Relation,
    partitionBy: [Expression] = [],
    orderBy: [SortItem] = [],
    measures: [MeasureDefinition] = [],
    rowsPerMatch: RowsPerMatch? = nil,
    skipTo: SkipTo? = nil,
    search: PatternSearch? = nil,
    pattern: RowPattern,
    subsets: [SubsetDefinition] = [],
    definitions: [VariableDefinition],
    alias: Identifier? = nil,
    columnAliases: [Identifier] = [],
    range: SourceRange
  ) {
    self.relation = relation
    self.partitionBy = partitionBy
    self.orderBy = orderBy
    self.measures = measures
    self.rowsPerMatch = rowsPerMatch
    self.skipTo = skipTo
    self.search = search
    self.pattern = pattern
    self.subsets = subsets
    self.definitions = definitions
    self.alias = alias
    self.columnAliases = columnAliases
    self.range = range
  }
}

/// Is `last(b.price) AS top` after MEASURES.
public struct MeasureDefinition: SyntaxNode {
  public var expression: Expression
  public var name: Identifier
  @SourcePlace public var range: SourceRange

  public init(expression: Expression, name: Identifier, range: SourceRange) {
    self.expression = expression
    self.name = name
    self.range = range
  }
}

/// Says which rows a match gives.
public enum RowsPerMatch: String, Hashable, Sendable, CaseIterable {
  case one = "ONE ROW PER MATCH"
  case all = "ALL ROWS PER MATCH"
  case allShowingEmptyMatches = "ALL ROWS PER MATCH SHOW EMPTY MATCHES"
  case allOmittingEmptyMatches = "ALL ROWS PER MATCH OMIT EMPTY MATCHES"
  case allWithUnmatchedRows = "ALL ROWS PER MATCH WITH UNMATCHED ROWS"
}

/// Says where the search goes on after a match.
public enum SkipTo: Hashable, Sendable {
  case nextRow
  case pastLastRow
  case first(Identifier)
  /// `SKIP TO LAST b` and `SKIP TO b`.
  case last(Identifier)
}

/// Says where a match may begin.
public enum PatternSearch: String, Hashable, Sendable, CaseIterable {
  case initial = "INITIAL"
  case seek = "SEEK"
}

/// Is a regular expression over rows.
public struct RowPattern: SyntaxNode {
  public var kind: RowPatternKind
  @SourcePlace public var range: SourceRange

  public init(kind: RowPatternKind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// Says what a pattern of rows is made of.
public indirect enum RowPatternKind: Hashable, Sendable {
  case variable(Identifier)
  /// `()`
  case empty
  /// `^`
  case partitionStart
  /// `$`
  case partitionEnd
  /// `PERMUTE(a, b)`
  case permutation([RowPattern])
  /// `{- a -}`: matched and left out.
  case exclusion(RowPattern)
  /// `a b`, at least two.
  case sequence([RowPattern])
  /// `a | b`, at least two.
  case alternation([RowPattern])
  case quantified(RowPattern, PatternQuantifier)
}

/// Is `*`, `+`, `?`, `{2}` or `{2,5}`; with a `?` after it as little as possible.
public struct PatternQuantifier: Hashable, Sendable {
  public var atLeast: IntegerLiteral?
  /// Nil for any number.
  public var atMost: IntegerLiteral?
  public var isReluctant: Bool

  public init(atLeast: IntegerLiteral?, atMost: IntegerLiteral?, isReluctant: Bool) {
    self.atLeast = atLeast
    self.atMost = atMost
    self.isReluctant = isReluctant
  }
}

/// Is `u = (a, b)` after SUBSET.
public struct SubsetDefinition: SyntaxNode {
  public var name: Identifier
  /// Never empty.
  public var variables: [Identifier]
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, variables: [Identifier], range: SourceRange) {
    self.name = name
    self.variables = variables
    self.range = range
  }
}

/// Is `b AS b.price > prev(b.price)` after DEFINE.
public struct VariableDefinition: SyntaxNode {
  public var name: Identifier
  public var condition: Expression
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, condition: Expression, range: SourceRange) {
    self.name = name
    self.condition = condition
    self.range = range
  }
}
