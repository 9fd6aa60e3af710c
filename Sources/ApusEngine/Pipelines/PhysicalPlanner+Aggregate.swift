import ApusPlanner
import ApusValues

extension PhysicalPlanner {
  /// Plans an aggregation as a sink and the source of its groups; calls that nothing uses are left
  /// out.
  func build(_ aggregate: Aggregate, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    let calls = aggregate.aggregates.filter { demand.columns.contains($0.column.id) }
    var inputDemand = Demand(columns: Set(aggregate.keys.map(\.id)))
    for call in calls {
      inputDemand = inputDemand.adding(call.arguments + (call.filter.map { [$0] } ?? []))
    }
    let input = try build(aggregate.input, node: node + 1, inputDemand)
    let positions = input.positions
    var keys: [Int] = []
    for key in aggregate.keys {
      guard let position = positions[key.id] else {
        throw .internal("no column \(key.name) to group by")
      }
      keys.append(position)
    }
    var specification = AggregateSpecification(
      keys: keys,
      keyTypes: aggregate.keys.map(\.type),
      inputs: [],
      calls: [],
      distinctSets: [],
      output: [],
      observer: settings.evaluation.observer
    )
    var inputs = AggregateInputs()
    var results: [AggregateSpecification.Output] = []
    // Accumulators of sums, which calls may share.
    var sums: [AggregateInputs.Entry: Int] = [:]
    for var call in calls {
      try AggregateInputs.checkOrder(of: call)
      guard case .aggregate(let overload) = try self.entry(for: call.function) else {
        throw .internal("\(call.function.name) is not an aggregate")
      }
      let condition = call.filter.map { inputs.position(of: $0, condition: nil) }
      if let sum = ShiftedSum(call) {
        let entry = AggregateInputs.Entry(expression: sum.argument, condition: condition)
        let isShared = sum.argument.isDeterministic
        let known = isShared ? sums[entry] : nil
        let position = known ?? specification.calls.count
        results.append(.shiftedSum(position, by: sum.shift))
        if known != nil { continue }
        if isShared { sums[entry] = position }
        call.function = sum.function
        call.arguments = [sum.argument]
      } else {
        results.append(.call(specification.calls.count))
      }
      let arguments = call.arguments.map { inputs.position(of: $0, condition: condition) }
      var distinctSet: Int?
      if call.isDistinct, !arguments.isEmpty {
        let set = AggregateSpecification.DistinctSet(arguments: arguments, condition: condition)
        distinctSet = specification.distinctSets.firstIndex(of: set)
        if distinctSet == nil {
          distinctSet = specification.distinctSets.count
          specification.distinctSets.append(set)
        }
      }
      specification.calls.append(
        AggregateSpecification.Call(
          overload: overload,
          function: call.function,
          arguments: arguments,
          condition: condition,
          distinctSet: distinctSet
        )
      )
    }
    let compiled = try compile(inputs.list.map(\.expression), over: input.columns)
    specification.inputs = zip(compiled, inputs.list).map {
      AggregateSpecification.Input(expression: $0, condition: $1.condition)
    }
    if let groupingSets = aggregate.groupingSets {
      return finish(
        input,
        aggregate,
        groupingSets,
        specification,
        calls: calls.map(\.column),
        node: node,
        demand
      )
    }
    var columns: [PlanColumn] = []
    for (index, key) in aggregate.keys.enumerated() where demand.columns.contains(key.id) {
      specification.output.append(.key(index))
      columns.append(key)
    }
    specification.output += results
    columns += calls.map(\.column)
    let sink = HashAggregateSink(node: node, specification: specification)
    finish(input, into: sink)
    var fragment = Fragment(node: node, source: AggregateSource(sink), columns: columns)
    // A group whose key is not wanted needs none of its rows.
    let keyIDs = Set(aggregate.keys.map(\.id))
    fragment.origins = input.origins.filter { keyIDs.contains($0.key) }
    return fragment
  }

  /// Ends the input of an aggregation by several sets of keys.
  ///
  /// - Parameters:
  ///   - specification: that of a grouping by all keys, without its output.
  ///   - calls: the columns of its calls.
  private func finish(
    _ input: Fragment,
    _ aggregate: Aggregate,
    _ groupingSets: Aggregate.GroupingSets,
    _ specification: AggregateSpecification,
    calls: [PlanColumn],
    node: Int,
    _ demand: Demand
  ) -> Fragment {
    let wantedKeys = aggregate.keys.indices.filter {
      demand.columns.contains(aggregate.keys[$0].id)
    }
    let operations = groupingSets.operations.filter { demand.columns.contains($0.column.id) }
    var specifications: [AggregateSpecification] = []
    var columns: [[GroupingSetsSource.Column]] = []
    for set in groupingSets.sets {
      var own = specification
      own.keys = set.map { specification.keys[$0] }
      own.keyTypes = set.map { specification.keyTypes[$0] }
      own.output =
        set.indices.map { .key($0) } + specification.calls.indices.map { .call($0) }
      specifications.append(own)
      let keyColumns: [GroupingSetsSource.Column] = wantedKeys.map { key in
        if let position = set.firstIndex(of: key) { return .member(position) }
        return .constant(.null, specification.keyTypes[key])
      }
      let operationColumns: [GroupingSetsSource.Column] = operations.map { operation in
        let bits = operation.keys.reduce(0) { $0 << 1 | (set.contains($1) ? 0 : 1) }
        return .constant(.integer(Int64(bits)), operation.column.type)
      }
      columns.append(
        keyColumns + operationColumns + calls.indices.map { .member(set.count + $0) }
      )
    }
    let sink = GroupingSetsSink(
      node: node,
      sets: groupingSets.sets,
      specifications: specifications
    )
    finish(input, into: sink)
    return Fragment(
      node: node,
      source: GroupingSetsSource(sink, columns: columns),
      columns: wantedKeys.map { aggregate.keys[$0] } + operations.map(\.column) + calls
    )
  }
}

/// The distinct inputs of an aggregation's calls.
private struct AggregateInputs {
  struct Entry: Hashable {
    var expression: Expression
    var condition: Int?
  }

  private(set) var list: [Entry] = []

  /// Returns the place of an expression that is needed where a condition, if any, is true.
  mutating func position(of expression: Expression, condition: Int?) -> Int {
    let entry = Entry(expression: expression, condition: condition)
    if expression.isDeterministic, let position = list.firstIndex(of: entry) { return position }
    list.append(entry)
    return list.count - 1
  }

  /// Aggregates whose result does not depend on the order of the rows.
  private static let withoutOrder: Set<String> = [
    "any_value", "approx_distinct", "approx_percentile", "arbitrary", "avg", "bitwise_and_agg",
    "bitwise_or_agg", "bitwise_xor_agg", "bool_and", "bool_or", "checksum", "corr", "count",
    "count_if", "covar_pop", "covar_samp", "entropy", "every", "geometric_mean", "kurtosis", "max",
    "max_by", "min", "min_by", "regr_intercept", "regr_slope", "skewness", "stddev", "stddev_pop",
    "stddev_samp", "sum", "var_pop", "var_samp", "variance",
  ]

  static func checkOrder(of call: Aggregate.Call) throws(SQLError) {
    if call.orderBy.isEmpty || withoutOrder.contains(call.function.name) { return }
    throw .notSupported("ORDER BY in \(call.function.name)")
  }
}
