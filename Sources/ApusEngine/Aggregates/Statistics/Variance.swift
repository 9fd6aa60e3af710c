import ApusPlanner
import ApusValues
import ApusVectors

/// `variance`, `stddev` and their kin, of samples and of populations.
enum Variance: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT round(stddev(x), 4) FROM (VALUES 1, 2, 3, 4) AS t(x)", "1.291"),
      FunctionExample("SELECT round(stddev_pop(x), 4) FROM (VALUES 1, 2, 3, 4) AS t(x)", "1.118"),
      FunctionExample("SELECT stddev_samp(x) FROM (VALUES 1) AS t(x)", "NULL"),
      FunctionExample("SELECT round(variance(x), 4) FROM (VALUES 1, 2, 3, 4) AS t(x)", "1.6667"),
      FunctionExample("SELECT var_pop(x) FROM (VALUES 1, 2, 3, 4) AS t(x)", "1.25"),
      FunctionExample("SELECT round(var_samp(x), 4) FROM (VALUES 1, 2, 3, 4) AS t(x)", "1.6667"),
    ]
  }

  static let overloads: [AggregateOverload] = [
    overload("var_samp", isSample: true, isRoot: false),
    overload("variance", isSample: true, isRoot: false),
    overload("var_pop", isSample: false, isRoot: false),
    overload("stddev_samp", isSample: true, isRoot: true),
    overload("stddev", isSample: true, isRoot: true),
    overload("stddev_pop", isSample: false, isRoot: true),
  ]

  private static func overload(_ name: String, isSample: Bool, isRoot: Bool) -> AggregateOverload {
    let what = isRoot ? "standard deviation" : "variance"
    let summary =
      isSample
      ? "Returns the sample \(what) of the values; NULL of fewer than two."
      : "Returns the population \(what) of the values."
    return AggregateOverload(
      FunctionSignature(
        name,
        kind: .aggregate,
        [.type(.double)],
        returns: .type(.double),
        summary: summary
      )
    ) { _ throws(SQLError) in VarianceAccumulator(isSample: isSample, isRoot: isRoot) }
  }
}

/// Means and sums of squared distances from them, added row by row (Welford, "Note on a method for
/// calculating corrected sums of squares and products", doi:10.1080/00401706.1962.10490022) and
/// merged as by Chan, Golub and LeVeque ("Updating formulae …", doi:10.1007/978-3-642-51461-6_3),
/// which stay exact where sums of squares would cancel.
final class VarianceAccumulator: Accumulator {
  private struct State {
    var count: Double = 0
    var mean: Double = 0
    var squares: Double = 0

    mutating func add(_ value: Double) {
      count += 1
      let distance = value - mean
      mean += distance / count
      squares += distance * (value - mean)
    }

    mutating func add(_ other: State) {
      if other.count == 0 { return }
      let total = count + other.count
      let distance = other.mean - mean
      squares += other.squares + distance * distance * count * other.count / total
      mean += distance * other.count / total
      count = total
    }
  }

  private let isSample: Bool
  private let isRoot: Bool
  private var states: [State] = []

  init(isSample: Bool, isRoot: Bool) {
    self.isSample = isSample
    self.isRoot = isRoot
  }

  func resize(groupCount: Int) { states.grow(to: groupCount, with: State()) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let argument = arguments[0].decoded
    defer { extendLifetime(argument) }
    let values = argument.operand(as: Double.self)
    states.withUnsafeMutableBufferPointer { states in
      GroupedRows(groups).visit(nonNullsOf: argument) { group, row in
        states[group].add(values[row])
      }
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: VarianceAccumulator.self)
    for (group, target) in mapping { states[target].add(other.states[group]) }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: .double, capacity: range.count)
    let output = builder.values(as: Double.self)
    for (row, group) in range.enumerated() {
      let state = states[group]
      let divisor = isSample ? state.count - 1 : state.count
      if divisor <= 0 {
        builder.setNull(row)
      } else {
        let variance = state.squares / divisor
        output[row] = isRoot ? variance.squareRoot() : variance
      }
    }
    return builder.finish(count: range.count)
  }

  var byteCount: Int { states.capacity * MemoryLayout<State>.stride }
}
