import ApusValues

/// Turns a subquery that uses columns of the query around it into one that does not, by moving the
/// conditions that relate the two up to the join between them.
///
///     SELECT … FROM part WHERE … < (SELECT avg(q) FROM lineitem WHERE l_partkey = p_partkey)
///
/// becomes a left join with `SELECT l_partkey, avg(q) FROM lineitem GROUP BY l_partkey`. This is for
/// filters, inner joins and groupings by equality, and cheaper than `Unnesting`, which takes what is
/// left. The idea is Seshadri, Pirahesh and Leung, "Complex Query Decorrelation" (ICDE 1996).
struct Decorrelation {
  /// The columns around the subquery.
  let outer: Set<PlanColumn>
  let binder: Binder

  func isCorrelated(_ expression: Expression) -> Bool {
    !expression.columns.isDisjoint(with: outer)
  }

  func isCorrelated(_ expressions: [Expression]) -> Bool {
    expressions.contains(where: isCorrelated)
  }

  func isCorrelated(_ plan: LogicalPlan) -> Bool {
    isCorrelated(plan.expressions) || plan.children.contains(where: isCorrelated)
  }

  /// Adds conditions between both sides to the join that stands for a subquery.
  func add(_ predicates: [Expression], to subquery: inout PendingSubquery) {
    var rest: [Expression] = []
    for predicate in predicates {
      if let (inner, outer) = equality(predicate) {
        subquery.criteria.append(Join.Criterion(left: outer, right: inner))
      } else {
        rest.append(predicate)
      }
    }
    if !rest.isEmpty { subquery.filter = .conjunction(rest) }
  }

  /// Returns both sides of `inner = outer`, whichever way round it is written.
  private func equality(_ predicate: Expression) -> (inner: Expression, outer: Expression)? {
    guard case .comparison(let comparison) = predicate, comparison.op == .equal else { return nil }
    let (a, b) = (comparison.left, comparison.right)
    if !isCorrelated(a), !a.columns.isEmpty, !b.columns.isEmpty, b.columns.isSubset(of: outer) {
      return (a, b)
    }
    if !isCorrelated(b), !b.columns.isEmpty, !a.columns.isEmpty, a.columns.isSubset(of: outer) {
      return (b, a)
    }
    return nil
  }

  /// Moves the conditions that name outer columns out of a plan.
  ///
  /// - Returns: a plan without outer columns, and the conditions over its output and outer columns;
  ///   nil if there are outer columns in other places.
  func pullUp(_ plan: LogicalPlan) -> (plan: LogicalPlan, predicates: [Expression])? {
    guard isCorrelated(plan) else { return (plan, []) }
    switch plan {
    case .filter(var node):
      guard let pulled = pullUp(node.input) else { return nil }
      let conjuncts = node.predicate.conjuncts
      let kept = conjuncts.filter { !isCorrelated($0) }
      let moved = conjuncts.filter { isCorrelated($0) }
      node.input = pulled.plan
      node.predicate = .conjunction(kept)
      return (kept.isEmpty ? pulled.plan : .filter(node), pulled.predicates + moved)
    case .project(var node):
      guard !isCorrelated(node.assignments.map(\.expression)) else { return nil }
      guard let pulled = pullUp(node.input) else { return nil }
      node.input = pulled.plan
      var present = Set(node.assignments.map(\.column))
      for column in needed(pulled.predicates) where present.insert(column).inserted {
        node.assignments.append(Project.Assignment(column: column, expression: .column(column)))
      }
      return (.project(node), pulled.predicates)
    case .join(var node):
      return pullUp(join: &node)
    case .aggregate(let node) where !node.keys.isEmpty && !isCorrelated(node.aggregates):
      return pullUp(node.input).flatMap { group(node, $0) }
    case .sort(let node):
      return pullUp(node.input)
    default:
      return nil
    }
  }

  private func isCorrelated(_ calls: [Aggregate.Call]) -> Bool {
    isCorrelated(calls.flatMap { $0.arguments + ($0.filter.map { [$0] } ?? []) })
      || isCorrelated(calls.flatMap { $0.orderBy.map(\.expression) })
  }

