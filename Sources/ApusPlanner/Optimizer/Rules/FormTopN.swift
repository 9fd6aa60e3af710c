import ApusValues

/// Keeps only the rows that count of an order, and no order that nobody sees.
///
///     Limit[10]                 TopN[10 by a]
///     └─ Sort[a]           →    └─ t
///        └─ t
///
/// The order of a subquery without a limit means nothing to the query around it.
struct FormTopN: OptimizerRule {
  let name = "form_top_n"

  /// Above this many rows a full sort is as good as a heap.
  private static let maximumCount = 1_000_000

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    rewrite(plan, orderMatters: true)
  }

  private func rewrite(_ plan: LogicalPlan, orderMatters: Bool) -> LogicalPlan {
    switch plan {
    case .sort(var node):
      if !orderMatters { return rewrite(node.input, orderMatters: false) }
      node.input = rewrite(node.input, orderMatters: false)
      return .sort(node)
    case .limit(var node):
      node.input = rewrite(node.input, orderMatters: true)
      return combine(node)
    case .project, .filter, .enforceSingleRow, .tableWrite:
      return plan.mapChildren { rewrite($0, orderMatters: orderMatters) }
    case .scan, .values, .aggregate, .join, .topN, .window, .matchRecognize, .union, .unnest,
      .shared, .recursion:
      return plan.mapChildren { rewrite($0, orderMatters: false) }
    }
  }

  private func combine(_ node: Limit) -> LogicalPlan {
    guard let count = node.count, count <= FormTopN.maximumCount,
      node.offset <= FormTopN.maximumCount
    else { return .limit(node) }
    switch node.input {
    case .sort(let sort):
      return .topN(TopN(input: sort.input, keys: sort.keys, count: count, offset: node.offset))
    case .project(var project):
      project.input = combine(Limit(input: project.input, count: count, offset: node.offset))
      return .project(project)
    default:
      return .limit(node)
    }
  }
}
