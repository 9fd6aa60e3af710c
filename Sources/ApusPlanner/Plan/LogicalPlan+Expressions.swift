extension LogicalPlan {
  /// The expressions of this node itself over the columns of its inputs.
  public var expressions: [Expression] {
    switch self {
    case .scan, .limit, .union, .enforceSingleRow: []
    case .recursion(let node): (node.anchorColumns + node.stepColumns).map { .column($0) }
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
    case .unnest(let node): node.sources.map(\.expression)
    case .matchRecognize(let node): node.inputExpressions
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
  func mapExpressions<Failure: Error>(
    _ transform: (Expression) throws(Failure) -> Expression
  ) throws(Failure) -> LogicalPlan {
    let plan = try mapChildren { (child) throws(Failure) in try child.mapExpressions(transform) }
    return try plan.mapOwnExpressions(transform)
  }

  /// Returns the plan with the expressions of this node replaced by others of the same type.
  func mapOwnExpressions<Failure: Error>(
    _ transform: (Expression) throws(Failure) -> Expression
  ) throws(Failure) -> LogicalPlan {
    func map(_ keys: [SortKey]) throws(Failure) -> [SortKey] {
      var result = keys
      for index in keys.indices { result[index].expression = try transform(keys[index].expression) }
      return result
    }
    switch self {
    case .scan, .limit, .union, .enforceSingleRow, .shared, .recursion, .tableWrite:
      return self
    case .values(var node):
      for index in node.rows.indices { node.rows[index] = try node.rows[index].map(transform) }
      return .values(node)
    case .filter(var node):
      node.predicate = try transform(node.predicate)
      return .filter(node)
    case .project(var node):
      for index in node.assignments.indices {
        node.assignments[index].expression = try transform(node.assignments[index].expression)
      }
      return .project(node)
    case .aggregate(var node):
      for index in node.aggregates.indices {
        let call = node.aggregates[index]
        node.aggregates[index].arguments = try call.arguments.map(transform)
        node.aggregates[index].filter = try call.filter.map(transform)
        node.aggregates[index].orderBy = try map(call.orderBy)
      }
      return .aggregate(node)
    case .join(var node):
      for index in node.criteria.indices {
        node.criteria[index].left = try transform(node.criteria[index].left)
        node.criteria[index].right = try transform(node.criteria[index].right)
      }
      node.filter = try node.filter.map(transform)
      return .join(node)
    case .sort(var node):
      node.keys = try map(node.keys)
      return .sort(node)
    case .topN(var node):
      node.keys = try map(node.keys)
      return .topN(node)
    case .unnest(var node):
      for index in node.sources.indices {
        node.sources[index].expression = try transform(node.sources[index].expression)
      }
      return .unnest(node)
    case .matchRecognize(let node):
      return .matchRecognize(try node.mapExpressions(transform))
    case .window(var node):
      node.partitionBy = try node.partitionBy.map(transform)
      node.orderBy = try map(node.orderBy)
      for index in node.functions.indices {
        node.functions[index] = try node.functions[index].mapExpressions(transform)
      }
      return .window(node)
    }
  }
}
