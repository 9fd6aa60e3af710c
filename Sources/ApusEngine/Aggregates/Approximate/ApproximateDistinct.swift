import ApusPlanner
import ApusValues
import ApusVectors

/// `approx_distinct(x)`, `approx_distinct(x, e)`.
enum ApproximateDistinct: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT approx_distinct(x, 0.01) FROM (VALUES 1, 2, 2) AS t(x)", "2"),
      FunctionExample("SELECT approx_distinct(x) FROM (VALUES 'a', 'b', 'a', NULL) AS t(x)", "2"),
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "approx_distinct",
        kind: .aggregate,
        [.any],
        returns: .type(.bigint),
        summary: "Estimates the number of different values with a standard error of 2.3%."
      )
    ) { _ throws(SQLError) in ApproximateDistinctAccumulator() },
    AggregateOverload(
      FunctionSignature(
        "approx_distinct",
        kind: .aggregate,
        [.any, .type(.double)],
        returns: .type(.bigint),
        summary: """
          Estimates the number of different values with a standard error from 0.0040625 to 0.26.
          """
      )
    ) { _ throws(SQLError) in ApproximateDistinctAccumulator() },
  ]
}

/// A sketch per group.
final class ApproximateDistinctAccumulator: Accumulator {
  /// 2048 registers give 2.3%.
  private var indexBits = 11
  private var sketches: [HyperLogLog] = []
  private var isEmpty = true

  func resize(groupCount: Int) {
    sketches.grow(to: groupCount, with: HyperLogLog(indexBits: indexBits))
  }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    guard arguments.count == 2 else { return add(groups, arguments[0]) }
    try withGroups(groups, nonNullsOf: arguments[1]) { (groups) throws(SQLError) in
      guard let first = groups.firstIndex(where: { $0 >= 0 }) else { return }
      if isEmpty { try setError(arguments[1].value(first)) }
      add(groups, arguments[0])
    }
  }

  private func add(_ groups: UnsafeBufferPointer<Int32>, _ argument: ColumnVector) {
    isEmpty = false
    let argument = argument.decoded
    defer { extendLifetime(argument) }
    let hash = valueHash(argument)
    sketches.withUnsafeMutableBufferPointer { sketches in
      GroupedRows(groups).visit(nonNullsOf: argument) { group, row in sketches[group].add(hash(row))
      }
    }
  }

  private func setError(_ value: Value) throws(SQLError) {
    guard case .double(let error) = value, error >= 0.004_062_5, error <= 0.26 else {
      throw SQLError(
        .invalidFunctionArgument,
        "Standard error must be in [0.0040625, 0.26]"
      )
    }
    var bits = 4
    while bits < 16, 1.04 / Double(1 << bits).squareRoot() > error { bits += 1 }
    setIndexBits(bits)
  }

  private func setIndexBits(_ bits: Int) {
    indexBits = bits
    sketches = [HyperLogLog](repeating: HyperLogLog(indexBits: bits), count: sketches.count)
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: ApproximateDistinctAccumulator.self)
    if other.isEmpty { return }
    if isEmpty { setIndexBits(other.indexBits) }
    isEmpty = false
    for (group, target) in mapping {
      sketches[target].merge(other.sketches[group])
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: .bigint, capacity: range.count)
    let output = builder.values(as: Int64.self)
    for (row, group) in range.enumerated() { output[row] = sketches[group].estimate }
    return builder.finish(count: range.count)
  }

  var byteCount: Int { sketches.reduce(0) { $0 + $1.byteCount } }
}
