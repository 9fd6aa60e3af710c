import ApusPlanner
import ApusValues

extension PhysicalPlanner {
  /// The rows of a shared subplan, and what their columns are.
  struct SharedRows {
    var sink: SharedRowsSink
    var columns: [PlanColumn]
  }

  /// Plans one place of a shared subplan: the first that is planned makes its rows.
  func build(_ shared: Shared, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    let rows: SharedRows
    if let known = sharedRows[shared.id] { rows = known } else { rows = try makeRows(of: shared) }
    var columns: [PlanColumn] = []
    var positions: [Int] = []
    for (column, source) in zip(shared.columns, shared.sources)
    where demand.columns.contains(column.id) {
      guard let position = rows.columns.firstIndex(of: source) else {
        throw .internal("no column \(column.name) in a shared subplan")
      }
      columns.append(column)
      positions.append(position)
    }
    let source = SharedRowsSource(node: node, rows: rows.sink, columns: positions)
    return Fragment(node: node, source: source, columns: columns)
  }

  private func makeRows(of shared: Shared) throws(SQLError) -> SharedRows {
    guard let node = sharedNodes[shared.id] else {
      throw .internal("a shared subplan without a place in the plan")
    }
    let output = Demand(columns: Set(shared.input.output.map(\.id)))
    let fragment = try build(shared.input, node: node + 1, output)
    let rows = SharedRows(sink: SharedRowsSink(node: node), columns: fragment.columns)
    finish(fragment, into: rows.sink)
    sharedRows[shared.id] = rows
    return rows
  }

  /// Finds where the subplans that are shared stand in a plan, by `Shared.id`.
  static func nodesOfShared(in plan: LogicalPlan) -> [Int: Int] {
    var nodes: [Int: Int] = [:]
    var position = 0
    func visit(_ plan: LogicalPlan) {
      if case .shared(let shared) = plan, shared.isFirst { nodes[shared.id] = position }
      position += 1
      for child in plan.children { visit(child) }
    }
    visit(plan)
    return nodes
  }
}