  private func pullUp(join node: inout Join) -> (plan: LogicalPlan, predicates: [Expression])? {
    guard !isCorrelated(node.criteria.flatMap { [$0.left, $0.right] }),
      let left = pullUp(node.left)
    else { return nil }
    node.left = left.plan
    var predicates = left.predicates
    if node.kind == .inner {
      guard let right = pullUp(node.right) else { return nil }
      node.right = right.plan
      let conjuncts = node.filter?.conjuncts ?? []
      let kept = conjuncts.filter { !isCorrelated($0) }
      node.filter = kept.isEmpty ? nil : .conjunction(kept)
      predicates += right.predicates + conjuncts.filter { isCorrelated($0) }
    } else {
      guard !isCorrelated(node.right), node.filter.map({ !isCorrelated($0) }) ?? true else {
        return nil
      }
      // A condition moved above a join that adds NULL rows on the left would change its meaning.
      guard node.kind != .right, node.kind != .full else { return nil }
    }
    return (.join(node), predicates)
  }

  /// Adds the inner sides of equalities to the keys of a grouping.
  private func group(
    _ node: Aggregate,
    _ pulled: (plan: LogicalPlan, predicates: [Expression])
  ) -> (plan: LogicalPlan, predicates: [Expression])? {
    var node = node
    var added: [Project.Assignment] = []
    var predicates: [Expression] = []
    for predicate in pulled.predicates {
      guard let (inner, outer) = equality(predicate) else { return nil }
      let key: PlanColumn
      if case .column(let column) = inner {
        key = column
      } else {
        key = binder.makeColumn("correlation_key", inner.type)
        added.append(Project.Assignment(column: key, expression: inner))
      }
      if !node.keys.contains(key) { node.keys.append(key) }
      predicates.append(.comparison(Comparison(.equal, .column(key), outer)))
    }
    node.input = pulled.plan
    if !added.isEmpty {
      let passed = pulled.plan.output.map {
        Project.Assignment(column: $0, expression: .column($0))
      }
      node.input = .project(Project(input: pulled.plan, assignments: passed + added))
    }
    return (.aggregate(node), predicates)
  }

  /// Turns a correlated scalar subquery into a left join with an aggregation.
  ///
  /// - Returns: the join, if one is needed, and the value in place of the subquery: where no row
  ///   matches, `count` is 0. nil if it takes more than that.
  func scalar(_ plan: LogicalPlan, column: PlanColumn)
    -> (subquery: PendingSubquery?, value: Expression)?
  {
    var value = Expression.column(column)
    var node = plan
    while case .project(let projection) = node {
      value = value.substituting(
        Dictionary(
          projection.assignments.map { ($0.column.id, $0.expression) },
          uniquingKeysWith: { first, _ in first }
        )
      )
      node = projection.input
    }
    // SELECT without FROM.
    if case .values(let values) = node, values.rows.count == 1, values.columns.isEmpty {
      return (nil, value)
    }
    guard case .aggregate(let aggregate) = node, aggregate.keys.isEmpty,
      !isCorrelated(aggregate.aggregates), let pulled = pullUp(aggregate.input),
      let grouped = group(aggregate, pulled)
    else { return nil }
    let values = Dictionary(
      aggregate.aggregates.map { ($0.column.id, $0.orZero($0.column)) },
      uniquingKeysWith: { first, _ in first }
    )
    var subquery = PendingSubquery(kind: .left, plan: grouped.plan)
    add(grouped.predicates, to: &subquery)
    return (subquery, value.substituting(values))
  }

  /// The inner columns that conditions name.
  private func needed(_ predicates: [Expression]) -> [PlanColumn] {
    var columns: Set<PlanColumn> = []
    for predicate in predicates { columns.formUnion(predicate.columns) }
    return columns.subtracting(outer).sorted { $0.id.rawValue < $1.id.rawValue }
  }
}
