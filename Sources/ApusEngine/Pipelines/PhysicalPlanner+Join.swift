import ApusPlanner
import ApusValues

extension PhysicalPlanner {
  /// Plans a join: the right side ends in a build sink, the left side goes on through the probe.
  func build(_ join: Join, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    let filter = join.filter.map { [$0] } ?? []
    // In a null-aware join with more than one criterion only the first may be unknown; the others
    // and the filter say which pairs it is about.
    var unknownTerms: [Expression] = []
    if join.isNullAware, !join.criteria.isEmpty {
      unknownTerms = join.criteria.dropFirst().map {
        .comparison(Comparison(.equal, $0.left, $0.right))
      }
      unknownTerms += filter
    }

    let rightKeys = join.criteria.map(\.right)
    let pairDemand = demand.adding(filter + unknownTerms)
    let rightNode = node + 1 + join.left.nodeCount
    let right = try build(
      join.right,
      node: rightNode,
      Demand(columns: pairDemand.columns).adding(rightKeys)
    )
    let kept = right.columns.indices.filter {
      pairDemand.columns.contains(right.columns[$0].id)
    }
    let rightColumns = kept.map { right.columns[$0] }
    let emitsRightLater: Bool
    let keepsNullKeys: Bool
    switch join.kind {
    case .right, .full, .rightAnti: (emitsRightLater, keepsNullKeys) = (true, true)
    case .rightSemi: (emitsRightLater, keepsNullKeys) = (true, false)
    case .inner, .left, .semi, .anti, .mark: (emitsRightLater, keepsNullKeys) = (false, false)
    }
    let ranges = join.criteria.isEmpty && !join.isNullAware ? RangeConditions(join) : nil
    let build = JoinBuildSink(
      node: node,
      columns: kept,
      types: rightColumns.map(\.type),
      keys: try compile(rightKeys, over: right.columns),
      rangeKeys: try ranges.map { ranges throws(SQLError) in
        try rangeKeys(ranges, over: rightColumns)
      },
      keepsNullKeys: keepsNullKeys || !unknownTerms.isEmpty,
      tracksMatches: emitsRightLater,
      // Pairs that might match, were a NULL known, need not be of one part.
      canSpill: !join.criteria.isEmpty && unknownTerms.isEmpty
        && !rightKeys.contains { $0.type.isNested }
    )
    finish(right, into: build)

    let leftKeys = join.criteria.map(\.left)
    var leftDemand = pairDemand.adding(leftKeys)
    leftDemand.isLimited = demand.isLimited
    var fragment = try self.build(join.left, node: node + 1, leftDemand)
    let left = fragment.columns
    let leftOutput = left.indices.filter { demand.columns.contains(left[$0].id) }
    let emitsRight: Bool
    var columns = leftOutput.map { left[$0] }
    switch join.kind {
    case .inner, .left, .right, .full, .rightSemi, .rightAnti: emitsRight = true
    case .semi, .anti: emitsRight = false
    case .mark(let column):
      emitsRight = false
      columns.append(column)
    }
    let rightOutput = rightColumns.indices.filter {
      emitsRight && demand.columns.contains(rightColumns[$0].id)
    }
    columns += rightOutput.map { rightColumns[$0] }

    let shape = JoinShape(
      kind: join.kind,
      isNullAware: join.isNullAware,
      leftOutput: leftOutput,
      rightOutput: rightOutput,
      leftOutputTypes: leftOutput.map { left[$0].type },
      rightOutputTypes: rightOutput.map { rightColumns[$0].type },
      filter: try pairFilter(filter, left: left, right: rightColumns),
      unknownFilter: try pairFilter(unknownTerms, left: left, right: rightColumns)
    )
    var laterBranches: [Pipeline.Branch] = []
    if join.criteria.isEmpty {
      let step = NestedLoopJoinOperator(
        node: node,
        build: build,
        shape: shape,
        bounds: try ranges.map { ranges throws(SQLError) in
          try bounds(ranges, left: left, right: rightColumns)
        },
        joinsSmallBatches: !demand.isLimited
      )
      fragment.append(step, columns: columns)
    } else {
      let step = HashJoinProbeOperator(
        node: node,
        build: build,
        keys: try compile(leftKeys, over: left),
        shape: shape,
        joinsSmallBatches: !demand.isLimited
      )
      fragment.append(step, columns: columns)
      var branch = Pipeline.Branch(source: SpilledJoinSource(step))
      branch.operators = [SpilledJoinOperator(step)]
      laterBranches.append(branch)
    }
    fragment.isOrdered = false
    build.add(dynamicFilters(of: join, origins: fragment.origins))
    // A join above drops rows in which a column is NULL, too, so it does not matter that an outer join
    // puts out NULLs where a side lacks the rows that are not read.
    switch join.kind {
    case .inner, .left, .right, .full:
      if join.kind == .right || join.kind == .full { fragment.markOriginsReplacedByNull() }
      var others = right
      if join.kind == .left || join.kind == .full { others.markOriginsReplacedByNull() }
      fragment.origins.merge(others.origins) { left, _ in left }
    case .semi, .anti, .mark: break
    case .rightSemi, .rightAnti: fragment.origins = right.origins
    }
    if emitsRightLater {
      let source = BuildRowsSource(node: node, build: build, shape: shape)
      laterBranches.append(Pipeline.Branch(source: source))
    }
    if !laterBranches.isEmpty { fragment.stages.append(laterBranches) }
    return fragment
  }

