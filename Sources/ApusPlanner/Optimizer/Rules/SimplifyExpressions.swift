import ApusValues

/// Makes conditions simpler to run and to see through.
///
///     NOT (NOT a)                                →  a
///     (p AND a) OR (p AND b)                     →  p AND (a OR b)
///     CAST('1994-01-01' AS date)                 →  DATE '1994-01-01'
///     DATE '1994-01-01' + INTERVAL '1' YEAR      →  DATE '1995-01-01'
///     CAST(quantity AS double) < 24E0            →  quantity < DECIMAL '24.00'
///     a IN (1), a AND a                          →  a = 1, a
struct SimplifyExpressions: OptimizerRule {
  let name = "simplify_expressions"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    try plan.transformUp { node throws(SQLError) in
      switch node {
      case .filter(var filter):
        filter.predicate = simplify(filter.predicate)
        return .filter(filter)
      case .join(var join):
        join.filter = join.filter.map(simplify)
        return .join(join)
      case .project(var project):
        for index in project.assignments.indices {
          project.assignments[index].expression = simplify(project.assignments[index].expression)
        }
        return .project(project)
      case .aggregate(var aggregate):
        for index in aggregate.aggregates.indices {
          let call = aggregate.aggregates[index]
          aggregate.aggregates[index].arguments = call.arguments.map(simplify)
          aggregate.aggregates[index].filter = call.filter.map(simplify)
        }
        return .aggregate(aggregate)
      default:
        return node
      }
    }
  }

  func simplify(_ expression: Expression) -> Expression {
    let expression = expression.mapChildren { simplify($0) }
    switch expression {
    case .not(.not(let operand)): return operand
    case .not(.literal(let literal)):
      if case .boolean(let value) = literal.value { return .boolean(!value) }
      return expression
    case .logical(let logical): return simplify(logical)
    case .cast(let cast): return foldCast(cast) ?? expression
    case .arithmetic(let arithmetic): return foldDate(arithmetic) ?? expression
    case .inList(let inList) where inList.list.count == 1:
      return simplify(.comparison(Comparison(.equal, inList.operand, inList.list[0])))
    case .comparison(let comparison): return CastUnwrapping.unwrap(comparison) ?? expression
    default: return expression
    }
  }

  private func simplify(_ logical: Logical) -> Expression {
    // TRUE is neutral to AND and decides OR; FALSE the other way round.
    let neutral = Expression.boolean(logical.op == .and)
    let deciding = Expression.boolean(logical.op == .or)
    var terms: [Expression] = []
    for term in logical.terms {
      if case .logical(let inner) = term, inner.op == logical.op {
        terms += inner.terms
      } else if term != neutral {
        terms.append(term)
      }
    }
    var distinct: [Expression] = []
    for term in terms where !term.isDeterministic || !distinct.contains(term) {
      distinct.append(term)
    }
    terms = distinct
    if terms.contains(deciding) { return deciding }
    switch terms.count {
    case 0: return neutral
    case 1: return terms[0]
    default: return logical.op == .or ? factor(terms) : .logical(Logical(.and, terms))
    }
  }

  /// Takes the conjuncts that all alternatives share out of an OR.
  private func factor(_ terms: [Expression]) -> Expression {
    let conjuncts = terms.map(\.conjuncts)
    let common = conjuncts[0].filter { conjunct in
      conjunct.isDeterministic && conjuncts.allSatisfy { $0.contains(conjunct) }
    }
    guard !common.isEmpty else { return .logical(Logical(.or, terms)) }
    let rest = conjuncts.map { Expression.conjunction($0.filter { !common.contains($0) }) }
    if rest.contains(.boolean(true)) { return .conjunction(common) }
    return .conjunction(common + [.logical(Logical(.or, rest))])
  }

  private func foldCast(_ cast: Cast) -> Expression? {
    guard case .literal(let literal) = cast.operand else { return nil }
    switch (literal.value, cast.type) {
    case (.null, _):
      return .null(cast.type)
    case (.text(let text), .date):
      guard literal.type.isVarchar, let date = CalendarDate(text.trimmingSpaces()) else {
        return nil
      }
      return .literal(Literal(.integer(Int64(date.daysSinceEpoch)), .date))
    case (.integer(let days), .timestamp(let precision)) where literal.type == .date:
      let picoseconds = Int128(days) * Timestamp.picosecondsPerDay
      return Value.timestamp(picoseconds: picoseconds, precision: precision)
        .map { .literal(Literal($0, cast.type)) }
    default:
      return nil
    }
  }

  private func foldDate(_ arithmetic: Arithmetic) -> Expression? {
    guard arithmetic.op == .add || arithmetic.op == .subtract,
      case .literal(let left) = arithmetic.left, left.type == .date,
      case .literal(let right) = arithmetic.right,
      case .integer(let days) = left.value, case .integer(let amount) = right.value
    else { return nil }
    let signed = arithmetic.op == .add ? amount : -amount
    switch right.type {
    case .intervalYearToMonth:
      let date = CalendarDate(daysSinceEpoch: Int(days)).addingMonths(Int(signed))
      return .literal(Literal(.integer(Int64(date.daysSinceEpoch)), .date))
    case .intervalDayToSecond where signed % 86_400_000 == 0:
      return .literal(Literal(.integer(days + signed / 86_400_000), .date))
    default:
      return nil
    }
  }
}
