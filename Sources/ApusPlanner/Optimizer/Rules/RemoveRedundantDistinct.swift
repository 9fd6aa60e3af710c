import ApusValues

/// Removes a grouping without aggregates where no two rows are alike anyway.
///
///     Aggregate[by nation, n]              Aggregate[count(*) by nation]
///     └─ Aggregate[count(*) by nation]  →  └─ customers
///        └─ customers
struct RemoveRedundantDistinct: OptimizerRule {
  let name = "remove_redundant_distinct"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    try plan.transformUp { node throws(SQLError) in
      guard case .aggregate(let aggregate) = node, aggregate.aggregates.isEmpty,
        !aggregate.keys.isEmpty, aggregate.groupingSets == nil,
        let unique = aggregate.input.uniqueColumns, unique.isSubset(of: aggregate.keys)
      else { return node }
      return .project(
        Project(
          input: aggregate.input,
          assignments: aggregate.keys.map {
            Project.Assignment(column: $0, expression: .column($0))
          }
        )
      )
    }
  }
}

extension LogicalPlan {
  /// Columns that no two rows share the values of, NULLs being equal; empty for a single row, nil if
  /// nothing is known.
  fileprivate var uniqueColumns: Set<PlanColumn>? {
    if isSingleRow { return [] }
    switch self {
    case .aggregate(let node): return node.groupingSets == nil ? Set(node.keys) : nil
    case .filter(let node): return node.input.uniqueColumns
    case .sort(let node): return node.input.uniqueColumns
    case .topN(let node): return node.input.uniqueColumns
    case .limit(let node): return node.input.uniqueColumns
    case .window(let node): return node.input.uniqueColumns
    case .project(let node):
      guard let unique = node.input.uniqueColumns else { return nil }
      var result: Set<PlanColumn> = []
      for column in unique {
        let kept = node.assignments.first { $0.expression == .column(column) }
        guard let kept else { return nil }
        result.insert(kept.column)
      }
      return result
    case .join(let node):
      switch node.kind {
      case .semi, .anti, .mark: return node.left.uniqueColumns
      case .rightSemi, .rightAnti: return node.right.uniqueColumns
      case .inner, .left, .right, .full: return nil
      }
    case .scan, .values, .matchRecognize, .union, .unnest, .enforceSingleRow, .shared, .recursion,
      .tableWrite:
      return nil
    }
  }
}
