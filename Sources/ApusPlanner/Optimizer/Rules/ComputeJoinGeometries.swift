import ApusValues

/// Makes the geometries that a join asks about once for each row of its inputs, not for each pair.
///
///     Join[ST_Contains(ST_GeometryFromText(a.text), b.point)]
///     ├─ a
///     └─ b
///
/// becomes
///
///     Join[ST_Contains(geometry, b.point)]
///     ├─ Project[a.text, geometry := ST_GeometryFromText(a.text)]
///     │  └─ a
///     └─ b
///
/// As in Trino, a text that is no geometry fails even in a row without a partner. Points of two numbers
/// stay where they are: they cost nothing, and it is known of them that they are points.
struct ComputeJoinGeometries: OptimizerRule {
  let name = "compute_join_geometries"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    try plan.transformUp { plan throws(SQLError) in
      guard case .join(let join) = plan else { return plan }
      return rewrite(join, binder) ?? plan
    }
  }

  private func rewrite(_ join: Join, _ binder: Binder) -> LogicalPlan? {
    guard let filter = join.filter else { return nil }
    var found: [Expression] = []
    for term in filter.conjuncts { collect(term, into: &found) }
    let wanted = join.output
    var columns: [Expression: Expression] = [:]
    var join = join
    join.left = computing(found, in: join.left, &columns, binder)
    join.right = computing(found, in: join.right, &columns, binder)
    if columns.isEmpty { return nil }
    join.filter = filter.replacing(columns)
    // Above the join nobody has heard of the new columns.
    let passed = wanted.map { Project.Assignment(column: $0, expression: .column($0)) }
    return .project(Project(input: .join(join), assignments: passed))
  }

  /// The geometries in a term of which some cost is to be saved.
  private func collect(_ term: Expression, into found: inout [Expression]) {
    switch term {
    case .call(let call) where call.arguments.contains { $0.type == .geometry }:
      for argument in call.arguments where argument.type == .geometry && !found.contains(argument) {
        guard case .call(let made) = argument, made.function.name != "st_point",
          argument.isDeterministic
        else { continue }
        found.append(argument)
      }
    case .comparison(let comparison):
      collect(comparison.left, into: &found)
      collect(comparison.right, into: &found)
    default:
      return
    }
  }

  /// Returns an input of the join with columns for the geometries that are made of it alone.
  private func computing(
    _ found: [Expression],
    in input: LogicalPlan,
    _ columns: inout [Expression: Expression],
    _ binder: Binder
  ) -> LogicalPlan {
    let available = Set(input.output)
    let own = found.filter {
      columns[$0] == nil && !$0.columns.isEmpty && $0.columns.isSubset(of: available)
    }
    if own.isEmpty { return input }
    var assignments = input.output.map {
      Project.Assignment(column: $0, expression: .column($0))
    }
    for geometry in own {
      let column = binder.makeColumn("geometry", geometry.type)
      columns[geometry] = .column(column)
      assignments.append(Project.Assignment(column: column, expression: geometry))
    }
    return .project(Project(input: input, assignments: assignments))
  }
}
