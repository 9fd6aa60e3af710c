public import ApusValues

/// Is `a < b`.
public struct ComparisonExpression: SyntaxNode {
  public var `operator`: ComparisonOperator
  public var left: Expression
  public var right: Expression
  @SourcePlace public var range: SourceRange

  public init(
    operator: ComparisonOperator,
    left: Expression,
    right: Expression,
    range: SourceRange
  ) {
    self.operator = `operator`
    self.left = left
    self.right = right
    self.range = range
  }
}

/// Compares two values; `!=` is `notEqual` too.
public enum ComparisonOperator: String, Hashable, Sendable, CaseIterable {
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

/// Is `a > ALL (SELECT …)`.
public struct QuantifiedComparisonExpression: SyntaxNode {
  public var `operator`: ComparisonOperator
  public var quantifier: ComparisonQuantifier
  public var value: Expression
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(
    operator: ComparisonOperator,
    quantifier: ComparisonQuantifier,
    value: Expression,
    query: Query,
    range: SourceRange
  ) {
    self.operator = `operator`
    self.quantifier = quantifier
    self.value = value
    self.query = query
    self.range = range
  }
}

/// Says how many rows of a subquery must compare: SOME is `any`.
public enum ComparisonQuantifier: String, Hashable, Sendable, CaseIterable {
  case all = "ALL"
  case any = "ANY"
}

/// Is `a IS [NOT] DISTINCT FROM b`.
public struct DistinctFromExpression: SyntaxNode {
  public var left: Expression
  public var right: Expression
  public var isNegated: Bool
  @SourcePlace public var range: SourceRange

  public init(left: Expression, right: Expression, isNegated: Bool = false, range: SourceRange) {
    self.left = left
    self.right = right
    self.isNegated = isNegated
    self.range = range
  }
}

/// Is `a [NOT] BETWEEN [SYMMETRIC] low AND high`.
public struct BetweenExpression: SyntaxNode {
  public var value: Expression
  public var low: Expression
  public var high: Expression
  public var isSymmetric: Bool
  public var isNegated: Bool
  @SourcePlace public var range: SourceRange

  public init(
    value: Expression,
    low: Expression,
    high: Expression,
    isSymmetric: Bool = false,
    isNegated: Bool = false,
    range: SourceRange
  ) {
    self.value = value
    self.low = low
    self.high = high
    self.isSymmetric = isSymmetric
    self.isNegated = isNegated
    self.range = range
  }
}

/// Is `a [NOT] IN (1, 2)`.
public struct InListExpression: SyntaxNode {
  public var value: Expression
  /// Never empty.
  public var items: [Expression]
  public var isNegated: Bool
  @SourcePlace public var range: SourceRange

  public init(value: Expression, items: [Expression], isNegated: Bool = false, range: SourceRange) {
    self.value = value
    self.items = items
    self.isNegated = isNegated
    self.range = range
  }
}

/// Is `a [NOT] IN (SELECT …)`.
public struct InSubqueryExpression: SyntaxNode {
  public var value: Expression
  public var query: Query
  public var isNegated: Bool
  @SourcePlace public var range: SourceRange

  public init(value: Expression, query: Query, isNegated: Bool = false, range: SourceRange) {
    self.value = value
    self.query = query
    self.isNegated = isNegated
    self.range = range
  }
}

/// Is `a [NOT] LIKE 'x!%' ESCAPE '!'`.
public struct LikeExpression: SyntaxNode {
  public var value: Expression
  public var pattern: Expression
  public var escape: Expression?
  public var isNegated: Bool
  @SourcePlace public var range: SourceRange

  public init(
    value: Expression,
    pattern: Expression,
    escape: Expression? = nil,
    isNegated: Bool = false,
    range: SourceRange
  ) {
    self.value = value
    self.pattern = pattern
    self.escape = escape
    self.isNegated = isNegated
    self.range = range
  }
}

/// Is `a IS [NOT] NULL`.
public struct IsNullExpression: SyntaxNode {
  public var value: Expression
  public var isNegated: Bool
  @SourcePlace public var range: SourceRange

  public init(value: Expression, isNegated: Bool = false, range: SourceRange) {
    self.value = value
    self.isNegated = isNegated
    self.range = range
  }
}

/// Is `a IS [NOT] TRUE`; never unknown itself.
public struct TruthTestExpression: SyntaxNode {
  public var value: Expression
  public var truth: TruthValue
  public var isNegated: Bool
  @SourcePlace public var range: SourceRange

  public init(value: Expression, truth: TruthValue, isNegated: Bool = false, range: SourceRange) {
    self.value = value
    self.truth = truth
    self.isNegated = isNegated
    self.range = range
  }
}

/// Is one of the three truth values.
public enum TruthValue: String, Hashable, Sendable, CaseIterable {
  case `true` = "TRUE"
  case `false` = "FALSE"
  case unknown = "UNKNOWN"
}

/// Is `EXISTS (SELECT …)`.
public struct ExistsExpression: SyntaxNode {
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(query: Query, range: SourceRange) {
    self.query = query
    self.range = range
  }
}

/// Is `(SELECT max(x) FROM t)` used as a value.
public struct SubqueryExpression: SyntaxNode {
  public var query: Query
  @SourcePlace public var range: SourceRange

  public init(query: Query, range: SourceRange) {
    self.query = query
    self.range = range
  }
}
