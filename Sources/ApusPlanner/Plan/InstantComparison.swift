import ApusValues

// Times with time zone compare, order and group by the point in time alone; the zone is only for
// showing them. In memory both are one number, so a plan compares what `$instant` makes of it: a time
// without a zone, in UTC.

extension LogicalPlan {
  /// Returns the plan with comparisons, orders, groups and joins of times with time zone going by
  /// their points in time; the plan itself if there is none.
  func comparingInstants(_ binder: Binder) throws(SQLError) -> LogicalPlan {
    guard hasZonedTimes else { return self }
    return try transformUp { node throws(SQLError) in
      try InstantComparison(binder: binder).rewrite(node)
    }
  }

  private var hasZonedTimes: Bool {
    expressions.contains(where: \.hasZonedTimes) || output.contains { $0.type.isZoned }
      || children.contains(where: \.hasZonedTimes)
  }
}

extension Expression {
  fileprivate var hasZonedTimes: Bool { type.isZoned || children.contains(where: \.hasZonedTimes) }
}

private struct InstantComparison {
  let binder: Binder

  func rewrite(_ plan: LogicalPlan) throws(SQLError) -> LogicalPlan {
    switch plan.mapOwnExpressions({ comparing($0) }) {
    case .sort(var node):
      node.keys = node.keys.map(instant)
      return .sort(node)
    case .topN(var node):
      node.keys = node.keys.map(instant)
      return .topN(node)
    case .window(var node):
      node.partitionBy = node.partitionBy.map(instant)
      node.orderBy = node.orderBy.map(instant)
      return .window(node)
    case .matchRecognize(var node):
      node.partitionBy = node.partitionBy.map(instant)
      node.orderBy = node.orderBy.map(instant)
      return .matchRecognize(node)
    case .join(var node):
      for index in node.criteria.indices {
        node.criteria[index].left = instant(node.criteria[index].left)
        node.criteria[index].right = instant(node.criteria[index].right)
      }
      return .join(node)
    case .aggregate(let node):
      return aggregate(node)
    case let other:
      return other
    }
  }

  /// Compares instants in an expression and all below it.
  private func comparing(_ expression: Expression) -> Expression {
    switch expression.mapChildren({ comparing($0) }) {
    case .comparison(var comparison):
      comparison.left = instant(comparison.left)
      comparison.right = instant(comparison.right)
      return .comparison(comparison)
    case .inList(var inList):
      inList.operand = instant(inList.operand)
      inList.list = inList.list.map(instant)
      return .inList(inList)
    case let other:
      return other
    }
  }

  private func instant(_ key: SortKey) -> SortKey {
    SortKey(instant(key.expression), isAscending: key.isAscending, nullsFirst: key.nullsFirst)
  }

  private func instant(_ expression: Expression) -> Expression {
    let type: SQLType
    switch expression.type {
    case .timestampWithTimeZone(let precision): type = .timestamp(precision: precision)
    case .timeWithTimeZone(let precision): type = .time(precision: precision)
    default: return expression
    }
    if case .literal(let literal) = expression, literal.value.isNull { return .null(type) }
    let function = binder.builtin("$instant", [expression.type], returning: type)
    return .call(Call(function: function, arguments: [expression], range: nil))
  }

  /// Groups by instants; each group shows the zone of one of its rows.
  private func aggregate(_ original: Aggregate) -> LogicalPlan {
    var node = original
    for index in node.aggregates.indices {
      node.aggregates[index].orderBy = node.aggregates[index].orderBy.map(instant)
      countInstants(&node.aggregates[index])
    }
    guard node.keys.contains(where: { $0.type.isZoned }) else { return .aggregate(node) }
    var input = Project(
      input: node.input,
      assignments: node.input.output.map {
        Project.Assignment(column: $0, expression: .column($0))
      }
    )
    var shown = Project(input: .aggregate(node), assignments: [])
    for index in node.keys.indices {
      let key = node.keys[index]
      guard key.type.isZoned else {
        shown.assignments.append(Project.Assignment(column: key, expression: .column(key)))
        continue
      }
      let instant = instant(.column(key))
      let grouped = binder.makeColumn(key.name, instant.type)
      input.assignments.append(Project.Assignment(column: grouped, expression: instant))
      node.keys[index] = grouped
      let value = binder.makeColumn(key.name, key.type)
      node.aggregates.append(
        Aggregate.Call(
          column: value,
          function: binder.builtin("any_value", [key.type], returning: key.type),
          arguments: [.column(key)]
        )
      )
      // The groups of a set without this key have no value of it.
      let isMissing = Conditional.Branch(
        condition: .isNull(.column(grouped)),
        result: .null(key.type)
      )
      let expression = Expression.conditional(
        Conditional(branches: [isMissing], otherwise: .column(value), type: key.type)
      )
      shown.assignments.append(Project.Assignment(column: key, expression: expression))
    }
    for column in original.output.dropFirst(original.keys.count) {
      shown.assignments.append(Project.Assignment(column: column, expression: .column(column)))
    }
    node.input = .project(input)
    shown.input = .aggregate(node)
    return .project(shown)
  }

  /// What counts different values counts instants.
  private func countInstants(_ call: inout Aggregate.Call) {
    let counts =
      call.isDistinct && call.function.name == "count"
      || call.function.name == "approx_distinct"
    guard counts, let argument = call.arguments.first, argument.type.isZoned else { return }
    call.arguments[0] = instant(argument)
    call.function = binder.builtin(
      call.function.name,
      call.arguments.map(\.type),
      returning: .bigint
    )
  }
}
