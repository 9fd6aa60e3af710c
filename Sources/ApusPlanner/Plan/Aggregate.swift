/// Groups rows by key columns and computes aggregates of each group; without keys there is exactly
/// one group, even of no rows.
public struct Aggregate: Sendable {
  public struct Call: Sendable {
    public var column: PlanColumn
    public var function: BoundFunction
    /// Expressions over the input; none for `count(*)`.
    public var arguments: [Expression]
    public var isDistinct: Bool
    /// Only rows for which it is true count.
    public var filter: Expression?
    /// The order in which rows are fed, for functions that depend on it.
    public var orderBy: [SortKey]

    public init(
      column: PlanColumn,
      function: BoundFunction,
      arguments: [Expression],
      isDistinct: Bool = false,
      filter: Expression? = nil,
      orderBy: [SortKey] = []
    ) {
      self.column = column
      self.function = function
      self.arguments = arguments
      self.isDistinct = isDistinct
      self.filter = filter
      self.orderBy = orderBy
    }
  }

  public var input: LogicalPlan
  /// Columns of the input; NULLs are equal to each other.
  public var keys: [PlanColumn]
  public var aggregates: [Call]

  public init(input: LogicalPlan, keys: [PlanColumn], aggregates: [Call]) {
    self.input = input
    self.keys = keys
    self.aggregates = aggregates
  }
}
