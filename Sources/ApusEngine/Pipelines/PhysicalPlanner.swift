import ApusPlanner
import ApusValues

/// Turns a logical plan into pipelines.
///
/// Nodes are known by their position in pre-order. Columns that nothing above needs are dropped
/// where a node makes its batches anyway; everything else about the plan is the optimizer's.
final class PhysicalPlanner {
  private let library: FunctionLibrary
  let settings: ExecutionSettings
  let memory: MemoryPool
  private var pipelines: [Pipeline] = []
  private let scans = ScanList()
  /// Where subplans that are needed more than once stand, and those planned so far; by their ids.
  var sharedNodes: [Int: Int] = [:]
  var sharedRows: [Int: SharedRows] = [:]
  /// The rows of the recursions whose steps are being planned, by their ids.
  var recursionRows: [Int: RecursionRows] = [:]

  /// What a node must know of those above it.
  struct Demand {
    /// The columns of the node's output that are used.
    var columns: Set<ColumnID>
    /// Whether a limit waits for the first rows, so that none should be held back.
    var isLimited: Bool

    init(columns: Set<ColumnID>, isLimited: Bool = false) {
      self.columns = columns
      self.isLimited = isLimited
    }

    /// The same with the columns that expressions read.
    func adding(_ expressions: [Expression]) -> Demand {
      var demand = self
      for expression in expressions {
        demand.columns.formUnion(expression.columns.map(\.id))
      }
      return demand
    }
  }

  init(library: FunctionLibrary, settings: ExecutionSettings, memory: MemoryPool) {
    self.library = library
    self.settings = settings
    self.memory = memory
  }

  /// Plans a query as a whole.
  func plan(_ plan: LogicalPlan) throws(SQLError) -> PhysicalPlan {
    let output = plan.output
    sharedNodes = PhysicalPlanner.nodesOfShared(in: plan)
    let fragment = try build(plan, node: 0, Demand(columns: Set(output.map(\.id))))
    let positions = fragment.positions
    var columns: [Int] = []
    for column in output {
      guard let position = positions[column.id] else {
        throw .internal("no column \(column.name) in the result of a plan")
      }
      columns.append(position)
    }
    let isOrdered = fragment.isOrdered && !fragment.isSequential
    let results = ResultQueue(capacity: max(settings.threadCount, 1) * 4)
    let sink = ResultSink(node: 0, queue: results, columns: columns, isOrdered: isOrdered)
    finish(fragment, into: sink, isOrdered: isOrdered)
    return PhysicalPlan(
      pipelines: pipelines,
      results: results,
      scans: scans,
      nodeCount: plan.nodeCount
    )
  }

  /// Ends a fragment in a sink, after all pipelines planned so far.
  ///
  /// - Parameter continuation: what makes the pipelines that follow.
  func finish(
    _ fragment: Fragment,
    into sink: any BatchSink,
    isOrdered: Bool = false,
    continuation: Pipeline.Continuation? = nil
  ) {
    pipelines.append(
      Pipeline(
        stages: fragment.stages,
        sink: sink,
        isOrdered: isOrdered,
        isSequential: fragment.isSequential,
        continuation: continuation
      )
    )
  }

  /// Returns the pipelines that `body` plans, which are to run later than those planned before.
  func laterPipelines(_ body: () throws(SQLError) -> Void) throws(SQLError) -> [Pipeline] {
    let before = pipelines
    pipelines = []
    defer { pipelines = before }
    try body()
    return pipelines
  }

  func build(_ plan: LogicalPlan, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    switch plan {
    case .scan(let scan): try build(scan, node: node, demand)
    case .values(let values): try build(values, node: node, demand)
    case .filter(let filter): try build(filter, node: node, demand)
    case .project(let project): try build(project, node: node, demand)
    case .limit(let limit): try build(limit, node: node, demand)
    case .union(let union): try build(union, node: node, demand)
    case .aggregate(let aggregate): try build(aggregate, node: node, demand)
    case .join(let join): try build(join, node: node, demand)
    case .sort(let sort): try build(sort, node: node, demand)
    case .topN(let topN): try build(topN, node: node, demand)
    case .enforceSingleRow(let single): try build(single, node: node, demand)
    case .window(let window): try build(window, node: node, demand)
    case .matchRecognize(let match): try build(match, node: node, demand)
    case .unnest(let unnest): try build(unnest, node: node, demand)
    case .shared(let shared): try build(shared, node: node, demand)
    case .recursion(let recursion): try build(recursion, node: node, demand)
    case .tableWrite(let write): try build(write, node: node)
    }
  }

  /// Compiles expressions over the columns of a fragment.
  func compile(_ expressions: [Expression], over columns: [PlanColumn]) throws(SQLError)
    -> [any CompiledExpression]
  {
    var positions: [ColumnID: Int] = [:]
    for (position, column) in columns.enumerated() { positions[column.id] = position }
    let compiler = ExpressionCompiler(
      library: library,
      columns: positions,
      settings: settings.evaluation
    )
    var compiled: [any CompiledExpression] = []
    for expression in expressions { compiled.append(try compiler.compile(expression)) }
    return compiled
  }

  /// Compiles those arguments of an aggregate that are lambdas; they read nothing from outside.
  func compileLambdas(of arguments: [Expression]) throws(SQLError) -> [CompiledLambda] {
    let compiler = ExpressionCompiler(
      library: library,
      columns: [:],
      settings: settings.evaluation
    )
    var lambdas: [CompiledLambda] = []
    for case .lambda(let lambda) in arguments {
      lambdas.append(try compiler.compile(lambda, captured: []))
    }
    return lambdas
  }

