import ApusValues

/// Checks what every rule must leave true: a node uses only columns that its inputs put out, and
/// the root puts out what the statement asked for.
enum PlanVerifier {
  static func verify(_ plan: LogicalPlan, output: [PlanColumn], after rule: String)
    throws(SQLError)
  {
    guard plan.output == output else {
      throw SQLError.internal("rule \(rule) changed the columns of the result")
    }
    try verify(plan, after: rule)
  }

  private static func verify(_ plan: LogicalPlan, after rule: String) throws(SQLError) {
    var available: Set<PlanColumn> = []
    for child in plan.children { available.formUnion(child.output) }
    for expression in plan.expressions {
      if let missing = expression.columns.first(where: { !available.contains($0) }) {
        throw SQLError.internal("rule \(rule) left \(missing.name) without a source")
      }
    }
    if case .union(let node) = plan {
      for (input, columns) in zip(node.inputs, node.inputColumns)
      where columns.count != node.columns.count || !Set(columns).isSubset(of: input.output) {
        throw SQLError.internal("rule \(rule) broke a union")
      }
    }
    for child in plan.children { try verify(child, after: rule) }
  }
}
