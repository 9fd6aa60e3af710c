import ApusSyntax
import ApusValues

extension Binder {
  /// Binds a whole statement: the output columns bear the names of the result.
  func bindStatement(_ query: Query) throws(SQLError) -> LogicalPlan {
    let relation = try bindQuery(query, outer: nil)
    let assignments = relation.fields.enumerated().map { index, field in
      var column = field.column
      column.name = field.name ?? "_col\(index)"
      return Project.Assignment(column: column, expression: .column(field.column))
    }
    let plan = LogicalPlan.project(Project(input: relation.plan, assignments: assignments))
      .withoutUnusedHiddenColumns()
    return context.isPrepared ? plan.mapExpressions { $0.withoutPlaces() } : plan
  }

  func bindQuery(_ query: Query, outer: Scope?) throws(SQLError) -> BoundRelation {
    try withCommonTables(query.with, outer: outer) { () throws(SQLError) -> BoundRelation in
      var relation: BoundRelation
      if case .specification(let specification) = query.body {
        relation = try bindSpecification(specification, orderBy: query.orderBy, outer: outer)
      } else {
        relation = try bindBody(query.body, outer: outer)
        relation.plan = try order(relation, by: query.orderBy, outer: outer)
      }
      relation.plan = try limit(relation.plan, query)
      return relation
    }
  }

  func bindBody(_ body: QueryBody, outer: Scope?) throws(SQLError) -> BoundRelation {
    switch body {
    case .specification(let node):
      return try bindSpecification(node, orderBy: [], outer: outer)
    case .setOperation(let node):
      return try bindSetOperation(node, outer: outer)
    case .values(let node):
      return try bindValues(node, outer: outer)
    case .table(let node):
      return try bindTable(node.name).visible
    case .subquery(let node):
      return try bindQuery(node.query, outer: outer)
    }
  }

  /// Sorts by output columns only, which is what a set operation or VALUES offers.
  private func order(_ relation: BoundRelation, by items: [SortItem], outer: Scope?)
    throws(SQLError) -> LogicalPlan
  {
    if items.isEmpty { return relation.plan }
    let scope = Scope(relation.fields, parent: outer)
    let expressions = ExpressionBinder(
      self,
      scope: scope,
      aggregates: "ORDER BY clause",
      windows: "ORDER BY clause"
    )
    var keys: [SortKey] = []
    for item in items {
      let key: Expression
      if let position = try ordinal(item.key, count: relation.fields.count, "ORDER BY") {
        key = .column(relation.fields[position].column)
      } else {
        key = try expressions.bind(item.key)
      }
      try key.type.requireOrder(of: item.key)
      keys.append(
        SortKey(key, isAscending: !item.isDescending, nullsFirst: item.nulls == .first)
      )
    }
    let plan = try attach(expressions.subqueries, to: relation.plan)
    return .sort(Sort(input: plan, keys: keys))
  }

  /// Returns the position that an integer literal of ORDER BY or GROUP BY names, from 0.
  func ordinal(_ syntax: SyntaxExpression, count: Int, _ clause: String) throws(SQLError) -> Int? {
    guard case .integer(let literal) = syntax else { return nil }
    guard let position = Int(literal.text), (1...max(count, 1)).contains(position), count > 0 else {
      throw SQLError(
        .invalidColumnReference,
        "\(clause) position \(literal.text) is not in select list",
        at: literal.range
      )
    }
    return position - 1
  }

  private func limit(_ plan: LogicalPlan, _ query: Query) throws(SQLError) -> LogicalPlan {
    let offset = try query.offset.map { syntax throws(SQLError) in try rowCount(syntax, "OFFSET") }
    var count: Int?
    switch query.limit {
    case .limit(let clause)?:
      count = try clause.count.map { syntax throws(SQLError) in try rowCount(syntax, "LIMIT") }
    case .fetchFirst(let clause)?:
      let first =
        try clause.count.map { syntax throws(SQLError) in try rowCount(syntax, "FETCH FIRST") } ?? 1
      if clause.withTies {
        if query.orderBy.isEmpty {
          throw SQLError(
            .missingOrderBy,
            "FETCH FIRST WITH TIES clause requires ORDER BY",
            at: clause.range
          )
        }
        return limitWithTies(plan, count: first, offset: offset ?? 0)
      }
      count = first
    case nil:
      break
    }
    if count == nil, (offset ?? 0) == 0 { return plan }
    return .limit(Limit(input: plan, count: count, offset: offset ?? 0))
  }

