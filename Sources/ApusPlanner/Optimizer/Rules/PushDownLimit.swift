import ApusValues

/// Tells scans, the inputs of unions and the sides that outer joins keep how many rows suffice.
///
///     Limit[10]               Limit[10]
///     └─ Project         →    └─ Project
///        └─ Scan                 └─ Scan[limit 10]
///
///     TopN[10 by a.x]         TopN[10 by a.x]
///     └─ LeftJoin        →    └─ LeftJoin
///        ├─ a                    ├─ TopN[10 by a.x]
///        └─ b                    │  └─ a
///                                └─ b
struct PushDownLimit: OptimizerRule {
  let name = "push_down_limit"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    try plan.transformUp { node throws(SQLError) in
      switch node {
      case .limit(var limit):
        guard let count = limit.count else { return node }
        let (rows, overflow) = count.addingReportingOverflow(limit.offset)
        if !overflow { limit.input = bound(limit.input, rows) }
        return .limit(limit)
      case .topN(var topN):
        let (rows, overflow) = topN.count.addingReportingOverflow(topN.offset)
        if !overflow { topN.input = bound(topN.input, rows, by: topN.keys) }
        return .topN(topN)
      default:
        return node
      }
    }
  }

  /// Puts the first rows of an order onto the side of outer joins that gives each of its rows.
  private func bound(_ plan: LogicalPlan, _ rows: Int, by keys: [SortKey]) -> LogicalPlan {
    if case .project(var project) = plan {
      let values = Dictionary(
        project.assignments.map { ($0.column.id, $0.expression) },
        uniquingKeysWith: { first, _ in first }
      )
      project.input = bound(
        project.input,
        rows,
        by: keys.map {
          SortKey(
            $0.expression.substituting(values),
            isAscending: $0.isAscending,
            nullsFirst: $0.nullsFirst
          )
        }
      )
      return .project(project)
    }
    guard case .join(var join) = plan else { return plan }
    func first(of side: LogicalPlan) -> LogicalPlan? {
      guard keys.allSatisfy({ $0.expression.columns.isSubset(of: side.output) }),
        keys.allSatisfy(\.expression.isDeterministic)
      else { return nil }
      return .topN(TopN(input: bound(side, rows, by: keys), keys: keys, count: rows, offset: 0))
    }
    switch join.kind {
    case .left, .mark: join.left = first(of: join.left) ?? join.left
    case .right: join.right = first(of: join.right) ?? join.right
    case .inner, .full, .semi, .anti, .rightSemi, .rightAnti: break
    }
    return .join(join)
  }

  private func bound(_ plan: LogicalPlan, _ rows: Int) -> LogicalPlan {
    switch plan {
    case .scan(var node):
      node.limit = min(node.limit ?? rows, rows)
      return .scan(node)
    case .project:
      return plan.mapChildren { bound($0, rows) }
    case .union(var node):
      node.inputs = node.inputs.map { first(rows, of: $0) }
      return .union(node)
    case .join(var node):
      switch node.kind {
      case .left, .mark: node.left = first(rows, of: node.left)
      case .right: node.right = first(rows, of: node.right)
      case .inner, .full, .semi, .anti, .rightSemi, .rightAnti: return plan
      }
      return .join(node)
    default:
      return plan
    }
  }

  private func first(_ rows: Int, of plan: LogicalPlan) -> LogicalPlan {
    .limit(Limit(input: bound(plan, rows), count: rows))
  }
}
