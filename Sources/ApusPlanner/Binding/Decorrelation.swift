import ApusValues

/// Turns a subquery that uses columns of the query around it into one that does not, by moving the
/// conditions that relate the two up to the join between them.
///
///     SELECT … FROM part WHERE … < (SELECT avg(q) FROM lineitem WHERE l_partkey = p_partkey)
///
/// becomes a left join with `SELECT l_partkey, avg(q) FROM lineitem GROUP BY l_partkey`. What takes
/// more than filters, inner joins and groupings by equality is refused. The idea is Seshadri, Pirahesh
/// and Leung, "Complex Query Decorrelation" (ICDE 1996).
struct Decorrelation {
  /// The columns around the subquery.
  let outer: Set<PlanColumn>
  let range: SourceRange
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

  private var refusal: SQLError {
    .notSupported(
      "This correlated subquery",
      at: range,
      hint: "Write it as a join, or correlate by equalities in its WHERE clause."
    )
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
  /// - Parameter keeping: columns that the result must put out besides those the conditions need.
  /// - Returns: a plan without outer columns, and the conditions over its output and outer columns.
  func pullUp(_ plan: LogicalPlan, keeping: [PlanColumn] = []) throws(SQLError)
    -> (plan: LogicalPlan, predicates: [Expression])
  {
    guard isCorrelated(plan) else { return (plan, []) }
    switch plan {
    case .filter(var node):
      let pulled = try pullUp(node.input)
      let conjuncts = node.predicate.conjuncts
      let kept = conjuncts.filter { !isCorrelated($0) }
      let moved = conjuncts.filter { isCorrelated($0) }
      node.input = pulled.plan
      node.predicate = .conjunction(kept)
      return (kept.isEmpty ? pulled.plan : .filter(node), pulled.predicates + moved)
    case .project(var node):
      guard !isCorrelated(node.assignments.map(\.expression)) else { throw refusal }
      let pulled = try pullUp(node.input)
      node.input = pulled.plan
      var present = Set(node.assignments.map(\.column))
      for column in needed(pulled.predicates) where present.insert(column).inserted {
        node.assignments.append(Project.Assignment(column: column, expression: .column(column)))
      }
      return (.project(node), pulled.predicates)
    case .join(var node):
      return try pullUp(join: &node)
    case .aggregate(let node) where !node.keys.isEmpty && node.groupingSets == nil:
      let pulled = try pullUp(node.input)
      let grouped = try group(node, pulled)
      return (grouped.plan, grouped.predicates)
    case .sort(let node):
      return try pullUp(node.input)
    default:
      throw refusal
    }
  }

  private func pullUp(join node: inout Join) throws(SQLError)
    -> (plan: LogicalPlan, predicates: [Expression])
  {
    guard !isCorrelated(node.criteria.flatMap { [$0.left, $0.right] }) else { throw refusal }
    let left = try pullUp(node.left)
    node.left = left.plan
    var predicates = left.predicates
    if node.kind == .inner {
      let right = try pullUp(node.right)
      node.right = right.plan
      let conjuncts = node.filter?.conjuncts ?? []
      let kept = conjuncts.filter { !isCorrelated($0) }
      node.filter = kept.isEmpty ? nil : .conjunction(kept)
      predicates += right.predicates + conjuncts.filter { isCorrelated($0) }
    } else {
      guard !isCorrelated(node.right), node.filter.map({ !isCorrelated($0) }) ?? true else {
        throw refusal
      }
      // A condition moved above a join that adds NULL rows on the left would change its meaning.
      guard node.kind != .right, node.kind != .full else { throw refusal }
    }
    return (.join(node), predicates)
  }

  /// Adds the inner sides of equalities to the keys of a grouping.
  private func group(
    _ node: Aggregate,
    _ pulled: (plan: LogicalPlan, predicates: [Expression])
  ) throws(SQLError) -> (plan: LogicalPlan, predicates: [Expression]) {
    var node = node
    var added: [Project.Assignment] = []
    var predicates: [Expression] = []
    for predicate in pulled.predicates {
      guard let (inner, outer) = equality(predicate) else { throw refusal }
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
  /// - Returns: the join and the value in place of the subquery. Where no row matches, `count` is 0.
  func scalar(_ plan: LogicalPlan, column: PlanColumn) throws(SQLError)
    -> (subquery: PendingSubquery, value: Expression)
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
    guard case .aggregate(let aggregate) = node, aggregate.isGlobal else { throw refusal }
    guard
      !isCorrelated(aggregate.aggregates.flatMap { $0.arguments + ($0.filter.map { [$0] } ?? []) })
    else { throw refusal }
    let grouped = try group(aggregate, try pullUp(aggregate.input))
    var zeros: [ColumnID: Expression] = [:]
    for call in aggregate.aggregates
    where ["count", "count_if", "approx_distinct"].contains(call.function.name) {
      let zero = Expression.literal(Literal(.integer(0), call.column.type))
      zeros[call.column.id] = .coalesce(
        Coalesce([.column(call.column), zero], type: call.column.type)
      )
    }
    var subquery = PendingSubquery(kind: .left, plan: grouped.plan)
    add(grouped.predicates, to: &subquery)
    return (subquery, value.substituting(zeros))
  }

  /// The inner columns that conditions name.
  private func needed(_ predicates: [Expression]) -> [PlanColumn] {
    var columns: Set<PlanColumn> = []
    for predicate in predicates { columns.formUnion(predicate.columns) }
    return columns.subtracting(outer).sorted { $0.id.rawValue < $1.id.rawValue }
  }
}
