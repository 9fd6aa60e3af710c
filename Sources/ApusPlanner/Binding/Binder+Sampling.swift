import ApusSyntax
import ApusValues

extension Binder {
  /// Binds TABLESAMPLE.
  ///
  /// BERNOULLI takes each row with a probability. SYSTEM takes row groups of a table's files, and rows
  /// of all else.
  func bindSample(_ node: SampledRelation, outer: Scope?) throws(SQLError) -> BoundRelation {
    var relation = try bindRelation(node.relation, outer: outer)
    let percentage = try samplePercentage(node.percentage)
    if percentage == 100 { return relation }
    if percentage > 0, node.method == .system, case .scan(var scan) = relation.plan,
      scan.table.hasRowGroups
    {
      scan.sampledFraction = percentage / 100
      relation.plan = .scan(scan)
      return relation
    }
    var predicate = Expression.boolean(false)
    if percentage > 0 {
      let random = Call(
        function: builtin("random", [], returning: .double),
        arguments: [],
        range: nil
      )
      let fraction = Literal(.double(percentage / 100), .double)
      predicate = .comparison(Comparison(.less, .call(random), .literal(fraction)))
    }
    relation.plan = .filter(Filter(input: relation.plan, predicate: predicate))
    return relation
  }

  private func samplePercentage(_ syntax: SyntaxExpression) throws(SQLError) -> Double {
    let expression: Expression
    do {
      expression = try bindConstant(syntax)
    } catch  where error.code == .expressionNotConstant {
      throw SQLError(
        .expressionNotConstant,
        "Sample percentage cannot contain column references",
        at: syntax.range
      )
    }
    if case .described = context.parameters { return 100 }
    guard expression.type == .unknown || expression.type.isCoercible(to: .double) else {
      throw SQLError(
        .typeMismatch,
        "Sample percentage should be a numeric expression",
        at: syntax.range
      )
    }
    let constant = expression.coerced(to: .double, at: syntax.range)
    let value: Value? =
      if case .literal(let literal) = constant {
        literal.value
      } else {
        context.evaluator?.value(of: constant)
      }
    switch value {
    case .double(let percentage)?:
      guard percentage >= 0 else {
        throw SQLError(
          .numericValueOutOfRange,
          "Sample percentage must be greater than or equal to 0",
          at: syntax.range
        )
      }
      guard percentage <= 100 else {
        throw SQLError(
          .numericValueOutOfRange,
          "Sample percentage must be less than or equal to 100",
          at: syntax.range
        )
      }
      return percentage
    case .null?:
      throw SQLError(.invalidArguments, "Sample percentage cannot be NULL", at: syntax.range)
    default:
      throw SQLError(
        .invalidArguments,
        "Sample percentage cannot be computed: \(expression)",
        at: syntax.range
      )
    }
  }
}
