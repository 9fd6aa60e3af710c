import ApusValues

/// Leaves out what nobody above uses: columns of scans, expressions of projections, aggregates,
/// window functions.
///
///     Project[a]              Project[a]
///     └─ Scan[a, b, c]   →    └─ Scan[a]
struct PruneColumns: OptimizerRule {
  let name = "prune_columns"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    prune(plan, required: Set(plan.output))
  }

  /// Returns the plan without what is not needed for the required columns; others may be left.
  func prune(_ plan: LogicalPlan, required: Set<PlanColumn>) -> LogicalPlan {
    switch plan {
    case .scan(var node):
      let kept = node.output.indices.filter { required.contains(node.output[$0]) }
      node.sourceIndices = kept.map { node.sourceIndices[$0] }
      node.output = kept.map { node.output[$0] }
      return .scan(node)
    case .values(var node):
      let kept = node.columns.indices.filter { required.contains(node.columns[$0]) }
      guard kept.count < node.columns.count else { return plan }
      node.rows = node.rows.map { row in kept.map { row[$0] } }
      node.columns = kept.map { node.columns[$0] }
      return .values(node)
    case .project(var node):
      node.assignments = node.assignments.filter { required.contains($0.column) }
      node.input = prune(node.input, required: columns(node.assignments.map(\.expression)))
      return .project(node)
    case .aggregate(var node):
      node.aggregates = node.aggregates.filter { required.contains($0.column) }
      node.input = prune(node.input, required: columns(LogicalPlan.aggregate(node).expressions))
      return .aggregate(node)
    case .window(var node):
      node.functions = node.functions.filter { required.contains($0.column) }
      if node.functions.isEmpty { return prune(node.input, required: required) }
      let own = columns(LogicalPlan.window(node).expressions)
      node.input = prune(node.input, required: required.union(own))
      return .window(node)
    case .matchRecognize(var node):
      node.passed = node.passed.filter { required.contains($0) }
      node.measures = node.measures.filter { required.contains($0.column) }
      node.pruneInputs()
      let own = columns(LogicalPlan.matchRecognize(node).expressions)
      node.input = prune(node.input, required: own.union(node.passed))
      return .matchRecognize(node)
    case .union(var node):
      let kept = node.columns.indices.filter { required.contains(node.columns[$0]) }
      node.columns = kept.map { node.columns[$0] }
      node.inputColumns = node.inputColumns.map { columns in kept.map { columns[$0] } }
      node.inputs = zip(node.inputs, node.inputColumns).map { prune($0, required: Set($1)) }
      return .union(node)
    case .join(var node):
      let needed = required.union(columns(plan.expressions))
      node.left = prune(node.left, required: needed.intersection(node.left.output))
      node.right = prune(node.right, required: needed.intersection(node.right.output))
      return .join(node)
    case .unnest(var node):
      // How many elements there are counts, even if nobody asks for them.
      let needed = required.union(columns(plan.expressions))
      if let ordinality = node.ordinality, !required.contains(ordinality) { node.ordinality = nil }
      node.input = prune(node.input, required: needed.intersection(node.input.output))
      return .unnest(node)
    case .shared:
      return plan
    case .recursion(var node):
      node.anchor = prune(node.anchor, required: Set(node.anchorColumns))
      node.step = prune(node.step, required: Set(node.stepColumns))
      return .recursion(node)
    case .tableWrite(var node):
      node.input = prune(node.input, required: Set(node.columns))
      return .tableWrite(node)
    case .filter, .sort, .topN, .limit, .enforceSingleRow:
      let needed = required.union(columns(plan.expressions))
      return plan.mapChildren { prune($0, required: needed.intersection($0.output)) }
    }
  }

  private func columns(_ expressions: [Expression]) -> Set<PlanColumn> {
    expressions.reduce(into: []) { $0.formUnion($1.columns) }
  }
}
