import ApusPlanner
import ApusValues

extension PhysicalPlanner {
  func build(_ sort: Sort, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    try buildSort(sort.input, keys: sort.keys, offset: 0, limit: nil, node: node, demand)
  }

  func build(_ topN: TopN, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    let (limit, overflow) = topN.offset.addingReportingOverflow(topN.count)
    return try buildSort(
      topN.input,
      keys: topN.keys,
      offset: topN.offset,
      limit: overflow ? nil : limit,
      node: node,
      demand
    )
  }

  private func buildSort(
    _ input: LogicalPlan,
    keys: [SortKey],
    offset: Int,
    limit: Int?,
    node: Int,
    _ demand: Demand
  ) throws(SQLError) -> Fragment {
    let keyExpressions = keys.map(\.expression)
    let dropsInScan = limit != nil && input.isBareScan
    // Rows that are not held back make the scan drop others sooner.
    let fragment = try build(
      input,
      node: node + 1,
      Demand(columns: demand.columns, isLimited: dropsInScan).adding(keyExpressions)
    )
    let output = fragment.columns.filter { demand.columns.contains($0.id) }
    let collected = CollectedColumns(output: output, others: keyExpressions)
    let sink = SortSink(
      node: node,
      columns: try compile(collected.expressions, over: fragment.columns),
      outputCount: output.count,
      orders: keys.map {
        SortOrder(
          type: $0.expression.type,
          isAscending: $0.isAscending,
          nullsFirst: $0.nullsFirst
        )
      },
      keys: collected.places,
      limit: limit
    )
    if dropsInScan, let bound = sink.bound, case .column(let column)? = keyExpressions.first,
      let origin = fragment.origins[column.id]
    {
      origin.scan.keepFirst(of: origin.column, within: bound)
    }
    finish(fragment, into: sink)
    let source = SortedSource(sink, offset: offset, limit: limit)
    var result = Fragment(node: node, source: source, columns: output)
    result.isOrdered = true
    return result
  }

  func build(_ single: EnforceSingleRow, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    let fragment = try build(single.input, node: node + 1, Demand(columns: demand.columns))
    let sink = SingleRowSink(node: node)
    finish(fragment, into: sink)
    return Fragment(
      node: node,
      source: SingleRowSource(sink, types: fragment.columns.map(\.type)),
      columns: fragment.columns
    )
  }
}

extension LogicalPlan {
  /// Whether it is a scan, perhaps filtered, some of whose columns are picked: a row that is dropped
  /// in the scan is missed by nothing in between, not even by an error.
  fileprivate var isBareScan: Bool {
    switch self {
    case .scan: return true
    case .filter(let node):
      if case .scan = node.input { return true }
      return false
    case .project(let node):
      return node.input.isBareScan
        && node.assignments.allSatisfy { assignment in
          if case .column = assignment.expression { true } else { false }
        }
    default: return false
    }
  }
}

/// The columns that a sink keeps of its input: the output, and expressions that it needs besides,
/// each once.
struct CollectedColumns {
  private(set) var expressions: [Expression]
  /// For each of the other expressions its position.
  private(set) var places: [Int] = []

  init(output: [PlanColumn], others: [Expression]) {
    expressions = output.map { .column($0) }
    for expression in others {
      if let place = expressions.firstIndex(of: expression), expression.isDeterministic {
        places.append(place)
      } else {
        places.append(expressions.count)
        expressions.append(expression)
      }
    }
  }
}
