// What a query does, as a tree of nodes that say what and not how. One node a file.

/// A relational operator over its inputs.
public indirect enum LogicalPlan: Sendable {
  case scan(Scan)
  case values(ValuesNode)
  case filter(Filter)
  case project(Project)
  case aggregate(Aggregate)
  case join(Join)
  case sort(Sort)
  case topN(TopN)
  case limit(Limit)
  case window(Window)
  case matchRecognize(MatchRecognize)
  case union(Union)
  case unnest(Unnest)
  case enforceSingleRow(EnforceSingleRow)
  case shared(Shared)
  case recursion(Recursion)
  case tableWrite(TableWrite)

  /// The columns of a row that the node puts out.
  public var output: [PlanColumn] {
    switch self {
    case .scan(let node): node.output
    case .values(let node): node.columns
    case .filter(let node): node.input.output
    case .project(let node): node.assignments.map(\.column)
    case .aggregate(let node): node.output
    case .join(let node): node.output
    case .sort(let node): node.input.output
    case .topN(let node): node.input.output
    case .limit(let node): node.input.output
    case .window(let node): node.input.output + node.functions.map(\.column)
    case .matchRecognize(let node): node.output
    case .union(let node): node.columns
    case .unnest(let node): node.input.output + node.added
    case .enforceSingleRow(let node): node.input.output
    case .shared(let node): node.columns
    case .recursion(let node): node.columns
    case .tableWrite(let node): [node.rowCount]
    }
  }

  public var children: [LogicalPlan] {
    switch self {
    case .scan, .values: []
    case .filter(let node): [node.input]
    case .project(let node): [node.input]
    case .aggregate(let node): [node.input]
    case .join(let node): [node.left, node.right]
    case .sort(let node): [node.input]
    case .topN(let node): [node.input]
    case .limit(let node): [node.input]
    case .window(let node): [node.input]
    case .matchRecognize(let node): [node.input]
    case .union(let node): node.inputs
    case .unnest(let node): [node.input]
    case .enforceSingleRow(let node): [node.input]
    case .shared(let node): node.isFirst ? [node.input] : []
    case .recursion(let node): [node.anchor, node.step]
    case .tableWrite(let node): [node.input]
    }
  }

  /// The nodes of the plan as it is shown: the distance to the next sibling in pre-order.
  public var nodeCount: Int { children.reduce(1) { $0 + $1.nodeCount } }

  /// Returns the node with each input replaced by one of the same output columns or more.
  public func mapChildren<Failure: Error>(
    _ transform: (LogicalPlan) throws(Failure) -> LogicalPlan
  ) throws(Failure) -> LogicalPlan {
    switch self {
    case .scan, .values:
      return self
    case .filter(var node):
      node.input = try transform(node.input)
      return .filter(node)
    case .project(var node):
      node.input = try transform(node.input)
      return .project(node)
    case .aggregate(var node):
      node.input = try transform(node.input)
      return .aggregate(node)
    case .join(var node):
      node.left = try transform(node.left)
      node.right = try transform(node.right)
      return .join(node)
    case .sort(var node):
      node.input = try transform(node.input)
      return .sort(node)
    case .topN(var node):
      node.input = try transform(node.input)
      return .topN(node)
    case .limit(var node):
      node.input = try transform(node.input)
      return .limit(node)
    case .window(var node):
      node.input = try transform(node.input)
      return .window(node)
    case .matchRecognize(var node):
      node.input = try transform(node.input)
      return .matchRecognize(node)
    case .union(var node):
      for index in node.inputs.indices { node.inputs[index] = try transform(node.inputs[index]) }
      return .union(node)
    case .unnest(var node):
      node.input = try transform(node.input)
      return .unnest(node)
    case .enforceSingleRow(var node):
      node.input = try transform(node.input)
      return .enforceSingleRow(node)
    case .shared(var node):
      if node.isFirst { node.input = try transform(node.input) }
      return .shared(node)
    case .recursion(var node):
      node.anchor = try transform(node.anchor)
      node.step = try transform(node.step)
      return .recursion(node)
    case .tableWrite(var node):
      node.input = try transform(node.input)
      return .tableWrite(node)
    }
  }
}
