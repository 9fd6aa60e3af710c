import ApusValues

/// What may be said after GROUP BY: expressions over its keys and over aggregates.
struct AfterAggregation {
  /// The bound GROUP BY expressions and the column that holds each.
  private let keys: [(expression: Expression, column: PlanColumn)]
  /// The columns of FROM, which are out of reach unless they are keys.
  private let source: Set<PlanColumn>
  private let ranges: [ColumnID: SourceRange]

  init(
    keys: [Expression],
    source: Set<PlanColumn>,
    ranges: [ColumnID: SourceRange],
    binder: Binder
  ) {
    self.keys = keys.map { key in
      if case .column(let column) = key, source.contains(column) { return (key, column) }
      return (key, binder.makeColumn("group_key", key.type))
    }
    self.source = source
    self.ranges = ranges
  }

  /// Returns the aggregation of a plan, below it a projection if a key has to be computed.
  func aggregate(_ plan: LogicalPlan, _ aggregates: [Aggregate.Call]) -> LogicalPlan {
    var input = plan
    let computed = keys.filter { $0.expression != .column($0.column) }
    if !computed.isEmpty {
      let passed = plan.output.map {
        Project.Assignment(column: $0, expression: .column($0))
      }
      let added = computed.map {
        Project.Assignment(column: $0.column, expression: $0.expression)
      }
      input = .project(Project(input: plan, assignments: passed + added))
    }
    return .aggregate(Aggregate(input: input, keys: keys.map(\.column), aggregates: aggregates))
  }

  /// Returns an expression over the aggregation's output.
  ///
  /// - Throws: EXPRESSION_NOT_AGGREGATE for a column of FROM that is no key.
  func rewrite(_ expression: Expression) throws(SQLError) -> Expression {
    if let key = keys.first(where: { $0.expression == expression }) { return .column(key.column) }
    if case .column(let column) = expression, source.contains(column) {
      throw SQLError(
        .expressionNotAggregate,
        "'\(column.name)' must be an aggregate expression or appear in GROUP BY clause",
        at: ranges[column.id]
      )
    }
    return try expression.mapChildren { child throws(SQLError) in try rewrite(child) }
  }
}
