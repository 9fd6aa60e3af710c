import ApusValues

/// Builds the hash table of an outer, semi or anti join from its smaller side, which goes right.
///
///     SemiJoin[o.id = l.order_id]        RightSemiJoin[l.order_id = o.id]
///     ├─ orders, few                 →   ├─ lines, many
///     └─ lines, many                     └─ orders, few
///
/// Inner joins already have their sides from `ReorderJoins`.
struct ChooseBuildSide: OptimizerRule {
  let name = "choose_build_side"

  private let estimator = CardinalityEstimator()

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    try plan.transformUp { node throws(SQLError) in
      guard case .join(let join) = node, let kind = mirrored(join) else { return node }
      // The left side has to be clearly smaller: what preserves the right side costs a flag a row.
      let leftRows = estimator.estimate(join.left).rowCount
      let rightRows = estimator.estimate(join.right).rowCount
      guard leftRows * 2 < rightRows else { return node }
      var result = join
      result.kind = kind
      (result.left, result.right) = (join.right, join.left)
      result.criteria = join.criteria.map { Join.Criterion(left: $0.right, right: $0.left) }
      return .join(result)
    }
  }

  /// The kind that the join has with its sides exchanged, nil if there is none.
  private func mirrored(_ join: Join) -> Join.Kind? {
    guard !join.criteria.isEmpty, !join.isNullAware else { return nil }
    switch join.kind {
    case .left: return .right
    case .semi: return .rightSemi
    case .anti: return .rightAnti
    case .inner, .right, .full, .mark, .rightSemi, .rightAnti: return nil
    }
  }
}