  /// Keeps the first rows of an order and all that are equal to the last of them: those whose rank
  /// is not above the count.
  private func limitWithTies(_ plan: LogicalPlan, count: Int, offset: Int) -> LogicalPlan {
    var input = plan
    var keys: [SortKey] = []
    // Without a sort all keys are constants, and all rows equal.
    if case .sort(let sort) = plan { (input, keys) = (sort.input, sort.keys) }
    let rank = makeColumn("rank", .bigint)
    let number = makeColumn("number", .bigint)
    func function(_ column: PlanColumn, _ name: String) -> Window.Function {
      Window.Function(
        column: column,
        function: builtin(name, [], returning: .bigint),
        arguments: [],
        frame: .standard
      )
    }
    func compare(_ op: Comparison.Operator, _ column: PlanColumn, _ value: Int) -> Expression {
      let literal = Expression.literal(Literal(.integer(Int64(value)), .bigint))
      return .comparison(Comparison(op, .column(column), literal))
    }
    let (last, overflow) = offset.addingReportingOverflow(count)
    let ranked = LogicalPlan.window(
      Window(
        input: input,
        partitionBy: [],
        orderBy: keys,
        functions: [function(rank, "rank"), function(number, "row_number")]
      )
    )
    let kept = LogicalPlan.filter(
      Filter(
        input: ranked,
        predicate: .conjunction([
          compare(.lessOrEqual, rank, overflow ? Int.max : last),
          compare(.greater, number, offset),
        ])
      )
    )
    return keys.isEmpty ? kept : .sort(Sort(input: kept, keys: keys))
  }

  private func rowCount(_ syntax: SyntaxExpression, _ clause: String) throws(SQLError) -> Int {
    guard case .integer(let literal) = syntax else {
      if case .parameter(let node) = syntax { return try bindRowCount(node, clause) }
      throw SQLError(.invalidLimitClause, "\(clause) takes an integer", at: syntax.range)
    }
    guard let value = Int(literal.text) else {
      throw SQLError(
        .invalidLimitClause,
        "\(clause) row count \(literal.text) is too large",
        at: literal.range
      )
    }
    return value
  }

  private func bindValues(_ node: ValuesBody, outer: Scope?) throws(SQLError) -> BoundRelation {
    let expressions = ExpressionBinder(
      self,
      scope: Scope([], parent: outer),
      aggregates: "VALUES clause",
      windows: "VALUES clause"
    )
    var rows: [[Expression]] = []
    for row in node.rows {
      let elements: [SyntaxExpression] = if case .row(let row) = row { row.elements } else { [row] }
      var values: [Expression] = []
      for element in elements { values.append(try expressions.bind(element)) }
      if let first = rows.first, first.count != values.count {
        throw SQLError(
          .typeMismatch,
          "Values rows have mismatched sizes: \(first.count) vs \(values.count)",
          at: row.range
        )
      }
      rows.append(values)
    }
    let width = rows.first?.count ?? 0
    var columns: [PlanColumn] = []
    for index in 0..<width {
      var type = SQLType.unknown
      for (row, syntax) in zip(rows, node.rows) {
        guard let common = SQLType.common(type, row[index].type) else {
          func text(_ row: [Expression]) -> String {
            SQLType.row(row.map { RowField(nil, $0.type) }).description
          }
          throw SQLError(
            .typeMismatch,
            "Values rows have mismatched types: \(text(rows[0])) vs \(text(row))",
            at: syntax.range
          )
        }
        type = common
      }
      columns.append(makeColumn("_col\(index)", type))
    }
    let fields = columns.map { ScopeField(name: $0.name, qualifier: [], column: $0) }
    let coerced = rows.map { row in
      zip(row, columns).map { $0.coerced(to: $1.type, at: node.range) }
    }
    if expressions.subqueries.isEmpty, coerced.allSatisfy({ $0.allSatisfy(\.isConstant) }) {
      return BoundRelation(
        plan: .values(ValuesNode(columns: columns, rows: coerced)),
        fields: fields
      )
    }
    // Rows that need subqueries or outer columns are a union of one-row projections.
    var inputs: [LogicalPlan] = []
    var inputColumns: [[PlanColumn]] = []
    for row in coerced {
      let assignments = zip(columns, row).map {
        Project.Assignment(column: makeColumn($0.name, $0.type), expression: $1)
      }
      let single = try attach(
        expressions.subqueries,
        to: .values(ValuesNode(columns: [], rows: [[]]))
      )
      inputs.append(.project(Project(input: single, assignments: assignments)))
      inputColumns.append(assignments.map(\.column))
    }
    return BoundRelation(
      plan: .union(Union(columns: columns, inputs: inputs, inputColumns: inputColumns)),
      fields: fields
    )
  }

