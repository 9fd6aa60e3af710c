/// Adds columns computed over the rows of each row's partition.
public struct Window: Sendable {
  public struct Function: Sendable {
    public var column: PlanColumn
    /// A window function or an aggregate.
    public var function: BoundFunction
    public var arguments: [Expression]
    public var frame: Frame
    public var ignoresNulls: Bool
    /// For aggregates: only rows for which it is true count.
    public var filter: Expression?

    public init(
      column: PlanColumn,
      function: BoundFunction,
      arguments: [Expression],
      frame: Frame,
      ignoresNulls: Bool = false,
      filter: Expression? = nil
    ) {
      self.column = column
      self.function = function
      self.arguments = arguments
      self.frame = frame
      self.ignoresNulls = ignoresNulls
      self.filter = filter
    }
  }

  /// The rows around the current one that a function sees.
  public struct Frame: Hashable, Sendable {
    public enum Unit: String, Hashable, Sendable {
      case rows = "ROWS"
      case range = "RANGE"
      case groups = "GROUPS"
    }

    public enum Bound: Hashable, Sendable {
      case unboundedPreceding
      /// An offset: a bigint for ROWS and GROUPS, of the order key's difference type for RANGE.
      case preceding(Expression)
      case currentRow
      case following(Expression)
      case unboundedFollowing
    }

    public var unit: Unit
    public var start: Bound
    public var end: Bound

    public init(unit: Unit, start: Bound, end: Bound) {
      self.unit = unit
      self.start = start
      self.end = end
    }

    /// What holds without a frame clause: all peers up to the current row.
    public static let standard = Frame(
      unit: .range,
      start: .unboundedPreceding,
      end: .currentRow
    )
  }

  public var input: LogicalPlan
  public var partitionBy: [Expression]
  public var orderBy: [SortKey]
  /// All share the partition and the order.
  public var functions: [Function]

  public init(
    input: LogicalPlan,
    partitionBy: [Expression],
    orderBy: [SortKey],
    functions: [Function]
  ) {
    self.input = input
    self.partitionBy = partitionBy
    self.orderBy = orderBy
    self.functions = functions
  }
}
