import ApusSyntax
import ApusValues

/// A subquery waiting to be joined to the plan of the query around it.
struct PendingSubquery {
  var kind: Join.Kind
  var plan: LogicalPlan
  var criteria: [Join.Criterion] = []
  var filter: Expression?
  var isNullAware = false
}

extension Binder {
  /// Joins subqueries to a plan, so that the columns that stand for them exist.
  ///
  /// - Parameter rewriting: applied to what they say about the query around them.
  func attach(
    _ subqueries: [PendingSubquery],
    to plan: LogicalPlan,
    rewriting rewrite: (Expression) throws(SQLError) -> Expression = {
      expression throws(SQLError) in expression
    }
  ) throws(SQLError) -> LogicalPlan {
    var plan = plan
    for subquery in subqueries {
      var criteria = subquery.criteria
      for index in criteria.indices { criteria[index].left = try rewrite(criteria[index].left) }
      let filter = try subquery.filter.map { expression throws(SQLError) in
        try rewrite(expression)
      }
      plan = .join(
        Join(
          kind: subquery.kind,
          left: plan,
          right: subquery.plan,
          criteria: criteria,
          filter: filter,
          isNullAware: subquery.isNullAware
        )
      )
    }
    return plan
  }
}

extension ExpressionBinder {
  private func bindSubquery(_ query: Query) throws(SQLError) -> Binder.BoundRelation {
    try binder.bindQuery(query, outer: scope)
  }

  private func singleColumn(_ relation: Binder.BoundRelation, at range: SourceRange)
    throws(SQLError) -> PlanColumn
  {
    guard relation.fields.count == 1 else {
      throw SQLError(
        .notSupported,
        "Multiple columns returned by subquery are not yet supported. Found "
          + "\(relation.fields.count)",
        at: range
      )
    }
    return relation.fields[0].column
  }

  private func decorrelation(at range: SourceRange) -> Decorrelation {
    Decorrelation(outer: scope.allColumns, range: range, binder: binder)
  }

  func bindScalarSubquery(_ node: SubqueryExpression) throws(SQLError) -> Expression {
    let relation = try bindSubquery(node.query)
    let column = try singleColumn(relation, at: node.range)
    let decorrelation = decorrelation(at: node.range)
    guard decorrelation.isCorrelated(relation.plan) else {
      subqueries.append(
        PendingSubquery(
          kind: .inner,
          plan: .enforceSingleRow(EnforceSingleRow(input: relation.plan))
        )
      )
      return .column(column)
    }
    let (subquery, value) = try decorrelation.scalar(relation.plan, column: column)
    subqueries.append(subquery)
    return value
  }

  func bindExists(_ node: ExistsExpression) throws(SQLError) -> Expression {
    let relation = try bindSubquery(node.query)
    let decorrelation = decorrelation(at: node.range)
    var plan = relation.plan
    // What neither adds nor removes the last row does not matter here.
    while true {
      switch plan {
      case .project(let node) where !decorrelation.isCorrelated(node.assignments.map(\.expression)):
        plan = node.input
        continue
      case .sort(let node):
        plan = node.input
        continue
      case .aggregate(let node) where node.aggregates.isEmpty && !node.commonKeys.isEmpty:
        plan = node.input
        continue
      case .aggregate(let node) where node.isGlobal:
        return .boolean(true)
      case .limit(let node) where node.count != 0 && node.offset == 0:
        plan = node.input
        continue
      default:
        break
      }
      break
    }
    let mark = binder.makeColumn("exists", .boolean)
    guard decorrelation.isCorrelated(plan) else {
      subqueries.append(
        PendingSubquery(kind: .mark(mark), plan: .limit(Limit(input: plan, count: 1)))
      )
      return .column(mark)
    }
    let pulled = try decorrelation.pullUp(plan)
    var subquery = PendingSubquery(kind: .mark(mark), plan: pulled.plan)
    decorrelation.add(pulled.predicates, to: &subquery)
    subqueries.append(subquery)
    return .column(mark)
  }

  func bindIn(_ node: InSubqueryExpression) throws(SQLError) -> Expression {
    if case .row(let row) = node.value {
      throw SQLError.notSupported("A row value in IN", at: row.range)
    }
    let test = try bindMembership(
      try bind(node.value),
      node.query,
      what: "IN",
      at: node.range
    )
    return node.isNegated ? .not(test) : test
  }

