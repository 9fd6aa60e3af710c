import ApusPlanner
import ApusValues
import ApusVectors

/// `skewness(x)`, `kurtosis(x)`: NULL for fewer than three and four values.
enum CentralMoments: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT round(kurtosis(x), 4) FROM (VALUES 1, 2, 3, 4, 10) AS t(x)", "3.152"),
      FunctionExample(
        """
        SELECT round(skewness(x), 4)
        FROM (VALUES 1, 2, 3, 4, 10) AS t(x)
        """,
        "1.1384"
      ),
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "skewness",
        kind: .aggregate,
        [.type(.double)],
        returns: .type(.double),
        summary: """
          Returns the Fisher-Pearson coefficient of skewness of the values; NULL of fewer than \
          three.
          """
      )
    ) { _ throws(SQLError) in
      CentralMomentsAccumulator { state in
        if state.count < 3 { return nil }
        return state.count.squareRoot() * state.cubes
          / (state.squares * state.squares.squareRoot())
      }
    },
    AggregateOverload(
      FunctionSignature(
        "kurtosis",
        kind: .aggregate,
        [.type(.double)],
        returns: .type(.double),
        summary: "Returns the sample excess kurtosis of the values; NULL of fewer than four."
      )
    ) { _ throws(SQLError) in
      CentralMomentsAccumulator { state in
        let n = state.count
        if n < 4 { return nil }
        let ratio = state.fourths / (state.squares * state.squares)
        let divisor = (n - 2) * (n - 3)
        return (n - 1) * n * (n + 1) / divisor * ratio - 3 * (n - 1) * (n - 1) / divisor
      }
    },
  ]
}

/// Sums of powers of distances from the mean, added row by row and merged as by Pébay, "Formulas for
/// robust, one-pass parallel computation of covariances and arbitrary-order statistical moments"
/// (Sandia report SAND2008-6212).
final class CentralMomentsAccumulator: Accumulator {
  struct State {
    var count: Double = 0
    var mean: Double = 0
    var squares: Double = 0
    var cubes: Double = 0
    var fourths: Double = 0

    mutating func add(_ value: Double) {
      let before = count
      count += 1
      let distance = value - mean
      let share = distance / count
      let square = distance * share * before
      mean += share
      fourths += square * share * share * (count * count - 3 * count + 3)
      fourths += 6 * share * share * squares - 4 * share * cubes
      cubes += square * share * (count - 2) - 3 * share * squares
      squares += square
    }

    mutating func add(_ other: State) {
      if other.count == 0 { return }
      if count == 0 {
        self = other
        return
      }
      let (a, b) = (count, other.count)
      let n = a + b
      let distance = other.mean - mean
      let share = distance / n
      fourths += other.fourths + distance * share * share * share * a * b * (a * a - a * b + b * b)
      fourths += 6 * share * share * (a * a * other.squares + b * b * squares)
      fourths += 4 * share * (a * other.cubes - b * cubes)
      cubes += other.cubes + distance * share * share * a * b * (a - b)
      cubes += 3 * share * (a * other.squares - b * squares)
      squares += other.squares + distance * share * a * b
      mean += share * b
      count = n
    }
  }

  private let result: @Sendable (State) -> Double?
  private var states: [State] = []

  /// - Parameter result: gives the result of a group, nil for NULL.
  init(result: @escaping @Sendable (State) -> Double?) { self.result = result }

  func resize(groupCount: Int) { states.grow(to: groupCount, with: State()) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let argument = arguments[0].decoded
    defer { extendLifetime(argument) }
    let values = argument.doubles
    states.withUnsafeMutableBufferPointer { states in
      GroupedRows(groups).visit(nonNullsOf: argument) { group, row in
        states[group].add(values[row])
      }
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: CentralMomentsAccumulator.self)
    for (group, target) in mapping { states[target].add(other.states[group]) }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: .double, capacity: range.count)
    let output = builder.values(as: Double.self)
    for (row, group) in range.enumerated() {
      if let value = result(states[group]) { output[row] = value } else { builder.setNull(row) }
    }
    return builder.finish(count: range.count)
  }

  var byteCount: Int { states.capacity * MemoryLayout<State>.stride }
}
