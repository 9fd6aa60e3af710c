import ApusPlanner
import ApusValues
import ApusVectors

/// `approx_percentile(x, p)`, `approx_percentile(x, weight, p)`.
enum ApproximatePercentile: AggregateFunction {
  static let overloads: [AggregateOverload] = [SQLType.bigint, .real, .double].flatMap { type in
    [
      AggregateOverload(
        FunctionSignature(
          "approx_percentile",
          kind: .aggregate,
          [.type(type), .type(.double)],
          returns: .type(type),
          summary: "Estimates the value below which the part p of all values lies."
        )
      ) { _ throws(SQLError) in ApproximatePercentileAccumulator(type) },
      AggregateOverload(
        FunctionSignature(
          "approx_percentile",
          kind: .aggregate,
          [.type(type), .type(.double), .type(.double)],
          returns: .type(type),
          summary: "Estimates the value below which the part p of all weights lies."
        )
      ) { _ throws(SQLError) in ApproximatePercentileAccumulator(type) },
    ]
  }
}

/// A t-digest per group. The percentage is the same for all rows; the first one counts.
final class ApproximatePercentileAccumulator: Accumulator {
  private let result: SQLType
  private var digests: [TDigest] = []
  private var percentage: Double?

  init(_ result: SQLType) { self.result = result }

  func resize(groupCount: Int) { digests.grow(to: groupCount, with: TDigest()) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let percentages = arguments[arguments.count - 1]
    try withGroups(groups, nonNullsOf: percentages) { (groups) throws(SQLError) in
      guard let first = groups.firstIndex(where: { $0 >= 0 }) else { return }
      try setPercentage(percentages.value(first))
      try add(groups, arguments)
    }
  }

  private func add(_ groups: UnsafeBufferPointer<Int32>, _ arguments: [ColumnVector])
    throws(SQLError)
  {
    let argument = arguments[0].decoded
    let weights = arguments.count == 3 ? arguments[1].decoded : nil
    defer { extendLifetime((argument, weights)) }
    let rows = GroupedRows(groups)
    let weight = weights?.operand(as: Double.self)
    var isWrongWeight = false
    switch result.physicalType {
    case .int64:
      let values = argument.operand(as: Int64.self)
      isWrongWeight = add(rows, argument, weight) { Double(values[$0]) }
    case .float32:
      let values = argument.operand(as: Float.self)
      isWrongWeight = add(rows, argument, weight) { Double(values[$0]) }
    default:
      let values = argument.operand(as: Double.self)
      isWrongWeight = add(rows, argument, weight) { values[$0] }
    }
    if isWrongWeight {
      throw SQLError(.invalidFunctionArgument, "percentile weight must be > 0")
    }
  }

  private func setPercentage(_ value: Value) throws(SQLError) {
    guard case .double(let part) = value, part >= 0, part <= 1 else {
      throw SQLError(.invalidFunctionArgument, "Percentile must be between 0 and 1")
    }
    percentage = percentage ?? part
  }

  /// - Returns: whether a weight was not positive.
  @inline(__always)
  private func add(
    _ rows: GroupedRows,
    _ argument: ColumnVector,
    _ weight: KernelOperand<Double>?,
    _ value: (Int) -> Double
  ) -> Bool {
    digests.withUnsafeMutableBufferPointer { digests in
      var isWrong = false
      rows.visit(nonNullsOf: argument) { group, row in
        guard let weight else {
          digests[group].add(value(row))
          return
        }
        if weight.isNull(row) { return }
        if weight[row] > 0 {
          digests[group].add(value(row), weight: weight[row])
        } else {
          isWrong = true
        }
      }
      return isWrong
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: ApproximatePercentileAccumulator.self)
    percentage = percentage ?? other.percentage
    for (group, target) in mapping { digests[target].merge(other.digests[group]) }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: result, capacity: range.count)
    for (row, group) in range.enumerated() {
      guard let percentage, !digests[group].isEmpty else {
        builder.setNull(row)
        continue
      }
      let value = digests[group].value(at: percentage)
      switch result.physicalType {
      case .int64:
        let rounded = value.rounded(.toNearestOrAwayFromZero)
        builder.values(as: Int64.self)[row] =
          Int64(exactly: rounded) ?? (rounded < 0 ? .min : .max)
      case .float32: builder.values(as: Float.self)[row] = Float(value)
      default: builder.values(as: Double.self)[row] = value
      }
    }
    return builder.finish(count: range.count)
  }

  var byteCount: Int { digests.reduce(0) { $0 + $1.byteCount } }
}
