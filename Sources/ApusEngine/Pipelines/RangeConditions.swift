import ApusPlanner
import ApusValues

/// Those inequalities of a join's filter by which right rows are found in an order.
struct RangeConditions {
  /// `right op left`, each side over its input alone.
  struct Condition {
    var right: Expression
    var op: Comparison.Operator
    var left: Expression
    /// The conjunct of the filter that says so, or what follows from one, which is then left to check.
    var source: Expression
  }

  /// All of one right expression; never empty.
  private(set) var first: [Condition] = []
  /// One of another right expression.
  private(set) var second: Condition?
  /// The conjuncts that are left to check.
  private(set) var rest: [Expression] = []

  /// - Returns: nil if there are none.
  init?(_ join: Join) {
    let conjuncts = join.filter?.conjuncts ?? []
    let said = conjuncts + conjuncts.flatMap(SpatialConditions.implied)
    let conditions = said.compactMap { RangeConditions.condition($0, join) }
    // Best is a right value that has bounds on both sides.
    let key = conditions.first { condition in
      conditions.contains { $0.right == condition.right && $0.isLower != condition.isLower }
    }
    guard let key = key ?? conditions.first else { return nil }
    first = conditions.filter { $0.right == key.right }
    second = conditions.first { $0.right != key.right }
    let used = (first + (second.map { [$0] } ?? [])).map(\.source)
    rest = conjuncts.filter { !used.contains($0) }
  }

  private static func condition(_ conjunct: Expression, _ join: Join) -> Condition? {
    guard case .comparison(let comparison) = conjunct, conjunct.isDeterministic,
      RangeJoinKeys.isOrdered(comparison.left.type)
    else { return nil }
    switch comparison.op {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: break
    case .equal, .notEqual, .isDistinctFrom: return nil
    }
    func isOver(_ expression: Expression, _ plan: LogicalPlan) -> Bool {
      !expression.columns.isEmpty && expression.columns.isSubset(of: plan.output)
    }
    if isOver(comparison.left, join.left), isOver(comparison.right, join.right) {
      return Condition(
        right: comparison.right,
        op: comparison.op.mirrored,
        left: comparison.left,
        source: conjunct
      )
    }
    if isOver(comparison.right, join.left), isOver(comparison.left, join.right) {
      return Condition(
        right: comparison.left,
        op: comparison.op,
        left: comparison.right,
        source: conjunct
      )
    }
    return nil
  }
}

extension RangeConditions.Condition {
  fileprivate var isLower: Bool { op == .greater || op == .greaterOrEqual }
}
