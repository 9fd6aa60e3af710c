import ApusValues

/// How many rows a plan puts out, and how many different values its columns have: guesses that only
/// have to be good enough to order joins.
///
/// Selectivities are System R's (Selinger et al., SIGMOD 1979) where statistics say nothing.
struct CardinalityEstimator {
  struct Estimate {
    var rowCount: Double
    var columns: [ColumnID: Column] = [:]

    func distinctCount(_ expression: Expression) -> Double {
      switch expression {
      case .column(let column): return columns[column.id]?.distinctCount ?? max(1, rowCount / 10)
      case .cast(let cast): return distinctCount(cast.operand)
      case .literal: return 1
      default: return max(1, rowCount / 10)
      }
    }

    /// The same columns where only `rowCount` rows are left.
    func limited(to rowCount: Double) -> Estimate {
      var result = self
      result.rowCount = rowCount
      for key in columns.keys {
        if let column = columns[key] {
          result.columns[key]?.distinctCount = max(1, min(column.distinctCount, rowCount))
        }
      }
      return result
    }
  }

  struct Column {
    var distinctCount: Double
    /// Whether the number of distinct values follows from statistics.
    var isKnown = false
    var minimum: Double?
    var maximum: Double?
  }

  /// Rows of a table that says nothing about itself.
  private static let unknownRowCount = 1_000_000.0

  /// The fraction of rows equal to a literal where nothing is known of the column: such columns are
  /// texts, and those that are compared with a literal are mostly categories.
  private static let unknownEqualitySelectivity = 0.1

  func estimate(_ plan: LogicalPlan) -> Estimate {
    switch plan {
    case .scan(let node): return estimate(node)
    case .values(let node): return Estimate(rowCount: Double(node.rows.count))
    case .filter(let node):
      let input = estimate(node.input)
      return input.limited(
        to: max(1, input.rowCount * selectivity(node.predicate, input))
      )
    case .project(let node):
      let input = estimate(node.input)
      var result = Estimate(rowCount: input.rowCount)
      for assignment in node.assignments {
        if case .column(let column) = assignment.expression, let known = input.columns[column.id] {
          result.columns[assignment.column.id] = known
        } else {
          result.columns[assignment.column.id] = Column(
            distinctCount: input.distinctCount(assignment.expression)
          )
        }
      }
      return result
    case .aggregate(let node):
      let input = estimate(node.input)
      let sets = node.groupingSets?.sets ?? [Array(node.keys.indices)]
      let groups = sets.map { set in
        set.reduce(1.0) { $0 * input.distinctCount(.column(node.keys[$1])) }
      }
      return input.limited(to: groups.reduce(0) { $0 + max(1, min($1, input.rowCount)) })
    case .join(let node): return estimate(node)
    case .sort(let node): return estimate(node.input)
    case .topN(let node):
      let input = estimate(node.input)
      return input.limited(to: min(input.rowCount, Double(node.count)))
    case .limit(let node):
      let input = estimate(node.input)
      return input.limited(to: min(input.rowCount, node.count.map(Double.init) ?? input.rowCount))
    case .window(let node): return estimate(node.input)
    case .union(let node):
      return Estimate(rowCount: node.inputs.reduce(0) { $0 + estimate($1).rowCount })
    case .shared(let node): return Estimate(rowCount: estimate(node.input).rowCount)
    case .enforceSingleRow, .tableWrite: return Estimate(rowCount: 1)
    }
  }

  private func estimate(_ node: Scan) -> Estimate {
    let statistics = node.table.statistics(for: node.domains)
    let rowCount = statistics.rowCount.map { max(1, Double($0)) } ?? Self.unknownRowCount
    var result = Estimate(rowCount: rowCount)
    for (column, position) in zip(node.output, node.sourceIndices) {
      let known = statistics.columns[position]
      let minimum = known?.minimum?.magnitude(as: column.type)
      let maximum = known?.maximum?.magnitude(as: column.type)
      var distinct = known?.distinctCount.map(Double.init)
      if distinct == nil, let minimum, let maximum, column.type.isDiscrete {
        distinct = min(rowCount, maximum - minimum + 1)
      }
      result.columns[column.id] = Column(
        distinctCount: max(1, distinct ?? rowCount / 10),
        isKnown: distinct != nil,
        minimum: minimum,
        maximum: maximum
      )
    }
    return result
  }

