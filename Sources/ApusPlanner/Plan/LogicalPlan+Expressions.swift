extension LogicalPlan {
  /// The expressions of this node itself, without those of its inputs.
  public var expressions: [Expression] {
    switch self {
    case .scan, .limit, .union, .enforceSingleRow: []
    case .shared(let node): node.isFirst ? node.sources.map { .column($0) } : []
    case .values(let node): node.rows.flatMap { $0 }
    case .tableWrite(let node): node.columns.map { .column($0) }
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

  /// Returns the plan with the expressions of this node and of all below it replaced by others of
  /// the same type.
  func mapExpressions(_ transform: (Expression) -> Expression) -> LogicalPlan {
    func map(_ keys: [SortKey]) -> [SortKey] {
      keys.map {
        SortKey(transform($0.expression), isAscending: $0.isAscending, nullsFirst: $0.nullsFirst)
      }
    }
    let plan = mapChildren { $0.mapExpressions(transform) }
    switch plan {
    case .scan, .limit, .union, .enforceSingleRow, .shared, .tableWrite:
      return plan
    case .values(var node):
      node.rows = node.rows.map { $0.map(transform) }
      return .values(node)
    case .filter(var node):
      node.predicate = transform(node.predicate)
      return .filter(node)
    case .project(var node):
      for index in node.assignments.indices {
        node.assignments[index].expression = transform(node.assignments[index].expression)
      }
      return .project(node)
    case .aggregate(var node):
      for index in node.aggregates.indices {
        let call = node.aggregates[index]
        node.aggregates[index].arguments = call.arguments.map(transform)
        node.aggregates[index].filter = call.filter.map(transform)
        node.aggregates[index].orderBy = map(call.orderBy)
      }
      return .aggregate(node)
    case .join(var node):
      node.criteria = node.criteria.map {
        Join.Criterion(left: transform($0.left), right: transform($0.right))
      }
      node.filter = node.filter.map(transform)
      return .join(node)
    case .sort(var node):
      node.keys = map(node.keys)
      return .sort(node)
    case .topN(var node):
      node.keys = map(node.keys)
      return .topN(node)
    case .window(var node):
      node.partitionBy = node.partitionBy.map(transform)
      node.orderBy = map(node.orderBy)
      for index in node.functions.indices {
        node.functions[index].arguments = node.functions[index].arguments.map(transform)
        node.functions[index].filter = node.functions[index].filter.map(transform)
      }
      return .window(node)
    }
  }
}
