import ApusValues

/// Groups by fewer keys: one that is computed from other keys follows from them and is computed
/// for each group instead of each row.
///
///     Aggregate[by ip, k1]              Project[ip, k1 := ip - 1]
///     └─ Project[ip, k1 := ip - 1]  →   └─ Aggregate[by ip]
///                                          └─ Project[ip]
struct ReduceGroupKeys: OptimizerRule {
  let name = "reduce_group_keys"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    try plan.transformUp { node throws(SQLError) in
      guard case .aggregate(let aggregate) = node, aggregate.groupingSets == nil,
        case .project(let project) = aggregate.input
      else { return node }
      return reduce(aggregate, over: project) ?? node
    }
  }

  private func reduce(_ aggregate: Aggregate, over project: Project) -> LogicalPlan? {
    let values = Dictionary(
      project.assignments.map { ($0.column.id, $0.expression) },
      uniquingKeysWith: { first, _ in first }
    )
    // The keys that are columns of the input as they are, by these columns.
    var sources: [ColumnID: Expression] = [:]
    for key in aggregate.keys {
      if case .column(let column)? = values[key.id], sources[column.id] == nil {
        sources[column.id] = .column(key)
      }
    }
    let used = aggregate.aggregates.reduce(into: Set<PlanColumn>()) { used, call in
      let expressions =
        call.arguments + (call.filter.map { [$0] } ?? []) + call.orderBy.map(\.expression)
      for expression in expressions { used.formUnion(expression.columns) }
    }
    var derived: [ColumnID: Expression] = [:]
    for key in aggregate.keys where !used.contains(key) {
      guard let value = values[key.id], value.isDeterministic, !value.columns.isEmpty,
        value.columns.allSatisfy({ sources[$0.id] != nil })
      else { continue }
      if case .column(let column) = value, sources[column.id] == .column(key) { continue }
      derived[key.id] = value.substituting(sources)
    }
    if derived.isEmpty { return nil }
    var input = project
    input.assignments.removeAll { derived[$0.column.id] != nil }
    var reduced = aggregate
    reduced.input = .project(input)
    reduced.keys.removeAll { derived[$0.id] != nil }
    let output = LogicalPlan.aggregate(aggregate).output
    return .project(
      Project(
        input: .aggregate(reduced),
        assignments: output.map {
          Project.Assignment(column: $0, expression: derived[$0.id] ?? .column($0))
        }
      )
    )
  }
}