  private func estimate(_ node: Join) -> Estimate {
    let left = estimate(node.left)
    let right = estimate(node.right)
    var both = Estimate(rowCount: left.rowCount * right.rowCount)
    both.columns = left.columns.merging(right.columns) { first, _ in first }
    var fraction = matchingPairs(node.criteria, left, right)
    if let filter = node.filter { fraction *= selectivity(filter, both) }
    let inner = max(1, both.rowCount * fraction)
    switch node.kind {
    case .inner: return both.limited(to: inner)
    case .left: return both.limited(to: max(left.rowCount, inner))
    case .right: return both.limited(to: max(right.rowCount, inner))
    case .full: return both.limited(to: max(left.rowCount + right.rowCount, inner))
    case .semi, .anti:
      let matched = matchingFraction(node.criteria, left, right)
      let kept = node.kind == .semi ? matched : max(0.1, 1 - matched)
      return left.limited(to: max(1, left.rowCount * kept))
    case .rightSemi, .rightAnti:
      let matched = matchingFraction(
        node.criteria.map { Join.Criterion(left: $0.right, right: $0.left) },
        right,
        left
      )
      let kept = node.kind == .rightSemi ? matched : max(0.1, 1 - matched)
      return right.limited(to: max(1, right.rowCount * kept))
    case .mark: return left
    }
  }

  /// The fraction of left rows that find a partner.
  private func matchingFraction(
    _ criteria: [Join.Criterion],
    _ left: Estimate,
    _ right: Estimate
  ) -> Double {
    criteria.reduce(1.0) { fraction, criterion in
      fraction
        * min(1, right.distinctCount(criterion.right) / max(1, left.distinctCount(criterion.left)))
    }
  }

  /// The fraction of all pairs of rows that are equal in all criteria.
  ///
  /// Several keys together have no more values than there are rows, however many each has.
  func matchingPairs(_ criteria: [Join.Criterion], _ left: Estimate, _ right: Estimate) -> Double {
    let leftKeys = criteria.reduce(1.0) { $0 * left.distinctCount($1.left) }
    let rightKeys = criteria.reduce(1.0) { $0 * right.distinctCount($1.right) }
    return equality(min(leftKeys, left.rowCount), min(rightKeys, right.rowCount))
  }

  /// The chance that two values drawn from so many are equal.
  func equality(_ a: Double, _ b: Double) -> Double { 1 / max(1, a, b) }

  /// The fraction of rows for which a condition is true.
  func selectivity(_ condition: Expression, _ input: Estimate) -> Double {
    switch condition {
    case .literal(let literal):
      return literal.value == .boolean(true) ? 1 : 0
    case .logical(let logical):
      let parts = logical.terms.map { selectivity($0, input) }
      return logical.op == .and
        ? parts.reduce(1, *) : 1 - parts.reduce(1) { $0 * (1 - $1) }
    case .not(let operand): return max(0.01, 1 - selectivity(operand, input))
    case .isNull: return 0.05
    case .inList(let inList):
      if case .column(let column) = inList.operand, input.columns[column.id]?.isKnown == false {
        return min(0.5, Double(inList.list.count) * Self.unknownEqualitySelectivity)
      }
      return min(1, Double(inList.list.count) / input.distinctCount(inList.operand))
    case .like: return 0.1
    case .comparison(let comparison): return selectivity(comparison, input)
    default: return 0.5
    }
  }

  private func selectivity(_ comparison: Comparison, _ input: Estimate) -> Double {
    let (left, right) = (comparison.left, comparison.right)
    switch comparison.op {
    case .equal:
      if case .column(let column) = left, case .literal = right,
        let known = input.columns[column.id], !known.isKnown, input.rowCount > 100
      {
        return Self.unknownEqualitySelectivity
      }
      return equality(input.distinctCount(left), input.distinctCount(right))
    case .notEqual, .isDistinctFrom:
      return 1 - equality(input.distinctCount(left), input.distinctCount(right))
    case .less, .lessOrEqual:
      return fractionBelow(left, right, input) ?? fractionBelow(right, left, input).map { 1 - $0 }
        ?? 0.33
    case .greater, .greaterOrEqual:
      return fractionBelow(left, right, input).map { 1 - $0 } ?? fractionBelow(right, left, input)
        ?? 0.33
    }
  }

  /// The fraction of a column's range below a literal.
  private func fractionBelow(_ column: Expression, _ bound: Expression, _ input: Estimate)
    -> Double?
  {
    guard case .column(let column) = column, case .literal(let literal) = bound,
      let range = input.columns[column.id], let minimum = range.minimum,
      let maximum = range.maximum, maximum > minimum,
      let value = literal.value.magnitude(as: literal.type)
    else { return nil }
    return min(1, max(0.001, (value - minimum) / (maximum - minimum)))
  }
}

extension SQLType {
  /// Whether values are whole numbers, so that a range bounds how many there are.
  fileprivate var isDiscrete: Bool { isInteger || self == .date }
}

extension Value {
  /// The value on the number line, for interpolation only.
  fileprivate func magnitude(as type: SQLType) -> Double? {
    switch self {
    case .integer(let value): return Double(value)
    case .wide(let value): return Double(value)
    case .real(let value): return Double(value)
    case .double(let value): return value
    case .null, .boolean, .text, .binary: return nil
    }
  }
}
