/// One key of an order.
public struct SortKey: Hashable, Sendable {
  public var expression: Expression
  public var isAscending: Bool
  public var nullsFirst: Bool

  public init(_ expression: Expression, isAscending: Bool, nullsFirst: Bool) {
    self.expression = expression
    self.isAscending = isAscending
    self.nullsFirst = nullsFirst
  }
}

/// Puts all rows in order.
public struct Sort: Sendable {
  public var input: LogicalPlan
  public var keys: [SortKey]

  public init(input: LogicalPlan, keys: [SortKey]) {
    self.input = input
    self.keys = keys
  }
}
