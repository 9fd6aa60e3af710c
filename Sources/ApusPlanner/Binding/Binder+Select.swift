import ApusSyntax
import ApusValues

extension Binder {
  /// One column of a select list.
  struct SelectedItem {
    var name: String?
    var expression: Expression
    var range: SourceRange
  }

  /// Binds SELECT … with the ORDER BY that belongs to it, which may use what SELECT does not.
  func bindSpecification(
    _ node: QuerySpecification,
    orderBy: [SortItem],
    outer: Scope?
  ) throws(SQLError) -> BoundRelation {
    let source = try withHints(of: node.where) { () throws(SQLError) -> BoundRelation in
      try bindFrom(node.from, outer: outer)
    }
    noteFromBound(of: node)
    let scope = Scope(source.fields, parent: outer)
    var plan = source.plan
    if let condition = node.where {
      let expressions = ExpressionBinder(
        self,
        scope: scope,
        aggregates: "WHERE clause",
        windows: "WHERE clause"
      )
      let predicate = try expressions.bindCondition(condition, clause: "WHERE clause")
      plan = try filter(plan, by: predicate, with: expressions.subqueries)
    }

    let expressions = ExpressionBinder(self, scope: scope, aggregates: nil, windows: nil)
    expressions.namedWindows = node.windows
    var items = try bindItems(node.items, source: source, expressions)
    let grouping = try node.groupBy.map { groupBy throws(SQLError) in
      try bindGrouping(
        groupBy,
        items: items.map(\.expression),
        scope: scope,
        aggregates: expressions.aggregationColumns
      )
    }
    var having: Expression?
    if let condition = node.having {
      expressions.refusal.windows = "HAVING clause"
      having = try expressions.bindCondition(condition, clause: "HAVING clause")
      expressions.refusal.windows = nil
    }
    var sortKeys = try bindOrder(orderBy, items: items, expressions)

    // Aggregation: what follows may use its keys and results only.
    var rewrite: (Expression) throws(SQLError) -> Expression = { expression throws(SQLError) in
      expression
    }
    plan = try attach(
      (grouping?.subqueries ?? []) + expressions.aggregateInputSubqueries,
      to: plan
    )
    if grouping != nil || having != nil || !expressions.aggregates.isEmpty
      || !expressions.groupingOperations.isEmpty
    {
      let aggregation = try AfterAggregation(
        grouping,
        operations: expressions.groupingOperations,
        source: Set(source.fields.map(\.column)),
        ranges: expressions.columnRanges,
        binder: self
      )
      plan = aggregation.aggregate(plan, expressions.aggregates)
      rewrite = { expression throws(SQLError) in try aggregation.rewrite(expression) }
    }
    plan = try attach(expressions.subqueries, to: plan, rewriting: rewrite)
    if let having {
      plan = .filter(Filter(input: plan, predicate: try rewrite(having)))
    }
    for window in expressions.patternWindows {
      plan = try window.add(to: plan, rewriting: rewrite)
    }
    plan = try addWindows(expressions.windows, to: plan, rewriting: rewrite)
    for index in items.indices { items[index].expression = try rewrite(items[index].expression) }
    if node.quantifier == .distinct {
      for type in items.map(\.expression.type) where !type.isComparable {
        throw SQLError(
          .typeMismatch,
          "DISTINCT can only be applied to comparable types (actual: \(type))",
          at: node.range
        )
      }
    }
    for index in sortKeys.indices {
      sortKeys[index].expression = try rewrite(sortKeys[index].expression)
    }
    return try project(
      plan,
      items: items,
      sortKeys: sortKeys,
      sortRanges: orderBy.map(\.range),
      isDistinct: node.quantifier == .distinct
    )
  }

  /// Keeps the rows for which a condition over subqueries is true.
  ///
  /// What does not need the subqueries comes first: they then have fewer rows to answer for.
  private func filter(
    _ plan: LogicalPlan,
    by predicate: Expression,
    with subqueries: [PendingSubquery]
  ) throws(SQLError) -> LogicalPlan {
    if subqueries.isEmpty { return .filter(Filter(input: plan, predicate: predicate)) }
    let output = Set(plan.output)
    func isOwn(_ condition: Expression) -> Bool {
      condition.isDeterministic && !condition.isConstant && condition.columns.isSubset(of: output)
    }
    let conjuncts = predicate.conjuncts
    let own = conjuncts.filter(isOwn)
    let rest = conjuncts.filter { !isOwn($0) }
    var result = plan
    if !own.isEmpty { result = .filter(Filter(input: result, predicate: .conjunction(own))) }
    result = try attach(subqueries, to: result)
    if !rest.isEmpty { result = .filter(Filter(input: result, predicate: .conjunction(rest))) }
    return result
  }

  private func bindFrom(_ relations: [Relation], outer: Scope?) throws(SQLError) -> BoundRelation {
    guard let first = relations.first else {
      return BoundRelation(plan: .values(ValuesNode(columns: [], rows: [[]])), fields: [])
    }
    var result = try bindRelation(first, outer: outer)
    for relation in relations.dropFirst() {
      let next = try bindRelation(relation, beside: result, outer: outer)
      result = BoundRelation(
        plan: try join(result.plan, PendingSubquery(kind: .inner, next, at: relation.range)),
        fields: result.fields + next.fields
      )
    }
    return result
  }

