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

  /// Groupings of the same rows by several sets of keys, their groups one after the other.
  public struct GroupingSets: Sendable {
    /// `grouping(a, b)`: a number that tells groups of different sets apart.
    public struct Operation: Sendable {
      public var column: PlanColumn
      /// Positions among the keys. The last is bit 0 of the number; a key's bit is set in groups
      /// that are not made by it.
      public var keys: [Int]

      public init(column: PlanColumn, keys: [Int]) {
        self.column = column
        self.keys = keys
      }
    }

    /// For each set the positions of its keys, ascending; the other keys are NULL in its groups. A
    /// set without keys has one group, even of no rows.
    public var sets: [[Int]]
    public var operations: [Operation]

    public init(sets: [[Int]], operations: [Operation]) {
      self.sets = sets
      self.operations = operations
    }
  }

  public var input: LogicalPlan
  /// Columns of the input; NULLs are equal to each other.
  public var keys: [PlanColumn]
  /// Nil for a single grouping, by all keys.
  public var groupingSets: GroupingSets?
  public var aggregates: [Call]

  public init(
    input: LogicalPlan,
    keys: [PlanColumn],
    groupingSets: GroupingSets? = nil,
    aggregates: [Call]
  ) {
    self.input = input
    self.keys = keys
    self.groupingSets = groupingSets
    self.aggregates = aggregates
  }

  /// Whether all rows are one group.
  public var isGlobal: Bool { keys.isEmpty && groupingSets == nil }

  /// Whether there is a group even of no rows.
  public var hasEmptySet: Bool { groupingSets?.sets.contains([]) ?? keys.isEmpty }

  /// The keys by which every group is made.
  public var commonKeys: [PlanColumn] {
    guard let sets = groupingSets?.sets else { return keys }
    return keys.indices.filter { key in sets.allSatisfy { $0.contains(key) } }.map { keys[$0] }
  }

  public var output: [PlanColumn] {
    keys + (groupingSets?.operations.map(\.column) ?? []) + aggregates.map(\.column)
  }
}
