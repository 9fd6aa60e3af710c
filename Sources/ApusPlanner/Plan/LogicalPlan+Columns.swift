extension LogicalPlan {
  /// The columns that expressions of the plan use and that nothing below them puts out: those of
  /// the queries around a subquery.
  var freeColumns: Set<PlanColumn> {
    var used: Set<PlanColumn> = []
    for expression in expressions { used.formUnion(expression.columns) }
    for child in children { used.subtract(child.output) }
    for child in children { used.formUnion(child.freeColumns) }
    return used
  }

  /// Returns the same plan with an identity of its own for each column that it makes.
  ///
  /// - Returns: the copy, and what each column became; free columns stay what they are.
  func copied(by binder: Binder) -> (plan: LogicalPlan, columns: [ColumnID: PlanColumn]) {
    var columns: [ColumnID: PlanColumn] = [:]
    collectColumns { column in
      if columns[column.id] == nil {
        columns[column.id] = binder.makeColumn(column.name, column.type)
      }
    }
    let expressions = columns.mapValues { Expression.column($0) }
    let copy = mapExpressions { $0.substituting(expressions) }
    return (copy.renaming { columns[$0.id] ?? $0 }, columns)
  }

  /// Calls `body` with each column that the plan makes; some come more than once.
  private func collectColumns(_ body: (PlanColumn) -> Void) {
    for child in children { child.collectColumns(body) }
    switch self {
    case .scan, .values, .project, .union, .shared, .recursion, .tableWrite:
      for column in output { body(column) }
    case .aggregate(let node):
      for call in node.aggregates { body(call.column) }
      for operation in node.groupingSets?.operations ?? [] { body(operation.column) }
    case .window(let node): for function in node.functions { body(function.column) }
    case .matchRecognize(let node): for column in node.made { body(column) }
    case .join(let node): if case .mark(let column) = node.kind { body(column) }
    case .unnest(let node): for column in node.added { body(column) }
    case .filter, .sort, .topN, .limit, .enforceSingleRow: break
    }
  }

  /// Returns the plan with other columns in the places that are no expressions.
  private func renaming(_ renamed: (PlanColumn) -> PlanColumn) -> LogicalPlan {
    switch mapChildren({ $0.renaming(renamed) }) {
    case .scan(var node):
      node.output = node.output.map(renamed)
      return .scan(node)
    case .values(var node):
      node.columns = node.columns.map(renamed)
      return .values(node)
    case .project(var node):
      for index in node.assignments.indices {
        node.assignments[index].column = renamed(node.assignments[index].column)
      }
      return .project(node)
    case .aggregate(var node):
      node.keys = node.keys.map(renamed)
      if var sets = node.groupingSets {
        for index in sets.operations.indices {
          sets.operations[index].column = renamed(sets.operations[index].column)
        }
        node.groupingSets = sets
      }
      for index in node.aggregates.indices {
        node.aggregates[index].column = renamed(node.aggregates[index].column)
      }
      return .aggregate(node)
    case .window(var node):
      for index in node.functions.indices {
        node.functions[index].column = renamed(node.functions[index].column)
      }
      return .window(node)
    case .matchRecognize(let node):
      return .matchRecognize(node.renaming(renamed))
    case .union(var node):
      node.columns = node.columns.map(renamed)
      node.inputColumns = node.inputColumns.map { $0.map(renamed) }
      return .union(node)
    case .join(var node):
      if case .mark(let column) = node.kind { node.kind = .mark(renamed(column)) }
      return .join(node)
    case .unnest(var node):
      for index in node.sources.indices {
        node.sources[index].columns = node.sources[index].columns.map(renamed)
      }
      node.ordinality = node.ordinality.map(renamed)
      return .unnest(node)
    case .shared(var node):
      node.columns = node.columns.map(renamed)
      return .shared(node)
    case .recursion(var node):
      node.columns = node.columns.map(renamed)
      node.anchorColumns = node.anchorColumns.map(renamed)
      node.stepColumns = node.stepColumns.map(renamed)
      return .recursion(node)
    case .tableWrite(var node):
      node.columns = node.columns.map(renamed)
      node.rowCount = renamed(node.rowCount)
      return .tableWrite(node)
    case let other:
      return other
    }
  }
}