  /// `value IN (query)` as a null-aware mark.
  private func bindMembership(
    _ value: Expression,
    _ query: Query,
    what: String,
    at range: SourceRange
  ) throws(SQLError) -> Expression {
    let relation = try bindSubquery(query)
    let column = try singleColumn(relation, at: range)
    guard let type = SQLType.common(value.type, column.type) else {
      throw SQLError(
        .typeMismatch,
        "Value expression and result of subquery must be of the same type: \(value.type) vs "
          + "\(column.type)",
        at: range
      )
    }
    let decorrelation = decorrelation(at: range)
    let pulled = try decorrelation.pullUp(relation.plan, keeping: [column])
    let mark = binder.makeColumn("in", .boolean)
    var subquery = PendingSubquery(kind: .mark(mark), plan: pulled.plan, isNullAware: true)
    subquery.criteria = [
      Join.Criterion(
        left: value.coerced(to: type, at: range),
        right: Expression.column(column).coerced(to: type, at: range)
      )
    ]
    decorrelation.add(pulled.predicates, to: &subquery)
    subqueries.append(subquery)
    return .column(mark)
  }

  /// `value op ALL|ANY (query)`.
  ///
  /// `= ANY` is IN and `<> ALL` is NOT IN. The others need only the query's smallest and greatest
  /// value, and whether there are rows and NULLs at all.
  func bindQuantified(_ node: QuantifiedComparisonExpression) throws(SQLError) -> Expression {
    let value = try bind(node.value)
    switch (node.operator, node.quantifier) {
    case (.equal, .any):
      return try bindMembership(value, node.query, what: "ANY", at: node.range)
    case (.notEqual, .all):
      return .not(try bindMembership(value, node.query, what: "ALL", at: node.range))
    default:
      break
    }
    let relation = try bindSubquery(node.query)
    let column = try singleColumn(relation, at: node.range)
    if decorrelation(at: node.range).isCorrelated(relation.plan) {
      throw SQLError.notSupported(
        "A correlated subquery with \(node.quantifier.rawValue)",
        at: node.range
      )
    }
    func aggregate(_ name: String, _ arguments: [PlanColumn]) -> Aggregate.Call {
      let function = binder.builtin(name, arguments.map(\.type), returning: column.type)
      return Aggregate.Call(
        column: binder.makeColumn(name, function.returnType),
        function: function,
        arguments: arguments.map { .column($0) }
      )
    }
    let calls = [
      aggregate("min", [column]), aggregate("max", [column]), aggregate("count", []),
      aggregate("count", [column]),
    ]
    subqueries.append(
      PendingSubquery(
        kind: .inner,
        plan: .aggregate(Aggregate(input: relation.plan, keys: [], aggregates: calls))
      )
    )
    let minimum = Expression.column(calls[0].column)
    let maximum = Expression.column(calls[1].column)
    let rows = Expression.column(calls[2].column)
    let notNull = Expression.column(calls[3].column)
    let zero = Expression.literal(Literal(.integer(0), .bigint))
    let isAll = node.quantifier == .all
    let op = Comparison.Operator(node.operator)
    func compared(_ bound: Expression) throws(SQLError) -> Expression {
      try compare(op, value, bound, at: node.range)
    }
    let holds: Expression =
      switch op {
      case .less, .lessOrEqual: try compared(isAll ? minimum : maximum)
      case .greater, .greaterOrEqual: try compared(isAll ? maximum : minimum)
      case .equal, .notEqual, .isDistinctFrom:
        .logical(Logical(isAll ? .and : .or, [try compared(minimum), try compared(maximum)]))
      }
    let hasNulls = Expression.comparison(Comparison(.greater, rows, notNull))
    let isEmpty = Expression.comparison(Comparison(.equal, rows, zero))
    let unknown = Expression.null(.boolean)
    if isAll {
      let known = Expression.logical(Logical(.or, [.not(hasNulls), unknown]))
      return .logical(Logical(.or, [isEmpty, .logical(Logical(.and, [holds, known]))]))
    }
    let perhaps = Expression.logical(Logical(.and, [hasNulls, unknown]))
    return .logical(
      Logical(.and, [.not(isEmpty), .logical(Logical(.or, [holds, perhaps]))])
    )
  }
}

extension Scope {
  /// The columns of this scope and of those around it.
  var allColumns: Set<PlanColumn> {
    Set(fields.map(\.column)).union(parent?.allColumns ?? [])
  }
}