  /// The implementation of a function.
  func entry(for function: BoundFunction) throws(SQLError) -> FunctionLibrary.Entry {
    try library.entry(for: function)
  }

  private func build(_ scan: Scan, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    if let table = scan.table as? WorkingTable {
      return try build(scan, of: table, node: node, demand)
    }
    let wanted = scan.output.indices.filter { demand.columns.contains(scan.output[$0].id) }
    let request = ScanRequest(
      columns: wanted.map { scan.sourceIndices[$0] },
      domains: scan.domains,
      limit: scan.limit,
      sampledFraction: scan.sampledFraction,
      batchCapacity: max(settings.batchCapacity, 1)
    )
    let source = TableScanSource(
      node: node,
      table: scan.table,
      request: request,
      joinsSmallBatches: !demand.isLimited
    )
    scans.append(source)
    var fragment = Fragment(node: node, source: source, columns: wanted.map { scan.output[$0] })
    for index in wanted {
      fragment.origins[scan.output[index].id] = [
        ScanColumn(scan: source, column: scan.sourceIndices[index])
      ]
    }
    return fragment
  }

  private func build(_ values: ValuesNode, node: Int, _ demand: Demand) throws(SQLError)
    -> Fragment
  {
    let wanted = values.columns.indices.filter { demand.columns.contains(values.columns[$0].id) }
    var rows: [[any CompiledExpression]] = []
    for row in values.rows { rows.append(try compile(wanted.map { row[$0] }, over: [])) }
    let columns = wanted.map { values.columns[$0] }
    let source = ValuesSource(node: node, types: columns.map(\.type), rows: rows)
    return Fragment(node: node, source: source, columns: columns)
  }

  private func build(_ filter: Filter, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    var fragment = try build(filter.input, node: node + 1, demand.adding([filter.predicate]))
    let columns = fragment.columns
    let kept = columns.indices.filter { demand.columns.contains(columns[$0].id) }
    let terms = filter.predicate.conjuncts
    let conjuncts = try compile(terms, over: columns)
    let isDone = runInScan(fragment, terms, conjuncts, node: node, kept: kept)
    let step = FilterOperator(
      node: node,
      conjuncts: isDone ? [] : conjuncts,
      kept: isDone ? Array(kept.indices) : kept,
      joinsSmallBatches: !demand.isLimited
    )
    fragment.append(step, columns: kept.map { columns[$0] })
    return fragment
  }

  /// Hands a filter right above a scan to the scan.
  ///
  /// - Returns: false if the fragment is no bare scan.
  private func runInScan(
    _ fragment: Fragment,
    _ terms: [Expression],
    _ conjuncts: [any CompiledExpression],
    node: Int,
    kept: [Int]
  ) -> Bool {
    guard fragment.stages.count == 1, fragment.stages[0].count == 1,
      fragment.stages[0][0].operators.isEmpty,
      let source = fragment.stages[0][0].source as? TableScanSource
    else { return false }
    let positions = fragment.positions
    source.run(
      ScanFilter(
        node: node,
        conjuncts: zip(terms, conjuncts).map { term, conjunct in
          ScanFilter.Conjunct(
            expression: conjunct,
            columns: term.columns.compactMap { positions[$0.id] }.sorted()
          )
        },
        output: kept
      )
    )
    return true
  }

  private func build(_ project: Project, node: Int, _ demand: Demand) throws(SQLError)
    -> Fragment
  {
    let assignments = project.assignments.filter { demand.columns.contains($0.column.id) }
    let expressions = assignments.map(\.expression)
    let inputDemand = Demand(columns: [], isLimited: demand.isLimited).adding(expressions)
    var fragment = try build(project.input, node: node + 1, inputDemand)
    let compiled = try compile(expressions, over: fragment.columns)
    var origins: [ColumnID: [ScanColumn]] = [:]
    for assignment in assignments {
      guard case .column(let column) = assignment.expression else { continue }
      origins[assignment.column.id] = fragment.origins[column.id]
    }
    fragment.origins = origins
    fragment.append(
      ProjectOperator(node: node, expressions: compiled),
      columns: assignments.map(\.column)
    )
    return fragment
  }

  private func build(_ limit: Limit, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    var inputDemand = demand
    inputDemand.isLimited = demand.isLimited || limit.count != nil
    var fragment = try build(limit.input, node: node + 1, inputDemand)
    // Rows in order are counted in order, which takes one worker.
    fragment.isSequential = fragment.isSequential || fragment.isOrdered
    fragment.origins = [:]
    fragment.append(
      LimitOperator(node: node, offset: limit.offset, count: limit.count),
      columns: fragment.columns
    )
    return fragment
  }

  private func build(_ union: Union, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    let wanted = union.columns.indices.filter { demand.columns.contains(union.columns[$0].id) }
    let columns = wanted.map { union.columns[$0] }
    var child = node + 1
    var fragments: [Fragment] = []
    var origins: [ColumnID: [ScanColumn]] = [:]
    for (input, inputColumns) in zip(union.inputs, union.inputColumns) {
      let sources = wanted.map { Expression.column(inputColumns[$0]) }
      let inputDemand = Demand(columns: [], isLimited: demand.isLimited).adding(sources)
      var fragment = try build(input, node: child, inputDemand)
      child += input.nodeCount
      for (index, column) in zip(wanted, columns) {
        origins[column.id, default: []] += fragment.origins[inputColumns[index].id] ?? []
      }
      let compiled = try compile(sources, over: fragment.columns)
      fragment.append(ProjectOperator(node: node, expressions: compiled), columns: columns)
      fragments.append(fragment)
    }
    var merged = Fragment(node: node, merging: fragments, columns: columns)
    merged.origins = origins
    return merged
  }
}
