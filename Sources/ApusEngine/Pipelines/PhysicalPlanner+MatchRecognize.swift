import ApusPlanner
import ApusValues
import ApusVectors

extension PhysicalPlanner {
  /// Plans MATCH_RECOGNIZE as a sink that sorts and the source of what matches give.
  func build(_ match: MatchRecognize, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    var match = match
    match.passed.removeAll { !demand.columns.contains($0.id) }
    match.measures.removeAll { !demand.columns.contains($0.column.id) }
    match.pruneInputs()
    let read = match.inputExpressions
    let fragment = try build(
      match.input,
      node: node + 1,
      Demand(columns: Set(match.passed.map(\.id))).adding(read)
    )
    let collected = CollectedColumns(output: match.passed, others: read)
    let places = collected.places
    let keyCount = match.partitionBy.count
    let orderCount = match.orderBy.count
    let partitions = PartitionSpecification(
      columns: try compile(collected.expressions, over: fragment.columns),
      outputCount: match.passed.count,
      partitionKeys: Array(places[..<keyCount]),
      orderKeys: Array(places[keyCount..<keyCount + orderCount]),
      orders: match.orderBy.map {
        SortOrder(
          type: $0.expression.type,
          isAscending: $0.isAscending,
          nullsFirst: $0.nullsFirst
        )
      }
    )
    var preparation = MatchPreparation(
      match: match,
      collected: collected.expressions,
      planner: self
    )
    let names = VectorBuilder(type: .text, capacity: match.variables.count)
    for (index, variable) in match.variables.enumerated() { names.setString(index, variable.name) }
    var conditions: [MatchCondition?] = []
    for index in match.variables.indices { conditions.append(try preparation.condition(index)) }
    let specification = MatchSpecification(
      partitions: partitions,
      program: try PatternProgram(match.pattern),
      memory: preparation.memory,
      conditions: conditions,
      names: names.finish(count: match.variables.count),
      inputs: try preparation.measureInputs(),
      measures: try compile(
        match.measures.map(\.expression),
        over: preparation.measureColumns
      ),
      rows: match.rows,
      skip: preparation.skip,
      passed: Array(match.passed.indices),
      search: try preparation.search()
    )
    let sink = MatchRecognizeSink(node: node, specification: specification)
    finish(fragment, into: sink)
    return Fragment(node: node, source: MatchRecognizeSource(sink), columns: match.output)
  }
}

/// Turns what conditions and measures read into what matchers can follow.
private struct MatchPreparation {
  let match: MatchRecognize
  let collected: [Expression]
  let planner: PhysicalPlanner
  private(set) var memory = PatternMemory()

  init(match: MatchRecognize, collected: [Expression], planner: PhysicalPlanner) {
    self.match = match
    self.collected = collected
    self.planner = planner
  }

  /// The condition of a variable, each of whose conjuncts goes to the rows alone if it can.
  mutating func condition(_ variable: Int) throws(SQLError) -> MatchCondition? {
    guard let expression = match.variables[variable].condition else { return nil }
    var local: [Expression] = []
    var dependent: [Expression] = []
    for conjunct in expression.conjuncts {
      let isAlone = inputs(of: [conjunct]).allSatisfy { isLocal($0, variable) }
      if isAlone, conjunct.isDeterministic {
        local.append(conjunct)
      } else {
        dependent.append(conjunct)
      }
    }
    var condition = MatchCondition()
    if !local.isEmpty {
      let inputs = inputs(of: local)
      condition.local = MatchCondition.Local(
        expression: try compile(.conjunction(local), inputs),
        inputs: inputs.compactMap { input in
          guard case .value(let value, let navigation) = input.source else { return nil }
          return (place(of: value), navigation.rowOffset)
        }
      )
    }
    if !dependent.isEmpty {
      let inputs = inputs(of: dependent)
      var prepared: [MatchInput] = []
      for input in inputs { prepared.append(try prepare(input, isCondition: true)) }
      condition.dependent = MatchCondition.Dependent(
        expression: try compile(.conjunction(dependent), inputs),
        inputs: prepared
      )
    }
    return condition
  }

  /// Whether an input is, for a row taken as a variable's, a value of that row or one so many rows on.
  private func isLocal(_ input: MatchRecognize.Input, _ variable: Int) -> Bool {
    guard case .value(_, let navigation) = input.source else { return false }
    // A window sees no row before the one that it looks from.
    if match.search != nil, navigation.rowOffset != 0 { return false }
    return !navigation.isFirst && navigation.offset == 0
      && (navigation.variables.isEmpty || navigation.variables.contains(variable))
  }

