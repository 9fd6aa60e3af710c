import ApusValues
import ApusVectors

/// Finds conditions that contradict each other, and what has no rows because of them.
///
///     Filter[x = 1 AND x = 2]         Values[0 rows]
///     └─ Scan                     →
///
///     InnerJoin                       Values[0 rows]
///     ├─ Values[0 rows]           →
///     └─ Scan
///
///     Union[x]                        Project[x := a]
///     ├─ Values[0 rows]           →   └─ Scan[a]
///     └─ Scan[a]
struct PropagateEmptiness: OptimizerRule {
  let name = "propagate_emptiness"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    // The root names the result's columns and stays.
    try plan.mapChildren { child throws(SQLError) in
      try child.transformUp { node throws(SQLError) in
        if isEmpty(node) { return .values(ValuesNode(columns: node.output, rows: [])) }
        if case .union(let union) = node { return withoutEmptyInputs(union) }
        return node
      }
    }
  }

  private func withoutEmptyInputs(_ node: Union) -> LogicalPlan {
    let kept = node.inputs.indices.filter { !node.inputs[$0].hasNoRows }
    var node = node
    node.inputs = kept.map { node.inputs[$0] }
    node.inputColumns = kept.map { node.inputColumns[$0] }
    guard node.inputs.count == 1 else { return .union(node) }
    return .project(
      Project(
        input: node.inputs[0],
        assignments: zip(node.columns, node.inputColumns[0]).map {
          Project.Assignment(column: $0, expression: .column($1))
        }
      )
    )
  }

  private func isEmpty(_ plan: LogicalPlan) -> Bool {
    switch plan {
    case .filter(let node):
      return node.input.hasNoRows || isContradiction(node.predicate.conjuncts)
    case .limit(let node):
      return node.count == 0 || node.input.hasNoRows
    case .aggregate(let node):
      return !node.hasEmptySet && node.input.hasNoRows
    case .join(let node):
      switch node.kind {
      case .inner, .semi, .rightSemi: return node.left.hasNoRows || node.right.hasNoRows
      case .left, .anti, .mark: return node.left.hasNoRows
      case .right, .rightAnti: return node.right.hasNoRows
      case .full: return node.left.hasNoRows && node.right.hasNoRows
      }
    case .project(let node): return node.input.hasNoRows
    case .sort(let node): return node.input.hasNoRows
    case .topN(let node): return node.input.hasNoRows
    case .window(let node): return node.input.hasNoRows
    case .matchRecognize(let node): return node.input.hasNoRows
    case .unnest(let node): return node.input.hasNoRows
    case .union(let node): return node.inputs.allSatisfy(\.hasNoRows)
    case .recursion(let node): return node.anchor.hasNoRows
    case .scan, .values, .enforceSingleRow, .shared, .tableWrite: return false
    }
  }

  /// Whether the conditions cannot all be true.
  private func isContradiction(_ conjuncts: [Expression]) -> Bool {
    if conjuncts.contains(.boolean(false)) { return true }
    var domains: [PlanColumn: ColumnDomain] = [:]
    for conjunct in conjuncts {
      guard let (column, domain) = DeriveScanDomains().domain(of: conjunct) else { continue }
      let both = domains[column]?.intersection(domain) ?? domain
      if !both.allowsNull, both.ranges.isEmpty { return true }
      domains[column] = both
    }
    return false
  }
}

extension LogicalPlan {
  fileprivate var hasNoRows: Bool {
    if case .values(let node) = self { node.rows.isEmpty } else { false }
  }
}
