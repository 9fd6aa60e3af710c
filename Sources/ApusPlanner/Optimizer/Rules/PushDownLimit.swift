import ApusValues

/// Tells scans and the inputs of unions how many rows suffice.
///
///     Limit[10]               Limit[10]
///     └─ Project         →    └─ Project
///        └─ Scan                 └─ Scan[limit 10]
struct PushDownLimit: OptimizerRule {
  let name = "push_down_limit"

  func rewrite(_ plan: LogicalPlan) throws(SQLError) -> LogicalPlan {
    try plan.transformUp { node throws(SQLError) in
      guard case .limit(var limit) = node, let count = limit.count else { return node }
      let (rows, overflow) = count.addingReportingOverflow(limit.offset)
      if !overflow { limit.input = bound(limit.input, rows) }
      return .limit(limit)
    }
  }

  private func bound(_ plan: LogicalPlan, _ rows: Int) -> LogicalPlan {
    switch plan {
    case .scan(var node):
      node.limit = min(node.limit ?? rows, rows)
      return .scan(node)
    case .project:
      return plan.mapChildren { bound($0, rows) }
    case .union(var node):
      node.inputs = node.inputs.map { .limit(Limit(input: bound($0, rows), count: rows)) }
      return .union(node)
    default:
      return plan
    }
  }
}
