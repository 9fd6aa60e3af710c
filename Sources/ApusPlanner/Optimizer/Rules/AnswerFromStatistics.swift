import ApusValues
import ApusVectors

/// Counts rows and finds least and greatest values by the statistics of whole row groups, and reads
/// only those that statistics do not tell enough of: see `SummaryLayout`.
///
///     Aggregate[count(*), max(x)]        Aggregate[sum($rows), max(x$max)]
///     └─ Filter[day > 7]            →    └─ Filter[$summary OR day > 7]
///        └─ Scan[day, x]                    └─ Scan[day, $rows, $summary, x$max]
///
/// Groups and conditions over partition columns stay as they are; other conditions must each be one
/// on a single column that statistics can prove.
struct AnswerFromStatistics: OptimizerRule {
  let name = "answer_from_statistics"

  func rewrite(_ plan: LogicalPlan, _ binder: Binder) throws(SQLError) -> LogicalPlan {
    try plan.transformUp { node throws(SQLError) in
      guard case .aggregate(let aggregate) = node, aggregate.groupingSets == nil else {
        return node
      }
      return summarized(aggregate, binder) ?? node
    }
  }

  /// What of a table an aggregation uses.
  private struct Use {
    var positions: [ColumnID: Int]
    var counted: Set<Int> = []
    var bounded: Set<Int> = []
    /// Conditions over partition columns.
    var kept: [Expression] = []
    /// Conditions that statistics may prove.
    var proven: [Expression] = []
    var domains: [Int: ColumnDomain] = [:]
  }

  private func summarized(_ aggregate: Aggregate, _ binder: Binder) -> LogicalPlan? {
    var input = aggregate.input
    var predicate: Expression?
    if case .filter(let filter) = input {
      predicate = filter.predicate
      input = filter.input
    }
    guard case .scan(let scan) = input, scan.limit == nil, scan.sampledFraction == nil,
      var use = use(of: scan, aggregate)
    else { return nil }
    let partitions = scan.table.partitionColumns
    for condition in predicate?.conjuncts ?? [] {
      guard condition.isDeterministic else { return nil }
      let positions = condition.columns.compactMap { use.positions[$0.id] }
      if positions.allSatisfy(partitions.contains) {
        use.kept.append(condition)
      } else if let (column, domain) = DeriveScanDomains().exactDomain(of: condition),
        let position = use.positions[column.id]
      {
        use.proven.append(condition)
        use.domains[position] = use.domains[position]?.intersection(domain) ?? domain
      } else {
        return nil
      }
    }
    let request = SummaryRequest(
      counted: use.counted,
      bounded: use.bounded,
      conditions: use.domains
    )
    guard let table = scan.table.summarized(request) else { return nil }
    return plan(
      aggregate,
      scan,
      table,
      SummaryLayout(base: scan.table.schema, request),
      use,
      binder
    )
  }

  /// Sorts out what the aggregates ask of which column; nil if one asks something else.
  private func use(of scan: Scan, _ aggregate: Aggregate) -> Use? {
    var use = Use(
      positions: Dictionary(
        zip(scan.output.map(\.id), scan.sourceIndices),
        uniquingKeysWith: { first, _ in first }
      )
    )
    let partitions = scan.table.partitionColumns
    for key in aggregate.keys {
      guard let position = use.positions[key.id], partitions.contains(position) else { return nil }
    }
    for call in aggregate.aggregates {
      guard !call.isDistinct, call.filter == nil else { return nil }
      if call.isRowCount { continue }
      guard call.arguments.count == 1, case .column(let column) = call.arguments[0],
        let position = use.positions[column.id]
      else { return nil }
      switch (call.function.name, partitions.contains(position)) {
      case ("count", false): use.counted.insert(position)
      case ("min", false), ("max", false): use.bounded.insert(position)
      case ("min", true), ("max", true): break
      default: return nil
      }
    }
    return use
  }

  private func plan(
    _ aggregate: Aggregate,
    _ scan: Scan,
    _ table: any Table,
    _ layout: SummaryLayout,
    _ use: Use,
    _ binder: Binder
  ) -> LogicalPlan? {
    guard let sum = sumOfCounts(binder) else { return nil }
    let partitions = scan.table.partitionColumns
    var scan = scan
    scan.table = table
    var wanted = Set(aggregate.keys)
    for expression in use.kept + use.proven { wanted.formUnion(expression.columns) }
    let kept = scan.output.indices.filter { wanted.contains(scan.output[$0]) }
    scan.sourceIndices = kept.map { scan.sourceIndices[$0] }
    scan.output = kept.map { scan.output[$0] }
    func column(_ position: Int) -> Expression {
      if let index = scan.sourceIndices.firstIndex(of: position) {
        return .column(scan.output[index])
      }
      let field = layout.schema.fields[position]
      let column = binder.makeColumn(field.name, field.type)
      scan.output.append(column)
      scan.sourceIndices.append(position)
      return .column(column)
    }
    var result = aggregate
    var assignments = aggregate.keys.map { Project.Assignment(column: $0, expression: .column($0)) }
    for (index, call) in aggregate.aggregates.enumerated() {
      var new = call
      var position = layout.rowCount
      if case .column(let argument)? = call.arguments.first, let source = use.positions[argument.id]
      {
        switch call.function.name {
        case _ where partitions.contains(source): position = source
        case "min": position = layout.minimum(of: source)
        case "max": position = layout.maximum(of: source)
        default: position = layout.count(of: source)
        }
      }
      new.arguments = [column(position)]
      var value = Expression.column(call.column)
      if call.function.name == "count" {
        new.function = sum
        // The sum of no counts is NULL.
        new.column = binder.makeColumn(call.column.name, .bigint)
        value = .coalesce(
          Coalesce([.column(new.column), .literal(Literal(.integer(0), .bigint))], type: .bigint)
        )
      }
      assignments.append(Project.Assignment(column: call.column, expression: value))
      result.aggregates[index] = new
    }
    var conditions = use.kept
    if !use.proven.isEmpty {
      let proof = column(layout.isSummary)
      conditions.append(.logical(Logical(.or, [proof, .conjunction(use.proven)])))
    }
    result.input = .scan(scan)
    if !conditions.isEmpty {
      result.input = .filter(Filter(input: .scan(scan), predicate: .conjunction(conditions)))
    }
    return .project(Project(input: .aggregate(result), assignments: assignments))
  }

  /// `sum` of bigints.
  private func sumOfCounts(_ binder: Binder) -> BoundFunction? {
    let signatures = binder.functions.signatures(named: "sum")
    guard let overload = signatures.firstIndex(where: { $0.parameters == [.type(.bigint)] }) else {
      return nil
    }
    return BoundFunction(
      name: "sum",
      overload: overload,
      parameterTypes: [.bigint],
      returnType: .bigint,
      isDeterministic: true
    )
  }
}

extension Aggregate.Call {
  /// Whether it counts rows, whatever is in them.
  var isRowCount: Bool { function.name == "count" && arguments.isEmpty }
}
