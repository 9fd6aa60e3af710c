import ApusValues

/// Removes nodes that do nothing, and what lies under a condition that is never true.
///
///     EnforceSingleRow            Aggregate[count(*)]
///     └─ Aggregate[count(*)]  →
///
///     Project[a, b]               t[a, b]
///     └─ t[a, b]              →
///
///     Project[x := a]             Project[x := b + 1]
///     └─ Project[a := b + 1]  →
struct RemoveRedundantNodes: OptimizerRule {
  let name = "remove_redundant_nodes"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    // The root names the result's columns and stays.
    let below = try plan.mapChildren { child throws(SQLError) in
      try child.transformUp { node throws(SQLError) in simplify(node) }
    }
    return merge(below)
  }

  private func simplify(_ node: LogicalPlan) -> LogicalPlan {
    switch node {
    case .enforceSingleRow(let enforce):
      return enforce.input.isSingleRow ? enforce.input : node
    case .filter(let filter) where filter.predicate == .boolean(true):
      return filter.input
    case .filter(let filter) where filter.predicate == .boolean(false):
      return .values(ValuesNode(columns: filter.input.output, rows: []))
    case .project(let project):
      let isIdentity = project.assignments.allSatisfy { $0.expression == .column($0.column) }
      return isIdentity && project.input.output == project.assignments.map(\.column)
        ? project.input : merge(node)
    default:
      return node
    }
  }

  /// Takes a projection that only picks columns into the one below it.
  private func merge(_ plan: LogicalPlan) -> LogicalPlan {
    guard case .project(var outer) = plan, case .project(let inner) = outer.input else {
      return plan
    }
    let values = Dictionary(
      inner.assignments.map { ($0.column.id, $0.expression) },
      uniquingKeysWith: { first, _ in first }
    )
    var picked: Set<ColumnID> = []
    for index in outer.assignments.indices {
      guard case .column(let column) = outer.assignments[index].expression,
        let value = values[column.id]
      else { return plan }
      // What is picked twice is computed once, below.
      if !picked.insert(column.id).inserted, value != .column(column) { return plan }
      outer.assignments[index].expression = value
    }
    outer.input = inner.input
    return .project(outer)
  }
}

extension LogicalPlan {
  /// Whether the plan surely puts out exactly one row.
  var isSingleRow: Bool {
    switch self {
    case .aggregate(let node): node.isGlobal
    case .project(let node): node.input.isSingleRow
    case .values(let node): node.rows.count == 1
    case .enforceSingleRow, .tableWrite: true
    default: false
    }
  }
}
