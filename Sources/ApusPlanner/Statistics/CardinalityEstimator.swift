import ApusValues
import Glibc

/// How many rows a plan puts out, and how many different values its columns have: guesses that only
/// have to be good enough to order joins.
///
/// Selectivities are System R's (Selinger et al., SIGMOD 1979) where statistics say nothing. Joins
/// follow from the values that a key could have before anything was filtered, the join's domain: of
/// two sides the values of one contain those of the other, and each row finds those rows of the other
/// side that filters have left.
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
      for (key, column) in columns {
        result.columns[key]?.distinctCount = max(1, min(column.distinctCount, rowCount))
      }
      return result
    }

    func column(_ expression: Expression) -> Column {
      switch expression {
      case .column(let column): if let known = columns[column.id] { return known }
      case .cast(let cast): return column(cast.operand)
      default: break
      }
      return Column(distinctCount: distinctCount(expression), tableRowCount: rowCount)
    }

    /// The rows of groups by several keys: a product, but each further key counts less, as keys mostly
    /// depend on each other.
    func groupCount(_ keys: [Expression]) -> Double {
      var product = 1.0
      var exponent = 1.0
      for count in keys.map(distinctCount).sorted(by: >) {
        product *= pow(count, exponent)
        exponent /= 2
      }
      return max(1, min(product, rowCount))
    }
  }

  /// What a number of distinct values rests on.
  enum Evidence {
    case guessed
    /// There are no more values between the bounds, nor more rows.
    case bounded
    case counted
  }

  struct Column {
    /// In the rows that are left.
    var distinctCount: Double
    /// In all rows of its table.
    var domainCount: Double
    /// The part of these that conditions on the column itself leave.
    var keptFraction = 1.0
    /// Rows of the table.
    var tableRowCount: Double
    var evidence = Evidence.guessed
    var minimum: Double?
    var maximum: Double?
    var nullFraction: Double?

    init(distinctCount: Double, tableRowCount: Double) {
      self.distinctCount = distinctCount
      domainCount = distinctCount
      self.tableRowCount = tableRowCount
    }
  }

  /// Rows of a table that says nothing about itself.
  private static let unknownRowCount = 1_000_000.0

  /// The values of a column that nothing is known of: in small tables, each row has its own.
  private static func guessedDistinctCount(_ rowCount: Double) -> Double {
    max(rowCount / 10, min(rowCount, 100))
  }

  /// The fraction of rows equal to a literal where nothing is known of the column: such columns are
  /// texts, and those that are compared with a literal are mostly categories.
  private static let unknownEqualitySelectivity = 0.1

  func estimate(_ plan: LogicalPlan) -> Estimate {
    switch plan {
    case .scan(let node): return estimate(node)
    case .values(let node): return Estimate(rowCount: Double(node.rows.count))
    case .filter(let node):
      let input = estimate(node.input)
      var result = input.limited(to: max(1, input.rowCount * selectivity(node.predicate, input)))
      narrowDomains(of: &result, by: node.predicate, input)
      return result
    case .project(let node):
      let input = estimate(node.input)
      var result = Estimate(rowCount: input.rowCount)
      for assignment in node.assignments {
        if case .column(let column) = assignment.expression, let known = input.columns[column.id] {
          result.columns[assignment.column.id] = known
        } else {
          result.columns[assignment.column.id] = Column(
            distinctCount: input.distinctCount(assignment.expression),
            tableRowCount: input.rowCount
          )
        }
      }
      return result
    case .aggregate(let node):
      let input = estimate(node.input)
      let sets = node.groupingSets?.sets ?? [Array(node.keys.indices)]
      let groups = sets.map { set in input.groupCount(set.map { .column(node.keys[$0]) }) }
      return input.limited(to: groups.reduce(0, +))
    case .join(let node): return estimate(node)
    case .sort(let node): return estimate(node.input)
    case .topN(let node):
      let input = estimate(node.input)
      return input.limited(to: min(input.rowCount, Double(node.count)))
    case .limit(let node):
      let input = estimate(node.input)
      return input.limited(to: min(input.rowCount, node.count.map(Double.init) ?? input.rowCount))
    case .window(let node): return estimate(node.input)
    case .matchRecognize(let node): return estimate(node.input)
    case .unnest(let node):
      var result = estimate(node.input)
      result.rowCount *= CardinalityEstimator.elementsPerRow
      return result
    case .union(let node):
      return Estimate(rowCount: node.inputs.reduce(0) { $0 + estimate($1).rowCount })
    case .shared(let node): return Estimate(rowCount: estimate(node.input).rowCount)
    case .recursion(let node):
      let steps = Double(min(node.maximumDepth, CardinalityEstimator.likelySteps))
      return Estimate(rowCount: estimate(node.anchor).rowCount * (1 + steps))
    case .enforceSingleRow, .tableWrite: return Estimate(rowCount: 1)
    }
  }

  /// How many steps a recursion is taken to have.
  private static let likelySteps = 10

  /// How many elements an array is taken to have.
  private static let elementsPerRow = 4.0

  private func estimate(_ node: Scan) -> Estimate {
    let statistics = node.table.statistics(for: node.domains)
    let rowCount =
      (statistics.rowCount.map { max(1, Double($0)) } ?? Self.unknownRowCount)
      * (node.sampledFraction ?? 1)
    var result = Estimate(rowCount: rowCount)
    for (column, position) in zip(node.output, node.sourceIndices) {
      let known = statistics.columns[position]
      var estimate = Column(
        distinctCount: Self.guessedDistinctCount(rowCount),
        tableRowCount: rowCount
      )
      estimate.minimum = known?.minimum?.magnitude(as: column.type)
      estimate.maximum = known?.maximum?.magnitude(as: column.type)
      if let distinct = known?.distinctCount {
        estimate.evidence = .counted
        estimate.distinctCount = max(1, min(rowCount, Double(distinct)))
      } else if let minimum = known?.minimum, minimum == known?.maximum {
        estimate.evidence = .bounded
        estimate.distinctCount = 1
      } else if let minimum = estimate.minimum, let maximum = estimate.maximum,
        column.type.isDiscrete
      {
        estimate.evidence = .bounded
        estimate.distinctCount = max(1, min(rowCount, maximum - minimum + 1))
      }
      estimate.domainCount = estimate.distinctCount
      estimate.nullFraction = known?.nullCount.map { min(1, Double($0) / rowCount) }
      result.columns[column.id] = estimate
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
    guard !criteria.isEmpty else { return 1 }
    let found = min(
      criteria.reduce(1.0) { $0 * right.distinctCount($1.right) },
      right.rowCount
    )
    return min(1, found / joinDomain(criteria, left, right, isOneSided: true))
  }

  /// The fraction of all pairs of rows that are equal in all criteria.
  func matchingPairs(_ criteria: [Join.Criterion], _ left: Estimate, _ right: Estimate) -> Double {
    criteria.isEmpty ? 1 : 1 / joinDomain(criteria, left, right)
  }

  /// How many keys there are that both sides could have.
  ///
  /// Counted values stand for themselves. A range is only the most that there may be: then, of the
  /// values in both ranges, the side with fewer is taken for the one whose keys the other side refers
  /// to. Several keys together have no more values than their table has rows, however many each has.
  ///
  /// - Parameter isOneSided: counts those only that conditions on the left keys leave.
  private func joinDomain(
    _ criteria: [Join.Criterion],
    _ left: Estimate,
    _ right: Estimate,
    isOneSided: Bool = false
  ) -> Double {
    var domain = 1.0
    var leftRows = 0.0
    var rightRows = 0.0
    for criterion in criteria {
      let a = left.column(criterion.left)
      let b = right.column(criterion.right)
      leftRows = max(leftRows, a.tableRowCount)
      rightRows = max(rightRows, b.tableRowCount)
      switch (a.evidence, b.evidence) {
      case (.counted, .counted), (.guessed, .guessed): domain *= max(a.domainCount, b.domainCount)
      case (.counted, _), (.bounded, .guessed): domain *= a.domainCount
      case (_, .counted), (.guessed, .bounded): domain *= b.domainCount
      case (.bounded, .bounded):
        domain *= boundedDomain((a, left.rowCount), (b, right.rowCount))
      }
      domain *= isOneSided ? a.keptFraction : max(a.keptFraction, b.keptFraction)
    }
    if criteria.count > 1 { domain = min(domain, leftRows, rightRows) }
    return max(1, domain)
  }

  /// The join's domain of two columns of which only the ranges are known, and how many rows are left.
  ///
  /// Values outside the other's range find no partner: five years of sales refer to few of a
  /// calendar's days, and each sale to one nonetheless. But conditions that leave no more rows than
  /// there are values in both ranges are taken to ask for those: for days with sales.
  private func boundedDomain(
    _ a: (column: Column, rowCount: Double),
    _ b: (column: Column, rowCount: Double)
  ) -> Double {
    guard let aMinimum = a.column.minimum, let aMaximum = a.column.maximum,
      let bMinimum = b.column.minimum, let bMaximum = b.column.maximum
    else { return min(a.column.domainCount, b.column.domainCount) }
    let common = max(0, min(aMaximum, bMaximum) - max(aMinimum, bMinimum) + 1)
    func part(_ width: Double, _ side: (column: Column, rowCount: Double)) -> (Double, Double) {
      let values = max(1, side.column.domainCount * min(1, common / width))
      return (values, side.rowCount <= values ? 1 : values / side.column.domainCount)
    }
    let (aValues, aPart) = part(aMaximum - aMinimum + 1, a)
    let (bValues, bPart) = part(bMaximum - bMinimum + 1, b)
    return min(aValues, bValues) / (aPart * bPart)
  }

  /// Notes what conditions on a column alone leave of its values.
  private func narrowDomains(of result: inout Estimate, by predicate: Expression, _ input: Estimate)
  {
    var conditions: [ColumnID: [Expression]] = [:]
    for condition in predicate.conjuncts where condition.columns.count == 1 {
      if let column = condition.columns.first {
        conditions[column.id, default: []].append(condition)
      }
    }
    for (id, terms) in conditions {
      guard let known = input.columns[id], var column = result.columns[id] else { continue }
      let fraction = selectivity(.conjunction(terms), input)
      column.keptFraction = known.keptFraction * fraction
      column.distinctCount = min(column.distinctCount, max(1, known.distinctCount * fraction))
      result.columns[id] = column
    }
  }

  /// The chance that two values drawn from so many are equal.
  func equality(_ a: Double, _ b: Double) -> Double { 1 / max(1, a, b) }

  /// The fraction of rows for which a condition is true.
  func selectivity(_ condition: Expression, _ input: Estimate) -> Double {
    switch condition {
    case .literal(let literal):
      return literal.value == .boolean(true) ? 1 : 0
    case .logical(let logical):
      if logical.op == .and { return conjunction(logical.terms, input) }
      return 1 - logical.terms.reduce(1) { $0 * (1 - selectivity($1, input)) }
    case .not(.isNull(let operand)): return 1 - (input.column(operand).nullFraction ?? 0.05)
    case .not(let operand): return max(0.01, 1 - selectivity(operand, input))
    case .isNull(let operand): return input.column(operand).nullFraction ?? 0.05
    case .inList(let inList):
      if case .column = inList.operand, input.column(inList.operand).evidence == .guessed {
        return min(0.5, Double(inList.list.count) * Self.unknownEqualitySelectivity)
      }
      return min(1, Double(inList.list.count) / input.distinctCount(inList.operand))
    case .like: return 0.1
    case .comparison(let comparison): return selectivity(comparison, input)
    default: return 0.5
    }
  }

  /// Conditions are taken to be independent, but for a range of one column.
  private func conjunction(_ terms: [Expression], _ input: Estimate) -> Double {
    var result = 1.0
    var ranges: [ColumnID: (below: Double, above: Double)] = [:]
    for term in terms {
      guard case .comparison(let comparison) = term,
        let (column, part, isBelow) = rangePart(comparison, input)
      else {
        result *= selectivity(term, input)
        continue
      }
      var range = ranges[column] ?? (1, 1)
      if isBelow {
        range.below = min(range.below, part)
      } else {
        range.above = min(range.above, part)
      }
      ranges[column] = range
    }
    return ranges.values.reduce(result) { $0 * max(0.001, $1.below + $1.above - 1) }
  }

  /// The part of a column's range that a comparison with a literal leaves, and on which side.
  private func rangePart(_ comparison: Comparison, _ input: Estimate)
    -> (column: ColumnID, part: Double, isBelow: Bool)?
  {
    var comparison = comparison
    if case .literal = comparison.left {
      comparison = Comparison(comparison.op.mirrored, comparison.right, comparison.left)
    }
    guard case .column(let column) = comparison.left,
      let below = fractionBelow(comparison.left, comparison.right, input)
    else { return nil }
    switch comparison.op {
    case .less, .lessOrEqual: return (column.id, below, true)
    case .greater, .greaterOrEqual: return (column.id, 1 - below, false)
    case .equal, .notEqual, .isDistinctFrom: return nil
    }
  }

  private func selectivity(_ comparison: Comparison, _ input: Estimate) -> Double {
    let (left, right) = (comparison.left, comparison.right)
    switch comparison.op {
    case .equal:
      if case .column = left, case .literal = right, input.column(left).evidence == .guessed,
        input.rowCount > 100
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

extension LogicalPlan {
  /// The rows that each node is thought to put out, nodes in pre-order.
  public var estimatedRowCounts: [Double] {
    [CardinalityEstimator().estimate(self).rowCount] + children.flatMap(\.estimatedRowCounts)
  }
}

/// What is thought of the rows that a plan puts out.
public struct OutputEstimate: Sendable {
  public struct Column: Sendable {
    /// Nil where there is only a guess.
    public var distinctCount: Double?
    public var nullFraction: Double?
    public var minimum: Double?
    public var maximum: Double?
  }

  public var rowCount: Double
  /// For each column of the output.
  public var columns: [Column]
}

extension LogicalPlan {
  public var outputEstimate: OutputEstimate {
    let estimate = CardinalityEstimator().estimate(self)
    return OutputEstimate(
      rowCount: estimate.rowCount,
      columns: output.map { column in
        guard let known = estimate.columns[column.id] else { return OutputEstimate.Column() }
        let count = known.evidence == .guessed ? nil : known.distinctCount
        return OutputEstimate.Column(
          distinctCount: count.map { min($0, estimate.rowCount) },
          nullFraction: known.nullFraction,
          minimum: known.minimum,
          maximum: known.maximum
        )
      }
    )
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
    case .zoned(let time): return Double(time.picoseconds)
    case .null, .boolean, .text, .binary, .array, .map, .row: return nil
    }
  }
}
