import ApusValues

extension Unnesting {
  /// Gives bindings that are keys columns of their own: a key that some sets leave out tells no bindings
  /// apart in their groups.
  func copyBindings(of result: inout Unnested, among keys: [PlanColumn]) {
    var copies: [Project.Assignment] = []
    for column in outer {
      guard let binding = result.bindings[column.id], keys.contains(binding) else { continue }
      let copy = binder.makeColumn(binding.name, binding.type)
      copies.append(Project.Assignment(column: copy, expression: .column(binding)))
      result.bindings[column.id] = copy
    }
    if copies.isEmpty { return }
    let passed = result.plan.output.map {
      Project.Assignment(column: $0, expression: .column($0))
    }
    result.plan = .project(Project(input: result.plan, assignments: passed + copies))
  }

  /// Returns a grouping by several sets as a union, in which each set without keys is an aggregation of
  /// all rows: there every binding has a group, even of no rows.
  func splitEmptySets(_ node: Aggregate) throws(SQLError) -> LogicalPlan {
    guard let sets = node.groupingSets, node.input.isRepeatable else {
      throw SQLError.notSupported(
        "A correlated subquery with such grouping sets over values that may be others when they are "
          + "computed again"
      )
    }
    let output = node.output
    var union = Union(columns: output, inputs: [], inputColumns: [])
    func add(_ plan: LogicalPlan) {
      let copy = plan.copied(by: binder)
      union.inputs.append(copy.plan)
      union.inputColumns.append(output.map { copy.columns[$0.id] ?? $0 })
    }
    var others = node
    others.groupingSets?.sets = sets.sets.filter { !$0.isEmpty }
    if others.groupingSets?.sets.isEmpty == false { add(.aggregate(others)) }
    let global = Aggregate(input: node.input, keys: [], aggregates: node.aggregates)
    let keys = node.keys.map {
      Project.Assignment(column: $0, expression: .null($0.type))
    }
    let operations = sets.operations.map { operation in
      let number = Literal(.integer((1 << Int64(operation.keys.count)) - 1), operation.column.type)
      return Project.Assignment(column: operation.column, expression: .literal(number))
    }
    let calls = node.aggregates.map {
      Project.Assignment(column: $0.column, expression: .column($0.column))
    }
    for _ in 0..<sets.sets.count(where: \.isEmpty) {
      // The keys of other branches are the input's columns and would be put out twice by a project.
      let renamed = keys.map { key in
        Project.Assignment(
          column: binder.makeColumn(key.column.name, key.column.type),
          expression: key.expression
        )
      }
      let project = LogicalPlan.project(
        Project(input: .aggregate(global), assignments: renamed + operations + calls)
      )
      let copy = project.copied(by: binder)
      union.inputs.append(copy.plan)
      union.inputColumns.append(
        (renamed + operations + calls).map { copy.columns[$0.column.id] ?? $0.column }
      )
    }
    return .union(union)
  }
}