  /// What the build keys of a join say of scans on its left: nothing unless left rows without a
  /// match are dropped. The build side is complete before those scans begin.
  private func dynamicFilters(of join: Join, origins: [ColumnID: [ScanColumn]])
    -> [DynamicFilter]
  {
    switch join.kind {
    case .inner, .right, .semi, .rightSemi, .rightAnti: break
    case .left, .full, .anti, .mark: return []
    }
    return join.criteria.enumerated().compactMap { index, criterion in
      guard case .column(let column) = criterion.left, let targets = origins[column.id],
        !targets.isEmpty
      else { return nil }
      return DynamicFilter(key: index, type: column.type, targets: targets)
    }
  }

  private func rangeKeys(_ ranges: RangeConditions, over right: [PlanColumn]) throws(SQLError)
    -> RangeJoinKeys
  {
    let keys = try compile(
      ranges.first.prefix(1).map(\.right) + (ranges.second.map { [$0.right] } ?? []),
      over: right
    )
    return RangeJoinKeys(
      first: keys[0],
      second: ranges.second == nil ? nil : keys[1],
      firstOperators: ranges.first.map(\.op),
      secondOperator: ranges.second?.op
    )
  }

  private func bounds(
    _ ranges: RangeConditions,
    left: [PlanColumn],
    right: [PlanColumn]
  ) throws(SQLError) -> RangeJoinBounds {
    RangeJoinBounds(
      first: try compile(ranges.first.map(\.left), over: left),
      second: try ranges.second.map { second throws(SQLError) in
        try compile([second.left], over: left)[0]
      },
      filter: try pairFilter(ranges.rest, left: left, right: right)
    )
  }

  /// Compiles the conjunction of terms over the columns of both sides that it reads; nil for none.
  private func pairFilter(_ terms: [Expression], left: [PlanColumn], right: [PlanColumn])
    throws(SQLError) -> PairFilter?
  {
    if terms.isEmpty { return nil }
    let expression = Expression.conjunction(terms)
    let used = expression.columns
    var sources: [PairFilter.Column] = []
    var columns: [PlanColumn] = []
    for (index, column) in left.enumerated() where used.contains(column) {
      sources.append(.left(index))
      columns.append(column)
    }
    for (index, column) in right.enumerated() where used.contains(column) {
      sources.append(.right(index))
      columns.append(column)
    }
    let compiled = try compile([expression], over: columns)
    return PairFilter(expression: compiled[0], columns: sources)
  }
}
