import ApusSyntax
import ApusValues

/// A subquery waiting to be joined to the plan of the query around it, whose columns it may use.
struct PendingSubquery {
  var kind: Join.Kind
  var plan: LogicalPlan
  var criteria: [Join.Criterion] = []
  var filter: Expression?
  var isNullAware = false
  var range: SourceRange?

  /// The columns of other plans that the subquery is about.
  var outerColumns: Set<PlanColumn> {
    var result = plan.freeColumns
    for criterion in criteria { result.formUnion(criterion.left.columns) }
    if let filter { result.formUnion(filter.columns.subtracting(plan.output)) }
    return result
  }

  /// Returns the subquery with what it says about the query around it rewritten.
  func mapOuter(_ rewrite: (Expression) throws(SQLError) -> Expression)
    throws(SQLError) -> PendingSubquery
  {
    var result = self
    do {
      for index in criteria.indices {
        result.criteria[index].left = try rewrite(criteria[index].left)
      }
      result.filter = try filter.map(rewrite)
      if !plan.freeColumns.isEmpty { result.plan = try plan.mapExpressions(rewrite) }
    } catch {
      throw error.located(at: range)
    }
    return result
  }
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
    var result = plan
    for subquery in subqueries {
      result = try join(result, try subquery.mapOuter(rewrite), rows: plan)
    }
    return result
  }

  /// Joins a subquery to a plan.
  ///
  /// - Parameter rows: the plan, or one of the same rows with fewer columns.
  func join(_ plan: LogicalPlan, _ subquery: PendingSubquery, rows: LogicalPlan)
    throws(SQLError) -> LogicalPlan
  {
    let used = subquery.plan.freeColumns.intersection(plan.output)
    let isPairing = subquery.kind == .inner || subquery.kind == .left
    if !used.isEmpty, isPairing, subquery.criteria.isEmpty, subquery.filter == nil,
      subquery.plan.isSingleRow
    {
      let unnesting = try unnesting(subquery, uses: used, of: plan, rows)
      if let group = try unnesting.group(subquery.plan) {
        var join = Join(kind: .left, left: plan, right: group.rows.plan)
        join.criteria = unnesting.criteria(nil, group.rows)
        let passed = plan.output.map {
          Project.Assignment(column: $0, expression: .column($0))
        }
        return .project(Project(input: .join(join), assignments: passed + group.values))
      }
    }
    return .join(try unnestedJoin(plan, subquery, rows: rows))
  }

  /// Returns the join of a plan with a subquery that no longer uses the plan's columns.
  func unnestedJoin(_ plan: LogicalPlan, _ subquery: PendingSubquery, rows: LogicalPlan)
    throws(SQLError) -> Join
  {
    var join = Join(
      kind: subquery.kind,
      left: plan,
      right: subquery.plan,
      criteria: subquery.criteria,
      filter: subquery.filter,
      isNullAware: subquery.isNullAware
    )
    let used = subquery.plan.freeColumns.intersection(plan.output)
    if used.isEmpty { return join }
    if join.kind == .inner || join.kind == .left,
      let pulled = Decorrelation(outer: used, binder: self).pullUp(subquery.plan)
    {
      join.right = pulled.plan
      join.add(pulled.predicates)
      return join
    }
    let unnesting = try unnesting(subquery, uses: used, of: plan, rows)
    let unnested = try unnesting.unnest(subquery.plan)
    join.right = unnested.plan
    join.addBindings(unnesting.criteria(nil, unnested))
    return join
  }

  private func unnesting(
    _ subquery: PendingSubquery,
    uses used: Set<PlanColumn>,
    of plan: LogicalPlan,
    _ rows: LogicalPlan
  ) throws(SQLError) -> Unnesting {
    try Unnesting(
      used,
      of: used.isSubset(of: rows.output) ? rows : plan,
      binder: self,
      at: subquery.range
    )
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

  private var decorrelation: Decorrelation {
    Decorrelation(outer: scope.allColumns, binder: binder)
  }

  func bindScalarSubquery(_ node: SubqueryExpression) throws(SQLError) -> Expression {
    let relation = try bindSubquery(node.query)
    let column = try singleColumn(relation, at: node.range)
    if decorrelation.isCorrelated(relation.plan),
      let (subquery, value) = decorrelation.scalar(relation.plan, column: column)
    {
      if let subquery { subqueries.append(subquery) }
      return value
    }
    subqueries.append(
      PendingSubquery(
        kind: .inner,
        plan: .enforceSingleRow(EnforceSingleRow(input: relation.plan)),
        range: node.range
      )
    )
    return .column(column)
  }

  func bindExists(_ node: ExistsExpression) throws(SQLError) -> Expression {
    let relation = try bindSubquery(node.query)
    let decorrelation = decorrelation
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
    var subquery = PendingSubquery(kind: .mark(mark), plan: plan, range: node.range)
    if let pulled = decorrelation.pullUp(plan) {
      subquery.plan = pulled.plan
      decorrelation.add(pulled.predicates, to: &subquery)
    }
    subqueries.append(subquery)
    return .column(mark)
  }

  func bindIn(_ node: InSubqueryExpression) throws(SQLError) -> Expression {
    let test = try bindMembership(try bind(node.value), node.query, at: node.range)
    return node.isNegated ? .not(test) : test
  }

  /// The values that the columns of a query are compared with: the fields of a row, or a row as a whole
  /// where the query gives rows.
  private func fields(of value: Expression, comparedWith relation: Binder.BoundRelation)
    -> [Expression]
  {
    guard case .row(let fields) = value.type else { return [value] }
    if relation.fields.count == 1, case .row = relation.fields[0].column.type { return [value] }
    if case .nest(let nest) = value { return nest.elements }
    return fields.enumerated().map { index, field in
      .field(FieldAccess(value, field: index, type: field.type))
    }
  }

  /// `value IN (query)`, or a row of values, as a null-aware mark.
  private func bindMembership(
    _ value: Expression,
    _ query: Query,
    at range: SourceRange
  ) throws(SQLError) -> Expression {
    let relation = try bindSubquery(query)
    let values = fields(of: value, comparedWith: relation)
    guard values.count > 1 || relation.fields.count == 1 else {
      throw SQLError(
        .notSupported,
        "Multiple columns returned by subquery are not yet supported. Found "
          + "\(relation.fields.count)",
        at: range
      )
    }
    guard values.count == relation.fields.count else {
      throw SQLError(
        .typeMismatch,
        "Value expression and result of subquery must have as many fields: \(values.count) vs "
          + "\(relation.fields.count)",
        at: range
      )
    }
    var equalities: [Join.Criterion] = []
    for (value, field) in zip(values, relation.fields) {
      guard let type = SQLType.common(value.type, field.column.type) else {
        throw SQLError(
          .typeMismatch,
          "Value expression and result of subquery must be of the same type: \(value.type) vs "
            + "\(field.column.type)",
          at: range
        )
      }
      equalities.append(
        Join.Criterion(
          left: value.coerced(to: type, at: range),
          right: Expression.column(field.column).coerced(to: type, at: range)
        )
      )
    }
    let mark = binder.makeColumn("in", .boolean)
    var subquery = PendingSubquery(
      kind: .mark(mark),
      plan: relation.plan,
      isNullAware: true,
      range: range
    )
    let decorrelation = decorrelation
    var predicates: [Expression] = []
    if let pulled = decorrelation.pullUp(relation.plan) {
      subquery.plan = pulled.plan
      predicates = pulled.predicates
    }
    if equalities.count == 1 {
      subquery.criteria = equalities
      decorrelation.add(predicates, to: &subquery)
    } else {
      // Any of the fields may make the answer unknown; which rows it is about never is.
      subquery.filter = .conjunction(
        equalities.map { .comparison(Comparison(.equal, $0.left, $0.right)) }
          + predicates.map(\.orFalse)
      )
    }
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
      return try bindMembership(value, node.query, at: node.range)
    case (.notEqual, .all):
      return .not(try bindMembership(value, node.query, at: node.range))
    default:
      if case .row = value.type { return try bindQuantifiedRow(value, node) }
    }
    let relation = try bindSubquery(node.query)
    let column = try singleColumn(relation, at: node.range)
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
        plan: .aggregate(Aggregate(input: relation.plan, keys: [], aggregates: calls)),
        range: node.range
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

extension ExpressionBinder {
  /// Binds a quantified comparison of rows: each row of the query is compared.
  ///
  /// `value op ALL (query)` is `NOT (value notOp ANY (query))`.
  private func bindQuantifiedRow(_ value: Expression, _ node: QuantifiedComparisonExpression)
    throws(SQLError) -> Expression
  {
    let relation = try bindSubquery(node.query)
    let columns = relation.fields.map { Expression.column($0.column) }
    let other: Expression
    if columns.count == 1, case .row = columns[0].type {
      other = columns[0]
    } else {
      other = .nest(Nest(columns, type: .row(columns.map { RowField(nil, $0.type) })))
    }
    let isAll = node.quantifier == .all
    let op = Comparison.Operator(node.operator)
    let comparison = try compare(isAll ? op.negated : op, value, other, at: node.range)
    let mark = binder.makeColumn("in", .boolean)
    var subquery = PendingSubquery(
      kind: .mark(mark),
      plan: relation.plan,
      isNullAware: true,
      range: node.range
    )
    var predicates: [Expression] = []
    if let pulled = decorrelation.pullUp(relation.plan) {
      subquery.plan = pulled.plan
      predicates = pulled.predicates
    }
    subquery.filter = .conjunction([comparison] + predicates.map(\.orFalse))
    subqueries.append(subquery)
    return isAll ? .not(.column(mark)) : .column(mark)
  }
}

extension Comparison.Operator {
  /// The operator that is true where this one is false.
  fileprivate var negated: Comparison.Operator {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    case .isDistinctFrom: .isDistinctFrom
    }
  }
}

extension Scope {
  /// The columns of this scope and of those around it.
  var allColumns: Set<PlanColumn> {
    Set(fields.map(\.column)).union(parent?.allColumns ?? [])
  }
}