  private func bindItems(
    _ items: [SelectItem],
    source: BoundRelation,
    _ expressions: ExpressionBinder
  ) throws(SQLError) -> [SelectedItem] {
    var result: [SelectedItem] = []
    for item in items {
      switch item {
      case .expression(let node):
        result.append(
          SelectedItem(
            name: node.alias?.value ?? derivedName(node.expression),
            expression: try expressions.bind(node.expression),
            range: node.range
          )
        )
      case .all(let node):
        result += try expandStar(node, source: source, expressions)
      }
    }
    return result
  }

  /// The name of an output column without an alias: that of the column it shows, if it is one.
  private func derivedName(_ expression: SyntaxExpression) -> String? {
    switch expression {
    case .identifier(let node): node.value
    case .dereference(let node): node.field.value
    default: nil
    }
  }

  private func bindOrder(
    _ orderBy: [SortItem],
    items: [SelectedItem],
    _ expressions: ExpressionBinder
  ) throws(SQLError) -> [SortKey] {
    for item in items {
      guard let name = item.name?.lowercased(), expressions.aliases[name] == nil else { continue }
      expressions.aliases[name] = item.expression
    }
    defer { expressions.aliases = [:] }
    var keys: [SortKey] = []
    for item in orderBy {
      let key: Expression
      if let position = try ordinal(item.key, count: items.count) {
        key = items[position].expression
      } else {
        key = try expressions.bind(item.key)
      }
      try key.type.requireOrder(at: item.key.range)
      keys.append(
        SortKey(key, isAscending: !item.isDescending, nullsFirst: item.nulls == .first)
      )
    }
    return keys
  }

  /// Adds the window functions, one node for each partition and order.
  private func addWindows(
    _ pending: [PendingWindow],
    to plan: LogicalPlan,
    rewriting rewrite: (Expression) throws(SQLError) -> Expression
  ) throws(SQLError) -> LogicalPlan {
    var nodes: [(partitionBy: [Expression], orderBy: [SortKey], functions: [Window.Function])] = []
    for window in pending {
      var partitionBy: [Expression] = []
      for expression in window.partitionBy { partitionBy.append(try rewrite(expression)) }
      var orderBy: [SortKey] = []
      for var key in window.orderBy {
        key.expression = try rewrite(key.expression)
        orderBy.append(key)
      }
      var function = window.function
      for index in function.arguments.indices {
        function.arguments[index] = try rewrite(function.arguments[index])
      }
      if let filter = function.filter { function.filter = try rewrite(filter) }
      if let index = nodes.firstIndex(where: {
        $0.partitionBy == partitionBy && $0.orderBy == orderBy
      }) {
        nodes[index].functions.append(function)
      } else {
        nodes.append((partitionBy, orderBy, [function]))
      }
    }
    return nodes.reduce(plan) { plan, node in
      .window(
        Window(
          input: plan,
          partitionBy: node.partitionBy,
          orderBy: node.orderBy,
          functions: node.functions
        )
      )
    }
  }

  /// Computes the select list, removes duplicates if asked to, and sorts.
  private func project(
    _ plan: LogicalPlan,
    items: [SelectedItem],
    sortKeys: [SortKey],
    sortRanges: [SourceRange],
    isDistinct: Bool
  ) throws(SQLError) -> BoundRelation {
    var assignments: [Project.Assignment] = []
    var fields: [ScopeField] = []
    func column(for expression: Expression, name: String) -> PlanColumn {
      if let same = assignments.first(where: { $0.expression == expression }),
        expression.isDeterministic
      {
        return same.column
      }
      // A column of a query around becomes one of its own.
      let column: PlanColumn =
        if case .column(let column) = expression, plan.output.contains(column) {
          column
        } else {
          makeColumn(name, expression.type)
        }
      assignments.append(Project.Assignment(column: column, expression: expression))
      return column
    }
    for (index, item) in items.enumerated() {
      let column = column(for: item.expression, name: item.name ?? "_col\(index)")
      fields.append(ScopeField(name: item.name, qualifier: [], column: column))
    }
    let visible = assignments
    var keys: [SortKey] = []
    for (key, range) in zip(sortKeys, sortRanges) {
      if isDistinct, !visible.contains(where: { $0.expression == key.expression }) {
        throw SQLError(
          .expressionNotInDistinct,
          "For SELECT DISTINCT, ORDER BY expressions must appear in select list",
          at: range
        )
      }
      if key.expression.isConstant, key.expression.isDeterministic { continue }
      var key = key
      key.expression = .column(column(for: key.expression, name: "sort_key"))
      keys.append(key)
    }
    var result = LogicalPlan.project(Project(input: plan, assignments: assignments))
    if isDistinct {
      result = .aggregate(
        Aggregate(input: result, keys: assignments.map(\.column), aggregates: [])
      )
    }
    if !keys.isEmpty { result = .sort(Sort(input: result, keys: keys)) }
    return BoundRelation(plan: result, fields: fields)
  }
}
