import ApusValues

extension LogicalPlan {
  /// Returns a plan that surely puts out the same rows whenever it runs, among them all that this one
  /// does, as far as the given columns go; nil if there is none.
  func repeatableSuperset(_ columns: Set<PlanColumn>) -> LogicalPlan? {
    let plan = PruneColumns().prune(self, required: columns)
    if plan.isRepeatable { return plan }
    switch plan {
    case .filter(let node): return node.input.repeatableSuperset(columns)
    case .sort(let node): return node.input.repeatableSuperset(columns)
    case .limit(let node): return node.input.repeatableSuperset(columns)
    case .topN(let node): return node.input.repeatableSuperset(columns)
    case .project(var node):
      node.assignments.removeAll { !columns.contains($0.column) }
      let expressions = node.assignments.map(\.expression)
      guard expressions.allSatisfy(\.isDeterministic) else { return nil }
      let needed = expressions.reduce(into: Set<PlanColumn>()) { $0.formUnion($1.columns) }
      guard let input = node.input.repeatableSuperset(needed) else { return nil }
      node.input = input
      return .project(node)
    case .join(var node):
      switch node.kind {
      case .left, .semi, .anti, .mark:
        guard columns.isSubset(of: node.left.output) else { return nil }
        return node.left.repeatableSuperset(columns)
      case .inner:
        let left = columns.intersection(node.left.output)
        let right = columns.intersection(node.right.output)
        if right.isEmpty { return node.left.repeatableSuperset(left) }
        if left.isEmpty { return node.right.repeatableSuperset(right) }
        guard let a = node.left.repeatableSuperset(left),
          let b = node.right.repeatableSuperset(right)
        else { return nil }
        node = Join(kind: .inner, left: a, right: b)
        return .join(node)
      case .right, .full, .rightSemi, .rightAnti: return nil
      }
    case .scan, .values, .aggregate, .window, .matchRecognize, .union, .unnest, .enforceSingleRow,
      .shared,
      .recursion, .tableWrite:
      return nil
    }
  }

  /// Whether the plan surely puts out the same rows when it runs again.
  var isRepeatable: Bool {
    guard expressions.allSatisfy(\.isDeterministic), children.allSatisfy(\.isRepeatable) else {
      return false
    }
    switch self {
    case .limit, .topN, .matchRecognize, .tableWrite:
      return false
    case .aggregate(let node):
      return node.aggregates.allSatisfy { $0.function.isRepeatable }
    case .window(let node):
      return node.functions.allSatisfy {
        $0.function.ranksByOrder || ($0.function.isRepeatable && $0.frame.unit != .rows)
      }
    case .scan(let node):
      return node.sampledFraction == nil
    case .values, .filter, .project, .join, .sort, .union, .unnest, .enforceSingleRow,
      .shared, .recursion:
      return true
    }
  }
}

extension BoundFunction {
  /// Whether an aggregate's result does not depend on the order in which it meets its rows.
  fileprivate var isRepeatable: Bool {
    switch name {
    case "count", "count_if", "min", "max", "bool_and", "bool_or", "every", "approx_distinct": true
    case "sum", "avg": parameterTypes.allSatisfy { $0 != .double && $0 != .real }
    default: false
    }
  }

  /// Whether a window function depends on nothing but the order's keys.
  fileprivate var ranksByOrder: Bool {
    ["rank", "dense_rank", "percent_rank", "cume_dist"].contains(name)
  }
}
