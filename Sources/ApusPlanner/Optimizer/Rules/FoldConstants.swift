import ApusValues

/// Computes what needs no row, so that statistics, partitions and other rules see a value.
///
///     Filter[day >= date_add('day', -7, DATE '2024-03-08')]     Filter[day >= DATE '2024-03-01']
///     └─ Scan[day]                                           →  └─ Scan[day]
///
/// An expression that fails stays: it may stand where no row gets to.
struct FoldConstants: OptimizerRule {
  let name = "fold_constants"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    guard let evaluator = binder.context.evaluator else { return plan }
    return plan.mapExpressions { fold($0, evaluator) }
  }

  private func fold(_ expression: Expression, _ evaluator: any ConstantEvaluator) -> Expression {
    switch expression {
    case .column, .literal: return expression
    default: break
    }
    if expression.isConstant, expression.isDeterministic {
      if let value = evaluator.value(of: expression) {
        return .literal(Literal(value, expression.type))
      }
    }
    return expression.mapChildren { fold($0, evaluator) }
  }
}
