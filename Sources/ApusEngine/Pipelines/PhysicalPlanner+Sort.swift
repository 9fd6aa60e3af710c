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
    let fragment = try build(
      input,
      node: node + 1,
      Demand(columns: demand.columns).adding(keyExpressions)
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
    if let bound = sink.bound, case .column(let column)? = keyExpressions.first,
      let origins = fragment.origins[column.id], !origins.contains(where: \.isReplacedByNull)
    {
      for origin in origins { origin.scan.keepRows(of: origin.column, within: bound) }
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