  private func bindSetOperation(_ node: SetOperation, outer: Scope?) throws(SQLError)
    -> BoundRelation
  {
    let isAll = node.quantifier == .all
    var left = try withReferences(refused: isAll && node.operator != .union) {
      node.operator == .intersect
        ? "recursive reference in INTERSECT ALL"
        : "recursive reference in left relation of EXCEPT ALL"
    } in: { () throws(SQLError) in
      try bindBody(node.left, outer: outer)
    }
    var right = try withReferences(
      refused: node.operator == .except || (isAll && node.operator == .intersect)
    ) {
      node.operator == .intersect
        ? "recursive reference in INTERSECT ALL"
        : "recursive reference in right relation of EXCEPT \(isAll ? "ALL" : "DISTINCT")"
    } in: { () throws(SQLError) in
      try bindBody(node.right, outer: outer)
    }
    if let clause = node.corresponding {
      (left, right) = try corresponding(left, right, clause, at: node.range)
    }
    guard left.fields.count == right.fields.count else {
      throw SQLError(
        .typeMismatch,
        "\(node.operator.rawValue) query has different number of fields: \(left.fields.count), "
          + "\(right.fields.count)",
        at: node.right.range
      )
    }
    var columns: [PlanColumn] = []
    for (index, (a, b)) in zip(left.fields, right.fields).enumerated() {
      guard let type = SQLType.common(a.column.type, b.column.type) else {
        throw SQLError(
          .typeMismatch,
          "column \(index + 1) in \(node.operator.rawValue) query has incompatible types: "
            + "\(a.column.type), \(b.column.type)",
          at: node.right.range
        )
      }
      guard type.isComparable || (node.operator == .union && isAll) else {
        throw SQLError(
          .typeMismatch,
          "Type \(type) is not comparable and therefore cannot be used in "
            + "\(node.operator.rawValue)\(node.operator == .union ? " DISTINCT" : "")",
          at: node.range
        )
      }
      columns.append(makeColumn(a.name ?? "_col\(index)", type))
    }
    let isDistinct = node.quantifier != .all
    let plan: LogicalPlan =
      switch node.operator {
      case .union: makeUnion(left, right, columns, isDistinct: isDistinct)
      case .intersect, .except:
        makeDifference(left, right, columns, op: node.operator, isDistinct: isDistinct)
      }
    let fields = zip(columns, left.fields).map {
      ScopeField(name: $1.name, qualifier: [], column: $0)
    }
    return BoundRelation(plan: plan, fields: fields)
  }

  /// Projects a relation to columns of the given types, plus more assignments.
  func project(
    _ relation: BoundRelation,
    to columns: [PlanColumn],
    adding extra: [Project.Assignment] = []
  ) -> (plan: LogicalPlan, columns: [PlanColumn]) {
    let assignments =
      zip(relation.fields, columns).map { field, column in
        Project.Assignment(
          column: makeColumn(column.name, column.type),
          expression: Expression.column(field.column).coerced(to: column.type, at: nil)
        )
      } + extra
    return (
      .project(Project(input: relation.plan, assignments: assignments)),
      assignments.map(\.column)
    )
  }

  private func makeUnion(
    _ left: BoundRelation,
    _ right: BoundRelation,
    _ columns: [PlanColumn],
    isDistinct: Bool
  ) -> LogicalPlan {
    let a = project(left, to: columns)
    let b = project(right, to: columns)
    let union = LogicalPlan.union(
      Union(columns: columns, inputs: [a.plan, b.plan], inputColumns: [a.columns, b.columns])
    )
    return isDistinct
      ? .aggregate(Aggregate(input: union, keys: columns, aggregates: [])) : union
  }