  private func inputs(of expressions: [Expression]) -> [MatchRecognize.Input] {
    let columns = expressions.reduce(into: Set<PlanColumn>()) { $0.formUnion($1.columns) }
    return match.inputs.filter { columns.contains($0.column) }
  }

  private func compile(_ expression: Expression, _ inputs: [MatchRecognize.Input])
    throws(SQLError) -> any CompiledExpression
  {
    try planner.compile([expression], over: inputs.map(\.column))[0]
  }

  private var readByMeasures: [MatchRecognize.Input] {
    inputs(of: match.measures.map(\.expression))
  }

  var measureColumns: [PlanColumn] { readByMeasures.map(\.column) }

  mutating func measureInputs() throws(SQLError) -> [MatchInput] {
    var result: [MatchInput] = []
    for input in readByMeasures { result.append(try prepare(input, isCondition: false)) }
    return result
  }

  var skip: MatchSpecification.Skip {
    switch match.skip {
    case .nextRow: return .nextRow
    case .pastLastRow: return .pastLastRow
    case .toVariables(let variables, let isFirst):
      var navigation = MatchRecognize.Navigation()
      navigation.variables = variables
      navigation.isFirst = isFirst
      return .to(resolved(navigation))
    }
  }

  func search() throws(SQLError) -> MatchSpecification.Search? {
    guard let search = match.search else { return nil }
    let end: MatchSpecification.Search.End =
      switch search.end {
      case .currentRow: .currentRow
      case .following(let offset): .following(place(of: offset))
      case .unboundedFollowing: .partitionEnd
      case .unboundedPreceding, .preceding:
        throw .internal("a window with a row pattern that ends before its row")
      }
    return MatchSpecification.Search(end: end, seeks: search.seeks)
  }

  private func place(of expression: Expression) -> Int {
    collected.firstIndex(of: expression) ?? 0
  }

  private func members(_ variables: Set<Int>) -> [Bool]? {
    variables.isEmpty ? nil : match.variables.indices.map { variables.contains($0) }
  }

  private func resolved(_ navigation: MatchRecognize.Navigation) -> MatchNavigation {
    MatchNavigation(
      members: members(navigation.variables),
      isFirst: navigation.isFirst,
      isFinal: navigation.isFinal,
      offset: navigation.offset,
      rowOffset: navigation.rowOffset
    )
  }

  /// Returns a navigation of a condition, with what threads must remember for it.
  private mutating func remembered(_ navigation: MatchRecognize.Navigation) -> MatchNavigation {
    var result = resolved(navigation)
    guard let members = result.members else { return result }
    let trail = memory.trail(members, depth: navigation.isFirst ? 0 : navigation.offset + 1)
    result.trail = trail
    if navigation.isFirst { result.anchor = memory.anchor(trail, offset: navigation.offset) }
    return result
  }

  private mutating func prepare(_ input: MatchRecognize.Input, isCondition: Bool)
    throws(SQLError) -> MatchInput
  {
    let source: MatchInput.Source
    switch input.source {
    case .matchNumber:
      source = .matchNumber
    case .value(let value, let navigation):
      let way = isCondition ? remembered(navigation) : resolved(navigation)
      source = .value(column: place(of: value), way)
    case .classifier(let navigation):
      if isCondition { memory.seesVariables = true }
      source = .classifier(isCondition ? remembered(navigation) : resolved(navigation))
    case .aggregate(let call):
      source = .aggregate(try aggregate(call, isCondition: isCondition))
    }
    return MatchInput(source: source, type: input.column.type)
  }

  private mutating func aggregate(_ call: MatchRecognize.Aggregation, isCondition: Bool)
    throws(SQLError) -> MatchAggregate
  {
    guard case .aggregate(let overload) = try planner.entry(for: call.function) else {
      throw .internal("\(call.function.name) is no aggregate")
    }
    let values = call.arguments.filter { !$0.isLambda }
    let columns = values.reduce(into: Set<PlanColumn>()) { $0.formUnion($1.columns) }
    let read = match.input.output.filter { columns.contains($0) }
    var aggregate = MatchAggregate(
      function: call.function,
      overload: overload,
      lambdas: try planner.compileLambdas(of: call.arguments),
      arguments: try planner.compile(
        values,
        over: read + [call.classifier, call.matchNumber].filter { columns.contains($0) }
      ),
      columns: read.map { place(of: .column($0)) },
      readsClassifier: columns.contains(call.classifier),
      readsMatchNumber: columns.contains(call.matchNumber),
      members: members(call.variables),
      isFinal: call.isFinal
    )
    if isCondition {
      aggregate.number = memory.makeAggregateNumber()
      if let members = aggregate.members { _ = memory.trail(members, depth: nil) }
      if aggregate.readsClassifier { memory.seesVariables = true }
    }
    return aggregate
  }
}
