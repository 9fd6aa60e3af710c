import ApusValues

extension LogicalPlan {
  /// Returns the plan with scans that do not put out hidden columns which nothing names.
  func withoutUnusedHiddenColumns() -> LogicalPlan {
    var used: Set<PlanColumn> = []
    func visit(_ plan: LogicalPlan) {
      for expression in plan.expressions { used.formUnion(expression.columns) }
      for child in plan.children { visit(child) }
    }
    visit(self)
    return removingHiddenColumns { used.contains($0) }
  }

  private func removingHiddenColumns(except isUsed: (PlanColumn) -> Bool) -> LogicalPlan {
    guard case .scan(var node) = self else {
      return mapChildren { $0.removingHiddenColumns(except: isUsed) }
    }
    let firstHidden = node.table.schema.count - node.table.hiddenColumnCount
    let kept = node.output.indices.filter {
      node.sourceIndices[$0] < firstHidden || isUsed(node.output[$0])
    }
    node.sourceIndices = kept.map { node.sourceIndices[$0] }
    node.output = kept.map { node.output[$0] }
    return .scan(node)
  }
}
