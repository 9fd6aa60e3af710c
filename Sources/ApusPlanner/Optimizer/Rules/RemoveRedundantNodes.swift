import ApusValues

/// Removes nodes that do nothing.
///
///     EnforceSingleRow            Aggregate[count(*)]
///     └─ Aggregate[count(*)]  →
///
///     Project[a, b]               t[a, b]
///     └─ t[a, b]              →
struct RemoveRedundantNodes: OptimizerRule {
  let name = "remove_redundant_nodes"

  func rewrite(_ plan: LogicalPlan) throws(SQLError) -> LogicalPlan {
    // The root names the result's columns and stays.
    try plan.mapChildren { child throws(SQLError) in
      try child.transformUp { node throws(SQLError) in
        switch node {
        case .enforceSingleRow(let enforce):
          return enforce.input.isSingleRow ? enforce.input : node
        case .filter(let filter) where filter.predicate == .boolean(true):
          return filter.input
        case .project(let project):
          let isIdentity = project.assignments.allSatisfy { $0.expression == .column($0.column) }
          return isIdentity && project.input.output == project.assignments.map(\.column)
            ? project.input : node
        default:
          return node
        }
      }
    }
  }
}

extension LogicalPlan {
  /// Whether the plan surely puts out exactly one row.
  var isSingleRow: Bool {
    switch self {
    case .aggregate(let node): node.keys.isEmpty
    case .project(let node): node.input.isSingleRow
    case .values(let node): node.rows.count == 1
    case .enforceSingleRow: true
    default: false
    }
  }
}
