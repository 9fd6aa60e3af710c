extension LogicalPlan {
  /// The expressions of this node itself, without those of its inputs.
  public var expressions: [Expression] {
    switch self {
    case .scan, .limit, .union, .enforceSingleRow: []
    case .values(let node): node.rows.flatMap { $0 }
    case .filter(let node): [node.predicate]
    case .project(let node): node.assignments.map(\.expression)
    case .aggregate(let node):
      node.keys.map { .column($0) }
        + node.aggregates.flatMap { call in
          call.arguments + (call.filter.map { [$0] } ?? []) + call.orderBy.map(\.expression)
        }
    case .join(let node):
      node.criteria.flatMap { [$0.left, $0.right] } + (node.filter.map { [$0] } ?? [])
    case .sort(let node): node.keys.map(\.expression)
    case .topN(let node): node.keys.map(\.expression)
    case .window(let node):
      node.partitionBy + node.orderBy.map(\.expression)
        + node.functions.flatMap { function in
          function.arguments + (function.filter.map { [$0] } ?? [])
            + [function.frame.start, function.frame.end].compactMap { bound in
              switch bound {
              case .preceding(let offset), .following(let offset): offset
              case .unboundedPreceding, .currentRow, .unboundedFollowing: nil
              }
            }
        }
    }
  }
}
