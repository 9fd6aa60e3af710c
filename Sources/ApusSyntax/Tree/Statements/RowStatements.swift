public import ApusValues

/// Is `DELETE FROM t WHERE …`.
public struct DeleteStatement: SyntaxNode {
  public var table: QualifiedName
  public var `where`: Expression?
  @SourcePlace public var range: SourceRange

  public init(table: QualifiedName, where: Expression? = nil, range: SourceRange) {
    self.table = table
    self.where = `where`
    self.range = range
  }
}

/// Is `UPDATE t SET a = 1 WHERE …`.
public struct UpdateStatement: SyntaxNode {
  public var table: QualifiedName
  /// Never empty.
  public var assignments: [Assignment]
  public var `where`: Expression?
  @SourcePlace public var range: SourceRange

  public init(
    table: QualifiedName,
    assignments: [Assignment],
    where: Expression? = nil,
    range: SourceRange
  ) {
    self.table = table
    self.assignments = assignments
    self.where = `where`
    self.range = range
  }
}

/// Is `a = b + 1` after SET.
public struct Assignment: SyntaxNode {
  public var column: Identifier
  public var value: Expression
  @SourcePlace public var range: SourceRange

  public init(column: Identifier, value: Expression, range: SourceRange) {
    self.column = column
    self.value = value
    self.range = range
  }
}

/// Is `MERGE INTO t USING s ON … WHEN MATCHED THEN …`.
public struct MergeStatement: SyntaxNode {
  public var table: QualifiedName
  public var alias: Identifier?
  public var source: Relation
  public var condition: Expression
  /// Never empty; the first that fits a row counts.
  public var branches: [MergeBranch]
  @SourcePlace public var range: SourceRange

  public init(
    table: QualifiedName,
    alias: Identifier? = nil,
    source: Relation,
    condition: Expression,
    branches: [MergeBranch],
    range: SourceRange
  ) {
    self.table = table
    self.alias = alias
    self.source = source
    self.condition = condition
    self.branches = branches
    self.range = range
  }
}

/// Is `WHEN [NOT] MATCHED [AND …] THEN …`.
public struct MergeBranch: SyntaxNode {
  public var isMatched: Bool
  public var condition: Expression?
  public var action: MergeAction
  @SourcePlace public var range: SourceRange

  public init(
    isMatched: Bool,
    condition: Expression? = nil,
    action: MergeAction,
    range: SourceRange
  ) {
    self.isMatched = isMatched
    self.condition = condition
    self.action = action
    self.range = range
  }
}

/// Says what a MERGE does with a row.
public enum MergeAction: Hashable, Sendable {
  case update([Assignment])
  case delete
  /// The columns, which may be left out, and as many values.
  case insert(columns: [Identifier], values: [Expression])
}

/// Is `TRUNCATE TABLE t`.
public struct TruncateStatement: SyntaxNode {
  public var table: QualifiedName
  @SourcePlace public var range: SourceRange

  public init(table: QualifiedName, range: SourceRange) {
    self.table = table
    self.range = range
  }
}
