import ApusValues

/// Orders inner joins by what statistics promise: small results first, the smaller side built into
/// the hash table (the right one).
///
/// The relations of one tree of inner joins and the conditions between them form a graph. Up to ten
/// relations, all orders without needless cross products are weighed by dynamic programming over
/// subsets (Moerkotte and Neumann, VLDB 2006, in its plain form); beyond that the cheapest pair is
/// joined first. A semi or anti join above the tree moves down to the relation that it is about when
/// that costs less than asking for every row of the whole tree; an anti join within the tree, which
/// keeps most rows, is first put above it.
struct ReorderJoins: OptimizerRule {
  let name = "reorder_joins"

  private static let exhaustiveLimit = 10
  private let estimator = CardinalityEstimator()

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    reorder(raisingAntiJoins(plan))
  }

  private func raisingAntiJoins(_ plan: LogicalPlan) -> LogicalPlan {
    let plan = plan.mapChildren(raisingAntiJoins)
    guard case .join(var inner) = plan, inner.kind == .inner else { return plan }
    if case .join(var anti) = inner.left.belowPickedColumns, anti.kind == .anti {
      inner.left = anti.left
      anti.left = raisingAntiJoins(.join(inner))
      return .join(anti)
    }
    if case .join(var anti) = inner.right.belowPickedColumns, anti.kind == .anti {
      inner.right = anti.left
      anti.left = raisingAntiJoins(.join(inner))
      return .join(anti)
    }
    return plan
  }

  private func reorder(_ plan: LogicalPlan) -> LogicalPlan {
    guard case .join(let node) = plan else { return plan.mapChildren(reorder) }
    switch node.kind {
    case .inner:
      var graph = JoinGraph()
      collect(plan, into: &graph)
      return order(graph)
    case .semi, .anti:
      return placeSemiJoin(node)
    case .left, .right, .full, .mark, .rightSemi, .rightAnti:
      return plan.mapChildren(reorder)
    }
  }

  private struct JoinGraph {
    var relations: [LogicalPlan] = []
    var conditions: [Expression] = []
  }

  private func collect(_ plan: LogicalPlan, into graph: inout JoinGraph) {
    switch plan {
    case .join(let node) where node.kind == .inner:
      collect(node.left, into: &graph)
      collect(node.right, into: &graph)
      graph.conditions += node.criteria.map {
        .comparison(Comparison(.equal, $0.left, $0.right))
      }
      graph.conditions += node.filter?.conjuncts ?? []
    case .filter(let node):
      // A condition left above a join belongs to the graph if it can move.
      if case .join(let join) = node.input, join.kind == .inner, node.predicate.isDeterministic {
        collect(node.input, into: &graph)
        graph.conditions += node.predicate.conjuncts
      } else {
        graph.relations.append(reorder(plan))
      }
    default:
      graph.relations.append(reorder(plan))
    }
  }

  /// A plan for a subset of the relations.
  private struct Candidate {
    var plan: LogicalPlan
    var estimate: CardinalityEstimator.Estimate
    var cost: Double
    var members: UInt64
  }

  /// A condition with the relations that it needs.
  private struct Edge {
    var condition: Expression
    var members: UInt64
    /// The two sides of an equality between disjoint sets of relations.
    var sides: (UInt64, UInt64)?
  }

  private func order(_ graph: JoinGraph) -> LogicalPlan {
    guard graph.relations.count <= 64 else {
      return chain(graph)
    }
    let outputs = graph.relations.map { Set($0.output) }
    func members(_ columns: Set<PlanColumn>) -> UInt64 {
      var mask: UInt64 = 0
      for (index, output) in outputs.enumerated() where !columns.isDisjoint(with: output) {
        mask |= 1 << UInt64(index)
      }
      return mask
    }
    let edges = graph.conditions.map { condition -> Edge in
      var edge = Edge(condition: condition, members: members(condition.columns), sides: nil)
      if case .comparison(let comparison) = condition, comparison.op == .equal {
        let a = members(comparison.left.columns)
        let b = members(comparison.right.columns)
        if a != 0, b != 0, a & b == 0 { edge.sides = (a, b) }
      }
      return edge
    }
    var leaves: [Candidate] = []
    for (index, relation) in graph.relations.enumerated() {
      let mask: UInt64 = 1 << UInt64(index)
      let own = edges.filter { $0.members & ~mask == 0 && $0.members != 0 }.map(\.condition)
      let plan =
        own.isEmpty
        ? relation : .filter(Filter(input: relation, predicate: .conjunction(own)))
      let estimate = estimator.estimate(plan)
      leaves.append(Candidate(plan: plan, estimate: estimate, cost: 0, members: mask))
    }
    var best =
      leaves.count <= Self.exhaustiveLimit ? exhaustive(leaves, edges) : greedy(leaves, edges)
    let constants = edges.filter { $0.members == 0 }.map(\.condition)
    if !constants.isEmpty {
      best = .filter(Filter(input: best, predicate: .conjunction(constants)))
    }
    return best
  }

  /// Joins in the order written, for graphs too large to weigh.
  private func chain(_ graph: JoinGraph) -> LogicalPlan {
    var plan = graph.relations[0]
    for relation in graph.relations.dropFirst() {
      plan = .join(Join(kind: .inner, left: plan, right: relation))
    }
    return .filter(Filter(input: plan, predicate: .conjunction(graph.conditions)))
  }

  private func exhaustive(_ leaves: [Candidate], _ edges: [Edge]) -> LogicalPlan {
    let full: UInt64 = (1 << UInt64(leaves.count)) - 1
    var table: [UInt64: Candidate] = [:]
    for leaf in leaves { table[leaf.members] = leaf }
    var subset: UInt64 = 1
    while subset <= full {
      defer { subset += 1 }
      guard subset.nonzeroBitCount > 1 else { continue }
      var connected: Candidate?
      var crossed: Candidate?
      // Each split once: the part with the lowest relation goes first.
      let lowest = subset & (~subset + 1)
      var part = (subset - 1) & subset
      while part > 0 {
        defer { part = (part - 1) & subset }
        guard part & lowest != 0, let a = table[part], let b = table[subset & ~part] else {
          continue
        }
        let candidate = join(a, b, edges)
        if areConnected(a.members, b.members, edges) {
          if candidate.cost < connected?.cost ?? .infinity { connected = candidate }
        } else if candidate.cost < crossed?.cost ?? .infinity {
          crossed = candidate
        }
      }
      table[subset] = connected ?? crossed
    }
    return table[full]?.plan ?? leaves[0].plan
  }

  private func greedy(_ leaves: [Candidate], _ edges: [Edge]) -> LogicalPlan {
    var open = leaves
    while open.count > 1 {
      var best: (i: Int, j: Int, candidate: Candidate, isConnected: Bool)?
      for i in open.indices {
        for j in open.indices where j > i {
          let candidate = join(open[i], open[j], edges)
          let isConnected = areConnected(open[i].members, open[j].members, edges)
          if let best, best.isConnected && !isConnected { continue }
          if best == nil || (isConnected && !(best?.isConnected ?? false))
            || candidate.cost < best?.candidate.cost ?? .infinity
          {
            best = (i, j, candidate, isConnected)
          }
        }
      }
      guard let best else { break }
      open.remove(at: best.j)
      open[best.i] = best.candidate
    }
    return open[0].plan
  }

  private func areConnected(_ a: UInt64, _ b: UInt64, _ edges: [Edge]) -> Bool {
    edges.contains { edge in
      guard let (left, right) = edge.sides else { return false }
      return (left & ~a == 0 && right & ~b == 0) || (left & ~b == 0 && right & ~a == 0)
    }
  }

  private func join(_ a: Candidate, _ b: Candidate, _ edges: [Edge]) -> Candidate {
    // The side with more rows probes.
    let (left, right) = a.estimate.rowCount >= b.estimate.rowCount ? (a, b) : (b, a)
    let members = a.members | b.members
    let conditions = edges.filter {
      $0.members & ~members == 0 && $0.members & ~a.members != 0 && $0.members & ~b.members != 0
    }
    var node = Join(kind: .inner, left: left.plan, right: right.plan)
    node.add(conditions.map(\.condition))
    var fraction = estimator.matchingPairs(node.criteria, left.estimate, right.estimate)
    var both = CardinalityEstimator.Estimate(
      rowCount: left.estimate.rowCount * right.estimate.rowCount
    )
    both.columns = left.estimate.columns.merging(right.estimate.columns) { first, _ in first }
    if let filter = node.filter { fraction *= estimator.selectivity(filter, both) }
    let rows = max(1, both.rowCount * fraction)
    // A second key costs as much again: one alone mostly finds its rows without a hash.
    let work =
      node.criteria.isEmpty
      ? both.rowCount
      : Double(node.criteria.count) * (left.estimate.rowCount + 2 * right.estimate.rowCount)
    return Candidate(
      plan: .join(node),
      estimate: both.limited(to: rows),
      cost: left.cost + right.cost + work + rows,
      members: members
    )
  }

  private func placeSemiJoin(_ node: Join) -> LogicalPlan {
    var node = node
    node.right = reorder(node.right)
    let whole = reorder(node.left)
    var needed = node.criteria.reduce(into: Set<PlanColumn>()) { $0.formUnion($1.left.columns) }
    if let filter = node.filter {
      needed.formUnion(filter.columns.subtracting(node.right.output))
    }
    var above = node
    above.left = whole
    let wholeRows = estimator.estimate(whole).rowCount
    // The more rows it drops, the more work it spares the joins of the tree.
    let dropped = wholeRows - estimator.estimate(.join(above)).rowCount
    if let lowered = lower(node, needed, into: node.left, below: wholeRows + dropped) {
      return reorder(lowered)
    }
    return .join(above)
  }

  /// Puts a semi or anti join onto the one relation of an inner join tree that it is about, if that
  /// has at most `limit` rows; nil otherwise.
  private func lower(
    _ semi: Join,
    _ needed: Set<PlanColumn>,
    into plan: LogicalPlan,
    below limit: Double
  ) -> LogicalPlan? {
    guard case .join(var join) = plan, join.kind == .inner, !needed.isEmpty else { return nil }
    func place(_ side: LogicalPlan) -> LogicalPlan? {
      guard needed.isSubset(of: side.output) else { return nil }
      if let deeper = lower(semi, needed, into: side, below: limit) { return deeper }
      guard estimator.estimate(side).rowCount <= limit else { return nil }
      var placed = semi
      placed.left = side
      return .join(placed)
    }
    if let left = place(join.left) {
      join.left = left
      return .join(join)
    }
    if let right = place(join.right) {
      join.right = right
      return .join(join)
    }
    return nil
  }
}

extension LogicalPlan {
  /// What lies below projections that only leave out columns.
  fileprivate var belowPickedColumns: LogicalPlan {
    guard case .project(let node) = self,
      node.assignments.allSatisfy({ $0.expression == .column($0.column) })
    else { return self }
    return node.input.belowPickedColumns
  }
}
