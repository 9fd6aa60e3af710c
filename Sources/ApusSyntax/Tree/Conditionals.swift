public import ApusValues

/// Is `CASE a WHEN 1 THEN … ELSE … END`.
public struct SimpleCaseExpression: SyntaxNode {
  public var operand: Expression
  /// Never empty.
  public var branches: [WhenBranch]
  public var otherwise: Expression?
  @SourcePlace public var range: SourceRange

  public init(
    operand: Expression,
    branches: [WhenBranch],
    otherwise: Expression? = nil,
    range: SourceRange
  ) {
    self.operand = operand
    self.branches = branches
    self.otherwise = otherwise
    self.range = range
  }
}

/// Is `CASE WHEN a > 1 THEN … ELSE … END`.
public struct SearchedCaseExpression: SyntaxNode {
  /// Never empty.
  public var branches: [WhenBranch]
  public var otherwise: Expression?
  @SourcePlace public var range: SourceRange

  public init(branches: [WhenBranch], otherwise: Expression? = nil, range: SourceRange) {
    self.branches = branches
    self.otherwise = otherwise
    self.range = range
  }
}

/// Is `WHEN condition THEN result`; in a simple CASE the condition is the value to equal.
public struct WhenBranch: SyntaxNode {
  public var condition: Expression
  public var result: Expression
  @SourcePlace public var range: SourceRange

  public init(condition: Expression, result: Expression, range: SourceRange) {
    self.condition = condition
    self.result = result
    self.range = range
  }
}

/// Is `CAST(a AS bigint)` or `TRY_CAST(a AS bigint)`.
public struct CastExpression: SyntaxNode {
  public var value: Expression
  public var type: TypeName
  public var isTry: Bool
  @SourcePlace public var range: SourceRange

  public init(value: Expression, type: TypeName, isTry: Bool = false, range: SourceRange) {
    self.value = value
    self.type = type
    self.isTry = isTry
    self.range = range
  }
}