  /// INTERSECT and EXCEPT by counting: the union of both sides, each row marked with its side.
  ///
  /// DISTINCT keeps a group by the counts of both sides. ALL numbers the equal rows of a group and
  /// keeps the first min(l, r) of them, or the first l - r.
  func makeDifference(
    _ left: BoundRelation,
    _ right: BoundRelation,
    _ columns: [PlanColumn],
    op: SetOperator,
    isDistinct: Bool
  ) -> LogicalPlan {
    func marks(_ isLeft: Bool) -> [Project.Assignment] {
      [("left", isLeft), ("right", !isLeft)].map { name, isSet in
        Project.Assignment(
          column: makeColumn(name, .bigint),
          expression: .literal(Literal(isSet ? .integer(1) : .null, .bigint))
        )
      }
    }
    let a = project(left, to: columns, adding: marks(true))
    let b = project(right, to: columns, adding: marks(false))
    let leftMark = makeColumn("left", .bigint)
    let rightMark = makeColumn("right", .bigint)
    let union = LogicalPlan.union(
      Union(
        columns: columns + [leftMark, rightMark],
        inputs: [a.plan, b.plan],
        inputColumns: [a.columns, b.columns]
      )
    )
    let leftCount = makeColumn("left_count", .bigint)
    let rightCount = makeColumn("right_count", .bigint)
    func compare(_ op: Comparison.Operator, _ left: Expression, _ right: Expression) -> Expression {
      .comparison(Comparison(op, left, right))
    }
    let zero = Expression.literal(Literal(.integer(0), .bigint))
    let count = countFunction()
    let counted: LogicalPlan
    let predicate: Expression
    if isDistinct {
      counted = .aggregate(
        Aggregate(
          input: union,
          keys: columns,
          aggregates: [(leftCount, leftMark), (rightCount, rightMark)].map {
            Aggregate.Call(column: $0, function: count, arguments: [.column($1)])
          }
        )
      )
      predicate = .conjunction([
        compare(.greater, .column(leftCount), zero),
        compare(op == .intersect ? .greater : .equal, .column(rightCount), zero),
      ])
    } else {
      let number = makeColumn("number", .bigint)
      let whole = Window.Frame(unit: .rows, start: .unboundedPreceding, end: .unboundedFollowing)
      counted = .window(
        Window(
          input: union,
          partitionBy: columns.map { .column($0) },
          orderBy: [],
          functions: [
            Window.Function(
              column: leftCount,
              function: count,
              arguments: [.column(leftMark)],
              frame: whole
            ),
            Window.Function(
              column: rightCount,
              function: count,
              arguments: [.column(rightMark)],
              frame: whole
            ),
            Window.Function(
              column: number,
              function: rowNumberFunction(),
              arguments: [],
              frame: .standard
            ),
          ]
        )
      )
      let atMostLeft = compare(.lessOrEqual, .column(number), .column(leftCount))
      if op == .intersect {
        predicate = .conjunction([
          atMostLeft, compare(.lessOrEqual, .column(number), .column(rightCount)),
        ])
      } else {
        let rest = Expression.arithmetic(
          Arithmetic(.subtract, .column(leftCount), .column(rightCount), type: .bigint, range: nil)
        )
        predicate = compare(.lessOrEqual, .column(number), rest)
      }
    }
    let assignments = columns.map {
      Project.Assignment(column: $0, expression: .column($0))
    }
    return .project(
      Project(
        input: .filter(Filter(input: counted, predicate: predicate)),
        assignments: assignments
      )
    )
  }

  /// `count(x)`, which every registry has.
  func countFunction() -> BoundFunction { builtin("count", [.bigint], returning: .bigint) }

  private func rowNumberFunction() -> BoundFunction {
    builtin("row_number", [], returning: .bigint)
  }

  /// Returns the overload of a function that takes the types as they are.
  func builtin(_ name: String, _ types: [SQLType], returning type: SQLType) -> BoundFunction {
    let signatures = functions.signatures(named: name)
    let resolution = OverloadResolution(name: name, signatures: signatures)
    let none = SourceRange(start: 0, end: 0)
    if let choice = try? resolution.resolve(types, at: none) { return choice.boundFunction }
    return BoundFunction(
      name: name,
      overload: 0,
      parameterTypes: types,
      returnType: type,
      isDeterministic: true
    )
  }
}
