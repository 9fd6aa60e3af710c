import ApusPlanner
import ApusValues

extension PhysicalPlanner {
  /// Plans a recursion: its anchor now, and each step when the one before has ended.
  func build(_ recursion: Recursion, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    let rows = RecursionRows()
    try build(
      recursion.anchor,
      recursion.anchorColumns,
      at: node + 1,
      of: recursion,
      node: node,
      step: 0,
      rows
    )
    let wanted = recursion.columns.indices.filter {
      demand.columns.contains(recursion.columns[$0].id)
    }
    let source = RecursionSource(node: node, rows: rows, hasAllRows: true, columns: wanted)
    return Fragment(node: node, source: source, columns: wanted.map { recursion.columns[$0] })
  }

  /// Plans the scan of the rows that a step of a recursion begins with.
  func build(_ scan: Scan, of table: WorkingTable, node: Int, _ demand: Demand) throws(SQLError)
    -> Fragment
  {
    guard let rows = recursionRows[table.id] else {
      throw .internal("a working table outside of its recursion")
    }
    let wanted = scan.output.indices.filter { demand.columns.contains(scan.output[$0].id) }
    let source = RecursionSource(
      node: node,
      rows: rows,
      hasAllRows: table.hasAllRows,
      columns: wanted.map { scan.sourceIndices[$0] }
    )
    return Fragment(node: node, source: source, columns: wanted.map { scan.output[$0] })
  }

  /// Plans the anchor, or a step, with what follows.
  ///
  /// - Parameter step: 0 for the anchor.
  private func build(
    _ plan: LogicalPlan,
    _ columns: [PlanColumn],
    at position: Int,
    of recursion: Recursion,
    node: Int,
    step: Int,
    _ rows: RecursionRows
  ) throws(SQLError) {
    let fragment = try build(plan, node: position, Demand(columns: Set(columns.map(\.id))))
    let positions = fragment.positions
    var sources: [Int] = []
    for column in columns {
      guard let position = positions[column.id] else {
        throw .internal("no column \(column.name) in a recursion")
      }
      sources.append(position)
    }
    finish(
      fragment,
      into: RecursionSink(node: node, rows: rows, columns: sources),
      continuation: Pipeline.Continuation { () throws(SQLError) in
        try self.pipelines(of: recursion, node: node, after: step, rows)
      }
    )
  }

  /// Plans the step that comes next, if the last one has put out rows.
  private func pipelines(
    of recursion: Recursion,
    node: Int,
    after step: Int,
    _ rows: RecursionRows
  ) throws(SQLError) -> [Pipeline] {
    if rows.latest.isEmpty { return [] }
    guard step <= recursion.maximumDepth else {
      throw SQLError(
        .notSupported,
        "Recursion depth limit exceeded (\(recursion.maximumDepth)). Use 'max_recursion_depth' "
          + "session property to modify the limit."
      )
    }
    // What a step shares among its own parts differs from step to step.
    let before = (sharedRows, recursionRows)
    defer { (sharedRows, recursionRows) = before }
    recursionRows[recursion.id] = rows
    return try laterPipelines { () throws(SQLError) in
      try build(
        recursion.step,
        recursion.stepColumns,
        at: node + 1 + recursion.anchor.nodeCount,
        of: recursion,
        node: node,
        step: step + 1,
        rows
      )
    }
  }
}
