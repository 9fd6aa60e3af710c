import ApusPlanner
import ApusValues

extension PhysicalPlanner {
  /// Plans an aggregation as a sink and the source of its groups; calls that nothing uses are left
  /// out.
  func build(_ aggregate: Aggregate, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    let calls = aggregate.aggregates.filter { demand.columns.contains($0.column.id) }
    var inputDemand = Demand(columns: Set(aggregate.keys.map(\.id)))
    for call in calls {
      inputDemand = inputDemand.adding(
        call.arguments + (call.filter.map { [$0] } ?? []) + call.orderBy.map(\.expression)
      )
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
      let lambdas = try compileLambdas(of: call.arguments)
      call.arguments.removeAll { $0.isLambda }
      let keys =
        overload.isOrderSensitive ? call.orderBy.filter { !$0.expression.isConstant } : []
      let (arguments, ordering) =
        keys.isEmpty
        ? (call.arguments.map { inputs.position(of: $0, condition: condition) }, nil)
        : inputs.positions(of: call, orderedBy: keys, condition: condition)
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
          lambdas: lambdas,
          arguments: arguments,
          ordering: ordering,
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

  /// Returns the places of what a call with an order keeps of each row, and what it does with it.
  mutating func positions(of call: Aggregate.Call, orderedBy keys: [SortKey], condition: Int?)
    -> ([Int], AggregateOrdering)
  {
    var kept: [Int] = []
    var ordering = AggregateOrdering(types: [], arguments: [], keys: [])
    func column(of expression: Expression) -> Int {
      let position = position(of: expression, condition: condition)
      if let column = kept.firstIndex(of: position) { return column }
      kept.append(position)
      ordering.types.append(expression.type)
      return kept.count - 1
    }
    for argument in call.arguments {
      if case .literal(let literal) = argument {
        ordering.arguments.append(.constant(literal.value, literal.type))
      } else {
        ordering.arguments.append(.column(column(of: argument)))
      }
    }
    for key in keys {
      let order = SortOrder(
        type: key.expression.type,
        isAscending: key.isAscending,
        nullsFirst: key.nullsFirst
      )
      ordering.keys.append(
        AggregateOrdering.Key(column: column(of: key.expression), order: order)
      )
    }
    return (kept, ordering)
  }
}

extension Expression {
  var isLambda: Bool { if case .lambda = self { true } else { false } }
}
